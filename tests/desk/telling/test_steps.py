"""Steps of cases as events: once for each whom they concern, and a correction tells only what changed."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.cases.models import Event
from luwte.desk.findings.services import register as take_in
from luwte.desk.telling import services as telling
from luwte.desk.telling.models import CareTask, SafetyAlert
from luwte.desk.telling.steps import STEP_TAKEN_BACK, spread_steps
from luwte.desk.vault import services as vault
from luwte.desk.wishes.rules import Channel, Choice, Source
from tests.support.cases import CASE, tell
from tests.support.desk import NOON, KeepingChannel, Someone, report, someone, ways

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]


@pytest.fixture
def noor() -> Someone:
    """Someone with a finding in case C-1 that counts."""
    found = someone("Noor", series="s-1")
    take_in(report({"s-1": {"a": (1, 0)}}, case=CASE), NOON)
    return found


def heard(subject: str) -> list[tuple[str, int]]:
    """Return the events of somebody: kind and day of the month."""
    zone = timedelta(hours=2)
    rows = Event.objects.filter(subject=subject).order_by("registered", "at", "kind")
    return [(row.kind, (row.at + zone).day) for row in rows]


def test_a_step_becomes_an_event_once_of_whom_it_concerns(noor: Someone) -> None:
    piet, mila = someone("Piet", series="s-2"), someone("Mila", series="s-3")
    take_in(report({"s-2": {"b": (0, 3)}}, case=CASE), NOON)
    take_in(report({"s-3": {"c": (1, 0)}}, case="C-2"), NOON)
    tell("charged", "2026-02-02")
    assert (spread_steps(NOON), spread_steps(NOON)) == (1, 0)
    assert (heard(noor.subject), heard(piet.subject), heard(mila.subject)) == ([("charge", 2)], [], [])


def test_a_step_before_its_finding_waits_for_it() -> None:
    tell("charged", "2026-02-02")
    assert spread_steps(NOON) == 0
    noor = someone("Noor", series="s-1")
    take_in(report({"s-1": {"a": (1, 0)}}, case=CASE), NOON)
    assert spread_steps(NOON) == 1
    assert heard(noor.subject) == [("charge", 2)]


def test_what_waits_is_told_to_nobody_until_it_is_applied(noor: Someone) -> None:
    tell("hearing_moved", "2026-06-29", hearing="h1")
    assert spread_steps(NOON) == 0
    tell("hearing_set", "2026-06-15", hearing="h1")
    assert spread_steps(NOON) == 2
    assert heard(noor.subject) == [("hearing", 15), ("hearing_moved", 29)]


def test_what_was_corrected_before_anybody_heard_is_told_to_nobody(noor: Someone) -> None:
    tell("hearing_set", "2026-06-15", hearing="h1", reference="r1")
    tell("hearing_set", "2026-06-16", hearing="h1", reference="r2", corrects="r1")
    assert spread_steps(NOON) == 1
    assert heard(noor.subject) == [("hearing", 16)]


def test_a_correction_tells_only_what_changed(noor: Someone) -> None:
    tell("hearing_set", "2026-06-15", hearing="h1", reference="r1")
    spread_steps(NOON)
    tell("hearing_set", "2026-06-15", "2026-02-02", hearing="h1", reference="r2", corrects="r1",
         said={"court": "RBMNE"})  # fmt: skip
    assert spread_steps(NOON) == 0, "the day is the same"
    tell("hearing_set", "2026-06-17", "2026-02-03", hearing="h1", reference="r3", corrects="r2")
    assert spread_steps(NOON + timedelta(hours=1)) == 1
    assert heard(noor.subject) == [("hearing", 15), ("hearing_moved", 17)]
    assert spread_steps(NOON + timedelta(hours=2)) == 0


def test_a_hearing_that_was_cancelled_or_never_was_is_off(noor: Someone) -> None:
    tell("hearing_set", "2026-06-15", hearing="h1", reference="r1")
    tell("hearing_set", "2026-07-16", hearing="h2", reference="r2")
    spread_steps(NOON)
    tell("hearing_cancelled", "2026-02-20", hearing="h1")
    tell("taken_back", "2026-02-21", corrects="r2", reference="r3")
    assert spread_steps(NOON + timedelta(hours=1)) == 2
    assert sorted(heard(noor.subject)[2:]) == [("hearing_cancelled", 16), ("hearing_cancelled", 20)]
    assert spread_steps(NOON + timedelta(hours=2)) == 0
    assert not CareTask.objects.filter(kind=STEP_TAKEN_BACK).exists()


def test_a_human_talks_about_a_judgment_that_never_was(noor: Someone) -> None:
    tell("judgment", "2026-02-10", reference="r1")
    spread_steps(NOON)
    tell("taken_back", "2026-02-21", corrects="r1", reference="r2")
    for _ in range(2):
        assert spread_steps(NOON) == 0
    task = CareTask.objects.get(kind=STEP_TAKEN_BACK)
    assert (task.subject, task.reason) == (noor.subject, Event.objects.get().id)


@pytest.mark.parametrize(
    ("step", "kind"),
    [("released", "release"), ("leave", "leave"), ("escaped", "escape"), ("transferred", "transfer")],
)
def test_custody_is_of_safety_and_nothing_else_is(noor: Someone, step: str, kind: str) -> None:
    tell(step, "2026-02-10", defendant="D1", reference="r1")
    tell("judgment", "2026-02-10")
    assert spread_steps(NOON) == 2
    alert = SafetyAlert.objects.get()
    assert (alert.event.kind, alert.event.source, alert.state) == (kind, "safety", "open")
    assert Event.objects.exclude(source="safety").get().kind == "verdict"
    tell("taken_back", "2026-02-21", corrects="r1", reference="r2")
    spread_steps(NOON)
    alert.refresh_from_db()
    assert (alert.state, alert.next_try) == ("withheld", None), "a false alarm is not repeated"
    assert CareTask.objects.filter(kind=STEP_TAKEN_BACK).count() == 1


def test_a_step_of_one_is_told_to_that_one(noor: Someone) -> None:
    piet = someone("Piet", series="s-2")
    take_in(report({"s-2": {"b": (1, 0)}}, case=CASE), NOON)
    tell("judgment", "2026-02-10", subject=piet.subject)
    tell("appeal_filed", "2026-02-11", subject=piet.subject)
    tell("charged", "2026-02-01", series="s-1")
    assert spread_steps(NOON) == 3
    assert heard(noor.subject) == [("charge", 1)]
    assert heard(piet.subject) == [("verdict", 10), ("appeal", 11)]


def test_who_was_erased_gets_nothing(noor: Someone, clock: ManualClock) -> None:
    tell("charged", "2026-02-02")
    vault.erase(noor.id, now=clock.now())
    assert spread_steps(clock.now()) == 0


def test_it_is_told_as_the_person_chose(noor: Someone, clock: ManualClock) -> None:
    """Register always, tell only as chosen: the event stands, and leaves only with a wish for it."""
    channel = KeepingChannel()
    tell("charged", "2026-02-02")
    telling.tell(clock, ways(channel))
    assert (heard(noor.subject), channel.kept) == ([("charge", 2)], [])
    telling.set_wish(
        noor.id, Source.EVENTS, Choice(True, channel=Channel.EMAIL), set_by="Wim", conversation="gesprek",
        now=clock.now(), assessment="beoordeling",
    )  # fmt: skip
    clock.advance(timedelta(days=40))
    telling.tell(clock, ways(channel))
    assert len(channel.kept) == 1


STORY: list[dict[str, Any]] = [
    {"step": "hearing_set", "occurred": "2026-06-15", "hearing": "h1", "reference": "r1"},
    {"step": "hearing_set", "occurred": "2026-06-16", "hearing": "h1", "reference": "r2", "corrects": "r1"},
    {"step": "hearing_moved", "occurred": "2026-06-29", "hearing": "h1", "reference": "r3"},
    {"step": "judgment", "occurred": "2026-02-10", "reference": "r4"},
]


@pytest.mark.parametrize("order", list(permutations(range(len(STORY)))))
def test_any_order_gives_the_same_events_once(noor: Someone, order: tuple[int, ...]) -> None:
    for number in order:
        tell(**STORY[number])
        tell(**STORY[number])
    spread_steps(NOON)
    assert sorted(heard(noor.subject)) == [("hearing", 16), ("hearing_moved", 29), ("verdict", 10)]
    assert spread_steps(NOON) == 0


@pytest.mark.parametrize("order", list(permutations(range(len(STORY))))[::5])
def test_rounds_between_never_tell_a_day_twice(noor: Someone, order: tuple[int, ...]) -> None:
    for number in order:
        tell(**STORY[number])
        spread_steps(NOON)
    found = heard(noor.subject)
    assert len(set(found)) == len(found)
    assert {day for _, day in found} >= {16, 29, 10}
