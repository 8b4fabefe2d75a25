"""How a bug is planted: around the rules, in what goes in or what comes out, whatever the code looks like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from luwte.desk.telling.safety import Step
from luwte.desk.telling.values import Decision
from luwte.desk.wishes.rules import Hold, Quiet
from tests.model.checks import Plan, Rules
from tests.model.world import World

Change = Callable[[World, datetime], None]
Spoil = Callable[[list[Decision], World, datetime], list[Decision]]
Answered = Callable[..., Step]
Look = Callable[..., datetime | None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted bug: the invariant it `breaks`, its `name` in plain words, and how it is planted."""

    breaks: str
    name: str
    planted_in: Callable[[Rules], Rules]


MUTANTS: list[Mutant] = []


def goes_in(breaks: str, name: str) -> Callable[[Change], Change]:
    """Plant a bug in what `plan` is given."""

    def plant(change: Change) -> Change:
        def bug(world: World, now: datetime, plan: Plan) -> list[Decision]:
            change(world, now)
            return plan(*_facts(world), now)

        MUTANTS.append(Mutant(breaks, name, _around_plan(bug)))
        return change

    return plant


def comes_out(breaks: str, name: str) -> Callable[[Spoil], Spoil]:
    """Plant a bug in what `plan` gives."""

    def plant(spoil: Spoil) -> Spoil:
        def bug(world: World, now: datetime, plan: Plan) -> list[Decision]:
            return spoil(plan(*_facts(world), now), world, now)

        MUTANTS.append(Mutant(breaks, name, _around_plan(bug)))
        return spoil

    return plant


def alert(breaks: str, name: str) -> Callable[[Answered], Answered]:
    """Plant a bug around `next_step` (T14)."""

    def plant(bug: Answered) -> Answered:
        def planted_in(rules: Rules) -> Rules:
            return replace(rules, next_step=lambda *facts: bug(rules.next_step, *facts))

        MUTANTS.append(Mutant(breaks, name, planted_in))
        return bug

    return plant


def look(breaks: str, name: str) -> Callable[[Look], Look]:
    """Plant a bug around `next_look`."""

    def plant(bug: Look) -> Look:
        def planted_in(rules: Rules) -> Rules:
            return replace(
                rules, next_look=lambda *facts, **more: bug(rules.next_look, list(facts), dict(more))
            )

        MUTANTS.append(Mutant(breaks, name, planted_in))
        return bug

    return plant


def _around_plan(bug: Callable[[World, datetime, Plan], list[Decision]]) -> Callable[[Rules], Rules]:
    def planted_in(rules: Rules) -> Rules:
        return replace(rules, plan=lambda *facts: bug(_world(facts), facts[-1], rules.plan))

    return planted_in


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
