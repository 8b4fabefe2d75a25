"""The values that the rules of telling read and give. No framework, no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from luwte.desk.telling.calendar import WEEK
from luwte.desk.wishes.rules import PERSON, Channel, Detail, Register, Source


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
    """Why; the sentence for each stands in `luwte.desk.telling.reasons`, its place in docs/rules.md."""

    DUE = "due"
    CALL_CHOSEN = "call_chosen"
    COVER = "cover"
    RIGHT_LAPSES = "right_lapses"
    DECEASED = "deceased"
    CONFLICT = "conflict"
    CONFLICT_DOUBT = "conflict_doubt"
    MANDATE_ENDED = "mandate_ended"
    DOES_NOT_KNOW = "does_not_know"
    AGE_UNKNOWN = "age_unknown"
    FOR_REPRESENTATIVES = "for_representatives"
    AUTHORITY_UNCLEAR = "authority_unclear"
    CONSENT_MISSING = "consent_missing"
    ADULT_NOW = "adult_now"
    NOT_CHOSEN = "not_chosen"
    THROUGH_LAWYER = "through_lawyer"
    NO_LAWYER = "no_lawyer"
    NEVER_ASKED = "never_asked"
    NOT_CONFIRMED = "not_confirmed"
    QUARANTINED = "quarantined"
    RIGHT_LAPSED = "right_lapsed"
    NOT_WANTED = "not_wanted"
    WISH_ENDED = "wish_ended"
    HARM = "harm"
    PAUSED = "paused"
    HELD_BY_CARE = "held_by_care"
    UNOPENED = "unopened"
    ONLY_WHEN_ASKED = "only_when_asked"
    CHANNEL_STOPPED = "channel_stopped"
    ON_ITS_WAY = "on_its_way"
    OTHER_CHANNEL = "other_channel"
    RHYTHM = "rhythm"
    CEILING = "ceiling"
    QUIET = "quiet"
    HOURS = "hours"
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


class Kind(StrEnum):
    """What a recipient is to the person."""

    PERSON = "person"
    PARENT = "parent"
    GUARDIAN = "guardian"
    CURATOR = "curator"
    LAWYER = "lawyer"
    CARE_WORKER = "care worker"


class Authority(StrEnum):
    """Parental authority in the six forms of the Dutch register of persons (BRP, "gezag")."""

    JOINT = "joint"
    SOLE = "sole"
    SHARED = "shared"
    GUARDIANSHIP = "guardianship"
    NONE_NOW = "none_now"
    UNCLEAR = "unclear"


class Conflict(StrEnum):
    """Whether a recipient is a suspect or convict, or lives with one (T5)."""

    NONE = "none"
    CERTAIN = "certain"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Born:
    """The first and the last day on which someone may have been born; equal when known, None: unknown."""

    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ages (T10) from which the child decides too, the young person alone, an adult."""

    both: int = 12
    alone: int = 16
    adult: int = 18


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules see of a finding: whose, where from, its counts, and since when it is registered.

    `identical` leaves out the files whose entry is quarantined; those are `quarantined`.
    """

    id: str
    subject: str
    source: Source
    identical: int
    near: int
    confirmed: int
    registered: datetime
    quarantined: int = 0

    @property
    def tellable(self) -> bool:
        """T12: whether at least one file is identical, or near and confirmed."""
        return self.identical + self.confirmed > 0


@dataclass(frozen=True, slots=True)
class Event:
    """News that is no finding: a step in a case, a right, a takedown. `lapses`: when a right ends (T8)."""

    id: str
    subject: str
    source: Source
    at: datetime
    lapses: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A contact as history: what it carried, from which sources, where it is; `asked`: the person asked.

    `opened`: when it was first read. `at`: when it was handed over, or decided when it was not yet.
    """

    id: str
    subject: str
    recipient: str
    at: datetime
    state: State
    items: frozenset[str]
    sources: frozenset[Source]
    asked: bool = False
    channel: Channel = Channel.PORTAL
    opened: datetime | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """What the rules know of the person: age, who has authority, alive, last sign of life (T15)."""

    born: Born
    authority: Authority = Authority.UNCLEAR
    deceased: bool = False
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mandate:
    """On which days (both included) a representative may act, on which channel, and how far.

    `holder`: has parental authority. `standing`: is told of a right that would lapse (T8).
    """

    kind: Kind
    begins: date
    ends: date | None
    channel: Channel
    holder: bool = False
    standing: bool = False

    def holds(self, day: date) -> bool:
        """Return whether the mandate holds on `day`."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone who may be reached for `subject`: the person (`life`) or a representative (`mandate`).

    `stopped`: the channels that fail or are not there. `informed` is False for a person who does not know and
    for a representative who may not know yet (T9).
    """

    subject: str
    zone: ZoneInfo
    id: str = PERSON
    stopped: frozenset[Channel] = frozenset()
    life: Life | None = None
    mandate: Mandate | None = None
    informed: bool = True
    conflict: Conflict = Conflict.NONE


@dataclass(frozen=True, slots=True)
class Limits:
    """What the authority sets: at most one contact in `between`; after `unopened` contacts in a row that
    nobody opened for `patience`, a human calls; the ages of the ladder."""

    between: timedelta = WEEK
    unopened: int = 3
    patience: timedelta = timedelta(days=14)
    ladder: Ladder = Ladder()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided for some `items` of one recipient, and why; `next_at`: when it may change by itself.

    `channel`, `detail`, `words` and `sources` are those of the contact, in a decision that tells or calls.
    """

    subject: str
    recipient: str
    outcome: Outcome
    reason: Reason
    items: tuple[str, ...] = ()
    channel: Channel | None = None
    detail: Detail | None = None
    next_at: datetime | None = None
    words: Register | None = None
    sources: frozenset[Source] = frozenset()
