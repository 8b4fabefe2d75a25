"""Terms by the calendar, their bounds, and a clock that cannot be right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from luwte.desk.retention.errors import ClockWrong, TermWrong
from luwte.desk.retention.rules import Term, check_clock
from luwte.desk.retention.table import shipped, table

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "now", "before"),
    [
        ("10 years", NOON, datetime(2016, 3, 2, 12, tzinfo=UTC)),
        ("1 year", datetime(2024, 2, 29, tzinfo=UTC), datetime(2023, 2, 28, tzinfo=UTC)),
        ("1 month", datetime(2026, 3, 31, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)),
        ("13 months", datetime(2026, 1, 15, tzinfo=UTC), datetime(2024, 12, 15, tzinfo=UTC)),
        ("3 months", datetime(2026, 12, 31, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC)),
        ("12 months", datetime(2026, 12, 31, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)),
        ("30 days", NOON, NOON - timedelta(days=30)),
    ],
)
def test_a_term_goes_by_the_calendar(text: str, now: datetime, before: datetime) -> None:
    assert Term.of(text).before(now) == before


@pytest.mark.parametrize(
    "text", ["", "0 days", "5", "five years", "-1 years", "1.5 years", "201 years", 5, None]
)
def test_what_is_no_term(text: str) -> None:
    with pytest.raises(TermWrong):
        Term.of(text)


def test_the_authority_chooses_within_the_bounds(tmp_path: Path) -> None:
    file = tmp_path / "retention.toml"
    assert table(file) == shipped()
    file.write_text('"telling.Decision" = "3 years"\n"cases.Case" = "7 years"\n')
    found = table(file)
    assert (found["telling.Decision"].after, found["cases.Case"].after) == (Term(3, "year"), Term(7, "year"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"cases.Case" = "11 years"', r"10 years at most \(Wpg 8"),
        ('"vault.Person" = "4 months"', "3 months at most"),
        ('"telling.Contact" = "12 months"', "13 months at least"),
        ('"findings.Finding" = "1 year"', "no term of its own"),
        ('"words.SignOff" = "1 year"', "no term of its own"),
        ('"no.Model" = "1 year"', "does not know"),
        ('telling.Decision = "1 year"', "does not know"),
        ('"cases.Case" = 3', "is no term"),
        ("cases", "is no TOML"),
        ("\xff", "is no TOML"),
    ],
)
def test_a_term_out_of_bounds_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "retention.toml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(TermWrong, match=words):
        table(file)


def test_every_default_is_within_its_own_bounds() -> None:
    for row in shipped().values():
        if row.after is not None:
            assert row.chosen(row.after.text) == row
            assert row.counted
            assert row.source


@pytest.mark.parametrize(
    ("newest", "today"),
    [
        (NOON, None),
        (NOON - timedelta(days=45), None),
        (NOON - timedelta(days=46), NOON.date()),
        (None, NOON.date()),
    ],
)
def test_a_clock_that_can_be_right(newest: datetime | None, today: date | None) -> None:
    check_clock(NOON, newest, today)


@pytest.mark.parametrize(
    ("newest", "today", "words"),
    [
        (NOON + timedelta(seconds=1), None, "Set the clock right"),
        (NOON + timedelta(days=400), NOON.date(), "Set the clock right"),
        (NOON - timedelta(days=46), None, "--today"),
        (NOON - timedelta(days=4000), None, "--today"),
        (None, None, "The record is empty"),
        (NOON, date(2026, 3, 3), "not 2026-03-03"),
    ],
)
def test_a_clock_that_cannot_be_right(newest: datetime | None, today: date | None, words: str) -> None:
    with pytest.raises(ClockWrong, match=words):
        check_clock(NOON, newest, today)
