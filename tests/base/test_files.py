"""Files are replaced whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from luwte.base.errors import BadInput, Failure
from luwte.base.files import (
    check_writable,
    make_folder,
    open_plain,
    remove_leftovers,
    replacing,
    write_bytes,
    write_failure,
)


def test_a_plain_file_is_opened_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"good")
    (tmp_path / "b").symlink_to("a")
    with open_plain(tmp_path / "b") as file:
        assert (file.read(), file.seek(1), file.read()) == (b"good", 1, b"ood")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("make", [pipe, listener, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_refused_and_not_waited_on(
    tmp_path: Path, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    make(Path("a"))
    for disk in (False, True):
        with pytest.raises(BadInput, match=r"^a is a pipe, a socket or a device, not a file\. Save"):
            open_plain(Path("a"), disk=disk)


def test_only_who_asks_for_it_may_open_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "disk").touch()
    kind = os.stat_result((stat.S_IFBLK, *[0] * 9))
    monkeypatch.setattr(os, "fstat", lambda _: kind)
    with pytest.raises(BadInput, match="is a pipe, a socket or a device"):
        open_plain(tmp_path / "disk")
    open_plain(tmp_path / "disk", disk=True).close()


def test_a_folder_and_a_missing_file_are_what_open_says(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        open_plain(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_plain(tmp_path / "gone")


def test_write_bytes_replaces_and_is_private(tmp_path: Path) -> None:
    target = tmp_path / "a"
    write_bytes(target, b"old")
    write_bytes(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_an_error_leaves_the_good_file_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "a"
    write_bytes(target, b"good")
    with pytest.raises(ValueError, match="half"), replacing(target) as file:
        file.write(b"bad")
        raise ValueError("half")
    assert target.read_bytes() == b"good"
    assert list(tmp_path.iterdir()) == [target]


def test_a_kill_leaves_the_good_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    write_bytes(target, b"good")
    script = (
        "import os, signal, sys; from pathlib import Path; from luwte.base.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as file:\n"
        "    file.write(b'bad'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", script, str(target)], check=False)
    assert died.returncode == -9
    assert target.read_bytes() == b"good"
    assert len(list(tmp_path.iterdir())) == 2
    remove_leftovers(target)
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_written_now_and_what_is_not_ours_is_no_leftover(tmp_path: Path) -> None:
    kept = {".a.original", ".a.abcdefghi.partial", ".b.abcdefgh.partial", "a.abcdefgh.partial"}
    for name in (*kept, ".a.abcdefgh.partial"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".a.link0000.partial").symlink_to("b")
    with replacing(tmp_path / "a") as file:
        file.write(b"new")
        remove_leftovers(tmp_path / "a")
    remove_leftovers(tmp_path / "none" / "a")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert {found.name for found in tmp_path.iterdir()} == {*kept, "a", ".a.link0000.partial"}


def test_a_file_that_is_taken_for_a_leftover_before_it_is_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_lock, taken = fcntl.flock, list[Path]()

    def lock(handle: int, how: int) -> None:
        if how == fcntl.LOCK_EX and not taken:
            taken.extend(tmp_path.iterdir())
            taken[0].unlink()
        true_lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", lock)
    write_bytes(tmp_path / "a", b"new")
    assert ([found.name for found in tmp_path.iterdir()], len(taken)) == (["a"], 1)


def test_whether_a_file_can_be_written_is_said_beforehand_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"good")
    check_writable(tmp_path / "a")
    check_writable(tmp_path / "b")
    assert [(found.name, found.read_bytes()) for found in tmp_path.iterdir()] == [("a", b"good")]
    for path in (tmp_path, tmp_path / "none" / "c", Path("/proc/luwte")):
        with pytest.raises(Failure, match="could not be written"):
            check_writable(path)
    pipe(tmp_path / "p")
    with pytest.raises(BadInput, match="is a pipe"):
        check_writable(tmp_path / "p")


def test_a_full_disk_is_said_and_keeps_the_good_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    write_bytes(target, b"good")
    with pytest.raises(Failure, match="disk is full"), replacing(target) as file:
        file.write(b"bad")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert target.read_bytes() == b"good"


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(Failure, match="could not be written"):
        make_folder(tmp_path / "a" / "b")


def test_the_sentence_names_the_path() -> None:
    assert "/x/y" in str(write_failure(Path("/x/y"), PermissionError(errno.EACCES, "Permission denied")))


@pytest.mark.parametrize("make", [pipe, listener, lambda path: path.symlink_to("/dev/null")])
def test_a_pipe_a_socket_or_a_device_is_not_replaced(
    tmp_path: Path, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("a"))
    before = os.lstat("a")
    with pytest.raises(BadInput, match=r"^a is a pipe, a socket or a device, not a file\. Give"):
        write_bytes(Path("a"), b"new")
    assert (os.lstat("a"), [*Path().iterdir()]) == (before, [Path("a")])
