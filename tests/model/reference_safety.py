"""The reference's reading of T14: what is to be done now with an alert of safety."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from luwte.desk.wishes.rules import Wish
from tests.model.reference_ages import adult_from, stage, today
from tests.model.reference_obstacles import ended, paused
from tests.model.world import World

AGAIN, MOST = timedelta(minutes=30), 48


class Expected(NamedTuple):
    """What to do, when, why (None: any reason), and whether a care worker is asked too (None: either)."""

    act: str
    at: datetime
    reason: str | None = None
    care: bool | None = None


def expected(alert: Any, wish: Wish | None, world: World, now: datetime) -> Expected:
    """Return what is to be done with `alert`, which concerns the person of `world`."""
    if alert.confirmed is not None:
        return Expected("done", now)
    reason = _bar(wish, world, now)
    if reason == "not_wanted":
        return Expected("withhold", now, reason)
    if reason is not None:
        return Expected("human", now, reason or None)
    if alert.attempts >= MOST:
        return Expected("human", now, "unopened")
    asked_too = alert.attempts >= 2 or alert.failed
    due = now if alert.last is None else max(now, alert.last + AGAIN)
    return Expected("send" if due == now else "wait", due, None, asked_too)


def _bar(wish: Wish | None, world: World, now: datetime) -> str | None:
    """Return why it is not sent; "" when one of several reasons may be named."""
    who = world.person
    if world.life.deceased:
        return "deceased"
    if who.conflict.value != "none":
        return "conflict" if who.conflict.value == "certain" else "conflict_doubt"
    if not who.informed:
        return "does_not_know"
    if wish is None:
        return "never_asked"
    if not wish.choice.told:
        return "not_wanted"
    if _under_the_bar(wish, world, now):
        return ""
    if ended(world, wish, now):
        return "wish_ended"
    pause = paused(world, now)
    if pause is not None:
        return pause.reason
    if wish.choice.channel.value in ("care_worker", "lawyer") or wish.choice.channel in who.stopped:
        return ""
    return None


def _under_the_bar(wish: Wish, world: World, now: datetime) -> bool:
    reached = stage(world, now)
    if reached not in ("alone", "adult") or "person" not in wish.by:
        return True
    if reached == "alone":
        return False
    first = adult_from(world.life.born, world.limits.ladder)
    assert first is not None
    assert first <= today(world, now)
    return wish.since.astimezone(world.person.zone).date() < first
