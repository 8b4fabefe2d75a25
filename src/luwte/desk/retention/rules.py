"""Terms: how long each kind of data is kept, and from when on that is over. No framework, no database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from luwte.desk.retention.errors import ClockWrong, TermWrong

CASE, CONTACT, PERSON = "cases.Case", "telling.Contact", "vault.Person"
"""The models whose rows go by rules of their own."""
LETTERS, MADE = "letters", "letters.made"
"""Files in the print folder, which are in no table of a database."""
QUIET = timedelta(days=45)
"""A record without any act for longer than this speaks for a clock that is wrong."""
LONGEST = 200 * 366
_TERM = re.compile(r"(\d{1,5}) (day|month|year)s?")
_DAYS = {"day": 1, "month": 31, "year": 366}


class Then(StrEnum):
    """What happens when a term is over; `CASE` and `PERSON`: it goes with the case, or the erased person."""

    DELETE = "delete"
    FORGET = "forget"
    CASE = "case"
    PERSON = "person"
    KEEP = "keep"


class Mark(StrEnum):
    """Where a period comes from: read in a source, from memory (ask a jurist), the authority's choice."""

    READ = "read"
    MEMORY = "memory"
    CHOICE = "choice"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Term:
    """So many days, months or years; `text` as it is written."""

    number: int
    unit: str

    @classmethod
    def of(cls, text: str) -> Term:
        """Return the term that `text` says ("10 years"). Raises `TermWrong`."""
        found = _TERM.fullmatch(text) if isinstance(text, str) else None
        if found is None or not int(found[1]):
            raise TermWrong(f"{text!r} is no term. Write a number and days, months or years: 5 years.")
        term = cls(int(found[1]), found[2])
        if term.longest > LONGEST:
            raise TermWrong(f"{text!r} is too long: no term is longer than 200 years.")
        return term

    @property
    def text(self) -> str:
        """The term in words."""
        return f"{self.number} {self.unit}{'s' if self.number > 1 else ''}"

    @property
    def longest(self) -> int:
        """The most days that it can have; good to compare terms by."""
        return self.number * _DAYS[self.unit]

    def before(self, now: datetime) -> datetime:
        """Return the moment such that what began before it is over its term at `now`, by the calendar.

        The last day of a shorter month stands for the days that it lacks.
        """
        if self.unit == "day":
            return now - timedelta(days=self.number)
        months = self.number * (12 if self.unit == "year" else 1)
        year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
        day = min(now.day, _days_in(year, month + 1))
        return now.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what is done with the rows of `model`, and the legal source beside it."""

    model: str
    what: str
    then: Then
    why: str
    source: str
    mark: Mark
    counted: str = ""
    after: Term | None = None
    least: Term | None = None
    most: Term | None = None
    table: str = ""
    """The digest of the table that it stands in (`luwte.desk.retention.table.digest`)."""

    @classmethod
    def of(cls, model: str, said: Mapping[str, Any]) -> Row:
        """Return the line that a table in TOML says."""
        after, least, most = (
            Term.of(said[name]) if name in said else None for name in ("after", "least", "most")
        )
        return cls(
            model,
            said["what"],
            Then(said["then"]),
            said["why"],
            said.get("source", ""),
            Mark(said.get("mark", "none")),
            said.get("from", ""),
            after,
            least,
            most,
        )

    def before(self, now: datetime) -> datetime:
        """Return the moment before which the term is over at `now`. Raises `LookupError` without a term."""
        if self.after is None:
            raise LookupError(f"{self.model} has no term of its own")
        return self.after.before(now)

    def chosen(self, text: str) -> Row:
        """Return this line with the term that the authority chose. Raises `TermWrong` outside its bounds."""
        if self.after is None or self.least is None:
            raise TermWrong(f"{self.model} has no term of its own. `luwte desk retention` shows which have.")
        term = Term.of(text)
        if self.most is not None and term.longest > self.most.longest:
            raise TermWrong(
                f"{self.model} may be kept for {self.most.text} at most ({self.source}), not {term.text}."
            )
        if term.longest < self.least.longest:
            raise TermWrong(
                f"{self.model} is needed for {self.least.text} at least, not {term.text}: {self.why}"
            )
        return replace(self, after=term)


def check_clock(now: datetime, newest: datetime | None, today: date | None) -> None:
    """Raise `ClockWrong` unless the clock can be right; `newest`: the newest act in the record.

    `today` is the day (UTC) that whoever runs this read elsewhere, None when it was not said.
    """
    shown = now.date()
    if today is not None and today != shown:
        raise ClockWrong(f"The clock of this machine says {shown}, not {today}. Set it right first.")
    if newest is not None and now < newest:
        raise ClockWrong(
            f"The clock says {_minute(now)}, but the newest act in the record is of {_minute(newest)}. "
            "Set the clock right; nothing was deleted."
        )
    if today is None and (newest is None or now - newest > QUIET):
        last = (
            "The record is empty"
            if newest is None
            else f"The newest act in the record is of {newest:%Y-%m-%d}"
        )
        raise ClockWrong(
            f"{last}, and the clock says {shown}. Is that right? Look elsewhere what day it is and give it "
            "with --today; nothing was deleted."
        )


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _days_in(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
