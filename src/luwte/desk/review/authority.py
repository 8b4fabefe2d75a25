"""What the authority sets: the limits of review, and the floor, of which every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from django.db import transaction

from luwte.base.clock import SystemClock
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.rules import Done
from luwte.desk.review.errors import FloorImpossible, LimitsImpossible
from luwte.desk.review.floors import Floor
from luwte.desk.review.hours import Limits
from luwte.desk.review.models import ReviewFloor, ReviewLimits

NUMBERS = ("from_hour", "to_hour", "minutes_a_day", "items_a_day", "minutes_in_a_row", "pause")
"""The limits that are numbers."""


@dataclass(frozen=True, slots=True)
class Version:
    """The floor that holds; `number` is 0, and nobody set it, while Luwte's own holds."""

    floor: Floor
    number: int = 0
    set_by: str = ""
    since: datetime | None = None


def with_numbers(limits: Limits, said: Mapping[str, int]) -> Limits:
    """Return `limits` with the numbers that `said` names; whether acute work waits is no number."""
    return replace(limits, **{name: said[name] for name in NUMBERS if name in said})  # type: ignore[arg-type]


def check_limits(limits: Limits) -> None:
    """Return when such limits can be kept. Raises `LimitsImpossible`."""
    if not 0 <= limits.from_hour < limits.to_hour <= 24:
        raise LimitsImpossible("Review needs an hour at least: give hours as 9-17, from 0 to 24.")
    numbers = (limits.minutes_a_day, limits.items_a_day, limits.minutes_in_a_row, limits.pause)
    nothing = not limits.minutes_in_a_row or not limits.pause
    if nothing or not all(0 <= number <= 24 * 60 for number in numbers):
        raise LimitsImpossible("A limit is 0 to 1440; minutes in a row and the pause are 1 at least.")


@transaction.atomic
def set_limits(limits: Limits, now: datetime | None = None) -> None:
    """Record what the authority sets; `now`: without it, by the machine's clock.

    Raises `LimitsImpossible`.
    """
    check_limits(limits)
    ReviewLimits.objects.update_or_create(pk=1, defaults=asdict(limits))
    moment = now or SystemClock().now()
    DESK.record_all([Done(Act.LIMITS_SET, actor(), details=asdict(limits))], moment)


def limits() -> Limits:
    """Return what the authority set, or the limits that hold without that."""
    row = ReviewLimits.objects.filter(pk=1).first()
    return Limits(**{one.name: getattr(row, one.name) for one in fields(Limits)}) if row else Limits()


def check_floor(floor: Floor) -> None:
    """Return when such a floor can be kept. Raises `FloorImpossible`."""
    if not 0 <= floor.only <= floor.first <= floor.more <= 1000 or not 0 <= floor.sample <= 1000:
        raise FloorImpossible(
            "A floor is 0 to 1000 per mille, and no higher where more hangs on it: "
            "give --only, --first and --more in rising order."
        )


@transaction.atomic
def set_floor(floor: Floor, by: str, now: datetime) -> Version:
    """Record a new version of the floor and return it; one that says the same as before is none.

    Raises `FloorImpossible`.
    """
    check_floor(floor)
    if not by.strip() or len(by) > 200 or not by.isprintable():
        raise FloorImpossible("A floor is set by somebody. Give --by with a name of 1 to 200 characters.")
    if floor != version().floor:
        row = ReviewFloor.objects.create(**asdict(floor), since=now, set_by=by.strip())
        DESK.record(Act.FLOOR_SET, now, by=actor(), version=row.id)
    return version()


def version() -> Version:
    """Return the version of the floor that holds."""
    row = ReviewFloor.objects.order_by("-id").first()
    if row is None:
        return Version(Floor())
    floor = Floor(**{one.name: getattr(row, one.name) for one in fields(Floor)})
    return Version(floor, row.id, row.set_by, row.since)
