"""The clock gives aware moments, and a manual one moves only when told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from luwte.base.clock import ManualClock, SystemClock


def test_the_system_clock_is_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_manual_clock_moves_when_told() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    clock.advance(timedelta(days=1))
    assert clock.now() == datetime(2026, 1, 2, tzinfo=UTC)
