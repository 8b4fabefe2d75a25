"""Bugs in what was chosen: wishes (T1), how often (T2), when (T7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from luwte.desk.telling.values import Decision, Outcome, Reason, State
from luwte.desk.wishes.rules import Channel, Choice, HoldKind, Rhythm, Source
from tests.model.people import DAY, HOUR
from tests.model.planting import comes_out, goes_in
from tests.model.world import World


def choosing(world: World, change: Callable[[Choice], Choice]) -> None:
    """Let each wish be read as `change` makes it."""
    world.wishes = [replace(one, choice=change(one.choice)) for one in world.wishes]


def telling(world: World, **changes: Any) -> None:
    """Let each earlier contact be read with `changes`."""
    world.history = [replace(one, **changes) for one in world.history]


@goes_in("T1", "a withdrawal is not seen: the version before it stands")
def _(world: World, now: datetime) -> None:
    world.wishes = [one for one in world.wishes if one.choice.told]


@goes_in("T1", "who wants nothing is told all the same")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, told=True))


@goes_in("T1", "the last day of a wish is not looked at")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, until=None))


@goes_in("T1", "a wish holds one day longer")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, until=one.until and one.until + DAY))


@goes_in("T1", "a wish ends one day early")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, until=one.until and one.until - DAY))


@goes_in("T1", "the first version stands for ever")
def _(world: World, now: datetime) -> None:
    world.wishes = [replace(one, version=-one.version) for one in world.wishes]


@goes_in("T1", "a wish for one source counts for every source")
def _(world: World, now: datetime) -> None:
    if world.wishes:
        newest = max(world.wishes, key=lambda one: (one.since, one.version))
        world.wishes = [replace(newest, source=source) for source in Source]


@goes_in("T1", "a withdrawal waits for its own clock")
def _(world: World, now: datetime) -> None:
    world.wishes = [one for one in world.wishes if one.since <= now]


@goes_in("T1", "a wish counts before it is set")
def _(world: World, now: datetime) -> None:
    world.wishes = [replace(one, since=min(one.since, now)) for one in world.wishes]


@goes_in("T1", "a person's own pause is not seen")
def _(world: World, now: datetime) -> None:
    world.holds = [one for one in world.holds if one.kind != HoldKind.PERSON]


@goes_in("T1", "a pause ends an hour early")
def _(world: World, now: datetime) -> None:
    world.holds = [replace(one, ends=one.ends - HOUR) for one in world.holds]


@goes_in("T1", "a channel that fails is used")
def _(world: World, now: datetime) -> None:
    world.recipients = [replace(one, stopped=frozenset()) for one in world.recipients]


@goes_in("T1", "everybody around the person may be told")
def _(world: World, now: datetime) -> None:
    names = frozenset(one.id for one in world.recipients)
    choosing(world, lambda one: replace(one, others=names))


@comes_out("T1", "every contact goes by the portal")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return [replace(one, channel=one.channel and Channel.PORTAL) for one in decisions]


@goes_in("T2", "the rhythm is not looked at")
def _(world: World, now: datetime) -> None:
    asked = Rhythm.ON_REQUEST
    choosing(world, lambda one: one if one.rhythm == asked else replace(one, rhythm=Rhythm.EACH))


@goes_in("T2", "quarterly is read as monthly")
def _(world: World, now: datetime) -> None:
    choosing(
        world, lambda one: replace(one, rhythm=Rhythm.MONTHLY) if one.rhythm == Rhythm.QUARTERLY else one
    )


@goes_in("T2", "only when asked is read as monthly")
def _(world: World, now: datetime) -> None:
    choosing(
        world, lambda one: replace(one, rhythm=Rhythm.MONTHLY) if one.rhythm == Rhythm.ON_REQUEST else one
    )


@goes_in("T2", "the authority's ceiling is not looked at")
def _(world: World, now: datetime) -> None:
    world.limits = replace(world.limits, between=timedelta())


@goes_in("T2", "the ceiling is an hour short")
def _(world: World, now: datetime) -> None:
    world.limits = replace(world.limits, between=world.limits.between - HOUR)


@goes_in("T2", "contacts are read an hour too early")
def _(world: World, now: datetime) -> None:
    world.history = [replace(one, at=one.at - HOUR) for one in world.history]


@goes_in("T2", "a contact that was asked for takes up the rhythm")
def _(world: World, now: datetime) -> None:
    telling(world, asked=False)


@goes_in("T2", "a contact that came to nothing takes up the rhythm")
def _(world: World, now: datetime) -> None:
    world.history = [
        replace(one, state=State.UNKNOWN, items=frozenset()) if one.state == State.WITHHELD else one
        for one in world.history
    ]


@goes_in("T2", "a contact whose end is unknown does not count")
def _(world: World, now: datetime) -> None:
    world.history = [
        replace(one, sources=frozenset(), at=one.at - 999 * DAY) if one.state == State.UNKNOWN else one
        for one in world.history
    ]


@goes_in("T2", "a contact on its way is not seen")
def _(world: World, now: datetime) -> None:
    on_the_way = (State.PLANNED, State.LEASED, State.HANDING)
    world.history = [one for one in world.history if one.state not in on_the_way]


@goes_in("T2", "each contact takes up the rhythm of every source")
def _(world: World, now: datetime) -> None:
    telling(world, sources=frozenset(Source))


@goes_in("T2", "a representative's months are counted on the clock of Greenwich")
def _(world: World, now: datetime) -> None:
    world.recipients = [one if one.life else replace(one, zone=ZoneInfo("UTC")) for one in world.recipients]


@comes_out("T2", "each thing gets a contact of its own")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    found: list[Decision] = []
    for one in decisions:
        parts = one.items if one.channel and len(one.items) > 1 else ()
        found += [replace(one, items=(name,)) for name in parts] or [one]
    return found


@goes_in("T7", "quiet periods are not seen")
def _(world: World, now: datetime) -> None:
    world.quiets = []


@goes_in("T7", "a quiet period leaves out its last day")
def _(world: World, now: datetime) -> None:
    world.quiets = [
        replace(one, last=one.last - DAY) for one in world.quiets if one.yearly or one.first < one.last
    ]


@goes_in("T7", "a quiet period leaves out its first day")
def _(world: World, now: datetime) -> None:
    world.quiets = [
        replace(one, first=one.first + DAY) for one in world.quiets if one.yearly or one.first < one.last
    ]


@goes_in("T7", "a yearly quiet period never comes back")
def _(world: World, now: datetime) -> None:
    world.quiets = [replace(one, yearly=False) for one in world.quiets]


@goes_in("T7", "the hours are not looked at")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, hours=(0, 24)))


@goes_in("T7", "the last hour is counted in")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, hours=(one.hours[0], min(24, one.hours[1] + 1))))


@goes_in("T7", "the weekday is not looked at")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, weekday=None))


@goes_in("T7", "the clock of the office is used for everybody")
def _(world: World, now: datetime) -> None:
    office = ZoneInfo("Europe/Amsterdam")
    world.recipients = [replace(one, zone=office) for one in world.recipients]


@comes_out("T7", "what falls in a quiet period is dropped, not postponed")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    quiet = (Reason.QUIET, Reason.HOURS)
    return [
        replace(one, outcome=Outcome.WITHHOLD, next_at=None) if one.reason in quiet else one
        for one in decisions
    ]
