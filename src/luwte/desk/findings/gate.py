"""The gate of the register: what changes it goes in one after the other."""

from __future__ import annotations

from luwte.desk.findings.models import Gate


def enter() -> None:
    """Wait until nobody else is inside, until the transaction of the caller ends. Only inside one."""
    Gate.objects.get_or_create(pk=1)
    Gate.objects.select_for_update().get(pk=1)
