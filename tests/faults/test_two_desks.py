"""Two desks started on one database: set up at once, told at once, served at once, set up while served."""

from __future__ import annotations

import shutil
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from luwte.base.ids import new_id
from luwte.desk.project.databases import ENVIRONMENT
from tests.faults.conftest import Desk
from tests.support.postgres import Cluster
from tests.support.worlds import Process

PAGE = "/staff/sign-in/"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Process:
    """A desk that nobody set up yet."""
    if request.param == "sqlite":
        return Process(tmp_path / "home")
    cluster: Cluster = request.getfixturevalue("postgres")
    names = {name: f"{alias}_{new_id()[:8]}" for alias, name in ENVIRONMENT.items()}
    return Process(tmp_path / "home", {name: cluster.create(database) for name, database in names.items()})


def test_two_that_set_up_at_once_make_one_desk(empty: Process) -> None:
    both = [empty.started("desk", "init") for _ in range(2)]
    answers = [process.communicate(timeout=240) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    noor = empty("desk", "person", "add", "Noor").strip()
    assert noor in empty("desk", "person", "list")


@pytest.mark.postgres
def test_two_machines_that_set_up_one_database_have_one_key_ring(postgres: Cluster, tmp_path: Path) -> None:
    given = {name: postgres.create(f"{alias}_{new_id()[:8]}") for alias, name in ENVIRONMENT.items()}
    one, other = Process(tmp_path / "one", given), Process(tmp_path / "other", given)
    both = [process.started("desk", "init") for process in (one, other)]
    ends = [(process.communicate(timeout=240)[1], process.returncode) for process in both]
    assert sorted(code for _, code in ends) == [0, 2], ends
    first, second = (one, other) if ends[0][1] == 0 else (other, one)
    assert "its key ring" in "".join(said for said, _ in ends)
    shutil.copy(first.home / "desk" / "keys.json", second.home / "desk" / "keys.json")
    assert second.ended("desk", "init").returncode == 0
    noor = first("desk", "person", "add", "Noor").strip()
    assert f"{noor}  Noor" in second("desk", "person", "list")


@pytest.mark.postgres
def test_keys_of_another_vault_are_refused(postgres: Cluster, tmp_path: Path) -> None:
    given = {name: postgres.create(f"{alias}_{new_id()[:8]}") for alias, name in ENVIRONMENT.items()}
    Process(tmp_path / "one", given)("desk", "init")
    elsewhere = Process(tmp_path / "elsewhere")
    elsewhere("desk", "init")
    done = Process(elsewhere.home, given).ended("desk", "init")
    assert (done.returncode, "not the one that this vault was set up with" in done.stderr) == (2, True)


def test_two_rounds_of_telling_at_once_send_nothing_twice(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    desk.run("intake", {})
    both = [desk.start("tell", {"mails": str(desk.mails), "hours": 1}) for _ in range(2)]
    answers = [process.communicate(timeout=240) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert sorted(line["sent"] for line in desk.sent()) == ["email@example.org", "withdrawn@example.org"]


def test_two_that_serve_one_desk_and_one_that_sets_up_meanwhile(empty: Process) -> None:
    empty("desk", "init")
    with served(empty) as one, served(empty) as other:
        for port in (one, other):
            assert answers(port) == 200
        empty("desk", "init")
        empty("desk", "staff", "add", "wim")
        for port in (one, other):
            assert answers(port) == 200
        taken = empty.ended("desk", "serve", "--port", str(one))
        assert (taken.returncode, "Choose another" in taken.stderr) == (2, True)


@contextmanager
def served(desk: Process) -> Iterator[int]:
    """Serve a desk in a process of its own; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = desk.started("desk", "serve", "--port", str(port), "--workers", "1")
    try:
        assert process.stdout is not None
        assert f":{port}/" in process.stdout.readline()
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
        assert "Traceback" not in error


def answers(port: int) -> int:
    """Return the status of a page; the address is free to use a moment before the workers answer."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{PAGE}", timeout=60) as found:
                return int(found.status)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the desk does not answer")
