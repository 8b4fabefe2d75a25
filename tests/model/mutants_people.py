"""Bugs in who is who: conflict and mandate (T5), who does not know (T9), ages (T10), signs of harm (T15)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from luwte.desk.telling.values import Authority, Born, Conflict, Decision, Ladder, Mandate, Outcome, Reason
from luwte.desk.wishes.rules import Channel, Detail, HoldKind, Register
from tests.model.people import DAY
from tests.model.planting import comes_out, goes_in
from tests.model.world import World


def everybody(world: World, **changes: Any) -> None:
    """Let each recipient be read with `changes`."""
    world.recipients = [replace(one, **changes) for one in world.recipients]


def living(world: World, **changes: Any) -> None:
    """Let the life of each person be read with `changes`."""
    world.recipients = [
        replace(one, life=replace(one.life, **changes)) if one.life else one for one in world.recipients
    ]


def mandates(world: World, change: Callable[[Mandate], Mandate]) -> None:
    """Let each mandate be read as `change` makes it."""
    world.recipients = [
        replace(one, mandate=change(one.mandate)) if one.mandate else one for one in world.recipients
    ]


def birth(world: World, change: Callable[[Born], Born]) -> None:
    """Let the birth of each person be read as `change` makes it."""
    for one in world.recipients:
        if one.life:
            living(world, born=change(one.life.born))


@goes_in("T5", "a conflict is not seen")
def _(world: World, now: datetime) -> None:
    everybody(world, conflict=Conflict.NONE)


@goes_in("T5", "a doubt about a conflict lets it pass")
def _(world: World, now: datetime) -> None:
    world.recipients = [
        replace(one, conflict=Conflict.NONE) if one.conflict == Conflict.DOUBT else one
        for one in world.recipients
    ]


@goes_in("T5", "a conflict is looked for with the person alone")
def _(world: World, now: datetime) -> None:
    world.recipients = [one if one.life else replace(one, conflict=Conflict.NONE) for one in world.recipients]


@goes_in("T5", "a mandate never ends")
def _(world: World, now: datetime) -> None:
    mandates(world, lambda one: replace(one, ends=None))


@goes_in("T5", "a mandate holds one day longer")
def _(world: World, now: datetime) -> None:
    mandates(world, lambda one: replace(one, ends=one.ends and one.ends + DAY))


@goes_in("T5", "a mandate ends one day early")
def _(world: World, now: datetime) -> None:
    mandates(world, lambda one: replace(one, ends=one.ends and one.ends - DAY))


@goes_in("T5", "a mandate holds before it begins")
def _(world: World, now: datetime) -> None:
    mandates(world, lambda one: replace(one, begins=one.begins - 30 * DAY))


@goes_in("T5", "mail goes on after someone died")
def _(world: World, now: datetime) -> None:
    living(world, deceased=False)


@goes_in("T9", "who does not know is told")
def _(world: World, now: datetime) -> None:
    everybody(world, informed=True)


@goes_in("T9", "a person who does not know is told, by the system")
def _(world: World, now: datetime) -> None:
    world.recipients = [replace(one, informed=True) if one.life else one for one in world.recipients]


@goes_in("T9", "parents are told before the child wants it")
def _(world: World, now: datetime) -> None:
    world.recipients = [one if one.life else replace(one, informed=True) for one in world.recipients]


@comes_out("T9", "who was never asked gets a first letter from the system")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return [
        replace(
            one,
            outcome=Outcome.TELL,
            channel=Channel.LETTER,
            detail=Detail.SOMETHING,
            words=Register.DUTCH,
        )
        if one.reason == Reason.NEVER_ASKED
        else one
        for one in decisions
    ]


@comes_out("T9", "nobody is asked to call who was never asked")
def _(decisions: list[Decision], world: World, now: datetime) -> list[Decision]:
    return [
        replace(one, outcome=Outcome.WITHHOLD) if one.reason == Reason.NEVER_ASKED else one
        for one in decisions
    ]


@goes_in("T10", "the ladder is a year low")
def _(world: World, now: datetime) -> None:
    world.limits = replace(world.limits, ladder=Ladder(11, 15, 17))


@goes_in("T10", "a young person decides alone from twelve")
def _(world: World, now: datetime) -> None:
    world.limits = replace(world.limits, ladder=Ladder(12, 12, 18))


@goes_in("T10", "nobody ever becomes an adult")
def _(world: World, now: datetime) -> None:
    world.limits = replace(world.limits, ladder=Ladder(12, 16, 200))


@goes_in("T10", "an uncertain birth is read as the first day")
def _(world: World, now: datetime) -> None:
    birth(world, lambda one: Born(one.earliest or one.latest, one.earliest or one.latest))


@goes_in("T10", "an uncertain birth is read as the last day")
def _(world: World, now: datetime) -> None:
    birth(world, lambda one: Born(one.latest or one.earliest, one.latest or one.earliest))


@goes_in("T10", "an unknown birth is read as that of an adult")
def _(world: World, now: datetime) -> None:
    adult = now.date() - 40 * 366 * DAY
    birth(world, lambda one: one if one.earliest and one.latest else Born(adult, adult))


@goes_in("T10", "29 February is read as the 28th alone")
def _(world: World, now: datetime) -> None:
    birth(world, lambda one: Born(_no_leap(one.earliest), _no_leap(one.latest)))


def _no_leap(day: Any) -> Any:
    return day.replace(day=28) if day and (day.month, day.day) == (2, 29) else day


@goes_in("T10", "whoever chose, it counts for all")
def _(world: World, now: datetime) -> None:
    names = frozenset(one.id for one in world.recipients)
    world.wishes = [replace(one, by=names) for one in world.wishes]


@goes_in("T10", "the person's own voice is not asked for")
def _(world: World, now: datetime) -> None:
    world.wishes = [replace(one, by=one.by | {"person"}) for one in world.wishes]


@goes_in("T10", "one parent is enough where there are two")
def _(world: World, now: datetime) -> None:
    holders = {one.id for one, mandate in world.mandates if mandate.holder}
    world.wishes = [replace(one, by=one.by | holders if one.by & holders else one.by) for one in world.wishes]


@goes_in("T10", "authority that nobody can tell is read as one parent's")
def _(world: World, now: datetime) -> None:
    for one in world.recipients:
        if one.life and one.life.authority in (Authority.UNCLEAR, Authority.NONE_NOW):
            living(world, authority=Authority.SOLE)


@goes_in("T10", "a parent's choice goes on after eighteen")
def _(world: World, now: datetime) -> None:
    world.wishes = [replace(one, since=max(one.since, now - DAY)) for one in world.wishes]


@goes_in("T10", "a curator is not seen")
def _(world: World, now: datetime) -> None:
    world.recipients = [
        one for one in world.recipients if one.mandate is None or one.mandate.kind.value != "curator"
    ]


@goes_in("T15", "a sign of harm is not seen")
def _(world: World, now: datetime) -> None:
    world.holds = [one for one in world.holds if one.kind != HoldKind.HARM]


@goes_in("T15", "a sign of harm is a pause like any other, and nobody calls")
def _(world: World, now: datetime) -> None:
    world.holds = [
        replace(one, kind=HoldKind.PERSON) if one.kind == HoldKind.HARM else one for one in world.holds
    ]


@goes_in("T15", "a sign of harm waits for its own clock")
def _(world: World, now: datetime) -> None:
    world.holds = [one for one in world.holds if one.kind != HoldKind.HARM or one.starts <= now]


@goes_in("T15", "it is not seen that nobody opens anything")
def _(world: World, now: datetime) -> None:
    world.limits = replace(world.limits, unopened=1000)


@goes_in("T15", "one more contact is sent before a human calls")
def _(world: World, now: datetime) -> None:
    world.limits = replace(world.limits, unopened=world.limits.unopened + 1)


@goes_in("T15", "patience lasts a day longer")
def _(world: World, now: datetime) -> None:
    world.limits = replace(world.limits, patience=world.limits.patience + DAY)


@goes_in("T15", "opening a message does not count")
def _(world: World, now: datetime) -> None:
    world.history = [replace(one, opened=None) for one in world.history]


@goes_in("T15", "a sign of life does not count")
def _(world: World, now: datetime) -> None:
    living(world, seen=None)


@goes_in("T15", "the portal alone counts as unopened too")
def _(world: World, now: datetime) -> None:
    world.history = [
        replace(one, channel=Channel.EMAIL) if one.channel == Channel.PORTAL else one for one in world.history
    ]
