"""When the planner must look at whom. A row is due until the decisions that follow from it are recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from luwte.desk.telling.models import Agenda

SHORTEST = timedelta(seconds=1)


def look_again(subjects: Iterable[str], now: datetime) -> None:
    """Let the planner look at `subjects` as soon as it can. In the transaction of what changed.

    Rows are taken in one order, so that two transactions never wait for each other.
    """
    rows = [Agenda(subject=subject, look_at=now) for subject in sorted(set(subjects))]
    if rows:
        Agenda.objects.bulk_create(
            rows, update_conflicts=True, update_fields=["look_at"], unique_fields=["subject"]
        )


def due(now: datetime, limit: int) -> list[str]:
    """Return at most `limit` subjects whose time has come, in order."""
    rows = Agenda.objects.filter(look_at__lte=now).order_by("look_at", "subject")
    return sorted(rows.values_list("subject", flat=True)[:limit])


def still_due(subjects: Iterable[str], now: datetime) -> list[str]:
    """Return those of `subjects` that nobody looked at meanwhile."""
    rows = Agenda.objects.filter(subject__in=list(subjects), look_at__lte=now)
    return sorted(rows.values_list("subject", flat=True))


def looked(next_looks: Mapping[str, datetime | None], now: datetime) -> None:
    """Record when to look at each subject again (None: when something changes), always later than `now`."""
    never = [subject for subject, at in next_looks.items() if at is None]
    Agenda.objects.filter(subject__in=never).delete()
    rows = [
        Agenda(subject=subject, look_at=max(at, now + SHORTEST))
        for subject, at in sorted(next_looks.items())
        if at is not None
    ]
    if rows:
        Agenda.objects.bulk_create(
            rows, update_conflicts=True, update_fields=["look_at"], unique_fields=["subject"]
        )
