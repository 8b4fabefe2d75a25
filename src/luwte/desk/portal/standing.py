"""What a person chose and what holds now, from wishes and pauses alone: no finding plays a part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from luwte.desk.telling.models import StoppedChannel
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON, Hold, HoldKind, Quiet, Source, Wish, expired, latest


@dataclass(frozen=True, slots=True)
class Chosen:
    """The wish that stands for a source, whether its last day is over or its way is stopped."""

    wish: Wish
    ended: bool
    channel_stopped: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What was chosen for each source, the quiet periods, the pause that is on, and whether one after a
    sign of harm is."""

    chosen: tuple[Chosen, ...]
    quiets: tuple[Quiet, ...]
    pause: Hold | None
    harm: bool

    @property
    def told(self) -> bool:
        """Whether there is a source of which the person wants to hear."""
        return any(one.wish.choice.told for one in self.chosen)


def standing(subject: str, now: datetime) -> Standing:
    """Return what holds for `subject` at `now`, in the active time zone."""
    on = [hold for hold in wishes.holds([subject]) if hold.holds(now)]
    own = [hold for hold in on if hold.by_person]
    return Standing(
        _chosen(subject, now),
        tuple(quiet for _, quiet in wishes.quiet_periods(subject) if not over(quiet, now)),
        max(own or on, key=lambda hold: hold.ends, default=None),
        any(hold.kind == HoldKind.HARM for hold in on),
    )


def _chosen(subject: str, now: datetime) -> tuple[Chosen, ...]:
    stopped = set(
        StoppedChannel.objects.filter(subject=subject, recipient=PERSON, solved=None).values_list(
            "channel", flat=True
        )
    )
    given, zone = wishes.wishes([subject]), timezone.get_current_timezone()
    newest = [wish for source in Source if (wish := latest(given, source, now)) is not None]
    return tuple(
        Chosen(wish, expired(wish, now, zone), wish.choice.told and wish.choice.channel in stopped)
        for wish in newest
    )


def over(quiet: Quiet, now: datetime) -> bool:
    """Return whether the last day of `quiet` is over, in the active time zone."""
    return not quiet.yearly and quiet.last < timezone.localdate(now)
