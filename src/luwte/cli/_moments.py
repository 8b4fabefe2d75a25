"""How commands print a moment."""

from __future__ import annotations

from datetime import UTC, datetime


def minute(moment: datetime) -> str:
    """Return an aware `moment` in UTC, to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
