"""What a person chose and what holds now, from wishes and pauses alone: no finding plays a part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from luwte.desk.telling.models import StoppedChannel
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Hold, HoldKind, Source, Wish, expired, latest


@dataclass(frozen=True, slots=True)
class Standing:
    """The wish that stands, whether its last day is over or its way is stopped, the pause that is on, and
    whether one after a sign of harm is."""

    wish: Wish | None
    ended: bool
    channel_stopped: bool
    pause: Hold | None
    harm: bool


def standing(subject: str, now: datetime) -> Standing:
    """Return what holds for `subject` at `now`, in the active time zone; the one source today is the case."""
    wish = latest(wishes.wishes([subject]), Source.CASE, now)
    on = [hold for hold in wishes.holds([subject]) if hold.holds(now)]
    own = [hold for hold in on if hold.by_person]
    stopped = StoppedChannel.objects.filter(subject=subject, solved=None).values_list("channel", flat=True)
    return Standing(
        wish,
        wish is not None and expired(wish, now, timezone.get_current_timezone()),
        wish is not None and wish.choice.told and wish.choice.channel in set(stopped),
        max(own or on, key=lambda hold: hold.ends, default=None),
        any(hold.kind == HoldKind.HARM for hold in on),
    )
