"""T14: case-safety events (a release, an escape), tried again until the person confirms. Pure.

A machine of its own: no rhythm, ceiling or quiet period holds here, and no finding can enter it, since an
`Alert` is made of an event of the source `safety` alone. Only the person is reached by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from luwte.desk.telling.ages import Circle, Stage
from luwte.desk.telling.values import Conflict, Event, Ladder, Reason, Recipient
from luwte.desk.wishes.rules import Channel, Hold, HoldKind, Source, Wish, expired

EVERY = timedelta(minutes=30)
MOST = 48
"""Attempts at most: a whole day."""

ALONE = 2
"""After so many attempts a care worker is asked too."""

_BY_HUMAN = {Channel.CARE_WORKER: Reason.CALL_CHOSEN, Channel.LAWYER: Reason.THROUGH_LAWYER}
_PAUSES = {
    HoldKind.HARM: Reason.HARM,
    HoldKind.PERSON: Reason.PAUSED,
    HoldKind.CARE: Reason.HELD_BY_CARE,
}


class Act(StrEnum):
    """What to do with an alert."""

    SEND = "send"
    WAIT = "wait"
    HUMAN = "human"
    WITHHOLD = "withhold"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Alert:
    """An event of safety on its way to the person. Raises `ValueError` for an event of another source.

    `attempts`: how many were begun, the last at `last`; `failed`: the channel said that the last did not
    arrive. `confirmed`: when the person confirmed.
    """

    event: Event
    attempts: int = 0
    last: datetime | None = None
    failed: bool = False
    confirmed: datetime | None = None

    def __post_init__(self) -> None:
        if self.event.source != Source.SAFETY:
            raise ValueError("An alert is made of an event of safety alone.")


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now or, when it waits, at `at`, and why; `care`: a care worker is asked as well."""

    act: Act
    at: datetime
    reason: Reason
    care: bool = False


def next_step(
    alert: Alert,
    wish: Wish | None,
    holds: Iterable[Hold],
    recipient: Recipient,
    now: datetime,
    ladder: Ladder | None = None,
) -> Step:
    """Return the next step of `alert`; `wish` is the latest of the person for the source `safety`."""
    if alert.confirmed is not None:
        return Step(Act.DONE, now, Reason.NOTHING_NEW)
    reason = _for_a_human(wish, holds, recipient, now, ladder or Ladder())
    if reason == Reason.NOT_WANTED:
        return Step(Act.WITHHOLD, now, reason)
    if reason is not None or wish is None:
        return Step(Act.HUMAN, now, reason or Reason.NEVER_ASKED, care=True)
    return _attempt(alert, wish.choice.channel, recipient, now)


def _for_a_human(
    wish: Wish | None, holds: Iterable[Hold], recipient: Recipient, now: datetime, ladder: Ladder
) -> Reason | None:
    """Return why the machine may not send it, in the order of docs/rules.md, or None."""
    if recipient.life is None or recipient.life.deceased:
        return Reason.DECEASED
    if recipient.conflict != Conflict.NONE:
        return Reason.CONFLICT if recipient.conflict == Conflict.CERTAIN else Reason.CONFLICT_DOUBT
    if not recipient.informed:
        return Reason.DOES_NOT_KNOW
    if wish is None:
        return Reason.NEVER_ASKED
    if not wish.choice.told:
        return Reason.NOT_WANTED
    return _not_alone(wish, recipient, now, ladder) or _not_now(wish, holds, recipient, now)


def _not_alone(wish: Wish, recipient: Recipient, now: datetime, ladder: Ladder) -> Reason | None:
    """Below the age at which someone chooses alone, a human decides."""
    circle = Circle(recipient, (), ladder, now)
    if circle.stage is not None and circle.stage <= Stage.BOTH:
        return Reason.FOR_REPRESENTATIVES
    return circle.obstacle(wish)


def _not_now(wish: Wish, holds: Iterable[Hold], recipient: Recipient, now: datetime) -> Reason | None:
    if expired(wish, now, recipient.zone):
        return Reason.WISH_ENDED
    kinds = {hold.kind for hold in holds if hold.holds(now)}
    return next((reason for kind, reason in _PAUSES.items() if kind in kinds), None)


def _attempt(alert: Alert, channel: Channel, recipient: Recipient, now: datetime) -> Step:
    if channel in _BY_HUMAN:
        return Step(Act.HUMAN, now, _BY_HUMAN[channel], care=True)
    if channel in recipient.stopped:
        return Step(Act.HUMAN, now, Reason.CHANNEL_STOPPED, care=True)
    if alert.attempts >= MOST:
        return Step(Act.HUMAN, now, Reason.UNOPENED, care=True)
    care = alert.failed or alert.attempts >= ALONE
    due = now if alert.last is None else alert.last + EVERY
    if due > now:
        return Step(Act.WAIT, due, Reason.ON_ITS_WAY, care)
    return Step(Act.SEND, now, Reason.DUE, care)
