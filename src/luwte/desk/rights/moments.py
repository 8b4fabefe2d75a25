"""From an expression to a day: when a right opens and ends, of one case as it was told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from luwte.desk.cases.vocabulary import HEARINGS, Fact, Step
from luwte.desk.rights.days import Unit, birthday, later, rolled
from luwte.desk.rights.grammar import Before, Expression, Kind, Moment, Never, On, Pick, Term
from luwte.desk.rights.law import Practice
from luwte.desk.rights.told import Found, Hearing, Told

AT_A_HEARING = frozenset({Step.HEARING_STARTED, Step.VICTIM_SPOKE, Step.CLOSING_SPEECH, Step.JUDGMENT})
"""What happens in court: it is foreseen on the day of a hearing."""
OF_ONE_HEARING = AT_A_HEARING - {Step.JUDGMENT}
"""What happens at one hearing and says nothing of the others; a judgment ends them all."""


@dataclass(frozen=True, slots=True)
class End:
    """Until when: `day` is the last one, or the one on which a step closed it (`closed`).

    No day: `endless` when the law sets none, else not known yet. `foreseen`: it ends with something that did
    not happen yet; `waiting`: the day on which that should have happened is over, and nobody told.
    """

    day: date | None = None
    endless: bool = False
    closed: bool = False
    foreseen: bool = False
    waiting: bool = False
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a row is about: what was told, perhaps one hearing or one step, the day of birth, and today."""

    told: Told
    practice: Practice
    born: date | None
    today: date
    hearing: Hearing | None = None
    this: Fact | None = None

    def days(self, step: Step, *, known: bool = False) -> Sequence[Found]:
        """Return the days of a step, earliest first; what happens in court only of this hearing, if any."""
        if self.hearing is None or step not in OF_ONE_HEARING:
            return self.told.days(step, known=known)
        found = [Found(one.known if known else one.occurred, (one.id,)) for one in self.facts(step)]
        return sorted(found, key=lambda one: one.day)

    def facts(self, step: Step) -> Sequence[Fact]:
        """Return the facts of a step; what happens in court only of this hearing, if any."""
        if self.hearing is None or step not in OF_ONE_HEARING:
            return self.told.of(step)
        return self.told.at(step, self.hearing)


def opens(expressions: Iterable[Expression], scope: Scope) -> Found | None:
    """Return the earliest day that any of `expressions` opens, None while none does."""
    found = [one for one in (_day(expression, scope) for expression in expressions) if one]
    return min(found, key=lambda one: one.day, default=None)


def ends(expression: Expression, scope: Scope, opened: date) -> End:
    """Return until when, of a right that `opened` on a day."""
    if isinstance(expression, Never):
        return End(endless=True)
    if isinstance(expression, Pick):
        return _picked(
            expression.later, [ends(one, scope, opened) for one in (expression.one, expression.other)]
        )
    if isinstance(expression, Before) and isinstance(expression.moment, Moment) and expression.moment.step:
        return _before(expression.moment.step, scope, opened)
    found = _day(expression, scope)
    return End(found.day, facts=found.facts) if found else End()


def closes(steps: Iterable[Step], scope: Scope, opened: date) -> Found | None:
    """Return the first day, from `opened` on, on which one of `steps` happened."""
    found = [one for step in steps for one in scope.days(step) if opened <= one.day <= scope.today]
    return min(found, key=lambda one: one.day, default=None)


def shut(end: End, closing: Found | None) -> End:
    """Return the end when a step may have closed the right before."""
    if closing is None or (end.day is not None and not end.foreseen and end.day < closing.day):
        return end
    return End(closing.day, closed=True, facts=(*end.facts, *closing.facts))


def _before(step: Step, scope: Scope, opened: date) -> End:
    """Before the next time that it happens; a day in court is known ahead, else it is foreseen."""
    happened = next((one for one in scope.days(step) if one.day >= opened), None)
    if happened is not None:
        return End(happened.day, closed=step not in HEARINGS, facts=happened.facts)
    if step not in AT_A_HEARING:
        return End()
    hearings = [scope.hearing] if scope.hearing else scope.told.hearings
    ahead = [one for one in hearings if _may_hold(one, scope, opened)]
    if not ahead:
        return End()
    coming = [one for one in ahead if one.day and one.day >= scope.today]
    chosen = min(coming, key=_on) if coming else max(ahead, key=_on)
    return End(chosen.day, foreseen=True, waiting=not coming, facts=chosen.facts)


def _may_hold(hearing: Hearing, scope: Scope, opened: date) -> bool:
    trial = scope.hearing is not None or hearing.set_by == Step.HEARING_SET
    return trial and hearing.day is not None and hearing.day >= opened


def _on(hearing: Hearing) -> date:
    return hearing.day or date.max


def _picked(later_one: bool, both: list[End]) -> End:
    """No end is later than any day. Of two, one of which is not known yet, the earlier is the known one."""
    dated = [one for one in both if one.day is not None]
    if len(dated) == 2:
        return (max if later_one else min)(dated, key=lambda one: one.day or date.max)
    if later_one:
        return next((one for one in both if one.endless), End())
    return dated[0] if dated else (both[0] if all(one.endless for one in both) else End())


def _day(expression: Expression, scope: Scope) -> Found | None:
    if isinstance(expression, Moment):
        return _moment(expression, scope)
    if isinstance(expression, Pick):
        both = [_day(one, scope) for one in (expression.one, expression.other)]
        known = [one for one in both if one is not None]
        if not known or (expression.later and len(known) < 2):
            return None
        chosen = (max if expression.later else min)(known, key=lambda one: one.day)
        return replace(chosen, facts=tuple(name for one in known for name in one.facts))
    if isinstance(expression, Term):
        found = _day(expression.moment, scope)
        return Found(_term(expression, found.day, scope.practice), found.facts) if found else None
    return _day(expression.moment, scope) if isinstance(expression, (Before, On)) else None


def _term(term: Term, day: date, practice: Practice) -> date:
    last = later(day, term.count, term.unit)
    longest = later(day, practice.roll_months, Unit.MONTHS) if practice.roll_months else last
    return rolled(last) if practice.roll and term.count > 0 and last <= longest else last


def _moment(moment: Moment, scope: Scope) -> Found | None:
    if moment.step is not None:
        days = scope.days(moment.step, known=moment.known)
        return days[0 if moment.kind == Kind.FIRST else -1] if days else None
    if moment.kind == Kind.BIRTHDAY:
        born = scope.born
        return Found(birthday(born, moment.age, leap_early=scope.practice.leap_early)) if born else None
    if scope.hearing is not None:
        return _of_hearing(moment, scope.hearing)
    return _of_this(moment, scope, scope.this) if scope.this else None


def _of_hearing(moment: Moment, hearing: Hearing) -> Found | None:
    if moment.kind == Kind.FIRST_SET:
        return Found(hearing.first_set, hearing.facts[:1])
    day = hearing.known if moment.known else hearing.day
    return Found(day, hearing.facts) if day else None


def _of_this(moment: Moment, scope: Scope, this: Fact) -> Found | None:
    if moment.kind != Kind.AWARE:
        return Found(this.known if moment.known else this.occurred, (this.id,))
    names = {"", this.id, scope.told.roots[this.id]}
    aware = scope.told.aware
    heard = [fact for name in names for fact in aware.get(name, ()) if fact.occurred >= this.occurred]
    first = min(heard, key=lambda fact: fact.occurred, default=None)
    return Found(first.occurred, (this.id, first.id)) if first else None
