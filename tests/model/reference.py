"""A second, slower reading of T1, T2, T3, T4 and T12, written apart from `luwte.desk.telling.rules`.

It looks at one person and one finding at a time, knows no shortcuts, and shares the values alone with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from luwte.desk.telling.values import Event, Finding, State, Told
from luwte.desk.wishes.rules import Hold, Rhythm, Wish

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
NEVER_REACHED = {"withheld", "refused"}
ON_THE_WAY = {"planned", "leased", "handing_over"}

Verdict = tuple[str, str, datetime | None]


@dataclass
class World:
    """All that is known of one person."""

    zone: ZoneInfo
    wishes: list[Wish] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    history: list[Told] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    stopped: frozenset[str] = frozenset()


def verdicts(world: World, now: datetime) -> dict[str, Verdict]:
    """Return for each thing that was not told what is to be done and why; "" stands for nothing at all."""
    things = [(found.registered, found.id, found.source.value) for found in world.findings]
    things += [(event.at, event.id, event.source.value) for event in world.events]
    open_things = sorted(thing for thing in things if not _was_told(world, thing[1]))
    if not open_things:
        reason = "nothing_new" if world.wishes else "never_asked"
        return {"": ("nothing" if world.wishes else "call", reason, None)}
    found: dict[str, Verdict] = {}
    channel = ""
    for _, name, source in open_things:
        verdict = _blocked(world, name, source, now)
        if verdict is None:
            wanted = _wish(world, source, now).choice.channel.value
            channel = channel or wanted
            verdict = _told_by(wanted) if wanted == channel else ("wait", "other_channel", None)
        found[name] = verdict
    return found


def _told_by(channel: str) -> Verdict:
    return ("call", "call_chosen", None) if channel == "care_worker" else ("tell", "due", None)


def _was_told(world: World, name: str) -> bool:
    return any(name in told.items and told.state.value not in NEVER_REACHED for told in world.history)


def _standing(world: World, source: str, now: datetime) -> list[Wish]:
    mine = [wish for wish in world.wishes if wish.source.value == source]
    return [wish for wish in mine if not (wish.choice.told and wish.since > now)]


def _wish(world: World, source: str, now: datetime) -> Wish:
    return sorted(_standing(world, source, now), key=lambda wish: wish.version)[-1]


def _blocked(world: World, name: str, source: str, now: datetime) -> Verdict | None:
    for found in world.findings:
        if found.id == name and found.identical == 0 and found.confirmed == 0:
            return "withhold", "not_confirmed", None
    if not _standing(world, source, now):
        return "call", "never_asked", None
    choice = _wish(world, source, now).choice
    if not choice.told:
        return "withhold", "not_wanted", None
    if choice.until is not None and (now.astimezone(world.zone).date() - choice.until).days > 0:
        return "call", "wish_ended", None
    recorded = [hold for hold in world.holds if hold.kind.value != "care" or now >= hold.starts]
    pauses = [hold for hold in recorded if now < hold.ends]
    if pauses:
        by = "paused" if [hold for hold in pauses if hold.kind.value == "person"] else "held_by_care"
        return "wait", by, sorted(hold.ends for hold in pauses)[-1]
    if choice.rhythm.value == "on_request":
        return "wait", "only_when_asked", None
    if choice.channel.value in world.stopped:
        return "withhold", "channel_stopped", None
    return _too_soon(world, source, choice.rhythm, now)


def _too_soon(world: World, source: str, rhythm: Rhythm, now: datetime) -> Verdict | None:
    earlier = [told for told in world.history if told.state.value not in NEVER_REACHED and not told.asked]
    if [told for told in earlier if told.state.value in ON_THE_WAY]:
        return "wait", "on_its_way", None
    same = [told.at for told in earlier if source in {one.value for one in told.sources}]
    for reason, moments in (("rhythm", same), ("ceiling", [told.at for told in earlier])):
        after = rhythm.value if reason == "rhythm" else "weekly"
        due = max([next_allowed(after, moment, world.zone) for moment in moments], default=now)
        if due > now:
            return "wait", reason, due
    return None


def next_allowed(rhythm: str, last: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment that `rhythm` allows after `last`, found by walking over the calendar."""
    if rhythm == "each":
        return last
    wall = last.astimezone(zone).replace(tzinfo=None, fold=0)
    if rhythm == "weekly":
        return max(_moment(wall + timedelta(days=7), zone), (last + timedelta(days=7)).astimezone(UTC))
    day, changes, wanted = wall, 0, wall.day
    while changes < MONTHS[rhythm] or (changes == MONTHS[rhythm] and day.day != wanted):
        following = day + timedelta(days=1)
        changes += following.month != day.month
        day = following
    return _moment(day, zone)


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The last moment, in UTC, at which a clock on the wall shows `wall`; in a gap, the moment after it."""
    both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return both[0] if both[0] > both[1] else both[1]


def left(told: Told) -> bool:
    """Return whether a contact reached the person, or may have."""
    return told.state not in (State.WITHHELD, State.REFUSED)
