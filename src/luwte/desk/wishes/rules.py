"""What a wish is, and which one holds. Plain values: no framework, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Source(StrEnum):
    """What a wish is about."""

    CASE = "case"
    INTERNET = "internet"


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
    CARE_WORKER = "care_worker"


class Detail(StrEnum):
    """How much a person wants to read."""

    SOMETHING = "something"
    BANDS = "bands"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen in one wish; `until` is the last day (in the person's zone) on which it holds."""

    told: bool
    rhythm: Rhythm = Rhythm.MONTHLY
    channel: Channel = Channel.PORTAL
    detail: Detail = Detail.BANDS
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One version of what `subject` chose for `source`; it stands until there is a higher version."""

    subject: str
    source: Source
    version: int
    since: datetime
    choice: Choice


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause from `starts` up to, not including, `ends`; `by_person` tells who set it.

    A person's own pause counts as soon as it is recorded: a clock that was set back must not undo it.
    """

    subject: str
    starts: datetime
    ends: datetime
    by_person: bool
    reason: str = ""

    def holds(self, now: datetime) -> bool:
        """Return whether the pause is on at `now`."""
        return (self.by_person or self.starts <= now) and now < self.ends


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
