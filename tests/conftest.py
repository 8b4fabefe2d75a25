"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import override_settings
from hypothesis import settings

from tests.support import on_postgresql
from tests.support.postgres import MISSING, SHARED, Cluster, installed, started
from tests.support.token import soft_token
from tests.support.triggers import without_triggers

__all__ = ["soft_token"]
"""Fixtures that are there once for all tests: a module that imported them would have one of its own."""

CHECKOUT = Path(__file__).resolve().parent.parent

# No test may depend on how busy the machine is. With CI set, hypothesis sets no deadline by itself.
if not os.environ.get("CI"):
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "the database of the desk; on postgresql only tests that touch it run"
    parser.addoption("--on", choices=("sqlite", "postgresql"), default="sqlite", help=help_)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--on") == "postgresql":
        on_postgresql.begin(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--on") == "postgresql":
        left = [item for item in items if not on_postgresql.chosen(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if on_postgresql.chosen(item)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A throw-away PostgreSQL server; without one installed this fails under CI and skips elsewhere."""
    if shared := os.environ.get(SHARED):
        yield Cluster(Path(shared))
        return
    if not installed():
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with started() as cluster:
        yield cluster


@pytest.fixture(scope="session", autouse=True)
def answers_wait_for_no_step() -> Iterator[None]:
    """What an onlooker sees is tested where it is made, and measured in the bench."""
    with override_settings(ANSWER_SECONDS=0, PAGE_SECONDS=0):
        yield


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


@pytest.fixture(autouse=True)
def databases_of_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On PostgreSQL a test that starts processes of the desk (marker `desk`) has two databases for them."""
    marked = request.node.get_closest_marker("desk") is not None
    if not marked or request.config.getoption("--on") != "postgresql":
        yield
        return
    with on_postgresql.databases_of_its_own() as variables:
        for name, address in variables.items():
            monkeypatch.setenv(name, address)
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
