"""What a person may change here alone (T10): pages change and stop what holds, they never begin telling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from luwte.desk.telling.ages import Circle, Stage
from luwte.desk.telling.facts import LIMITS, Known
from luwte.desk.telling.recipients import recipients_of
from luwte.desk.telling.values import Recipient
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON, Channel, Source, Wish, expired, latest


class Leave(StrEnum):
    """Anything may be changed; only less may be chosen, for others chose it too; or a talk comes first."""

    ANY = "any"
    LESS = "less"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a source, how far the person may change it here, and by which ways they can be reached.

    `acting`: the parties whose mandate holds today.
    """

    source: Source
    wish: Wish | None
    leave: Leave
    ways: frozenset[Channel] = frozenset()
    acting: frozenset[str] = frozenset()


def settings(subject: str, now: datetime) -> list[Setting]:
    """Return the setting of each source, in their order."""
    known = Known.behind(subject)
    around = recipients_of(known.found, [subject], known.ways)
    person = next(one for one in around if one.id == PERSON)
    circle, given = Circle(person, around, LIMITS.ladder, now), wishes.wishes([subject])
    acting = [one for one in around if one.mandate and one.mandate.holds(circle.day)]
    return [
        Setting(
            source,
            wish,
            _leave(wish, circle, now),
            _ways(person, circle),
            frozenset(one.id for one in acting),
        )
        for source in Source
        for wish in [latest(given, source, now)]
    ]


def _leave(wish: Wish | None, circle: Circle, now: datetime) -> Leave:
    """A wish that does not count today would begin to count when it is set anew: that takes a talk."""
    if wish is None or not wish.choice.told or expired(wish, now, circle.person.zone):
        return Leave.TALK
    if circle.obstacle(wish) is not None:
        return Leave.TALK
    return Leave.ANY if circle.stage in (Stage.ALONE, Stage.ADULT) else Leave.LESS


def _ways(person: Recipient, circle: Circle) -> frozenset[Channel]:
    return frozenset(Channel) - person.stopped - (frozenset() if circle.has_lawyer() else {Channel.LAWYER})
