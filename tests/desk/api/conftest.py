"""What every test of the interface may ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from luwte.base.clock import ManualClock
from tests.support.interface import Machine, Served, serving
from tests.support.worlds import Process

CASEWORK = ["luwte.desk.project.logs.Traced", "luwte.desk.api.middleware.Answers"]


@pytest.fixture
def machine(clock: ManualClock, settings: Settings) -> Machine:
    """A machine that asks the interface in this process, as one of casework serves it."""
    settings.MIDDLEWARE = CASEWORK
    settings.ROOT_URLCONF = "luwte.desk.api.urls"
    return Machine()


@pytest.fixture(scope="package")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a desk that was set up, to be copied."""
    home = tmp_path_factory.mktemp("set-up") / "home"
    Process(home)("desk", "init")
    return home


@pytest.fixture
def own_home(set_up: Path, home: Path) -> Path:
    """A home of this test's own, LUWTE_HOME too, with a desk that was set up."""
    shutil.copytree(set_up, home)
    return home


@pytest.fixture
def served(own_home: Path) -> Iterator[Served]:
    """The interface, served by a process of casework."""
    with serving(own_home) as found:
        yield found
