"""A jurisdiction as values: its rules, amounts and ways of counting, as one dated file says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from luwte.desk.cases.vocabulary import Step
from luwte.desk.rights.grammar import Before, Expression, Kind, Moment, On, Pick, Term

MOVES = (Step.HEARING_MOVED, Step.HEARING_CANCELLED)


class Mark(StrEnum):
    """Where a rule comes from: read in a source, computed from what was read, or not verified."""

    READ = "read"
    COMPUTED = "computed"
    UNVERIFIED = "unverified"


class Status(StrEnum):
    """Whether a rule is law. One that is proposed is never computed."""

    IN_FORCE = "in force"
    PROPOSED = "proposed"


class Each(StrEnum):
    """Of what there is one row of a right: of the case, each defendant, each hearing, each step."""

    CASE = "case"
    DEFENDANT = "defendant"
    HEARING = "hearing"
    STEP = "step"


class Holder(StrEnum):
    """Whose a right is. The last four owe it: it is a duty of theirs to the victim."""

    VICTIM = "victim"
    REPRESENTATIVE = "representative"
    PARENT = "parent"
    FAMILY = "family"
    KIN = "kin"
    POLICE = "police"
    PROSECUTOR = "prosecutor"
    COURT = "court"
    STATE = "state"


class Only(StrEnum):
    """Of whom alone a band is: a child that can weigh its interests, a victim who cannot act, or died."""

    CAPABLE = "capable"
    UNABLE = "unable"
    DECEASED = "deceased"


DUTY = frozenset({Holder.POLICE, Holder.PROSECUTOR, Holder.COURT, Holder.STATE})
OLDEST = 200
"""An age that nobody reaches: the upper edge of a band without one."""


@dataclass(frozen=True, slots=True)
class Band:
    """Whose a right is while the victim is at least `least` and not yet `below` years old."""

    holder: Holder
    least: int = 0
    below: int = OLDEST
    only: Only | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Dutch and in English."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Source:
    """An article of law, the day of the text that was read, how sure, and what a jurist must confirm."""

    article: str
    dated: date
    mark: Mark
    jurist: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One right, or one duty to a victim.

    `of`: the steps (each = step) or the kinds of hearing (each = hearing) that it is about; `said`: what must
    have been told of that step. `offences`, `or_years`: the charge must be one of these, or carry so many
    years. `late`: what comes too late may still be taken up.
    """

    id: str
    name: Words
    form: Words
    source: Source
    each: Each
    who: tuple[Band, ...]
    opens: tuple[Expression, ...]
    until: Expression
    of: frozenset[Step] = frozenset()
    said: Mapping[str, str | int | bool] = field(default_factory=lambda: MappingProxyType({}))
    closed_by: frozenset[Step] = frozenset()
    used_by: frozenset[Step] = frozenset()
    offences: frozenset[str] = frozenset()
    or_years: int = 0
    late: bool = False
    status: Status = Status.IN_FORCE

    @property
    def opened_by(self) -> frozenset[Step]:
        """Return the steps that open it, those of `of` when it is each of these."""
        steps = frozenset(one for expression in self.opens for one in _steps(expression))
        return steps | self.of

    @property
    def moved_by(self) -> tuple[Step, ...]:
        """Return the steps that move its end: those that move a hearing, when it hangs on one."""
        kinds = {moment.kind for moment in moments(self.until)}
        happens = isinstance(self.until, Before) and Kind.STEP in kinds
        return MOVES if happens or kinds & {Kind.HEARING} else ()


@dataclass(frozen=True, slots=True)
class Amount:
    """Sums in cents of one currency, by the day from which they hold and by category.

    `index`: the yearly index by which a sum grows, over that of `base`; empty when it does not grow.
    """

    id: str
    currency: str
    source: Source
    dated: Mapping[date, tuple[int, ...]]
    index: Mapping[int, str]
    base: int = 0


@dataclass(frozen=True, slots=True)
class Practice:
    """How this country counts. `roll`: an end on a Saturday or Sunday moves to Monday, of terms of at most
    `roll_months` months (0: any). `leap_early`: who was born on 29 February is older on the 28th.
    `representatives`: who may act for a child, by kind; one of the kind `first` goes before all others."""

    roll: bool
    roll_months: int
    leap_early: bool
    representatives: frozenset[str]
    first: str
    source: Source


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The law of one country from `valid_from` on; `version` is the name of its file."""

    country: str
    version: str
    valid_from: date
    reviewed_by: str
    practice: Practice
    rules: tuple[Rule, ...]
    amounts: Mapping[str, Amount]

    def rule(self, name: str) -> Rule:
        """Return the rule with this id; a `KeyError` when there is none."""
        return {rule.id: rule for rule in self.rules}[name]


def moments(expression: Expression) -> tuple[Moment, ...]:
    """Return every moment in an expression."""
    if isinstance(expression, Moment):
        return (expression,)
    if isinstance(expression, Pick):
        return moments(expression.one) + moments(expression.other)
    return moments(expression.moment) if isinstance(expression, (Term, Before, On)) else ()


def _steps(expression: Expression) -> tuple[Step, ...]:
    return tuple(moment.step for moment in moments(expression) if moment.step is not None)
