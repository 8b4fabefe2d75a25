from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from luwte.desk.cases import rules, services
from luwte.desk.cases.errors import CaseUnknown, EventDiffers, EventImpossible
from luwte.desk.cases.models import Case, Event
from luwte.desk.wishes.rules import Source
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db

SUBJECT = "ab" * 16
DAY = timedelta(days=1)


def record(source: str = "events", kind: str = "charge", **more: Any) -> tuple[Event, bool]:
    """Record an event of yesterday in case C-1."""
    values: dict[str, Any] = {"number": "C-1", "at": NOON - DAY, "now": NOON} | more
    return services.record_event(SUBJECT, values.pop("number"), source, kind, **values)


def test_event_is_recorded_once() -> None:
    event, new = record()
    again, newer = record(now=NOON + DAY)
    assert (new, newer) == (True, False)
    assert again == event
    assert services.events([SUBJECT]) == [event]
    assert (event.case.number, event.source, event.kind, event.at) == ("C-1", "events", "charge", NOON - DAY)
    assert Case.objects.count() == 1


def test_event_at_another_moment_or_in_another_case_is_another_one() -> None:
    record()
    assert record(at=NOON)[1]
    assert record(number="C-2")[1]
    assert Event.objects.count() == 3


def test_event_that_stands_is_not_changed_on_the_quiet() -> None:
    record("rights", "claim", lapses=NOON + DAY)
    with pytest.raises(EventDiffers, match="recorded before"):
        record("rights", "claim", lapses=NOON + 2 * DAY)
    assert Event.objects.get().lapses == NOON + DAY


@pytest.mark.parametrize(
    ("source", "kind", "more", "match"),
    [
        ("case", "charge", {}, "Of 'case' there are no events"),
        ("internet", "release", {}, "Of 'internet' there are no events"),
        ("events", "release", {}, "no event 'release' of events"),
        ("rights", "escape", {}, "no event 'escape' of rights"),
        ("safety", "verdict", {}, "no event 'verdict' of safety"),
        ("events", "verdict", {"at": NOON + DAY}, "still to come"),
        ("events", "hearing", {"at": NOON.replace(year=2126)}, "too far away"),
        ("events", "charge", {"lapses": NOON + DAY}, "Only a right lapses"),
        ("rights", "claim", {"lapses": NOON - DAY}, "lapses before it begins"),
        ("rights", "claim", {"lapses": datetime(2999, 1, 1, tzinfo=NOON.tzinfo)}, "too far away"),
    ],
)
def test_what_can_be_no_event_is_refused(source: str, kind: str, more: dict[str, Any], match: str) -> None:
    with pytest.raises(EventImpossible, match=match):
        record(source, kind, **more)
    assert not Event.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize("number", ["", " ", "x" * 101, "a\nb"])
def test_event_without_a_case_is_refused(number: str) -> None:
    with pytest.raises(CaseUnknown):
        record(number=number)
    assert not Event.objects.exists()


@pytest.mark.parametrize(("source", "kind"), [("events", "hearing"), ("safety", "release")])
def test_what_is_foreseen_may_still_come(source: str, kind: str) -> None:
    assert record(source, kind, at=NOON + DAY)[1]


def test_findings_never_have_events_and_release_and_escape_are_of_safety_alone() -> None:
    assert set(rules.KINDS) == set(Source) - {Source.CASE, Source.INTERNET}
    elsewhere = {kind for source, kinds in rules.KINDS.items() if source != "safety" for kind in kinds}
    assert not elsewhere & set(rules.KINDS["safety"])
    assert {"release", "escape"} <= set(rules.KINDS["safety"])


def test_what_the_house_owes_belongs_to_no_case_and_stands_once() -> None:
    first, second = (services.record_notice("ab" * 16, "seen", at=NOON, now=NOON) for _ in range(2))
    assert first == second
    assert (first.source, first.case.number, first.lapses) == ("rights", "", None)
    with pytest.raises(EventImpossible, match="no notice 'release'"):
        services.record_notice("ab" * 16, "release", at=NOON, now=NOON)
    with pytest.raises(EventImpossible):
        record("rights", "seen")
