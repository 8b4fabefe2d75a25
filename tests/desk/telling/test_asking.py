"""Asking gives also what stands ready and did not leave yet; then it does not leave any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.telling import reading, services
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.facts import Known
from luwte.desk.telling.models import Contact
from luwte.desk.telling.outbox import Outbox
from luwte.desk.wishes.rules import Channel, Choice, Source
from tests.support.desk import NOON, KeepingChannel, Someone, ways
from tests.support.stage import chooser, found

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

LATER = NOON + timedelta(days=2)


def planned() -> Someone:
    person = chooser("Noor", channel=Channel.EMAIL)
    found("Noor", [(7, 2)])
    services.plan_all(Known.everyone(), NOON)
    return person


def states() -> list[str]:
    return list(Contact.objects.order_by("number").values_list("state", flat=True))


def test_what_waits_for_a_silent_server_is_given_and_never_sent() -> None:
    person, server = planned(), KeepingChannel(Fate.NOT_REACHED)
    Outbox(ways(server), ManualClock(NOON)).hand_over_all()
    assert services.ask(person.subject, LATER) is not None
    assert len(reading.messages(person.subject, LATER)) == 1
    mail = KeepingChannel()
    services.tell(ManualClock(LATER), ways(mail))
    assert mail.kept == []
    assert states() == ["withheld", "done"]


def test_a_process_that_leased_the_contact_finds_it_gone() -> None:
    person, mail = planned(), KeepingChannel()
    outbox = Outbox(ways(mail), ManualClock(NOON))
    contact = outbox.lease()
    assert contact is not None
    assert services.ask(person.subject, NOON) is not None
    outbox.hand_over(contact)
    assert mail.kept == []
    assert states() == ["withheld", "done"]


def test_what_is_being_handed_over_is_let_be() -> None:
    person = planned()
    Contact.objects.update(state="handing_over")
    assert services.ask(person.subject, NOON) is None
    assert states() == ["handing_over"]


def test_after_a_withdrawal_nothing_is_given() -> None:
    person = planned()
    services.set_wish(
        person.id,
        Source.CASE,
        Choice(False),
        set_by="Wim",
        conversation="gesprek",
        now=NOON,
    )
    assert services.ask(person.subject, NOON) is None
    assert reading.messages(person.subject, NOON) == []
