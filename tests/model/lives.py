"""Whole lives: things happen, time passes, `plan` tells, contacts arrive or are lost; all is checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from random import Random

from luwte.desk.telling.values import Decision, State, Told
from tests.model.acts import ACTS, WEIGHTS
from tests.model.checks import (
    Rules,
    Violation,
    against_reference,
    run,
    whatever_the_company,
    whatever_the_order,
)
from tests.model.invariants import CONTACT, Scene
from tests.model.invariants_whole import accounted_for, explained, rights_carried
from tests.model.looking import alerts_are_sent, nothing_changes_unseen
from tests.model.people import DAY, HOUR, SECOND, step
from tests.model.world import SUBJECT, World
from tests.model.worlds import start

EVERYTHING = frozenset({"reference", "invariants"})
FATES = [State.DONE] * 6 + [State.HANDED] * 2 + [State.UNKNOWN, State.WITHHELD, State.REFUSED]
FATES += [State.PLANNED, State.LEASED, State.HANDING]
_NAMES, _CHANCES = [act.__name__ for act in WEIGHTS], list(WEIGHTS.values())


@dataclass(frozen=True)
class Step:
    """Time passes, some things happen, then somebody looks: each from a seed of its own."""

    time: int
    acts: tuple[tuple[str, int], ...]
    look: int


@dataclass(frozen=True)
class History:
    """A life that can be lived again, and made shorter."""

    seed: int
    steps: tuple[Step, ...]


def history(random: Random) -> History:
    """Give a random life."""
    steps = [_step(random) for _ in range(random.choice([1, 2, 3, 4, 6, 8]))]
    return History(random.getrandbits(32), tuple(steps))


def _step(random: Random) -> Step:
    names = random.choices(_NAMES, _CHANCES, k=random.choice([0, 1, 1, 2, 3]))
    acts = tuple((name, random.getrandbits(32)) for name in names)
    return Step(random.getrandbits(32), acts, random.getrandbits(32))


def live(lived: History, rules: Rules, checks: frozenset[str] = EVERYTHING) -> Life:
    """Live through it; raise a Violation when something is broken."""
    life = Life(rules, *start(Random(lived.seed)), checks)
    for one in lived.steps:
        for name, seed in one.acts:
            life.act(name, Random(seed))
        life.look(Random(one.look))
        life.pass_time(Random(one.time))
    return life


class Life:
    """A world in which time goes on under some rules."""

    def __init__(
        self, rules: Rules, world: World, now: datetime, checks: frozenset[str] = EVERYTHING
    ) -> None:
        self.rules, self.world, self.now, self.checks = rules, world, now, checks
        self.decisions: list[Decision] = []
        self.made = 0

    def act(self, name: str, random: Random) -> None:
        """Let something happen."""
        ACTS[name](random, self.world, self.now)

    def pass_time(self, random: Random) -> None:
        """Let some time pass, often until right around a moment at which something changes."""
        moment = self.now + step(random)
        points = sorted(point for point in self._turning_points() if self.now < point < self.now + 800 * DAY)
        if points and random.random() < 0.6:
            moment = random.choice(points) + random.choice([-HOUR, -SECOND, 0 * HOUR, 0 * HOUR, SECOND])
        self.now = max(self.now, moment)

    def look(self, random: Random) -> None:
        """Plan, check, and hand over what is to be told."""
        self.decisions = run(self.rules.plan, self.world, self.now)
        if "invariants" in self.checks:
            self._check_invariants()
        if "reference" in self.checks:
            against_reference(self.decisions, self.world, self.now)
        if "invariants" in self.checks and random.random() < 0.15:
            whatever_the_order(self.rules.plan, self.decisions, self.world, self.now, random)
            whatever_the_company(self.rules.plan, self.decisions, self.world, self.now)
            nothing_changes_unseen(self.rules, self.decisions, self.world, self.now, random)
        if "reference" in self.checks and random.random() < 0.4:
            alerts_are_sent(self.rules, self.world, self.now, random)
        for one in self.decisions:
            if one.channel is not None:
                self._hand_over(one, random.choice(FATES))

    def _check_invariants(self) -> None:
        world, now = self.world, self.now
        self._refuse("T3", accounted_for(world, self.decisions))
        self._refuse("T11", explained(world, self.decisions, now))
        self._refuse("T8", rights_carried(world, self.decisions, now))
        told = [one for one in self.decisions if one.channel is not None]
        if len({one.recipient for one in told}) < len(told):
            raise Violation("T2", "two contacts at once", world, now)
        for one in told:
            scene = Scene(world, now, one)
            for name, check in CONTACT.items():
                self._refuse(name, check(scene))

    def _refuse(self, check: str, what: str) -> None:
        if what:
            raise Violation(check, what, self.world, self.now)

    def _hand_over(self, one: Decision, state: State) -> None:
        assert one.channel is not None
        self.made += 1
        items, name = frozenset(one.items), f"t{self.made:03}"
        self.world.history.append(
            Told(name, SUBJECT, one.recipient, self.now, state, items, one.sources, False, one.channel)
        )

    def _turning_points(self) -> Iterator[datetime]:
        world = self.world
        yield from (one.next_at for one in self.decisions if one.next_at)
        yield from (one.lapses for one in world.events if one.lapses)
        yield from (moment for one in world.holds for moment in (one.starts, one.ends))
        for told in world.history:
            yield told.at + world.limits.between
            yield told.at + world.limits.patience
        for day in self._turning_days():
            yield datetime.combine(day, time(), world.person.zone).astimezone(UTC)

    def _turning_days(self) -> Iterator[date]:
        world = self.world
        for quiet in world.quiets:
            yield from (quiet.first, quiet.last + DAY)
        for _, mandate in world.mandates:
            yield mandate.begins
            if mandate.ends:
                yield mandate.ends + DAY
        for wish in world.wishes:
            if wish.choice.until:
                yield wish.choice.until + DAY
        born, ladder = world.life.born, world.limits.ladder
        for birth in (born.earliest, born.latest):
            for age in (ladder.both, ladder.alone, ladder.adult):
                if birth:
                    near = date(birth.year + age, birth.month, min(birth.day, 28))
                    yield from (near + (birth.day - near.day + more) * DAY for more in (-1, 0, 1))


def smaller(lived: History, rules: Rules, broken: Violation) -> tuple[History, Violation]:
    """Return the shortest history found that breaks the same check: steps and acts are left out."""
    while True:
        for less in _less(lived):
            again = violation(less, rules)
            if again is not None and again.check == broken.check:
                lived, broken = less, again
                break
        else:
            return lived, broken


def _less(lived: History) -> Iterator[History]:
    for number, one in enumerate(lived.steps):
        yield replace(lived, steps=lived.steps[:number] + lived.steps[number + 1 :])
        for at in range(len(one.acts)):
            fewer = replace(one, acts=one.acts[:at] + one.acts[at + 1 :])
            yield replace(lived, steps=(*lived.steps[:number], fewer, *lived.steps[number + 1 :]))


def violation(lived: History, rules: Rules, checks: frozenset[str] = EVERYTHING) -> Violation | None:
    """Return what a life under `rules` breaks, or None."""
    try:
        live(lived, rules, checks)
    except Violation as broken:
        return broken
    return None
