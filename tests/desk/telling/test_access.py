from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.cases.models import Event
from luwte.desk.telling import access, reading, services
from luwte.desk.telling.values import Reason
from luwte.desk.vault import break_glass
from luwte.desk.vault.errors import GlassClosed
from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm, Source
from tests.support.desk import NOON, KeepingChannel, Someone, someone, ways

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]
ADA, BO = "staff:1", "staff:2"
LATER = NOON + timedelta(hours=1)


def opened(person: Someone) -> None:
    request = break_glass.ask(person.id, "spoed", by=ADA, now=NOON)
    break_glass.approve(request, by=BO, now=NOON)
    for _ in range(2):
        assert access.open_person(request, by=ADA, now=NOON).id == person.id


def wants(person: Someone, choice: Choice) -> None:
    services.set_wish(
        person.id, Source.RIGHTS, choice, set_by="Wim", conversation="gesprek", now=NOON, assessment="A"
    )


def test_who_wants_to_hear_of_rights_is_told_once_in_neutral_words() -> None:
    noor, mail = someone(), KeepingChannel()
    wants(noor, Choice(True, Rhythm.EACH, Channel.EMAIL, Detail.EVERYTHING))
    opened(noor)
    services.tell(ManualClock(LATER), ways(mail))
    services.tell(ManualClock(LATER + timedelta(days=30)), ways(mail))
    (envelope,) = mail.kept
    assert "looked" not in f"{envelope}"
    (found,) = reading.messages(noor.subject, LATER)
    assert [item.news.kind for item in found.items if item.news] == ["seen"]
    assert not any(item.case for item in found.items)


def test_who_wants_silence_has_it_in_the_register_with_the_reason() -> None:
    noor, mail = someone(), KeepingChannel()
    wants(noor, Choice(False))
    opened(noor)
    services.tell(ManualClock(LATER), ways(mail))
    assert not mail.kept
    assert Event.objects.filter(subject=noor.subject, kind="seen").count() == 1
    assert [one.reason for one in reading.why(noor.id, LATER).reasons] == [Reason.NOT_WANTED]


def test_who_asks_is_shown_it() -> None:
    noor = someone()
    wants(noor, Choice(True, Rhythm.ON_REQUEST, Channel.PORTAL, Detail.EVERYTHING))
    opened(noor)
    services.tell(ManualClock(LATER), ways(KeepingChannel()))
    assert services.ask(noor.subject, LATER) is not None
    (found,) = reading.messages(noor.subject, LATER)
    assert [item.news.kind for item in found.items if item.news] == ["seen"]


def test_nothing_is_owed_for_what_may_not_be_opened() -> None:
    noor = someone()
    request = break_glass.ask(noor.id, "spoed", by=ADA, now=NOON)
    with pytest.raises(GlassClosed):
        access.open_person(request, by=ADA, now=NOON)
    assert not Event.objects.exists()


def test_nothing_is_opened_when_the_person_cannot_be_owed_word_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    noor = someone()
    request = break_glass.ask(noor.id, "spoed", by=ADA, now=NOON)
    break_glass.approve(request, by=BO, now=NOON)
    monkeypatch.setattr("luwte.desk.cases.services.record_notice", broken)
    with pytest.raises(RuntimeError):
        access.open_person(request, by=ADA, now=NOON)
    assert [one.opened for one in break_glass.requests(noor.id)] == [None]
