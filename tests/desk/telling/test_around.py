"""From the register to the channel for those around the person, rights that would lapse, covers and calls."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.findings.services import register
from luwte.desk.telling import reading, services, talks, tasks
from luwte.desk.telling.facts import Known
from luwte.desk.telling.models import Contact
from luwte.desk.telling.subjects import party_of
from luwte.desk.telling.tasks import CallOutcome
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Mandate, Reach
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Detail, Rhythm, Source
from tests.support.desk import NOON, KeepingChannel, Someone, report, someone, ways, wish

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_MAIL = Choice(True, Rhythm.EACH, Channel.EMAIL)


def acting(noor: Someone, role: str, **mandate: object) -> str:
    """Add a representative who is reached by e-mail; return the id."""
    reaches = (Reach("email", f"{role}@example.org"),)
    begins = date(2026, 1, 1)
    return vault.add_representative(
        noor.id,
        Mandate("Riet", role, begins, channel="email", reaches=reaches, **mandate),  # type: ignore[arg-type]
    )


def tell(mail: KeepingChannel, after: timedelta = timedelta(0)) -> list[str]:
    """Run one round; return the addresses that were written to."""
    before = len(mail.kept)
    services.tell(ManualClock(NOON + after), ways(mail))
    return sorted(envelope.address for envelope in mail.kept[before:])


def found(case: str = "C-1") -> None:
    register(report({"s-1": {case: (3, 0)}}, case), NOON)


def choose(noor: Someone, source: Source, choice: Choice, *by: str) -> None:
    services.set_wish(
        noor.id,
        source,
        choice,
        set_by="Wim",
        conversation="gesprek",
        now=NOON,
        by=frozenset(by or {PERSON}),
        assessment="A-1",
    )


def test_who_may_be_told_too_is_told_until_the_mandate_ends() -> None:
    noor, mail = someone(series="s-1"), KeepingChannel()
    riet = acting(noor, "parent")
    choose(noor, Source.CASE, Choice(True, Rhythm.EACH, Channel.EMAIL, others=frozenset({party_of(riet)})))
    found()
    assert tell(mail) == ["noor@example.org", "parent@example.org"]
    assert len(reading.messages(noor.subject, NOON, party_of(riet))) == 1
    vault.end_mandate(riet, (NOON + DAY).date())
    found("C-2")
    assert tell(mail, 30 * DAY) == ["noor@example.org"]


def test_of_a_child_the_parent_is_told_and_the_child_is_not() -> None:
    noor, mail = someone(series="s-1", born=date(2018, 5, 1)), KeepingChannel()
    riet = acting(noor, "parent", holder=True)
    vault.change_person(noor.id, authority="sole")
    choose(noor, Source.CASE, BY_MAIL, party_of(riet))
    found()
    assert tell(mail) == ["parent@example.org"]
    assert reading.messages(noor.subject, NOON) == []


def test_a_conflict_that_becomes_known_stops_what_is_queued() -> None:
    noor, mail = someone(series="s-1"), KeepingChannel()
    riet = acting(noor, "parent")
    choose(noor, Source.CASE, Choice(True, Rhythm.EACH, Channel.EMAIL, others=frozenset({party_of(riet)})))
    found()
    services.plan_all(Known.one(noor.id), NOON)
    assert Contact.objects.filter(recipient=party_of(riet), state="planned").exists()
    vault.change_representative(riet, conflict="certain")
    assert tell(mail) == ["noor@example.org"]


def test_who_lives_with_someone_in_conflict_is_left_to_a_human() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel()
    vault.change_address(noor.id, Reach("post", "Straat 1\n1234 AB Ons Dorp"))
    riet = acting(noor, "parent", conflict="certain")
    home = (Reach("post", "straat 1\n1234ab Ons Dorp"), Reach("email", "parent@example.org"))
    vault.change_representative(riet, reaches=home)
    found()
    assert tell(mail) == []
    assert [one.reason for one in reading.why(noor.id, NOON).reasons] == ["conflict_doubt"]


def test_a_lawyer_with_a_standing_mandate_is_asked_when_a_right_would_lapse() -> None:
    noor, mail = someone(), KeepingChannel()
    lawyer = acting(noor, "lawyer", standing=True)
    choose(noor, Source.RIGHTS, Choice(False))
    lapses = NOON + 9 * DAY
    services.record_event(noor.id, "C-1", Source.RIGHTS, "claim", at=NOON, lapses=lapses, now=NOON)
    assert tell(mail) == ["lawyer@example.org"]
    (message,) = reading.messages(noor.subject, NOON, party_of(lawyer))
    assert [item.news is not None for item in message.items] == [True]
    assert tell(mail, 8 * DAY) == []
    tell(mail, 9 * DAY)
    assert [one.reason for one in reading.why(noor.id, lapses).reasons] == ["right_lapsed"]


def test_a_cover_comes_at_every_turn_with_news_and_without() -> None:
    noor, mail = someone(series="s-1"), KeepingChannel()
    wish(noor.id, Choice(True, Rhythm.MONTHLY, Channel.EMAIL, Detail.SOMETHING, cover=True))
    assert tell(mail) == []
    assert tell(mail, 31 * DAY) == ["noor@example.org"]
    found()
    assert tell(mail, 32 * DAY) == []
    assert tell(mail, 62 * DAY) == ["noor@example.org"]
    assert tell(mail, 93 * DAY) == ["noor@example.org"]
    carried = [len(one.items) for one in reading.messages(noor.subject, NOON + 93 * DAY)]
    assert sorted(carried) == [0, 0, 1]


def test_a_call_opens_with_the_round_and_closes_with_its_record() -> None:
    noor, mail = (
        someone(series="s-1", choice=Choice(True, Rhythm.EACH, Channel.CARE_WORKER)),
        KeepingChannel(),
    )
    found()
    tell(mail)
    (call,) = tasks.queue()
    tasks.accept(call.id, "Wim", NOON)
    talks.end_call(call.id, CallOutcome.REACHED, "Wim", NOON, services.to_call(noor.id, NOON))
    assert tasks.queue() == []
    tell(mail, HOUR)
    assert tasks.queue() == []
    assert Contact.objects.get().state == "done"
    assert mail.kept == []
