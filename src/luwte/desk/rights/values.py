"""The values that the engine of rights reads and gives. No framework, no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from luwte.desk.rights.amounts import Money
from luwte.desk.rights.law import Holder, Mark

VICTIM = "victim"
"""Who the victim is among the parties."""


class State(StrEnum):
    """Where a right stands on the day that is asked about."""

    OPEN = "open"
    MANDATED = "mandated"
    USED = "used"
    WAIVED = "waived"
    LAPSED = "lapsed"
    NOT_YET = "not yet"
    NOT_APPLICABLE = "not applicable"


class Reason(StrEnum):
    """Why a right is in its state."""

    OPENED = "opened"
    MANDATE = "mandate"
    EXERCISED = "exercised"
    WAIVER = "waiver"
    DEADLINE = "deadline passed"
    STEP = "closed by a step"
    AGE = "ended by age"
    NEVER_OPEN = "its term had passed when it opened"
    NOT_OPENED = "no step opened it"
    TO_COME = "it opens later"
    TOO_YOUNG = "it opens at an age"
    NOT_OF_THIS_PERSON = "not of this person"
    OFFENCE = "not for this charge"
    CANCELLED = "hearing cancelled"


class Doubt(StrEnum):
    """What a human must look at; each is a worker's task, and none makes a right end."""

    AGE = "age"
    OFFENCE = "offence not told"
    NOT_TOLD = "a detail of the step not told"
    DAY_PASSED = "the day passed and nobody told what happened"
    NOBODY = "nobody may act"
    TOO_LATE = "exercised too late"
    NOT_ENTITLED = "exercised by somebody who may not"


@dataclass(frozen=True, slots=True)
class Representative:
    """Who may act for a child or a victim who cannot: `kind` as the law's data names it, days included.

    `barred`: a defendant, or in conflict with the victim; never acts.
    """

    id: str
    kind: str
    begins: date
    ends: date | None = None
    barred: bool = False

    def acts(self, day: date) -> bool:
        """Return whether this one may act on `day`."""
        return not self.barred and self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Person:
    """The victim, as far as rights ask: the first and last possible day of birth, None when unknown.

    `capable`: a child under the age of its own right that can weigh its interests. In doubt about the age the
    victim is a child for as long as that is possible (art. 13 Bsl, art. 24(2) Directive 2012/29).
    """

    earliest: date | None = None
    latest: date | None = None
    capable: bool = False
    unable: bool = False
    deceased: bool = False
    around: tuple[Representative, ...] = ()


class Key(NamedTuple):
    """Which row a right is: of which rule, against whom, at which hearing, after which step as first told."""

    rule: str
    defendant: str = ""
    hearing: str = ""
    step: str = ""


class Doing(StrEnum):
    """What was done with a right."""

    USED = "used"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Act:
    """That a right was used, or waived, on `day`, by the party `by`."""

    key: Key
    doing: Doing
    day: date
    by: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """Claim for me, don't tell me: `by` lets `to` exercise rights, on these days (both included).

    `rights`, `courts`: which, None for every one. `most`: up to which amount. `tell`: wants to hear of it.
    """

    id: str
    by: str
    to: str
    begins: date
    ends: date | None = None
    rights: frozenset[str] | None = None
    courts: frozenset[str] | None = None
    most: Money | None = None
    tell: bool = False

    def covers(self, rule: str, court: str, day: date, amount: Money | None = None) -> bool:
        """Return whether it holds for this right, at this court, on this day, for this amount."""
        return (
            self.begins <= day
            and (self.ends is None or day <= self.ends)
            and (self.rights is None or rule in self.rights)
            and (self.courts is None or court in self.courts)
            and (amount is None or self.most is None or self.most.least(amount) == amount)
        )


@dataclass(frozen=True, slots=True)
class Right:
    """One right of one victim, as it stands on the day that was asked about.

    `whose`: who may exercise it that day (the victim, ids of representatives, or who owes it). `opens`: from
    which day, None when not known. `until`: the last day, None when the law sets none or it is not known yet;
    `foreseen`: that day may still move. `version`, `mark`: which file of law, and how sure. `computed_from`:
    the ids of the steps. `mandate`: under which it is exercised. `late`: may be taken up after its end.
    """

    key: Key
    holder: Holder | None
    whose: tuple[str, ...]
    opens: date | None
    until: date | None
    foreseen: bool
    endless: bool
    state: State
    reason: Reason
    version: str
    mark: Mark
    doubts: tuple[Doubt, ...] = ()
    computed_from: tuple[str, ...] = ()
    mandate: str = ""
    late: bool = False
