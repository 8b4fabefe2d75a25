"""Counts by week and month, in the zone of the desk, over what left and what was waited for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from luwte.desk.cases.models import Case, Event
from luwte.desk.findings.models import ReportReceipt
from luwte.desk.telling import counts
from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.telling.values import State
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MONDAY = date(2026, 3, 2)


def contact(
    at: datetime | None, state: State = State.HANDED, subject: str = "a" * 32, recipient: str = "person"
) -> None:
    number = Contact.objects.count()
    Contact.objects.create(
        subject=subject, number=number, key=f"{number:032}", recipient=recipient, channel="email",
        detail="bands", state=state, decided=NOON - 400 * DAY, handed=at,
    )  # fmt: skip


def call(made: datetime, done: datetime | None, reason: str = "never_asked", **values: str) -> None:
    CareTask.objects.create(subject="a" * 32, kind="call", reason=reason, made=made, done=done, **values)


def test_contacts_count_in_the_week_in_which_they_left() -> None:
    sunday_late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # Monday in Amsterdam
    for at in (NOON, sunday_late, sunday_late - DAY, NOON - 11 * WEEK, NOON - 12 * WEEK, NOON + DAY, None):
        contact(at)
    contact(NOON, State.REFUSED)
    contact(NOON, State.WITHHELD)
    found = counts.contacts_a_week(NOON)
    assert [one.day for one in found] == [MONDAY - back * WEEK for back in reversed(range(12))]
    assert [one.count for one in found] == [1, *[0] * 9, 1, 2]


def test_weeks_and_months_hold_over_a_change_of_the_clock() -> None:
    now = datetime(2026, 4, 2, 12, tzinfo=UTC)
    contact(datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
    contact(datetime(2026, 3, 29, 22, 30, tzinfo=UTC))  # Monday the 30th, summer time
    assert [(one.day, one.count) for one in counts.contacts_a_week(now)][-2:] == [
        (date(2026, 3, 23), 1),
        (date(2026, 3, 30), 1),
    ]


def test_calls_that_were_not_needed_are_none() -> None:
    call(NOON - DAY, NOON)
    call(NOON - DAY, NOON, outcome="not needed")
    call(NOON - DAY, None)
    assert counts.calls_a_week(NOON)[-1].count == 1


def test_first_talks_are_counted_by_how_long_they_were_waited_for() -> None:
    call(NOON - 2 * DAY, NOON)
    call(NOON - 5 * DAY, NOON, reason="does_not_know")
    call(NOON, NOON - DAY)  # the clock was set back
    call(NOON - 9 * DAY, NOON, reason="harm")
    call(NOON - 9 * DAY, NOON, outcome="not needed")
    call(NOON - 30 * WEEK, NOON - 20 * WEEK)
    call(NOON - 3 * DAY, None)
    found = counts.first_waits(NOON)
    assert sorted(found.days) == [0.0, 2.0, 5.0]
    assert found.open == 1


def test_rights_that_run_out_are_counted_in_the_week_in_which_they_do() -> None:
    case = Case.objects.create(number="C-1", opened=NOON)
    for number, lapses in enumerate(
        (NOON - DAY, NOON, NOON + 6 * DAY, NOON + 8 * DAY, NOON + 12 * WEEK, None)
    ):
        Event.objects.create(
            subject=f"{number:032}",
            case=case,
            source="rights",
            kind="claim",
            at=NOON,
            lapses=lapses,
            registered=NOON,
        )
    found = counts.lapses_a_week(NOON)
    assert [one.count for one in found] == [2, 1, *[0] * 10]
    assert found[0].day == MONDAY


def test_the_contacts_of_a_person_are_those_with_that_person_in_their_months() -> None:
    for at in (
        NOON,
        NOON - DAY,
        NOON - 3 * DAY,
        datetime(2025, 4, 1, tzinfo=UTC),
        datetime(2025, 3, 31, 12, tzinfo=UTC),
    ):
        contact(at)
    contact(NOON, subject="b" * 32)
    contact(NOON, recipient="c" * 32)
    found = counts.contacts_a_month("a" * 32, NOON)
    assert [one.day for one in found][:2] == [date(2025, 4, 1), date(2025, 5, 1)]
    assert [one.count for one in found] == [1, *[0] * 9, 1, 2]


def test_what_was_searched_is_that_of_the_reports_of_these_weeks() -> None:
    assert counts.searched(NOON) == counts.Searched(0, 0, 0)
    for number, received in enumerate((NOON, NOON - 3 * WEEK, NOON - 20 * WEEK)):
        ReportReceipt.objects.create(
            id=f"r{number}", content="", signer="", made=NOON,
            case=Case.objects.create(number=f"C-{number}", opened=NOON), list_version="1",
            received=received, coverage={"files": 100, "unreadable": number + 1},
        )  # fmt: skip
    assert counts.searched(NOON) == counts.Searched(197, 3, 2)
