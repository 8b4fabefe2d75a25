"""How old the newest backup is, by the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.core.checks import CheckMessage

from luwte.base.clock import SystemClock
from luwte.desk.audit.acts import Act
from luwte.desk.project.checks import Check, finding
from luwte.desk.project.checks.record import logs

MADE = Act.BACKUP_WRITTEN.value
OLDEST = timedelta(hours=26)


def a_backup_is_made_each_day() -> Iterator[CheckMessage]:
    """The record says of what moment the last one is that was written whole; the vault's world has none."""
    record = next((log for log in logs() if log.name == "desk"), None)
    if record is None:
        return
    newest = record.leaf.objects.filter(act=MADE).order_by("-at").values_list("at", flat=True).first()
    if newest is None or SystemClock().now() - newest > OLDEST:
        since = f"is of {newest:%Y-%m-%d}" if newest else "was never made"
        yield finding(
            "backup.age",
            f"The newest backup {since}.",
            "Make one each day, and try to restore one now and then.",
        )


CHECKS: tuple[Check, ...] = (a_backup_is_made_each_day,)
