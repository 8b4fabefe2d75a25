"""What was done with a right, by whom, and under which mandate. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from luwte.desk.cases.vocabulary import Fact, Step
from luwte.desk.rights.holders import whose
from luwte.desk.rights.law import DUTY, Practice, Rule
from luwte.desk.rights.moments import Scope
from luwte.desk.rights.values import Act, Doing, Doubt, Mandate, Person, Reason, Right, State

_DONE = {
    Doing.USED: (State.USED, Reason.EXERCISED),
    Doing.WAIVED: (State.WAIVED, Reason.WAIVER),
}


def exercised(
    rule: Rule,
    right: Right,
    scope: Scope,
    acts: Sequence[Act],
    mandates: Sequence[Mandate],
    person: Person,
    practice: Practice,
) -> tuple[Right, tuple[Doubt, ...]]:
    """Return the right as used or waived, when that was in time and by who may, and what is in doubt.

    A step of the case says that it was used; acts say that it was used or waived. Used goes before waived.
    """
    doubts: dict[Doubt, None] = {}
    for fact in _uses(rule, right, scope):
        if _in_time(right, fact.occurred):
            return replace(_done(right, Doing.USED), computed_from=(*right.computed_from, fact.id)), ()
        doubts[Doubt.TOO_LATE] = None
    mine = [act for act in acts if act.key == right.key and act.day <= scope.today]
    for act in sorted(mine, key=lambda act: (act.doing == Doing.WAIVED, act.day)):
        if not _may(act, rule, mandates, person, practice, scope):
            doubts[Doubt.NOT_ENTITLED] = None
        elif not _in_time(right, act.day):
            doubts[Doubt.TOO_LATE] = None
        else:
            return _done(right, act.doing), ()
    return right, tuple(doubts)


def mandate_for(right: Right, mandates: Sequence[Mandate], court: str, day: date) -> Right:
    """Return the right, mandated when somebody whose it is that day gave a mandate that covers it."""
    if right.holder in DUTY:
        return right
    for one in mandates:
        if one.by in right.whose and one.covers(right.key.rule, court, day):
            return replace(right, state=State.MANDATED, reason=Reason.MANDATE, mandate=one.id)
    return right


def _uses(rule: Rule, right: Right, scope: Scope) -> Iterator[Fact]:
    """Yield the steps that say that it was used; a claim may name another right than its usual one."""
    for step in sorted(rule.used_by | {Step.CLAIM_FILED}):
        for fact in scope.facts(step):
            named = fact.said.get("right", rule.id if step in rule.used_by else "")
            if named == rule.id and right.opens is not None and right.opens <= fact.occurred <= scope.today:
                yield fact


def _in_time(right: Right, day: date) -> bool:
    if right.opens is None or day < right.opens:
        return False
    return right.until is None or right.foreseen or day <= right.until


def _may(
    act: Act,
    rule: Rule,
    mandates: Sequence[Mandate],
    person: Person,
    practice: Practice,
    scope: Scope,
) -> bool:
    """Whose it was that day, or under a mandate of one of these; nobody gives up a right for another."""
    _, parties = whose(rule, person, practice, act.day)
    court = scope.told.court
    given = {one.to for one in mandates if one.by in parties and one.covers(rule.id, court, act.day)}
    return act.by in parties or (act.doing == Doing.USED and act.by in given)


def _done(right: Right, doing: Doing) -> Right:
    state, reason = _DONE[doing]
    return replace(right, state=state, reason=reason)
