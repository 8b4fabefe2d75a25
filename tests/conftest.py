"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings

from tests.support.triggers import without_triggers

CHECKOUT = Path(__file__).resolve().parent.parent

# No test may depend on how busy the machine is. With CI set, hypothesis sets no deadline by itself.
if not os.environ.get("CI"):
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def tests_may_empty_every_table() -> Iterator[None]:
    """Between tests the tables whose rows stay are emptied as all others are."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def freely(self: BaseDatabaseOperations, statements: list[str]) -> None:
        with without_triggers(self.connection.alias):
            flush(self, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", freely)
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A LUWTE_HOME of this test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LUWTE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def trials() -> Path:
    """The folder with benign photos, carriers and malformed files that may lie beside the checkout."""
    folder = Path(os.environ.get("LUWTE_TRIALS", CHECKOUT.parent / "shared"))
    if not (folder / "carriers").is_dir():
        pytest.skip("the trial folder is not beside this checkout")
    return folder
