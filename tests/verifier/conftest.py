"""What the tests of the verifier may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.crypto.keyring import KeyRing
from tests.support.desk import make_keys


@pytest.fixture
def ring(home: Path) -> KeyRing:
    """The key ring of a desk in this test's own home."""
    return make_keys(home)
