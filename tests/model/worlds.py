"""Random worlds: people, what they chose, what was found, how they were told.

Each begins as a life in which all is well, so that every rule has its turn; what happens disturbs it.
"""

from __future__ import annotations

from datetime import datetime
from random import Random

from luwte.desk.telling.values import Event, Finding, Limits, Recipient, State, Told
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Detail, Register, Rhythm, Source, Wish
from tests.model.people import DAY, HOUR, REACHING, STARTS, people, step
from tests.model.reference_ages import curators, holders, stage
from tests.model.world import SUBJECT, World

EVENTS = [Source.EVENTS, Source.RIGHTS, Source.TAKEDOWN]
ALL = [Source.CASE, Source.INTERNET, *EVENTS]
RHYTHMS = [Rhythm.EACH, Rhythm.WEEKLY, Rhythm.MONTHLY, Rhythm.QUARTERLY, Rhythm.YEARLY]
COUNTS = [(3, 0, 0, 0), (1, 0, 0, 0), (2, 0, 0, 0), (5, 1, 0, 0), (0, 2, 1, 0)]
COUNTS += [(1, 2, 1, 5), (0, 2, 0, 0), (0, 0, 0, 4), (0, 1, 0, 1)]
OPEN_STATES = [State.PLANNED, State.LEASED, State.HANDING]


def start(random: Random) -> tuple[World, datetime]:
    """Give a world and a moment in it."""
    now = random.choice(STARTS) + step(random)
    world = World(people(random, now), limits=limits(random))
    if random.random() < 0.95:
        _choose(random, world, now)
    for number in range(random.choice([0, 1, 1, 2, 3])):
        world.findings.append(finding(random, f"f{number}", now))
    for number in range(random.choice([0, 0, 1, 1, 2])):
        world.events.append(event(random, f"e{number}", now))
    for number in range(random.choice([0, 0, 1, 2, 4])):
        world.history.append(contact(random, world, f"c{number}", now))
    return world, now


def limits(random: Random) -> Limits:
    """Give what an authority may set; most often as it comes."""
    between = random.choice([7, 7, 7, 1, 14]) * DAY
    return Limits(between, random.choice([3, 3, 1, 2]), random.choice([14, 14, 0, 3]) * DAY)


def finding(random: Random, name: str, now: datetime) -> Finding:
    """Give a finding; most of them may be told."""
    identical, near, confirmed, quarantined = random.choice(COUNTS)
    source = random.choice([Source.CASE, Source.CASE, Source.INTERNET])
    since = now - random.choice([0 * HOUR, HOUR, 3 * DAY])
    return Finding(name, SUBJECT, source, identical, near, confirmed, since, quarantined)


def event(random: Random, name: str, now: datetime) -> Event:
    """Give news that is no finding, often with a right that ends."""
    source = random.choice([*EVENTS, Source.RIGHTS, Source.SAFETY])
    ends = random.choice([None, 0 * HOUR, HOUR, 3 * DAY, 20 * DAY, 40 * DAY, 500 * DAY])
    return Event(
        name, SUBJECT, source, now - random.choice([0, 1, 48]) * HOUR, None if ends is None else now + ends
    )


def parties(random: Random, world: World, now: datetime) -> frozenset[str]:
    """Give who chose: most often those whom the law asks for."""
    reached = stage(world, now)
    asked = {PERSON} if reached in ("both", "alone", "adult", "unknown") else set()
    if reached in ("child", "both", "unknown"):
        asked |= set(curators(world, now)) or {one.id for one in holders(world, now)}
    names = [one.id for one in world.recipients]
    if random.random() < 0.15:
        asked.discard(random.choice(sorted(asked)) if asked else "")
    if random.random() < 0.2:
        asked.add(random.choice(names))
    return frozenset(asked)


def choice(random: Random, world: World, now: datetime) -> Choice:
    """Give what someone may choose."""
    names = [one.id for one in world.recipients if one.mandate]
    day = now.astimezone(world.person.zone).date()
    rare = random.random
    hours = random.choice([(9, 17), (2, 3), (0, 1), (23, 24), (12, 24), (1, 3)])
    return Choice(
        rare() > 0.1,
        Rhythm.ON_REQUEST if rare() < 0.05 else random.choice(RHYTHMS),
        random.choice([Channel.LAWYER, Channel.CARE_WORKER]) if rare() < 0.15 else random.choice(REACHING),
        random.choice(list(Detail)),
        day + random.choice([-1, 0, 1, 30]) * DAY if rare() < 0.15 else None,
        random.randrange(7) if rare() < 0.2 else None,
        hours if rare() < 0.25 else (0, 24),
        forward=rare() < 0.4,
        cover=rare() < 0.2,
        others=frozenset(name for name in names if rare() < 0.35),
        words=random.choice(list(Register)),
    )


def wish(random: Random, world: World, source: Source, chosen: Choice, now: datetime) -> Wish:
    """Give the next version of a wish."""
    version = 1 + max((one.version for one in world.wishes if one.source == source), default=0)
    return Wish(SUBJECT, source, version, now, chosen, parties(random, world, now))


def _choose(random: Random, world: World, now: datetime) -> None:
    """One choice for most sources; sometimes another for one of them."""
    since = now - random.choice([0 * HOUR, HOUR, 8 * DAY, 40 * DAY, 400 * DAY])
    chosen = choice(random, world, now)
    for source in [*ALL, Source.SAFETY]:
        if random.random() < 0.92:
            mine = choice(random, world, now) if random.random() < 0.2 else chosen
            world.wishes.append(wish(random, world, source, mine, since))


def contact(random: Random, world: World, name: str, now: datetime) -> Told:
    """Give a contact of earlier days, at times one that could hardly have come about."""
    who: Recipient = random.choice([world.person, *world.recipients])
    names = [one.id for one in world.findings] + [one.id for one in world.events]
    items = [one for one in names if random.random() < 0.2]
    sources = frozenset(random.sample(ALL, random.choice([1, 1, 2])))
    at = now - step(random) + random.choice([0 * HOUR, 0 * HOUR, HOUR])
    state = random.choice([State.DONE, State.DONE, State.HANDED, State.UNKNOWN, *State])
    if state in OPEN_STATES and random.random() < 0.7:
        state = State.DONE
    opened = at + HOUR if random.random() < 0.3 else None
    carried = frozenset(items or (["old"] if random.random() < 0.8 else []))
    channel = random.choice(list(Channel))
    return Told(name, SUBJECT, who.id, at, state, carried, sources, random.random() < 0.15, channel, opened)
