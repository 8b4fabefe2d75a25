"""What a wish is, and which one holds. Plain values: no framework, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

PERSON = "person"
"""The party that a wish is about; any other party is a representative, by pseudonym."""


class Source(StrEnum):
    """What a wish is about: findings (cases, internet), steps in a case, rights, takedowns, safety."""

    CASE = "case"
    INTERNET = "internet"
    EVENTS = "events"
    RIGHTS = "rights"
    TAKEDOWN = "takedown"
    SAFETY = "safety"


class Rhythm(StrEnum):
    """How often at most a person wants to hear."""

    EACH = "each"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    ON_REQUEST = "on_request"


class Channel(StrEnum):
    """The way a person wants to be reached."""

    PORTAL = "portal"
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    CARE_WORKER = "care_worker"
    LAWYER = "lawyer"


class Detail(StrEnum):
    """How much a person wants to read."""

    SOMETHING = "something"
    BANDS = "bands"
    EVERYTHING = "everything"


class Register(StrEnum):
    """The language and the register of the words: Dutch B1, Dutch for young people, English."""

    DUTCH = "nl"
    YOUTH = "nl-youth"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen in one wish.

    `until`: the last day (in the person's zone) on which it holds. `weekday`: 0 Monday to 6 Sunday, None any.
    `hours`: from the first hour up to, not including, the second, on the person's clock. `forward`: a right
    that would lapse may come before the rhythm allows (T8). `cover`: a contact at every turn of the rhythm,
    with news or without. `others`: the parties that may be told too.
    """

    told: bool
    rhythm: Rhythm = Rhythm.MONTHLY
    channel: Channel = Channel.PORTAL
    detail: Detail = Detail.BANDS
    until: date | None = None
    weekday: int | None = None
    hours: tuple[int, int] = (0, 24)
    forward: bool = False
    cover: bool = False
    others: frozenset[str] = frozenset()
    words: Register = Register.DUTCH


@dataclass(frozen=True, slots=True)
class Wish:
    """One version of what was chosen for `subject` and `source`; it stands until there is a higher version.

    `by`: the parties that chose it (T10).
    """

    subject: str
    source: Source
    version: int
    since: datetime
    choice: Choice
    by: frozenset[str] = frozenset({PERSON})


class HoldKind(StrEnum):
    """Who or what set a pause: the person, a care worker, or a sign of harm (T15)."""

    PERSON = "person"
    CARE = "care"
    HARM = "harm"


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause from `starts` up to, not including, `ends`; `kind` tells who set it.

    A person's own pause counts as soon as it is recorded: a clock that was set back must not undo it. The
    same goes for a sign of harm.
    """

    subject: str
    starts: datetime
    ends: datetime
    kind: HoldKind
    reason: str = ""

    @property
    def by_person(self) -> bool:
        """Whether the person set it."""
        return self.kind == HoldKind.PERSON

    def holds(self, now: datetime) -> bool:
        """Return whether the pause is on at `now`."""
        return (self.kind != HoldKind.CARE or self.starts <= now) and now < self.ends


class QuietKind(StrEnum):
    """Why a person wants quiet; no rule depends on it."""

    DAYS = "days"
    EXAMS = "exams"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class Quiet:
    """A quiet period (T7): whole days, both bounds included, on the person's calendar; `yearly` comes back.

    In a year without it, 29 February as the first day is read as the 28th, and as the last day as 1 March.
    """

    subject: str
    first: date
    last: date
    yearly: bool = False
    kind: QuietKind = QuietKind.DAYS

    def covers(self, day: date) -> bool:
        """Return whether `day` is quiet."""
        if not self.yearly:
            return self.first <= day <= self.last
        begins, ends = _in_year(self.first, day.year, 28), _in_year(self.last, day.year, 1)
        over_new_year = (self.first.month, self.first.day) > (self.last.month, self.last.day)
        return day >= begins or day <= ends if over_new_year else begins <= day <= ends


def _in_year(day: date, year: int, instead: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2 if instead == 28 else 3, instead)


def latest(wishes: Iterable[Wish], source: Source, now: datetime) -> Wish | None:
    """Return the highest version for `source` that stands at `now`, or None when there never was one.

    T1: a version that wants nothing stands as soon as it is recorded, whatever the clock says.
    """
    standing = [
        wish for wish in wishes if wish.source == source and (wish.since <= now or not wish.choice.told)
    ]
    return max(standing, key=lambda wish: wish.version, default=None)


def expired(wish: Wish, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether the last day of `wish` is over, in the person's own zone."""
    until = wish.choice.until
    return until is not None and now.astimezone(zone).date() > until
