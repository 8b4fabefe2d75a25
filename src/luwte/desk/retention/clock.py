"""Whether the clock can be right: deleting by a wrong one cannot be taken back."""

from __future__ import annotations

from datetime import date, datetime

from luwte.desk.retention.rules import check_clock
from luwte.desk.retention.taking import PEOPLE, REGISTER


def newest_act() -> datetime | None:
    """Return the time of the newest act in either record, None when there is none."""
    times = [
        book.log.leaf.objects.order_by("-at").values_list("at", flat=True).first()
        for book in (REGISTER, PEOPLE)
    ]
    return max((at for at in times if at is not None), default=None)


def check(now: datetime, today: date | None) -> None:
    """Raise `ClockWrong` when `now` is before the newest act, or far after it without `today`."""
    check_clock(now, newest_act(), today)
