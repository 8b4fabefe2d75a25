"""What must hold of all decisions together: nothing lost (T3), explained (T11), rights carried (T8)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from luwte.desk.telling.values import Decision, Outcome, Reason, Recipient
from tests.model.invariants import LOST
from tests.model.world import World

FITS = {
    Outcome.TELL: {Reason.DUE, Reason.COVER, Reason.RIGHT_LAPSES},
    Outcome.NOTHING: {Reason.NOTHING_NEW},
    Outcome.WAIT: {
        Reason.PAUSED,
        Reason.HELD_BY_CARE,
        Reason.ONLY_WHEN_ASKED,
        Reason.ON_ITS_WAY,
        Reason.OTHER_CHANNEL,
        Reason.RHYTHM,
        Reason.CEILING,
        Reason.QUIET,
        Reason.HOURS,
    },
    Outcome.WITHHOLD: {
        Reason.RIGHT_LAPSED,
        Reason.QUARANTINED,
        Reason.NOT_CONFIRMED,
        Reason.DECEASED,
        Reason.CONFLICT,
        Reason.MANDATE_ENDED,
        Reason.NOT_CHOSEN,
        Reason.NOT_WANTED,
        Reason.FOR_REPRESENTATIVES,
        Reason.THROUGH_LAWYER,
        Reason.CHANNEL_STOPPED,
    },
}
ASKS_FOR_A_HUMAN = {
    Reason.CALL_CHOSEN,
    Reason.RIGHT_LAPSES,
    Reason.CONFLICT,
    Reason.CONFLICT_DOUBT,
    Reason.DOES_NOT_KNOW,
    Reason.NEVER_ASKED,
    Reason.AGE_UNKNOWN,
    Reason.AUTHORITY_UNCLEAR,
    Reason.CONSENT_MISSING,
    Reason.ADULT_NOW,
    Reason.WISH_ENDED,
    Reason.NO_LAWYER,
    Reason.HARM,
    Reason.UNOPENED,
}


def accounted_for(world: World, decisions: list[Decision]) -> str:
    """T3: each thing that was not told to a recipient stands in exactly one decision for that recipient."""
    everything = {one.id for one in world.findings}
    everything |= {one.id for one in world.events if one.source.value != "safety"}
    for who in world.recipients:
        named = Counter(name for one in decisions if one.recipient == who.id for name in one.items)
        told = {
            name
            for one in world.history
            if one.recipient == who.id and one.state not in LOST
            for name in one.items
        }
        if set(named) != everything - told or set(named.values()) - {1}:
            return f"not each thing stands once for {who.id}"
    return ""


def explained(world: World, decisions: list[Decision], now: datetime) -> str:
    """T11: a reason that fits what is done, and a time when time is the reason."""
    for one in decisions:
        if one.reason not in FITS.get(one.outcome, ASKS_FOR_A_HUMAN):
            return f"{one.outcome.value} because of {one.reason.value}"
        timed = one.reason in (Reason.PAUSED, Reason.HELD_BY_CARE, Reason.HARM)
        if (timed and one.next_at is None) or (one.next_at is not None and one.next_at <= now):
            return f"{one.reason.value} until {one.next_at}"
        spoken = one.channel is not None
        if spoken != (one.detail is not None) or spoken != (one.words is not None):
            return "a contact without words, or words without a contact"
        if one.outcome == Outcome.TELL and not spoken:
            return "told without a channel"
    return ""


def rights_carried(world: World, decisions: list[Decision], now: datetime) -> str:
    """T8: a right that ends, and that the person does not hear of, reaches who stands by."""
    by_thing = {(one.recipient, name): one for one in decisions for name in one.items}
    for event in world.events:
        if event.source.value == "safety" or event.lapses is None or event.lapses <= now:
            continue
        own = by_thing.get((world.person.id, event.id))
        if own is None or own.outcome not in (Outcome.CALL, Outcome.WITHHOLD) or own.channel:
            continue
        for who in world.recipients:
            theirs = by_thing.get((who.id, event.id))
            if theirs and _stands_by(world, who, now) and not theirs.channel and not _may_wait(theirs):
                return f"{who.id} stands by, and is not told of {event.id}"
    return ""


def _may_wait(one: Decision) -> bool:
    return one.reason in (Reason.CHANNEL_STOPPED, Reason.ON_ITS_WAY, Reason.CEILING)


def _stands_by(world: World, who: Recipient, now: datetime) -> bool:
    mandate, day = who.mandate, now.astimezone(world.person.zone).date()
    if not mandate or not mandate.standing or not who.informed or world.life.deceased:
        return False
    return mandate.holds(day) and who.conflict.value == "none"
