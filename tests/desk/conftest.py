"""What every test of the desk may ask for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from luwte.base.clock import ManualClock
from luwte.crypto.keyring import KeyRing
from luwte.desk.accounts.hashing import Argon2id
from luwte.desk.pages import moment
from tests.support.desk import NOON, make_keys
from tests.support.words import sign_all


@pytest.fixture
def ring(home: Path) -> KeyRing:
    """The key ring of a desk in this test's own home."""
    return make_keys(home)


@pytest.fixture
def signed(db: None) -> None:
    """Two invented people signed every text that leaves the desk."""
    sign_all(NOON)


@pytest.fixture
def clock(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """The clock of the pages, a minute after the moment at which the tests tell people."""
    found = ManualClock(NOON + timedelta(minutes=1))
    monkeypatch.setattr(moment, "clock", found)
    return found


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Argon2 take a moment instead of a fifth of a second."""
    for name, value in (("time_cost", 1), ("memory_cost", 64), ("parallelism", 1)):
        monkeypatch.setattr(Argon2id, name, value)
