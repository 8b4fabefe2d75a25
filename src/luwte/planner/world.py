"""A drawn world: people, cases, what turns up in them and when. The same seed gives the same world.

All policies meet the same world, so that what differs between them is the policy alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from luwte.desk.wishes.rules import Source
from luwte.planner.parameters import Parameters
from luwte.planner.people import Someone, draw

BEGINS = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Amsterdam")
CASES_IN_TOP = 800
DAY = timedelta(days=1)


class Item(NamedTuple):
    """A finding or an event of one person: `at` registered. `sure`: from when it may be told (T12), if ever.

    `lapses`: the hearing, before which a claim must be joined (art. 51g(3) Sv); set for rights alone.
    """

    at: datetime
    id: str
    subject: str
    source: Source
    case: int
    sure: datetime | None
    lapses: datetime | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Everyone, and everything that turns up, in order of time."""

    parameters: Parameters
    people: dict[str, Someone]
    items: tuple[Item, ...]

    @property
    def ends(self) -> datetime:
        """Return when the simulated time is over."""
        return BEGINS + timedelta(weeks=self.parameters.weeks)

    def of_each(self) -> dict[str, list[Item]]:
        """Return the items of each person, in order of time."""
        found: dict[str, list[Item]] = {subject: [] for subject in self.people}
        for item in self.items:
            found[item.subject].append(item)
        return found


def chance(parameters: Parameters, *purpose: object) -> Random:
    """The port of randomness: a generator of its own for each purpose, from the one seed."""
    return Random(":".join(map(str, (parameters.seed, *purpose))))  # noqa: S311 - a simulation and no secret


def make_world(parameters: Parameters) -> World:
    """Draw the world of `parameters`."""
    people = [
        draw(parameters, number, BEGINS, chance(parameters, "person", number))
        for number in range(1, parameters.people + 1)
    ]
    ends = BEGINS + timedelta(weeks=parameters.weeks)
    items = [item for item in _items(parameters, people) if item.at < ends]
    return World(parameters, {person.subject: person for person in people}, tuple(sorted(items)))


def _items(parameters: Parameters, people: list[Someone]) -> Iterator[Item]:
    """Each case shows each person with a share of its own, so more cases mean more hits for everybody."""
    count = round(parameters.cases * parameters.weeks / 52)
    shares = [min(0.9, parameters.top * 52 / CASES_IN_TOP / one.rank**parameters.tail) for one in people]
    action = chance(parameters, "action").randrange(parameters.weeks)
    for case in range(count):
        random = chance(parameters, "case", case)
        begins = BEGINS + timedelta(weeks=_week(parameters, action, random), seconds=random.randrange(604800))
        steps = list(_steps(parameters, begins, random))
        for person, share in zip(people, shares, strict=True):
            if random.random() < share:
                yield from _one(parameters, person.subject, case, begins, steps, random)


def _week(parameters: Parameters, action: int, random: Random) -> int:
    return action if random.random() < parameters.burst else random.randrange(parameters.weeks)


def _steps(
    parameters: Parameters, begins: datetime, random: Random
) -> Iterator[tuple[Source, datetime, datetime | None]]:
    """A charge, the right to join the claim, and a verdict, for a case that comes to a hearing.

    The right is known 14 days after the day of the hearing is (art. 2 of the regulation on information for
    victims); that day is known 5 to 13 weeks before.
    """
    if random.random() >= parameters.hearing:
        return
    hearing = begins + random.randrange(75, 240) * DAY
    yield Source.EVENTS, begins + random.randrange(20, 60) * DAY, None
    yield Source.RIGHTS, hearing - random.randrange(21, 77) * DAY, hearing
    yield Source.EVENTS, hearing + 14 * DAY, None


def _one(
    parameters: Parameters,
    subject: str,
    case: int,
    begins: datetime,
    steps: list[tuple[Source, datetime, datetime | None]],
    random: Random,
) -> Iterator[Item]:
    sure: datetime | None = begins
    if random.random() < parameters.near:
        sure = begins + random.uniform(2, 30) * DAY if random.random() < 0.7 else None
    name = f"{case}-{subject[-4:]}"
    yield Item(begins, f"finding-{name}", subject, Source.CASE, case, sure)
    for number, (source, at, lapses) in enumerate(steps):
        if sure is not None:
            known = max(at, sure)
            yield Item(known, f"{source}-{number}-{name}", subject, source, case, known, lapses)
