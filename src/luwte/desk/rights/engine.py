"""Which rights a victim has on a day: whose, from when, until when, in which state. Pure.

Values in, values out: `rights(law, matter, day)`. The same matter on a later day, or with more told,
gives the rights anew; `luwte.desk.rights.changes` says what changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from luwte.desk.cases.vocabulary import Fact
from luwte.desk.rights.days import FIRST, LAST
from luwte.desk.rights.errors import CaseImpossible
from luwte.desk.rights.holders import age_in_doubt, bands, whose, window
from luwte.desk.rights.law import DUTY, Each, Jurisdiction, Rule, Status
from luwte.desk.rights.moments import Scope, closes, ends, opens, shut
from luwte.desk.rights.offences import fits
from luwte.desk.rights.standing import Standing, stand
from luwte.desk.rights.told import Everything, Told, told_by
from luwte.desk.rights.using import exercised, mandate_for
from luwte.desk.rights.values import Act, Doubt, Key, Mandate, Person, Reason, Right, State

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of one victim in one case: the steps of the case and theirs, and what they did."""

    facts: tuple[Fact, ...]
    person: Person
    acts: tuple[Act, ...] = ()
    mandates: tuple[Mandate, ...] = ()


def rights(law: Jurisdiction, matter: Matter, day: date) -> tuple[Right, ...]:
    """Return every right of the victim as it stands on `day`, in the order of the file of law.

    What became known after `day` does not count. A rule that is only proposed gives nothing. Raises
    `CaseImpossible` for steps or days that cannot be computed with.
    """
    _check(matter)
    told = told_by(day, matter.facts)
    found = []
    for rule in law.rules:
        if rule.status == Status.IN_FORCE:
            found += [
                _right(rule, key, scope, law, matter) for key, scope in _scopes(rule, told, law, matter, day)
            ]
        if len(found) > MOST_ROWS:
            raise CaseImpossible(f"This case has more than {MOST_ROWS} rights. Split it.")
    return tuple(found)


def _check(matter: Matter) -> None:
    born = (matter.person.earliest, matter.person.latest)
    if any(one is not None and not FIRST <= one <= LAST for one in born):
        raise CaseImpossible("The day of birth is too far away. Check its year.")
    if None not in born and born[0] > born[1]:  # type: ignore[operator]
        raise CaseImpossible("The first possible day of birth is after the last. Exchange them.")


def _scopes(
    rule: Rule, told: Everything, law: Jurisdiction, matter: Matter, day: date
) -> Iterator[tuple[Key, Scope]]:
    """Yield each row that a rule has in this case, and what it is about."""

    def scope(of: Told) -> Scope:
        return Scope(of, law.practice, matter.person.earliest, day)

    if rule.each == Each.CASE:
        yield Key(rule.id), scope(told.whole)
    elif rule.each == Each.STEP:
        for fact in told.whole.facts:
            if fact.step in rule.of and _said(rule, fact):
                key = Key(rule.id, fact.defendant, "", told.whole.roots[fact.id])
                yield key, replace(scope(told.of(fact.defendant)), this=fact)
    else:
        for defendant in told.of_each or [""]:
            of = told.of(defendant)
            if rule.each == Each.DEFENDANT:
                yield Key(rule.id, defendant), scope(of)
                continue
            for hearing in of.hearings:
                if hearing.set_by in rule.of:
                    yield Key(rule.id, defendant, hearing.label), replace(scope(of), hearing=hearing)


def _said(rule: Rule, fact: Fact) -> bool:
    """A detail that was not told may be as the rule asks."""
    return all(fact.said.get(name, value) == value for name, value in rule.said.items())


def _right(rule: Rule, key: Key, scope: Scope, law: Jurisdiction, matter: Matter) -> Right:
    person, practice, day = matter.person, law.practice, scope.today
    standing = _standing(rule, scope, law, matter)
    holder, parties = whose(rule, person, practice, day)
    right = Right(
        key=key,
        holder=holder,
        whose=parties,
        opens=standing.opens,
        until=standing.until,
        foreseen=standing.foreseen,
        endless=standing.endless,
        state=standing.state,
        reason=standing.reason,
        version=law.version,
        mark=rule.source.mark,
        computed_from=standing.facts,
        late=rule.late,
    )
    if standing.state in (State.NOT_APPLICABLE, State.NOT_YET):
        return replace(right, doubts=_doubts(rule, right, scope, matter, law, standing))
    right, late = exercised(rule, right, scope, matter.acts, matter.mandates, person, practice)
    if right.state == State.OPEN:
        right = mandate_for(right, matter.mandates, scope.told.court, day)
    return replace(right, doubts=(*_doubts(rule, right, scope, matter, law, standing), *late))


def _standing(rule: Rule, scope: Scope, law: Jurisdiction, matter: Matter) -> Standing:
    age = window(rule, matter.person, law.practice)
    if age is None:
        return Standing(State.NOT_APPLICABLE, Reason.NOT_OF_THIS_PERSON)
    if _charge_fits(rule, scope) is False:
        return Standing(State.NOT_APPLICABLE, Reason.OFFENCE)
    if scope.hearing is not None and scope.hearing.day is None:
        return Standing(State.NOT_APPLICABLE, Reason.CANCELLED, facts=scope.hearing.facts)
    opened = opens(rule.opens, scope)
    if opened is None:
        return Standing(State.NOT_YET, Reason.NOT_OPENED)
    end = shut(ends(rule.until, scope, opened.day), closes(rule.closed_by, scope, opened.day))
    return stand(opened, end, age, scope.today)


def _charge_fits(rule: Rule, scope: Scope) -> bool | None:
    """Return whether the charge is one that the rule asks for; None when the charge was not told."""
    if not rule.offences and not rule.or_years:
        return True
    answers = [_fits(rule, codes, years) for codes, years in scope.told.offences] or [None]
    return True if True in answers else None if None in answers else False


def _fits(rule: Rule, codes: frozenset[str], years: int | None) -> bool | None:
    """An acquittal has no codes and zero years; a charge without its article may be any."""
    if years is not None and rule.or_years and years >= rule.or_years:
        return True
    answers = [fits(rule.offences, code) for code in codes] or [False if years == 0 else None]
    return True if True in answers else None if None in answers else False


def _doubts(
    rule: Rule, right: Right, scope: Scope, matter: Matter, law: Jurisdiction, standing: Standing
) -> tuple[Doubt, ...]:
    if right.state == State.NOT_APPLICABLE or not bands(rule, matter.person):
        return ()
    live = right.state in (State.OPEN, State.MANDATED)
    untold = scope.this is not None and not rule.said.keys() <= scope.this.said.keys()
    seen = {
        Doubt.AGE: age_in_doubt(rule, matter.person, law.practice, scope.today),
        Doubt.OFFENCE: right.state != State.NOT_YET and _charge_fits(rule, scope) is None,
        Doubt.NOT_TOLD: untold,
        Doubt.DAY_PASSED: live and standing.waiting,
        Doubt.NOBODY: live and not right.whose and right.holder not in DUTY,
    }
    return tuple(doubt for doubt, true in seen.items() if true)
