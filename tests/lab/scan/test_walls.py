"""The walls around what reads foreign bytes: each is proved from inside; its absence is noticed and said."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from luwte.base.errors import Failure
from luwte.lab.fingerprints.digests import LARGE
from luwte.lab.scan import box, calls, launch, proof, walls
from luwte.lab.scan.crew import Worker
from luwte.lab.scan.launch import Boxed, end, kill
from luwte.lab.scan.reading import Reading
from luwte.lab.scan.walls import NAMES, Walls
from tests.support.children import CHECKOUT, below, confined, lives


@pytest.fixture(scope="module")
def whole() -> Walls:
    """The walls of this machine, if all of them stand here."""
    found = walls.find()
    assert walls.DID_NOT_HOLD not in found.missing.values(), str(found)
    if found.missing:
        pytest.skip(str(found))
    return found


def test_all_walls_stand(whole: Walls) -> None:
    assert str(whole) == (
        "Walls around foreign bytes: limits, no privileges, system-call filter, no network, no other files; "
        "all stand."
    )
    whole.require_all()


def test_the_proof_notices_each_wall_that_is_not_there(whole: Walls) -> None:
    assert walls._tried(whole.bubblewrap, whole.calls) == dict.fromkeys(NAMES, True)
    assert walls._tried("", whole.calls) == {name: name not in ("network", "files") for name in NAMES}
    assert walls._tried(whole.bubblewrap, "") == {name: name != "calls" for name in NAMES}


@pytest.mark.parametrize(
    ("word", "gone"),
    [
        ("--unshare-net", "network"),
        ("--remount-ro", "files"),
    ],
)
def test_the_proof_notices_a_box_with_a_hole(
    word: str, gone: str, whole: Walls, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = box.box(whole.bubblewrap, ())
    at = words.index(word)
    holed = words[:at] + words[at + (2 if word == "--remount-ro" else 1) :]
    monkeypatch.setattr(box, "box", lambda *_: holed)
    assert walls._tried(whole.bubblewrap, whole.calls) == {name: name != gone for name in NAMES}


def test_the_proof_notices_a_home_that_is_shown(
    whole: Walls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter").write_text("private")
    monkeypatch.setenv("HOME", str(tmp_path))
    words = box.box(whole.bubblewrap, ())
    holed = [words[0], "--ro-bind", str(tmp_path), str(tmp_path), *words[1:]]
    monkeypatch.setattr(box, "box", lambda *_: holed)
    held = walls._tried(whole.bubblewrap, whole.calls)
    assert isinstance(held, dict)
    assert not held["files"]


REACHING = {
    "home": "import os; print(os.listdir(HOME))",
    "a password file": "print(open('/etc/passwd').read())",
    "the list of processes": "import os; print(os.listdir('/proc'))",
    "another process": "import os; os.kill(PROCESS, 0); print('there')",
    "a network": "import socket; socket.create_connection(('127.0.0.1', PORT), 5); print('connected')",
    "a file made": "print(open('/tmp/made', 'w'))",
    "a file made beside the code": "import luwte, pathlib; print(open(luwte.__path__[0] + '/made', 'w'))",
    "what lies beside the carrier": "print(open('FOLDER/other.txt').read())",
    "a carrier written": "print(open('FOLDER/disk.raw', 'r+'))",
    "a carrier removed": "import os; os.unlink('FOLDER/disk.raw'); print('gone')",
}


@pytest.mark.parametrize("what", REACHING)
def test_nothing_is_reached_from_a_box(
    what: str, whole: Walls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"  # one of this test's own: the interpreter may lie in the true one
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    (tmp_path / "disk.raw").write_bytes(b"evidence")
    (tmp_path / "other.txt").write_bytes(b"of another case")
    inside = box.box(whole.bubblewrap, [str(tmp_path / "disk.raw")])
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = REACHING[what].replace("FOLDER", str(tmp_path)).replace("HOME", repr(str(home)))
        code = code.replace("PORT", str(server.getsockname()[1])).replace("PROCESS", str(os.getpid()))
        lines = f"try:\n    {code}\nexcept OSError:\n    print('refused')"
        # No filter and no limit on files here: the box must hold by itself.
        assert confined(lines, "", inside=inside, limits=False).stdout == "refused\n"
    assert (tmp_path / "disk.raw").read_bytes() == b"evidence"


def test_a_box_shows_the_carrier_and_what_belongs_to_it(whole: Walls, tmp_path: Path) -> None:
    for name in ("disk.E01", "disk.E02", "disk.raw", "b.E01", "letter.txt"):
        (tmp_path / name).write_bytes(b"x")
    inside = box.box(whole.bubblewrap, [str(tmp_path / "disk.E01")])
    code = f"import os; print(sorted(os.listdir({str(tmp_path)!r})))"
    assert confined(code, "", inside=inside).stdout == f"{['b.E01', 'disk.E01', 'disk.E02', 'disk.raw']}\n"


def test_a_box_shows_a_folder_whole_and_through_a_link(whole: Walls, tmp_path: Path) -> None:
    folder = tmp_path / "true" / "carrier"
    (folder / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "true")
    given = tmp_path / "link" / "carrier"
    inside = box.box(whole.bubblewrap, [str(given), "--verify", "/nothing/here", "31"])
    assert (
        confined(f"import os; print(os.listdir({str(given)!r}))", "", inside=inside).stdout == "['inner']\n"
    )


def test_very_many_files_beside_a_carrier_are_shown_as_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box, "_MOST_BESIDE", 3)
    for number in range(5):
        (tmp_path / f"disk.{number:03}").touch()
    assert box._beside(tmp_path / "disk.001") == [str(tmp_path)]


SLEEPER = "import time\nprint('up', flush=True)\ntime.sleep(3600)"


@pytest.fixture
def sleeper(whole: Walls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that says when it is up, then sleeps."""
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(launch, "standing", lambda: whole)
    return "sleeper"


def status(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def reads_bytes(process: int) -> dict[str, str]:
    """What the kernel says of the one process that reads, which is `process` or in its box."""
    (reads,) = [one for one in map(status, [process, *below(process)]) if one["Name"].startswith("python")]
    return reads


def check_shut_in(process: int) -> None:
    """The filter is on, nothing is to be gained."""
    reads = reads_bytes(process)
    assert (reads["Seccomp"], reads["NoNewPrivs"]) == ("2", "1")
    assert not int(reads["CapEff"], 16) & ~0b110


@pytest.mark.parametrize("in_box", [True, False])
def test_a_worker_is_shut_in_before_a_file_comes(
    in_box: bool, whole: Walls, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = whole if in_box else replace(whole, bubblewrap="")
    monkeypatch.setattr(launch, "standing", lambda: held)
    worker = Worker(30.0)
    try:
        worker.greet()
        check_shut_in(worker._child.pid)
    finally:
        worker.close()


def test_a_worker_that_is_shut_in_may_digest_a_large_file_with_a_thread(whole: Walls) -> None:
    large = os.urandom(1 << 20) * 10
    assert len(large) > LARGE
    worker = Worker(30.0)
    try:
        worker.greet()
        found, _, alive = worker.look(
            large[start : start + (1 << 18)] for start in range(0, len(large), 1 << 18)
        )
        assert alive
        assert found is not None
        assert found.md5 == hashlib.md5(large).digest()
        cores = len(os.sched_getaffinity(0))
        assert int(reads_bytes(worker._child.pid)["Threads"]) == min(2, cores)
    finally:
        worker.close()


@pytest.mark.parametrize("in_box", [True, False])
def test_a_reader_is_shut_in_before_it_opens_the_carrier(
    in_box: bool, whole: Walls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large").write_bytes(bytes(8 << 20))  # more than its pipe holds, so that it waits for us
    held = whole if in_box else replace(whole, bubblewrap="")
    monkeypatch.setattr(launch, "standing", lambda: held)
    with Reading(tmp_path) as reading:
        assert reading.opened().kind == "folder"
        check_shut_in(reading._child.pid)


def test_what_is_launched_sees_its_carrier_and_nothing_else(
    whole: Walls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, case = tmp_path / "code", tmp_path / "case"
    for folder in (code, case):
        folder.mkdir()
    (code / "looks.py").write_text(
        "import os, sys\nbeside = os.path.dirname(sys.argv[1]) + '/../private'\n"
        "print(open(sys.argv[1]).read(), os.path.exists(beside), os.path.exists('/etc/passwd'), "
        "sorted(os.listdir('/dev')))"
    )
    (tmp_path / "private").touch()
    (case / "disk.raw").write_text("evidence")
    monkeypatch.setenv("PYTHONPATH", str(code))
    monkeypatch.setattr(launch, "standing", lambda: whole)
    child = launch.launch("looks", str(case / "disk.raw"))
    assert child.stdout is not None
    said = child.stdout.read().decode()
    end(child)
    assert said == "evidence False False ['null', 'urandom']\n"


def test_a_kill_ends_all_that_is_in_a_box_and_leaves_nothing(sleeper: str) -> None:
    child = launch.launch(sleeper)
    assert isinstance(child, Boxed)
    assert child.stdout is not None
    assert child.stdout.readline() == b"up\n"
    inner = below(child.pid)
    assert inner
    kill(child)
    end(child)
    assert not [process for process in inner if Path(f"/proc/{process}").exists()]


def test_a_box_that_ignores_its_kill_is_ended_by_its_group(
    sleeper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = launch.launch(sleeper)
    monkeypatch.setattr(signal, "pidfd_send_signal", lambda *_: None)
    monkeypatch.setattr(launch, "_PATIENCE", 0.1)
    assert end(child) == -signal.SIGKILL


def test_all_ends_with_the_process_that_started_it(sleeper: str) -> None:
    code = (
        "import os, signal\nfrom luwte.lab.scan.launch import launch\n"
        f"child = launch({sleeper!r})\nassert child.stdout.readline() == b'up\\n'\n"
        "from tests.support.children import below\n"
        "print(*below(os.getpid()), flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False
    )
    inner = [int(word) for word in told.stdout.split()]
    assert len(inner) >= 2, told.stderr
    until = time.monotonic() + 60
    while any(lives(process) for process in inner):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_without_bubblewrap_the_other_walls_stand_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found = walls.find()
    assert found.bubblewrap == ""
    assert found.missing["network"] == found.missing["files"] == "bubblewrap is not installed"
    assert "Missing: no network (bubblewrap is not installed), no other files" in str(found)
    with pytest.raises(Failure, match="--walls any"):
        found.require_all()


def test_a_machine_that_allows_no_name_spaces_is_told_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "bwrap"
    told = "bwrap: Creating new namespace failed: Operation not permitted"
    fake.write_text(f"#!/bin/sh\necho '{told}' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(fake))
    found = walls.find()
    assert found.bubblewrap == ""
    assert found.missing["files"] == told


def test_a_filter_that_the_kernel_refuses_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    number = calls.call_filter().partition(":")[0] if "calls" not in walls.find().missing else "317"
    monkeypatch.setattr(walls, "call_filter", lambda: f"{number}:AAAAAAAAAAA=")
    found = walls.find()
    assert found.calls == ""
    assert found.missing["calls"] == "The filter of system calls could not be loaded"


def test_a_machine_without_libseccomp_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise calls.NoFilter("libseccomp is not installed")

    monkeypatch.setattr(walls, "call_filter", none)
    found = walls.find()
    assert (found.calls, found.missing["calls"]) == ("", "libseccomp is not installed")


def test_where_no_child_starts_at_all_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "command", lambda *_: ["/bin/false"])
    with pytest.raises(Failure, match="No child process starts here"):
        walls.find()


def test_the_walls_are_tried_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "_found", [])
    found: list[Walls] = []

    def find() -> Walls:
        found.append(Walls("", "", {}))
        return found[-1]

    monkeypatch.setattr(walls, "find", find)
    assert [walls.standing(), walls.standing()] == [*found, *found]


def test_the_proof_leaves_nothing_behind(tmp_path: Path) -> None:
    proof._make_in(str(tmp_path))
    assert list(tmp_path.iterdir()) == []
