"""Acts in a log."""

from __future__ import annotations

from django.db import transaction

from luwte.desk.audit.acts import Act
from luwte.desk.audit.log import Log
from tests.support.desk import NOON


def acts(log: Log, count: int) -> None:
    """Record so many acts, in one transaction."""
    with transaction.atomic(using=log.using):
        for number in range(count):
            log.record(Act.DECIDED, NOON, by="telling", about=f"{number:032x}")
