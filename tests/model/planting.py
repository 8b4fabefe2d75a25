"""How a bug is planted: around `plan`, in what goes in or in what comes out, whatever the code looks like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from luwte.desk.telling.values import Decision
from luwte.desk.wishes.rules import Hold, Quiet
from tests.model.checks import Plan
from tests.model.world import World

Change = Callable[[World, datetime], None]
Spoil = Callable[[list[Decision], World, datetime], list[Decision]]
Decide = Callable[[World, datetime], list[Decision]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted bug: the invariant it `breaks`, its `name` in plain words, and the bug itself."""

    breaks: str
    name: str
    bug: Callable[[World, datetime, Decide], list[Decision]]

    def planted_in(self, plan: Plan) -> Plan:
        """Return `plan` with this bug around it."""

        def spoiled(*facts: Any) -> list[Decision]:
            return self.bug(_world(facts), facts[-1], lambda world, now: plan(*_facts(world), now))

        return spoiled


MUTANTS: list[Mutant] = []


def goes_in(breaks: str, name: str) -> Callable[[Change], Change]:
    """Plant a bug in what `plan` is given."""

    def plant(change: Change) -> Change:
        def bug(world: World, now: datetime, decide: Decide) -> list[Decision]:
            change(world, now)
            return decide(world, now)

        MUTANTS.append(Mutant(breaks, name, bug))
        return change

    return plant


def comes_out(breaks: str, name: str) -> Callable[[Spoil], Spoil]:
    """Plant a bug in what `plan` gives."""

    def plant(spoil: Spoil) -> Spoil:
        def bug(world: World, now: datetime, decide: Decide) -> list[Decision]:
            return spoil(decide(world, now), world, now)

        MUTANTS.append(Mutant(breaks, name, bug))
        return spoil

    return plant


def _world(facts: Sequence[Any]) -> World:
    wishes, findings, events, history, holds, recipients, limits, _ = facts
    pauses = [one for one in holds if isinstance(one, Hold)]
    quiets = [one for one in holds if isinstance(one, Quiet)]
    return World(
        list(recipients), list(wishes), list(findings), list(events), list(history), pauses, quiets, limits
    )


def _facts(world: World) -> tuple[Any, ...]:
    bounds = [*world.holds, *world.quiets]
    return (
        world.wishes,
        world.findings,
        world.events,
        world.history,
        bounds,
        world.recipients,
        world.limits,
    )
