"""The reference's obstacles: what stands between an item and a recipient, in the order of docs/rules.md."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from luwte.desk.telling.values import Mandate, Recipient, Told
from luwte.desk.wishes.rules import Wish
from tests.model.reference_ages import consent, curators, holding, stage, today
from tests.model.reference_time import first_open, is_quiet, later_by, next_allowed
from tests.model.world import Item, World

NEVER_REACHED = ("withheld", "refused")


class Verdict(NamedTuple):
    """What is to be done with an item, why, and when that may change."""

    outcome: str
    reason: str
    next_at: datetime | None = None


def latest_wish(world: World, source: str, now: datetime) -> Wish | None:
    """Return the newest version that stands; one that wants nothing stands as soon as it is there (T1)."""
    found = None
    for wish in world.wishes:
        counts = wish.since <= now or not wish.choice.told
        if wish.source.value == source and counts and (found is None or wish.version > found.version):
            found = wish
    return found


def contacts(world: World, who: Recipient) -> list[Told]:
    """Return those that reached a recipient, or may have, or still will, without being asked for."""
    return [
        one
        for one in world.history
        if one.recipient == who.id and one.state.value not in NEVER_REACHED and not one.asked
    ]


def was_told(world: World, who: Recipient, item: Item) -> bool:
    """Return whether a contact to this recipient may have carried this item (T4)."""
    for one in world.history:
        if one.recipient == who.id and item.id in one.items and one.state.value not in NEVER_REACHED:
            return True
    return False


def obstacle(world: World, who: Recipient, item: Item, now: datetime) -> Verdict | None:
    """Return what stands in the way of this item, or None when it is ready."""
    if item.lapses is not None and item.lapses <= now:
        return Verdict("withhold", "right_lapsed")
    if not item.tellable:
        return Verdict("withhold", "quarantined" if item.quarantined else "not_confirmed")
    barred = _barred(world, who, now)
    if barred is not None:
        return barred
    if through_mandate(world, who, item, now):
        assert who.mandate is not None
        return _reachable(world, who, who.mandate.channel.value) or _ceiling_alone(world, who, now)
    return after_bars(world, who, item.source, item, now)


def _barred(world: World, who: Recipient, now: datetime) -> Verdict | None:
    """Rules 3, 4 and 5."""
    if world.life.deceased:
        return Verdict("withhold", "deceased")
    if who.conflict.value == "certain":
        return Verdict("withhold" if who.mandate else "call", "conflict")
    if who.conflict.value == "doubt":
        return Verdict("call", "conflict_doubt")
    if who.mandate is not None and not any(one is who for one, _ in holding(world, now)):
        return Verdict("withhold", "mandate_ended")
    return None


def through_mandate(world: World, who: Recipient, item: Item, now: datetime) -> bool:
    """Rule 6: whether a standing mandate carries this right that would lapse (T8)."""
    if who.mandate is None or not who.mandate.standing or not who.informed:
        return False
    if item.lapses is None or _barred(world, who, now) is not None or was_told(world, world.person, item):
        return False
    own = obstacle(world, world.person, item, now)
    if own is None:
        return False
    in_time = own.outcome == "wait" and own.next_at is not None and own.next_at < item.lapses
    return not in_time


def _ceiling_alone(world: World, who: Recipient, now: datetime) -> Verdict | None:
    due = _ceiling_due(world, who)
    return Verdict("wait", "ceiling", due) if due is not None and due > now else None


def cover_obstacle(world: World, source: str, now: datetime) -> Verdict | None:
    """Return what stands in the way of a cover for this source: rules 3, 4 and 7 to 19, without an item."""
    return _barred(world, world.person, now) or after_bars(world, world.person, source, None, now)


def after_bars(world: World, who: Recipient, source: str, item: Item | None, now: datetime) -> Verdict | None:
    """Rules 7 to 19."""
    if who.mandate is None and not who.informed:
        return Verdict("call", "does_not_know")
    wish = latest_wish(world, source, now)
    if wish is None:
        return Verdict("withhold", "not_chosen") if who.mandate else Verdict("call", "never_asked")
    if not wish.choice.told:
        return Verdict("withhold", "not_wanted")
    unfit = consent(world, wish, now) or ("wish_ended" if ended(world, wish, now) else None)
    if unfit is not None:
        return Verdict("withhold", "not_chosen") if who.mandate else Verdict("call", unfit)
    return (
        _entitled(world, who, wish, now)
        or paused(world, now)
        or _unopened(world, who, now)
        or _only_when_asked(wish)
        or _reachable(world, who, channel_of(who, wish))
        or _too_soon(world, who, wish, item, now)
    )


def ended(world: World, wish: Wish, now: datetime) -> bool:
    """Return whether the last day of a wish is over for the person."""
    return wish.choice.until is not None and today(world, now) > wish.choice.until


def channel_of(who: Recipient, wish: Wish) -> str:
    """Rule 16."""
    return who.mandate.channel.value if who.mandate else wish.choice.channel.value


def _entitled(world: World, who: Recipient, wish: Wish, now: datetime) -> Verdict | None:
    """Rules 11 and 12."""
    if who.mandate is not None:
        if not _representative_entitled(world, who, who.mandate, wish, now):
            return Verdict("withhold", "not_chosen")
        return None if who.informed else Verdict("call", "does_not_know")
    if stage(world, now) == "child":
        return Verdict("withhold", "for_representatives")
    if wish.choice.channel.value != "lawyer":
        return None
    for one, mandate in holding(world, now):
        if mandate.kind.value == "lawyer" and one.informed and one.conflict.value == "none":
            return Verdict("withhold", "through_lawyer")
    return Verdict("call", "no_lawyer")


def _representative_entitled(
    world: World, who: Recipient, mandate: Mandate, wish: Wish, now: datetime
) -> bool:
    kind, age = mandate.kind.value, stage(world, now)
    if age == "child":
        standing = curators(world, now)
        if who.id in standing or (not standing and mandate.holder):
            return True
    if who.id in wish.choice.others:
        return True
    if kind == "lawyer" and wish.choice.channel.value == "lawyer":
        return True
    return kind == "curator" and age == "adult" and who.id in wish.by


def paused(world: World, now: datetime) -> Verdict | None:
    """Return which pause holds, and until when (rule 13).

    What a person or a sign of harm stopped holds whatever the clock says.
    """
    pauses = [
        one for one in world.holds if now < one.ends and (one.kind.value != "care" or one.starts <= now)
    ]
    if not pauses:
        return None
    until = sorted(one.ends for one in pauses)[-1]
    kinds = [one.kind.value for one in pauses]
    if "harm" in kinds:
        return Verdict("call", "harm", until)
    return Verdict("wait", "paused" if "person" in kinds else "held_by_care", until)


def _unopened(world: World, who: Recipient, now: datetime) -> Verdict | None:
    """Rule 14 (T15)."""
    if who.mandate is not None:
        return None
    seen = world.life.seen
    sent = [
        one
        for one in contacts(world, who)
        if one.state.value in ("handed_over", "done")
        and one.channel.value in ("email", "sms", "letter")
        and len(one.items) > 0
        and (seen is None or one.at > seen)
    ]
    sent.sort(key=lambda one: (one.at, one.id))
    last = sent[-world.limits.unopened :]
    if len(last) < world.limits.unopened or any(one.opened is not None for one in last):
        return None
    return Verdict("call", "unopened") if now - last[-1].at >= world.limits.patience else None


def _only_when_asked(wish: Wish) -> Verdict | None:
    return Verdict("wait", "only_when_asked") if wish.choice.rhythm.value == "on_request" else None


def _reachable(world: World, who: Recipient, channel: str) -> Verdict | None:
    """Rules 17 and 18."""
    if any(one.value == channel for one in who.stopped):
        return Verdict("withhold", "channel_stopped")
    if any(one.state.value in ("planned", "leased", "handing_over") for one in contacts(world, who)):
        return Verdict("wait", "on_its_way")
    return None


def _ceiling_due(world: World, who: Recipient) -> datetime | None:
    moments = [one.at for one in contacts(world, who)]
    return later_by(max(moments), world.limits.between, who.zone) if moments else None


def _rhythm_due(world: World, who: Recipient, wish: Wish) -> datetime | None:
    moments = [one.at for one in contacts(world, who) if wish.source in one.sources]
    if not moments and wish.choice.cover:
        moments = [wish.since]
    return max((next_allowed(wish.choice.rhythm.value, one, who.zone) for one in moments), default=None)


def _too_soon(world: World, who: Recipient, wish: Wish, item: Item | None, now: datetime) -> Verdict | None:
    """Rule 19."""
    rhythm, ceiling = _rhythm_due(world, who, wish) or now, _ceiling_due(world, who) or now
    moment = first_open(max(now, rhythm, ceiling), wish.choice, world.quiets, who.zone)
    if item is not None and item.lapses is not None and wish.choice.forward:
        sooner = first_open(max(now, ceiling), wish.choice, world.quiets, who.zone)
        late = moment is None or moment >= item.lapses
        if late and sooner is not None and sooner < item.lapses:
            moment, rhythm = sooner, now
    if moment == now:
        return None
    if rhythm > now:
        return Verdict("wait", "rhythm", moment)
    if ceiling > now:
        return Verdict("wait", "ceiling", moment)
    quiet = any(is_quiet(one, now.astimezone(who.zone).date()) for one in world.quiets)
    return Verdict("wait", "quiet" if quiet else "hours", moment)
