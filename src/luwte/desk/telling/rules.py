"""The rules of telling: what may be told to whom now, and the reason for everything that may not.

Plain values in, plain values out: no framework, no clock, no database. The contract is docs/rules.md; the
steps stand in `obstacles`, ages and consent in `ages`, quiet periods and hours in `windows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from luwte.desk.telling.dossier import Item, Obstacle, file
from luwte.desk.telling.looking import next_look, next_looks
from luwte.desk.telling.obstacles import View, right_obstacle, right_would_lapse, view_of_person
from luwte.desk.telling.values import (
    Decision,
    Event,
    Finding,
    Limits,
    Outcome,
    Reason,
    Recipient,
    Told,
)
from luwte.desk.wishes.rules import Channel, Detail, Hold, Quiet, Register, Source, Wish, expired

__all__ = ["next_look", "next_looks", "plan"]

_LEVELS = tuple(Detail)


class _Ready(NamedTuple):
    """An item that may be told now; `right`: a representative hears it because a right would lapse (T8)."""

    item: Item
    wish: Wish | None
    channel: Channel
    right: bool

    @property
    def detail(self) -> Detail:
        return Detail.BANDS if self.right or self.wish is None else self.wish.choice.detail


def plan(
    wishes: Iterable[Wish],
    findings: Iterable[Finding],
    events: Iterable[Event],
    history: Iterable[Told],
    holds: Iterable[Hold | Quiet],
    recipients: Sequence[Recipient],
    limits: Limits,
    now: datetime,
) -> list[Decision]:
    """Return the decisions for each of `recipients` at `now`, in their order.

    Every finding and event that was not told to a recipient is in exactly one decision (T3); a recipient
    has at most one decision with a channel. Raises `ValueError` for a subject without exactly one person.
    """
    dossiers = file(wishes, findings, events, history, holds, recipients, now)
    people: dict[str, View] = {}
    decisions: list[Decision] = []
    for recipient in recipients:
        subject = recipient.subject
        if subject not in people:
            people[subject] = view_of_person(dossiers[subject], limits, now)
        person = people[subject]
        own = recipient is person.recipient
        view = person if own else View(person.dossier, person.circle, recipient, limits, now)
        decisions.extend(_decide(view, person))
    return decisions


def _decide(view: View, person: View) -> list[Decision]:
    """T4: what a contact carried that left, or may have left, is out; the rest is sorted by its reason."""
    items = [item for item in view.dossier.items if item.id not in view.told]
    due = [wish for source, wish in view.covers() if view.of(source) is None]
    if not items:
        return [_nothing(view, due)]
    ready, decisions = _sift(view, person, items)
    if ready:
        decisions.extend(_contact(view, ready, due))
    elif due:
        decisions.append(_cover(view, due))
    return decisions


def _sift(view: View, person: View, items: list[Item]) -> tuple[list[_Ready], list[Decision]]:
    """Return what may be told now, and a decision for each reason why something may not."""
    ready: list[_Ready] = []
    others: defaultdict[Obstacle, list[str]] = defaultdict(list)
    for item in items:
        right = right_would_lapse(view, person, item)
        obstacle = right_obstacle(view) if right else view.verdict(item)
        if obstacle is not None:
            others[obstacle].append(item.id)
        else:
            ready.append(_ready(view, item, right))
    decisions = [_decision(view, obstacle, tuple(found)) for obstacle, found in others.items()]
    return ready, decisions


def _ready(view: View, item: Item, right: bool) -> _Ready:
    wish, mandate = view.dossier.wishes.get(item.source), view.recipient.mandate
    if mandate is not None:
        return _Ready(item, wish, mandate.channel, right)
    return _Ready(item, wish, wish.choice.channel if wish else Channel.PORTAL, right)


def _decision(view: View, obstacle: Obstacle, items: tuple[str, ...] = ()) -> Decision:
    outcome, reason, next_at = obstacle
    return Decision(view.recipient.subject, view.recipient.id, outcome, reason, items, next_at=next_at)


def _contact(view: View, ready: list[_Ready], due: list[Wish]) -> Iterator[Decision]:
    """One contact for all that is ready on the channel of the oldest; another channel waits for the next one.

    Two sources may ask for different levels of detail: each keeps its own when the contact is read, and the
    contact itself carries the lowest.
    """
    first = ready[0]
    together = [one for one in ready if one.channel == first.channel]
    later = tuple(one.item.id for one in ready if one.channel != first.channel)
    outcome, reason = _outcome(together)
    yield Decision(
        view.recipient.subject,
        view.recipient.id,
        outcome,
        reason,
        tuple(one.item.id for one in together),
        first.channel,
        min((one.detail for one in together), key=_LEVELS.index),
        words=first.wish.choice.words if first.wish else Register.DUTCH,
        sources=frozenset(one.item.source for one in together) | _sources(due, first.channel),
    )
    if later:
        yield _decision(view, Obstacle(Outcome.WAIT, Reason.OTHER_CHANNEL), later)


def _outcome(together: list[_Ready]) -> tuple[Outcome, Reason]:
    by_call = together[0].channel == Channel.CARE_WORKER
    outcome = Outcome.CALL if by_call else Outcome.TELL
    if all(one.right for one in together):
        return outcome, Reason.RIGHT_LAPSES
    return outcome, Reason.CALL_CHOSEN if by_call else Reason.DUE


def _nothing(view: View, due: list[Wish]) -> Decision:
    """With nothing open, a human may still have something to ask, or a cover may be due."""
    found = _to_ask(view) if view.is_person else None
    if found is not None:
        return _decision(view, found)
    if due:
        return _cover(view, due)
    return _decision(view, Obstacle(Outcome.NOTHING, Reason.NOTHING_NEW))


def _to_ask(view: View) -> Obstacle | None:
    if view.circle.life.deceased:
        return Obstacle(Outcome.WITHHOLD, Reason.DECEASED)
    if not view.recipient.informed:
        return Obstacle(Outcome.CALL, Reason.DOES_NOT_KNOW)
    if not view.dossier.given:
        return Obstacle(Outcome.CALL, Reason.NEVER_ASKED)
    for wish in view.dossier.wishes.values():
        if wish.choice.told and (reason := _to_ask_about(view, wish)):
            return Obstacle(Outcome.CALL, reason)
    return None


def _to_ask_about(view: View, wish: Wish) -> Reason | None:
    ended = expired(wish, view.now, view.recipient.zone)
    return view.circle.obstacle(wish) or (Reason.WISH_ENDED if ended else None)


def _cover(view: View, due: list[Wish]) -> Decision:
    """One contact without news, on the channel of the first source whose turn it is."""
    choice = due[0].choice
    return Decision(
        view.recipient.subject,
        view.recipient.id,
        Outcome.TELL,
        Reason.COVER,
        channel=choice.channel,
        detail=Detail.SOMETHING,
        words=choice.words,
        sources=_sources(due, choice.channel),
    )


def _sources(due: list[Wish], channel: Channel) -> frozenset[Source]:
    return frozenset(wish.source for wish in due if wish.choice.channel == channel)
