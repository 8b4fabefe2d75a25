"""The people of a simulated world: who they are, who acts for them, and what they would choose if asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from luwte.desk.telling.values import Authority, Conflict, Kind
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Rhythm, Source
from luwte.planner.parameters import Parameters

T = TypeVar("T")
YEAR = timedelta(days=365)
PAUSE = timedelta(days=60)
_RHYTHMS = {
    Rhythm.EACH: 10,
    Rhythm.WEEKLY: 10,
    Rhythm.MONTHLY: 40,
    Rhythm.QUARTERLY: 20,
    Rhythm.YEARLY: 10,
    Rhythm.ON_REQUEST: 10,
}
_CHANNELS = {
    Channel.EMAIL: 45,
    Channel.PORTAL: 20,
    Channel.SMS: 10,
    Channel.LETTER: 12,
    Channel.CARE_WORKER: 10,
    Channel.LAWYER: 3,
}
_AUTHORITIES = {
    Authority.JOINT: 60,
    Authority.SOLE: 25,
    Authority.GUARDIANSHIP: 8,
    Authority.SHARED: 3,
    Authority.NONE_NOW: 2,
    Authority.UNCLEAR: 2,
}
_HOLDERS = {Authority.JOINT: 2, Authority.SHARED: 2, Authority.SOLE: 1, Authority.GUARDIANSHIP: 1}
_HOURS = ((0, 24), (9, 17), (18, 21))


@dataclass(frozen=True, slots=True)
class Helper:
    """A representative: its pseudonym, what it is, how it is reached, whether it is in conflict (T5)."""

    id: str
    kind: Kind
    channel: Channel
    conflict: Conflict = Conflict.NONE


@dataclass(frozen=True, slots=True)
class Someone:
    """A person. `rank`: how much the material circulates, 1 the most. `choices`: what they choose when asked.

    `asked`: they were, before the year. `withdraws`, `pauses`: when, if at all. `fails`: when the address of
    each recipient stops working. `seen_before`: cases before the year.
    """

    subject: str
    rank: int
    born: date
    informed: bool
    asked: bool
    choices: dict[Source, Choice]
    authority: Authority
    around: tuple[Helper, ...]
    fails: dict[str, datetime]
    withdraws: datetime | None
    pauses: datetime | None
    seen_before: int

    def age(self, day: date) -> int:
        """Return the age in whole years on `day`."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def deciders(self, day: date) -> frozenset[str]:
        """Return who takes part in the conversation about wishes on `day`, by the Dutch ladder (T10)."""
        holders = {one.id for one in self.around if one.kind == Kind.PARENT}
        if self.age(day) < 12:
            return frozenset(holders)
        return frozenset(holders | {PERSON}) if self.age(day) < 16 else frozenset({PERSON})

    def wants(self, source: Source, moment: datetime, recipient: str) -> bool:
        """Return whether a contact about `source` at `moment` is one that was, or would be, chosen at all."""
        choice = self.choices[source]
        gone = self.withdraws is not None and moment >= self.withdraws
        rests = self.pauses is not None and self.pauses <= moment < self.pauses + PAUSE
        told = choice.told and choice.rhythm != Rhythm.ON_REQUEST
        return told and (self.informed or recipient != PERSON) and not gone and not rests


def draw(parameters: Parameters, number: int, begins: datetime, random: Random) -> Someone:
    """Return person `number` of the world, who is also the one of that rank."""
    authority = _pick(_AUTHORITIES, random)
    parents, lawyers = _parents(authority, random), _lawyers(parameters, random)
    age = random.uniform(3, 33)
    born = (begins - age * YEAR).date()
    around = (*parents, *lawyers) if age < 18 else lawyers
    recipients = [PERSON, *(one.id for one in around)]
    return Someone(
        subject=f"{number:032x}",
        rank=number,
        born=born,
        informed=random.random() > (0.30 if age < 12 else 0.04),
        asked=random.random() < parameters.asked,
        choices=_choices(parameters, bool(lawyers), random),
        authority=authority,
        around=around,
        fails={one: begins + random.expovariate(parameters.decay or 1e-9) * YEAR for one in recipients},
        withdraws=_some(0.04, begins, random),
        pauses=_some(0.08, begins, random),
        seen_before=_count(3 * 52 * parameters.top / number**parameters.tail, random),
    )


def _parents(authority: Authority, random: Random) -> tuple[Helper, ...]:
    return tuple(
        Helper(f"parent-{count}", Kind.PARENT, _posted(random), _conflict(random))
        for count in range(_HOLDERS.get(authority, 0))
    )


def _lawyers(parameters: Parameters, random: Random) -> tuple[Helper, ...]:
    return (Helper("lawyer", Kind.LAWYER, Channel.EMAIL),) if random.random() < parameters.lawyers else ()


def _conflict(random: Random) -> Conflict:
    drawn = random.random()
    if drawn < 0.05:
        return Conflict.CERTAIN
    return Conflict.DOUBT if drawn < 0.07 else Conflict.NONE


def _choices(parameters: Parameters, lawyer: bool, random: Random) -> dict[Source, Choice]:
    """Rights are wanted by most who want to hear of cases, and by some who do not."""
    wants = random.random() < parameters.want
    channel = _pick(_CHANNELS, random)
    if channel == Channel.LAWYER and not lawyer:
        channel = Channel.EMAIL
    base = Choice(
        wants,
        _pick(_RHYTHMS, random),
        channel,
        weekday=random.randrange(7) if random.random() < 0.3 else None,
        hours=random.choice(_HOURS),
    )
    rights = random.random() < (0.85 if wants else 0.25)
    return {
        Source.CASE: base,
        Source.EVENTS: replace(base, told=wants and random.random() < 0.4),
        Source.RIGHTS: replace(base, told=rights, forward=random.random() < 0.7),
    }


def _posted(random: Random) -> Channel:
    return random.choice((Channel.EMAIL, Channel.LETTER))


def _pick(weights: dict[T, int], random: Random) -> T:
    return random.choices(list(weights), list(weights.values()))[0]


def _some(share: float, begins: datetime, random: Random) -> datetime | None:
    when = begins + random.random() * YEAR
    return when if random.random() < share else None


def _count(mean: float, random: Random) -> int:
    """A Poisson number, by waiting times."""
    passed, count = random.expovariate(1), 0
    while passed < mean:
        passed, count = passed + random.expovariate(1), count + 1
    return count
