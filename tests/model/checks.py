"""What must hold of any `plan`: it agrees with the reference, and whole lives keep the invariants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from luwte.desk.telling.values import Decision, Limits, Outcome, Recipient, State, Told
from luwte.desk.wishes.rules import Channel, Wish
from tests.model.reference import World, left, next_allowed, verdicts
from tests.model.worlds import STARTS, SUBJECT, ZONES, choices, findings, holds, sources, steps

Plan = Callable[..., list[Decision]]
WEEK = timedelta(days=7)


def run(plan: Plan, world: World, now: datetime) -> list[Decision]:
    """Return what `plan` decides for the person of `world`."""
    stopped = frozenset(Channel(name) for name in world.stopped)
    recipient = Recipient(SUBJECT, world.zone, stopped=stopped)
    facts = (world.wishes, world.findings, world.events, world.history, world.holds)
    return plan(*facts, [recipient], Limits(), now)


def check_moment(plan: Plan, world: World, now: datetime) -> None:
    """`plan` and the reference say the same of everything."""
    decisions = run(plan, world, now)
    said: dict[str, Any] = {}
    for decision in decisions:
        for name in decision.items or ("",):
            assert name not in said, "two decisions about one thing"
            said[name] = (decision.outcome.value, decision.reason.value, decision.next_at)
    assert said == verdicts(world, now)
    assert sum(one.channel is not None for one in decisions) <= 1


def check_history(plan: Plan, data: st.DataObject) -> None:
    """Live through some weeks or years with `plan` and keep every invariant on the way."""
    world, now = World(data.draw(st.sampled_from(ZONES))), data.draw(st.sampled_from(STARTS))
    for number in range(data.draw(st.integers(3, 14))):
        now += data.draw(steps)
        _something_happens(world, now, number, data)
        decisions = run(plan, world, now)
        _check_all_accounted_for(world, decisions)
        for decision in decisions:
            if decision.channel is not None:
                _check_may_be_told(world, decision, now)
                _tell(world, decision, now, number, data)
        _check_nothing_twice(world)
        _check_windows(world)


def _something_happens(world: World, now: datetime, number: int, data: st.DataObject) -> None:
    what = data.draw(st.sampled_from(["finding", "finding", "wish", "wish", "hold", "confirm", "nothing"]))
    if what == "finding":
        world.findings.append(data.draw(findings(number, now)))
    elif what == "wish":
        world.wishes.append(Wish(SUBJECT, data.draw(sources), number, now, data.draw(choices(now))))
    elif what == "hold":
        world.holds.append(data.draw(holds(now)))
    elif what == "confirm" and world.findings:
        world.findings[0] = replace(world.findings[0], confirmed=1)


def _tell(world: World, decision: Decision, now: datetime, number: int, data: st.DataObject) -> None:
    """The contact reaches the person, or is lost on the way, or nobody knows."""
    by_name = {found.id: found.source for found in world.findings}
    carried = frozenset(by_name[name] for name in decision.items)
    state = data.draw(st.sampled_from([State.DONE, State.DONE, State.UNKNOWN, State.WITHHELD, State.REFUSED]))
    world.history.append(
        Told(f"c{number}", SUBJECT, "person", now, state, frozenset(decision.items), carried)
    )


def _check_all_accounted_for(world: World, decisions: list[Decision]) -> None:
    """T3."""
    named = Counter(name for decision in decisions for name in decision.items)
    told = {name for contact in world.history if left(contact) for name in contact.items}
    assert set(named) == {found.id for found in world.findings} - told
    assert set(named.values()) <= {1}


def _check_may_be_told(world: World, decision: Decision, now: datetime) -> None:
    """T1, T12 and the pauses."""
    assert decision.outcome in (Outcome.TELL, Outcome.CALL)
    assert decision.items
    assert not [hold for hold in world.holds if hold.starts <= now < hold.ends]
    for name in decision.items:
        found = next(one for one in world.findings if one.id == name)
        assert found.identical or found.confirmed
        wish = [one for one in world.wishes if one.source == found.source][-1]
        assert wish.choice.told
        assert wish.choice.channel == decision.channel
        assert wish.choice.until is None or now.astimezone(world.zone).date() <= wish.choice.until
        for told in world.history:
            if left(told) and found.source in told.sources:
                assert now >= next_allowed(wish.choice.rhythm.value, told.at, world.zone)


def _check_nothing_twice(world: World) -> None:
    """T4."""
    told = Counter(name for contact in world.history if left(contact) for name in contact.items)
    assert set(told.values()) <= {1}


def _check_windows(world: World) -> None:
    """T2, the ceiling: no two contacts within a week."""
    reached = sorted(told.at for told in world.history if left(told))
    assert all(later - earlier >= WEEK for earlier, later in pairwise(reached))
