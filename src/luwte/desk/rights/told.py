"""What was told of a case by a day, ordered so that rules can ask for it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from luwte.desk.cases.vocabulary import HEARINGS, Fact, Step, standing
from luwte.desk.rights.days import FIRST, LAST
from luwte.desk.rights.errors import CaseImpossible

MOST_FACTS = 5000
_SETS = HEARINGS - {Step.HEARING_MOVED}
_CHARGES = frozenset({Step.CHARGED, Step.CHARGE_CHANGED, Step.JUDGMENT})


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing through all its moves: `day` is the one that stands, None when it was cancelled.

    `set_by`: the step that set it first; `known`: since when it is known.
    """

    name: str
    set_by: Step
    known: date
    first_set: date
    day: date | None
    facts: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return what it is called among all hearings."""
        return self.name if self.set_by == Step.HEARING_SET else f"{self.set_by}:{self.name}"


@dataclass(frozen=True, slots=True)
class Found:
    """A day, and the ids of the steps that it was computed from."""

    day: date
    facts: tuple[str, ...] = ()


class Told:
    """The steps that stand, of one defendant ("": of all), in the order in which they were told.

    What rules ask for again and again is worked out once: a case may have thousands of steps.
    """

    def __init__(self, facts: Sequence[Fact], roots: dict[str, str]) -> None:
        self.facts, self.roots = facts, roots
        self._by_step: dict[Step, list[Fact]] = {}
        self._at: dict[tuple[Step, str], list[Fact]] = {}
        for fact in facts:
            self._by_step.setdefault(fact.step, []).append(fact)
            self._at.setdefault((fact.step, fact.hearing), []).append(fact)
        self.hearings = _hearings(facts)
        self._namesakes = Counter(hearing.name for hearing in self.hearings)
        self._days: dict[tuple[Step, bool], list[Found]] = {}

    def of(self, step: Step) -> Sequence[Fact]:
        """Return the facts of a step."""
        return self._by_step.get(step, ())

    def days(self, step: Step, *, known: bool) -> Sequence[Found]:
        """Return the days of a step, earliest first: of a hearing that which stands, or since when known."""
        if (step, known) not in self._days:
            self._days[step, known] = sorted(self._found(step, known=known), key=lambda one: one.day)
        return self._days[step, known]

    def _found(self, step: Step, *, known: bool) -> list[Found]:
        if step in _SETS:
            hearings = [one for one in self.hearings if one.set_by == step]
            return [Found(one.known if known else one.day, one.facts) for one in hearings if one.day]
        return [Found(one.known if known else one.occurred, (one.id,)) for one in self.of(step)]

    @cached_property
    def aware(self) -> Mapping[str, list[Fact]]:
        """Return by the step that somebody came to know of, "" when that was not told, the facts of it."""
        found: dict[str, list[Fact]] = {}
        for fact in self.of(Step.AWARE):
            found.setdefault(str(fact.said.get("of", "")), []).append(fact)
        return found

    def at(self, step: Step, hearing: Hearing) -> Sequence[Fact]:
        """Return the facts of a step that happened at `hearing`: by its name, or by its day when it has none.

        Of two hearings of one name the day decides.
        """
        named, unnamed = self._at.get((step, hearing.name), []), self._at.get((step, ""), [])
        if self._namesakes[hearing.name] > 1:
            named = [fact for fact in named if fact.occurred == hearing.day]
        if not hearing.name:
            return named
        return [*named, *(fact for fact in unnamed if fact.occurred == hearing.day)]

    @cached_property
    def offences(self) -> tuple[tuple[frozenset[str], int | None], ...]:
        """Return of each defendant the offences and most years told last; of one acquitted none, and 0."""
        last: dict[str, Fact] = {}
        for fact in self.facts:
            told = "offence" in fact.said or "maximum_years" in fact.said
            if fact.step in _CHARGES and (told or fact.said.get("convicted") is False):
                last[fact.defendant] = fact
        return tuple(_offences(fact) for fact in last.values())

    @cached_property
    def court(self) -> str:
        """Return the court that was told last, "" when none was."""
        return next((str(one.said["court"]) for one in reversed(self.facts) if "court" in one.said), "")


@dataclass(frozen=True, slots=True)
class Everything:
    """All that was told by a day: the whole, and of each defendant."""

    whole: Told
    of_each: dict[str, Told]

    def of(self, defendant: str) -> Told:
        """Return what was told about one defendant and about the case; "": everything."""
        return self.of_each.get(defendant, self.whole)


def told_by(day: date, facts: Sequence[Fact]) -> Everything:
    """Return what was known on `day`; of two corrections of the same step the one that was told last stands.

    Raises `CaseImpossible` for too many facts, or days out of all bounds.
    """
    _check(day, facts)
    known = tuple(fact for fact in facts if fact.known <= day)
    stands = {fact.id for fact in standing(known)}
    ordered = sorted((fact for fact in known if fact.id in stands), key=lambda fact: fact.known)
    earlier = {fact.id: fact.supersedes for fact in known}
    roots = {fact.id: _root(fact.id, earlier) for fact in ordered}
    last = {roots[fact.id]: fact.id for fact in ordered}
    stays = (fact for fact in ordered if last[roots[fact.id]] == fact.id)
    ordered = [fact for fact in stays if fact.step != Step.TAKEN_BACK]
    names = sorted({fact.defendant for fact in ordered if fact.defendant})
    each = {name: Told([one for one in ordered if one.defendant in ("", name)], roots) for name in names}
    return Everything(Told(ordered, roots), each)


def _check(day: date, facts: Sequence[Fact]) -> None:
    if len(facts) > MOST_FACTS:
        raise CaseImpossible(f"A case has at most {MOST_FACTS} steps; these are {len(facts)}. Split it.")
    if len({fact.id for fact in facts}) < len(facts):
        raise CaseImpossible("Two steps of the case have the same id. Give each its own.")
    if any(fact.hearing.partition(":")[0] in HEARINGS for fact in facts):
        raise CaseImpossible("The name of a hearing begins like a step and a colon. Give it another name.")
    for moment in [day, *(fact.occurred for fact in facts), *(fact.known for fact in facts)]:
        if not FIRST <= moment <= LAST:
            raise CaseImpossible(f"The day {moment} is too far away. Check its year.")


def _root(name: str, earlier: dict[str, str]) -> str:
    """The step as first told, through its corrections; a ring of corrections ends where it began."""
    seen = {name}
    while earlier.get(name) in earlier and earlier[name] not in seen:
        name = earlier[name]
        seen.add(name)
    return name


def _hearings(facts: Sequence[Fact]) -> tuple[Hearing, ...]:
    """A move is of the hearing of that name that was set last; one that was told too early, of the first."""
    setting = [fact for fact in facts if fact.step in _SETS]
    first = {fact.hearing: fact for fact in reversed(setting)}
    last: dict[str, Step] = {name: fact.step for name, fact in first.items()}
    found: dict[tuple[Step, str], Hearing] = {}
    for fact in facts:
        if fact.step in _SETS:
            last[fact.hearing] = fact.step
        elif fact.step not in (Step.HEARING_MOVED, Step.HEARING_CANCELLED):
            continue
        place = (last.get(fact.hearing, Step.HEARING_SET), fact.hearing)
        begin = first.get(fact.hearing, fact)
        found[place] = _moved(found.get(place), place, fact, begin if begin.step == place[0] else fact)
    return tuple(found.values())


def _moved(hearing: Hearing | None, place: tuple[Step, str], fact: Fact, first: Fact) -> Hearing:
    day = None if fact.step == Step.HEARING_CANCELLED else fact.occurred
    if hearing is None:
        return Hearing(place[1], place[0], fact.known, first.occurred, day, (fact.id,))
    return replace(hearing, day=day, facts=(*hearing.facts, fact.id))


def _offences(fact: Fact) -> tuple[frozenset[str], int | None]:
    if fact.said.get("convicted") is False:
        return frozenset(), 0
    codes = frozenset(code.strip() for code in str(fact.said.get("offence", "")).split(",") if code.strip())
    years = fact.said.get("maximum_years")
    return codes, years if isinstance(years, int) and years > 0 else None
