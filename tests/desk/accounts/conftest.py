"""Passwords are hashed with little work where the work is not what a test is about."""

from __future__ import annotations

import pytest

from luwte.desk.accounts.hashing import Argon2id


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Argon2 take a moment instead of a fifth of a second."""
    for name, value in (("time_cost", 1), ("memory_cost", 64), ("parallelism", 1)):
        monkeypatch.setattr(Argon2id, name, value)
