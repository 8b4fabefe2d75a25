"""The clock of the pages: one for all, so that a test can put another in its place."""

from __future__ import annotations

from datetime import datetime

from luwte.base.clock import Clock, SystemClock

clock: Clock = SystemClock()


def now() -> datetime:
    """Return the present moment in UTC."""
    return clock.now()
