"""The values that the rules of telling read and give. No framework, no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from luwte.desk.telling.calendar import WEEK
from luwte.desk.wishes.rules import Channel, Detail, Source

PERSON = "person"


class State(StrEnum):
    """Where a contact is on its way. Only `WITHHELD` and `REFUSED` certainly never reached anyone."""

    PLANNED = "planned"
    LEASED = "leased"
    HANDING = "handing_over"
    HANDED = "handed_over"
    DONE = "done"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"
    REFUSED = "refused"


OPEN = frozenset({State.PLANNED, State.LEASED, State.HANDING})
NEVER_LEFT = frozenset({State.WITHHELD, State.REFUSED})


class Outcome(StrEnum):
    """What a decision comes to."""

    TELL = "tell"
    CALL = "call"
    WAIT = "wait"
    WITHHOLD = "withhold"
    NOTHING = "nothing"


class Reason(StrEnum):
    """Why; the sentence for each stands in `luwte.desk.telling.reasons`."""

    DUE = "due"
    CALL_CHOSEN = "call_chosen"
    NEVER_ASKED = "never_asked"
    NOT_CONFIRMED = "not_confirmed"
    NOT_WANTED = "not_wanted"
    WISH_ENDED = "wish_ended"
    PAUSED = "paused"
    HELD_BY_CARE = "held_by_care"
    ONLY_WHEN_ASKED = "only_when_asked"
    CHANNEL_STOPPED = "channel_stopped"
    ON_ITS_WAY = "on_its_way"
    OTHER_CHANNEL = "other_channel"
    RHYTHM = "rhythm"
    CEILING = "ceiling"
    NOTHING_NEW = "nothing_new"


class Band(StrEnum):
    """How many, coarsely."""

    ONE = "1"
    FEW = "2-5"
    MANY = "more than 5"


def band_of(count: int) -> Band:
    """Return the band of a count of one or more."""
    if count == 1:
        return Band.ONE
    return Band.FEW if count <= 5 else Band.MANY


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules see of a finding: whose, where from, its counts, and since when it is registered."""

    id: str
    subject: str
    source: Source
    identical: int
    near: int
    confirmed: int
    registered: datetime

    @property
    def tellable(self) -> bool:
        """T12: whether at least one file is identical, or near and confirmed."""
        return self.identical + self.confirmed > 0


@dataclass(frozen=True, slots=True)
class Event:
    """A step in a criminal case; it is told as news of its source, like a finding."""

    id: str
    subject: str
    source: Source
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A contact as history: what it carried, from which sources, where it is; `asked`: the person asked."""

    id: str
    subject: str
    recipient: str
    at: datetime
    state: State
    items: frozenset[str]
    sources: frozenset[Source]
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone who may be reached for `subject`; `stopped` are the channels that fail or are not there."""

    subject: str
    zone: ZoneInfo
    role: str = PERSON
    stopped: frozenset[Channel] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """The authority's ceiling: at most one contact in `between`, whatever was chosen."""

    between: timedelta = WEEK


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided for some `items` of one recipient, and why; `next_at`: when it may change by itself."""

    subject: str
    recipient: str
    outcome: Outcome
    reason: Reason
    items: tuple[str, ...] = ()
    channel: Channel | None = None
    detail: Detail | None = None
    next_at: datetime | None = None
