"""Files are replaced whole or not at all."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from luwte.base.errors import Failure
from luwte.base.files import make_folder, replacing, write_bytes, write_failure


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
