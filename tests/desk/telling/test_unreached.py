"""Who cannot be reached the chosen way is on a care worker's list, and is told when the way is there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.findings.services import register
from luwte.desk.telling import lists, services
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.channels.portal import PortalChannel
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.unreached import ADDRESS_FAILS
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Reach
from luwte.desk.wishes.rules import Channel, Choice, Rhythm
from tests.support.desk import NOON, KeepingChannel, report, someone, ways, wish

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_MAIL = Choice(True, Rhythm.EACH, Channel.EMAIL)
POST = Reach("post", "Straat 1\n1234 AB Ons Dorp")


def tell(mail: KeepingChannel, after: timedelta = timedelta(0)) -> None:
    services.tell(ManualClock(NOON + after), ways(mail))


def tasks() -> list[tuple[str, str, str]]:
    """Return the open tasks and those that closed by themselves: kind, why, outcome."""
    return list(CareTask.objects.order_by("made").values_list("kind", "reason", "outcome"))


def found() -> None:
    register(report({"s-1": {"a": (3, 0)}}), NOON)


def test_no_address_is_a_task_until_there_is_one() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL, email=None), KeepingChannel()
    found()
    tell(mail)
    tell(mail, 3 * DAY)
    assert tasks() == [(ADDRESS_FAILS, "", "")]
    assert [one.subject for one in lists.waiting()] == [noor.subject]
    vault.change_address(noor.id, Reach("email", "noor@example.org"))
    tell(mail, 3 * DAY)
    assert len(mail.kept) == 1
    assert tasks() == [(ADDRESS_FAILS, "", "not needed")]


def test_a_secret_address_is_a_task_when_a_letter_was_chosen() -> None:
    noor = someone(series="s-1", choice=Choice(True, Rhythm.EACH, Channel.LETTER))
    vault.change_address(noor.id, POST)
    post = KeepingChannel()
    found()
    services.secret_address(noor.id, NOON)
    services.tell(ManualClock(NOON), {Channel.PORTAL: PortalChannel(), Channel.LETTER: post})
    assert post.kept == []
    assert tasks() == [(ADDRESS_FAILS, "", "")]


def test_an_address_that_failed_is_one_task_and_closed_by_a_human_alone() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel(Fate.REFUSED)
    found()
    tell(mail)
    assert tasks() == [(ADDRESS_FAILS, "refused", "")]
    wish(noor.id, Choice(False), NOON + HOUR)
    tell(mail, HOUR)
    assert tasks() == [(ADDRESS_FAILS, "refused", "")]


def test_a_way_that_is_set_up_later_is_used_within_a_day() -> None:
    someone(series="s-1", choice=BY_MAIL)
    mail = KeepingChannel()
    found()
    services.tell(ManualClock(NOON), {Channel.PORTAL: PortalChannel()})
    tell(mail, DAY - HOUR)
    assert mail.kept == []
    tell(mail, DAY)
    assert len(mail.kept) == 1
    assert tasks() == [(ADDRESS_FAILS, "", "not needed")]
