"""The rules of telling: what may be told to whom now, and the reason for everything that may not.

Plain values in, plain values out: no framework, no clock, no database. Invariants T1 (a wish that holds),
T2 (rhythm and ceiling), T3 (nothing lost), T4 (nothing twice) and T12 (identical or confirmed only).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from luwte.desk.telling.calendar import days_later, due_after
from luwte.desk.telling.values import (
    NEVER_LEFT,
    OPEN,
    Decision,
    Event,
    Finding,
    Limits,
    Outcome,
    Reason,
    Recipient,
    Told,
)
from luwte.desk.wishes.rules import Channel, Detail, Hold, Rhythm, Source, Wish, expired, latest


@dataclass(frozen=True, slots=True)
class _Item:
    id: str
    source: Source
    since: datetime
    tellable: bool


@dataclass(slots=True)
class _File:
    """All that is known of one subject."""

    wishes: list[Wish] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    history: list[Told] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)


def plan(
    wishes: Iterable[Wish],
    findings: Iterable[Finding],
    events: Iterable[Event],
    history: Iterable[Told],
    holds: Iterable[Hold],
    recipients: Sequence[Recipient],
    limits: Limits,
    now: datetime,
) -> list[Decision]:
    """Return the decisions for each of `recipients` at `now`, in their order.

    Every finding and event that was not told to a recipient is in exactly one decision (T3); a recipient
    has at most one decision that tells or asks for a call; one with nothing new has a single decision.
    """
    files = _files(wishes, findings, events, history, holds)
    return [
        decision
        for recipient in recipients
        for decision in _decide(recipient, files[recipient.subject], limits, now)
    ]


def _files(
    wishes: Iterable[Wish],
    findings: Iterable[Finding],
    events: Iterable[Event],
    history: Iterable[Told],
    holds: Iterable[Hold],
) -> defaultdict[str, _File]:
    files: defaultdict[str, _File] = defaultdict(_File)
    for wish in wishes:
        files[wish.subject].wishes.append(wish)
    for finding in findings:
        item = _Item(finding.id, finding.source, finding.registered, finding.tellable)
        files[finding.subject].items.append(item)
    for event in events:
        files[event.subject].items.append(_Item(event.id, event.source, event.at, True))
    for told in history:
        files[told.subject].history.append(told)
    for hold in holds:
        files[hold.subject].holds.append(hold)
    return files


def _decide(recipient: Recipient, file: _File, limits: Limits, now: datetime) -> list[Decision]:
    """T4: what a contact carried that left, or may have left, is out; the rest is sorted by its reason."""
    history = [told for told in file.history if told.recipient == recipient.id]
    told = {item for contact in history if contact.state not in NEVER_LEFT for item in contact.items}
    open_items = sorted(
        (item for item in file.items if item.id not in told), key=lambda item: (item.since, item.id)
    )
    if not open_items:
        return [_nothing(recipient, file)]
    ready, decisions = _sift(recipient, file, history, open_items, limits, now)
    if ready:
        decisions.extend(_tell(recipient, ready))
    return decisions


def _nothing(recipient: Recipient, file: _File) -> Decision:
    """A person who was never asked is called, also when nothing was found yet."""
    if not file.wishes:
        return Decision(recipient.subject, recipient.id, Outcome.CALL, Reason.NEVER_ASKED)
    return Decision(recipient.subject, recipient.id, Outcome.NOTHING, Reason.NOTHING_NEW)


def _sift(
    recipient: Recipient,
    file: _File,
    history: list[Told],
    items: list[_Item],
    limits: Limits,
    now: datetime,
) -> tuple[list[tuple[_Item, Wish]], list[Decision]]:
    """Return what may be told now with the wish that allows it, and a decision for each other reason."""
    ready: list[tuple[_Item, Wish]] = []
    others: defaultdict[tuple[Outcome, Reason, datetime | None], list[str]] = defaultdict(list)
    wishes = {source: latest(file.wishes, source, now) for source in Source}
    obstacles = {
        source: _no_wish(wish, now, recipient.zone)
        or _held(file.holds, now)
        or _not_now(wish, recipient, history, limits, now)
        for source, wish in wishes.items()
    }
    for item in items:
        wish = wishes[item.source]
        obstacle = _not_tellable(item) or obstacles[item.source]
        if obstacle:
            others[obstacle].append(item.id)
        elif wish:
            ready.append((item, wish))
    decisions = [
        Decision(recipient.subject, recipient.id, outcome, reason, tuple(found), next_at=next_at)
        for (outcome, reason, next_at), found in others.items()
    ]
    return ready, decisions


_Obstacle = tuple[Outcome, Reason, datetime | None]


def _not_tellable(item: _Item) -> _Obstacle | None:
    """T12."""
    return None if item.tellable else (Outcome.WITHHOLD, Reason.NOT_CONFIRMED, None)


def _no_wish(wish: Wish | None, now: datetime, zone: ZoneInfo) -> _Obstacle | None:
    """T1."""
    if wish is None:
        return Outcome.CALL, Reason.NEVER_ASKED, None
    if not wish.choice.told:
        return Outcome.WITHHOLD, Reason.NOT_WANTED, None
    if expired(wish, now, zone):
        return Outcome.CALL, Reason.WISH_ENDED, None
    return None


def _held(holds: list[Hold], now: datetime) -> _Obstacle | None:
    """A pause of the person comes before one of a care worker; the last to end says when."""
    standing = [hold for hold in holds if hold.holds(now)]
    if not standing:
        return None
    own = any(hold.by_person for hold in standing)
    return Outcome.WAIT, Reason.PAUSED if own else Reason.HELD_BY_CARE, max(hold.ends for hold in standing)


def _not_now(
    wish: Wish | None, recipient: Recipient, history: list[Told], limits: Limits, now: datetime
) -> _Obstacle | None:
    """T2: the chosen rhythm for each source, the ceiling for all of them; and no channel that fails."""
    if wish is None:
        return None
    if wish.choice.rhythm == Rhythm.ON_REQUEST:
        return Outcome.WAIT, Reason.ONLY_WHEN_ASKED, None
    if wish.choice.channel in recipient.stopped:
        return Outcome.WITHHOLD, Reason.CHANNEL_STOPPED, None
    counted = [told for told in history if not told.asked and told.state not in NEVER_LEFT]
    if any(told.state in OPEN for told in counted):
        return Outcome.WAIT, Reason.ON_ITS_WAY, None
    return _too_soon(wish, recipient.zone, counted, limits, now)


def _too_soon(
    wish: Wish, zone: ZoneInfo, counted: list[Told], limits: Limits, now: datetime
) -> _Obstacle | None:
    same_source = [told.at for told in counted if wish.source in told.sources]
    if same_source:
        due = max(due_after(wish.choice.rhythm, at, zone) for at in same_source)
        if now < due:
            return Outcome.WAIT, Reason.RHYTHM, due
    if counted:
        due = days_later(max(told.at for told in counted), limits.between, zone)
        if now < due:
            return Outcome.WAIT, Reason.CEILING, due
    return None


def _tell(recipient: Recipient, ready: list[tuple[_Item, Wish]]) -> list[Decision]:
    """One contact for all that is ready on the channel of the oldest; another channel waits for the next one.

    Two sources may ask for different levels of detail: each keeps its own when the contact is read, and the
    contact itself carries the lowest.
    """
    channel = ready[0][1].choice.channel
    now = tuple(item.id for item, wish in ready if wish.choice.channel == channel)
    later = tuple(item.id for item, wish in ready if wish.choice.channel != channel)
    levels = list(Detail)
    detail = min(
        (wish.choice.detail for _, wish in ready if wish.choice.channel == channel), key=levels.index
    )
    by_call = channel == Channel.CARE_WORKER
    outcome = Outcome.CALL if by_call else Outcome.TELL
    reason = Reason.CALL_CHOSEN if by_call else Reason.DUE
    told = Decision(recipient.subject, recipient.id, outcome, reason, now, channel, detail)
    if not later:
        return [told]
    return [told, Decision(recipient.subject, recipient.id, Outcome.WAIT, Reason.OTHER_CHANNEL, later)]
