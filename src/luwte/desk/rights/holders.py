"""Whose a right is: by the age of the victim, by who acts for them, and in doubt as for a child. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from luwte.desk.rights.days import birthday
from luwte.desk.rights.law import DUTY, OLDEST, Band, Holder, Only, Practice, Rule
from luwte.desk.rights.values import VICTIM, Person

_AROUND = {
    Holder.PARENT: frozenset({"parent", "carer"}),
    Holder.FAMILY: frozenset({"partner", "family"}),
    Holder.KIN: frozenset({"partner", "family", "parent", "kin"}),
}


@dataclass(frozen=True, slots=True)
class Window:
    """From which day on, and until before which, age lets somebody have a right; None: no such day."""

    begins: date | None
    stops: date | None

    @property
    def last(self) -> date | None:
        """Return the last day."""
        return self.stops - timedelta(days=1) if self.stops else None


def bands(rule: Rule, person: Person) -> tuple[Band, ...]:
    """Return the bands of a rule that are of somebody like `person`."""
    true = {Only.CAPABLE: person.capable, Only.UNABLE: person.unable, Only.DECEASED: person.deceased}
    found = (band for band in rule.who if band.only is None or true[band.only])
    if person.deceased:
        return tuple(band for band in found if band.only == Only.DECEASED or band.holder in DUTY)
    return tuple(found)


def window(rule: Rule, person: Person, practice: Practice) -> Window | None:
    """Return when the age of `person` allows the right, None when it is never theirs.

    An age is reached on the last day on which it can be: somebody of unknown age stays a child.
    """
    held = bands(rule, person)
    if not held:
        return None
    least, below = min(band.least for band in held), max(band.below for band in held)
    reached = _reached(person, least, practice) if least else date.min
    return Window(reached, _reached(person, below, practice) if below < OLDEST else None)


def whose(rule: Rule, person: Person, practice: Practice, day: date) -> tuple[Holder | None, tuple[str, ...]]:
    """Return who has the right on `day`, and who may exercise it: the victim, others, who owes it."""
    age = age_on(person.latest, day, practice, unknown=0)
    held = [band for band in bands(rule, person) if band.least <= age < band.below]
    parties = [party for band in held for party in _parties(band.holder, person, practice, day)]
    return (held[0].holder if held else None), tuple(dict.fromkeys(parties))


def age_in_doubt(rule: Rule, person: Person, practice: Practice, day: date) -> bool:
    """Return whether the uncertain day of birth makes a difference for whose the right is on `day`."""
    ages = (
        age_on(person.earliest, day, practice, unknown=OLDEST - 1),
        age_on(person.latest, day, practice, unknown=0),
    )
    held = bands(rule, person)
    one, other = ([band for band in held if band.least <= age < band.below] for age in ages)
    return one != other


def age_on(born: date | None, day: date, practice: Practice, *, unknown: int) -> int:
    """Return the age in years on `day`, 0 before birth, `unknown` when the day of birth is not known."""
    if born is None:
        return unknown
    years = max(0, day.year - born.year)
    return max(0, years - (day < birthday(born, years, leap_early=practice.leap_early)))


def _reached(person: Person, age: int, practice: Practice) -> date | None:
    return birthday(person.latest, age, leap_early=practice.leap_early) if person.latest else None


def _parties(holder: Holder, person: Person, practice: Practice, day: date) -> list[str]:
    if holder == Holder.VICTIM:
        return [VICTIM]
    if holder in DUTY:
        return [str(holder)]
    kinds = _AROUND.get(holder, practice.representatives)
    acting = [one for one in person.around if one.acts(day) and one.kind in kinds]
    if holder == Holder.REPRESENTATIVE:
        acting = [one for one in acting if one.kind == practice.first] or acting
    return [one.id for one in acting]
