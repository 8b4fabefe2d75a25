"""Bugs in what is told: losses (T3), repeats (T4), covers (T6), rights (T8), reasons, doubt, safety (T14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from luwte.desk.telling.values import Decision, Finding, Outcome, Reason, State
from luwte.desk.wishes.rules import Detail, Source
from tests.model.mutants_people import mandates
from tests.model.mutants_wishes import choosing
from tests.model.people import DAY
from tests.model.planting import comes_out, goes_in
from tests.model.world import World


def each(decisions: list[Decision], change: Callable[[Decision], Decision]) -> list[Decision]:
    """Return every decision as `change` makes it."""
    return [change(one) for one in decisions]


def counting(world: World, change: Callable[[Finding], Finding]) -> None:
    """Let each finding be read as `change` makes it."""
    world.findings = [change(one) for one in world.findings]


def events(world: World, **changes: Any) -> None:
    """Let each event be read with `changes`."""
    world.events = [replace(one, **changes) for one in world.events]


@comes_out("T3", "the last thing of a digest is lost")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return each(decisions, lambda one: replace(one, items=one.items[:-1]) if len(one.items) > 1 else one)


@comes_out("T3", "a digest holds five things, the rest is lost")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return each(decisions, lambda one: replace(one, items=one.items[:5]))


@comes_out("T3", "what is withheld is not kept")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return [one for one in decisions if one.outcome != Outcome.WITHHOLD]


@comes_out("T3", "what waits is not kept when something is told")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    told = {one.recipient for one in decisions if one.channel}
    return [one for one in decisions if one.outcome != Outcome.WAIT or one.recipient not in told]


@comes_out("T3", "a thing stands in two decisions")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return decisions + [replace(one, channel=None) for one in decisions if one.channel and one.items]


@goes_in("T3", "events are not looked at")
def _(world: World, now: datetime) -> None:
    world.events = []


@goes_in("T3", "what a channel refused counts as told")
def _(world: World, now: datetime) -> None:
    world.history = [
        replace(one, state=State.UNKNOWN, asked=True) if one.state == State.REFUSED else one
        for one in world.history
    ]


@goes_in("T3", "what one recipient was told counts as told to all")
def _(world: World, now: datetime) -> None:
    told = {
        name
        for one in world.history
        if one.state not in (State.WITHHELD, State.REFUSED)
        for name in one.items
    }
    world.findings = [one for one in world.findings if one.id not in told]


@goes_in("T4", "what was told is forgotten")
def _(world: World, now: datetime) -> None:
    world.history = [
        replace(one, items=frozenset({"old"}) if one.items else frozenset()) for one in world.history
    ]


@goes_in("T4", "after a crash, what may have left is told again")
def _(world: World, now: datetime) -> None:
    world.history = [
        replace(one, items=frozenset()) if one.state == State.UNKNOWN else one for one in world.history
    ]


@goes_in("T4", "what a person read on asking is told again")
def _(world: World, now: datetime) -> None:
    world.history = [replace(one, items=frozenset()) if one.asked else one for one in world.history]


@goes_in("T4", "only what was confirmed by a receipt counts as told")
def _(world: World, now: datetime) -> None:
    sure = (State.DONE, State.WITHHELD, State.REFUSED)
    world.history = [one if one.state in sure else replace(one, items=frozenset()) for one in world.history]


@comes_out("T4", "a digest repeats the one before")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    def again(one: Decision) -> Decision:
        earlier = [told for told in world.history if told.recipient == one.recipient]
        names = sorted(earlier[-1].items - set(one.items)) if earlier and one.channel else []
        return replace(one, items=(*one.items, *names))

    return each(decisions, again)


@comes_out("T6", "a cover is left out: silence shows that there is nothing")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return [one for one in decisions if one.reason != Reason.COVER]


@comes_out("T6", "a cover tells in how much detail")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return each(
        decisions, lambda one: replace(one, detail=Detail.BANDS) if one.reason == Reason.COVER else one
    )


@goes_in("T6", "cover mode is not seen")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, cover=False))


@goes_in("T6", "everybody gets covers, chosen or not")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, cover=True))


@comes_out("T6", "a contact with news leaves out the sources it covers")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    source = {one.id: one.source for one in world.findings} | {one.id: one.source for one in world.events}
    return each(
        decisions,
        lambda one: replace(one, sources=frozenset(source[name] for name in one.items)) if one.items else one,
    )


@goes_in("T8", "a right that would lapse never comes forward")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, forward=False))


@goes_in("T8", "a right comes forward though nobody chose that")
def _(world: World, now: datetime) -> None:
    choosing(world, lambda one: replace(one, forward=True))


@goes_in("T8", "who stands by is not told of a right that would lapse")
def _(world: World, now: datetime) -> None:
    mandates(world, lambda one: replace(one, standing=False))


@goes_in("T8", "every representative is told of a right that would lapse")
def _(world: World, now: datetime) -> None:
    mandates(world, lambda one: replace(one, standing=True))


@goes_in("T8", "a right that is over is told as news")
def _(world: World, now: datetime) -> None:
    world.events = [
        replace(one, lapses=None) if one.lapses and one.lapses <= now else one for one in world.events
    ]


@goes_in("T8", "no right ever lapses")
def _(world: World, now: datetime) -> None:
    events(world, lapses=None)


@goes_in("T8", "rights lapse three days early")
def _(world: World, now: datetime) -> None:
    world.events = [replace(one, lapses=one.lapses - 3 * DAY) if one.lapses else one for one in world.events]


@comes_out("T8", "a lapsed right leaves no trace")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return [one for one in decisions if one.reason != Reason.RIGHT_LAPSED]


@comes_out("T11", "rhythm and ceiling are mixed up in the reason")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    other = {Reason.RHYTHM: Reason.CEILING, Reason.CEILING: Reason.RHYTHM}
    return each(decisions, lambda one: replace(one, reason=other.get(one.reason, one.reason)))


@comes_out("T11", "a pause is not said to have an end")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    paused = (Reason.PAUSED, Reason.HELD_BY_CARE)
    return each(decisions, lambda one: replace(one, next_at=None) if one.reason in paused else one)


@comes_out("T11", "whatever is withheld is said not to be wanted")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return each(
        decisions,
        lambda one: replace(one, reason=Reason.NOT_WANTED) if one.outcome == Outcome.WITHHOLD else one,
    )


@comes_out("T11", "a wait gives the time of the decision as its end")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return each(decisions, lambda one: replace(one, next_at=now) if one.next_at else one)


@comes_out("T11", "a call for a human comes without its reason")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return each(
        decisions, lambda one: replace(one, reason=Reason.DUE) if one.outcome == Outcome.CALL else one
    )


@goes_in("T12", "a near match counts as identical")
def _(world: World, now: datetime) -> None:
    counting(world, lambda one: replace(one, identical=one.identical + one.near))


@goes_in("T12", "what is quarantined counts all the same")
def _(world: World, now: datetime) -> None:
    counting(world, lambda one: replace(one, identical=one.identical + one.quarantined, quarantined=0))


@goes_in("T12", "what a human confirmed does not count")
def _(world: World, now: datetime) -> None:
    counting(world, lambda one: replace(one, confirmed=0))


@goes_in("T12", "one quarantined file holds back the whole finding")
def _(world: World, now: datetime) -> None:
    counting(world, lambda one: replace(one, identical=0, confirmed=0) if one.quarantined else one)


@comes_out("T12", "quarantine is said to be a match that nobody confirmed")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    other = {Reason.QUARANTINED: Reason.NOT_CONFIRMED}
    return each(decisions, lambda one: replace(one, reason=other.get(one.reason, one.reason)))


@goes_in("T14", "an alert of safety is planned as any other news")
def _(world: World, now: datetime) -> None:
    world.events = [
        replace(one, source=Source.EVENTS) if one.source == Source.SAFETY else one for one in world.events
    ]


@goes_in("T14", "every event is taken for an alert of safety")
def _(world: World, now: datetime) -> None:
    events(world, source=Source.SAFETY)


@goes_in("T14", "rights are taken for alerts of safety")
def _(world: World, now: datetime) -> None:
    world.events = [
        replace(one, source=Source.SAFETY) if one.source == Source.RIGHTS else one for one in world.events
    ]
