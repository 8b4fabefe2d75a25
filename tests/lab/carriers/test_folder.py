"""A folder as a carrier: plain files only, each once, whatever else lies there."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.lab.carriers import Problem, Unreadable, open_carrier
from tests.support import images

TREE = {"a.jpg": b"a" * 3_000_000, "inner/b.jpg": b"b", "inner/empty": b""}


def test_every_plain_file_is_read(tmp_path: Path) -> None:
    images.write_tree(tmp_path, TREE)
    assert images.read_all(tmp_path) == images.expected(TREE)
    with open_carrier(tmp_path) as carrier:
        assert (carrier.kind, carrier.size, carrier.file_systems) == ("folder", 3_000_001, [])
        assert carrier.problems == []


def test_links_are_not_followed_and_loops_end(tmp_path: Path) -> None:
    images.write_tree(tmp_path / "top", TREE)
    (tmp_path / "secret.jpg").write_bytes(b"elsewhere")
    (tmp_path / "top" / "loop").symlink_to(tmp_path / "top", target_is_directory=True)
    (tmp_path / "top" / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    with open_carrier(tmp_path / "top") as carrier:
        assert sorted(file.path for file in carrier.files()) == sorted(TREE)
        assert carrier.problems == [Problem("a symbolic link was not followed", 2)]


def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.jpg"))
        with open_carrier(tmp_path) as carrier:
            assert list(carrier.files()) == []
            assert carrier.problems == [Problem("a pipe, socket or device was not read", 2)]


def test_a_file_that_became_a_pipe_is_not_waited_on(tmp_path: Path) -> None:
    images.write_tree(tmp_path, {"a.jpg": b"a"})
    with open_carrier(tmp_path) as carrier:
        (file,) = carrier.files()
        (tmp_path / "a.jpg").unlink()
        os.mkfifo(tmp_path / "a.jpg")
        with pytest.raises(Unreadable, match="no longer a plain file"):
            list(file.chunks())


def test_a_file_that_went_or_shrank_is_unreadable_and_one_that_grew_is_cut(tmp_path: Path) -> None:
    images.write_tree(tmp_path, {"gone": b"1", "grew": b"12", "shrank": b"123"})
    with open_carrier(tmp_path) as carrier:
        gone, grew, shrank = carrier.files()
        (tmp_path / "gone").unlink()
        (tmp_path / "grew").write_bytes(b"12345")
        (tmp_path / "shrank").write_bytes(b"1")
        with pytest.raises(Unreadable, match="No such file"):
            list(gone.chunks())
        assert list(grew.chunks()) == [b"12"]
        with pytest.raises(Unreadable, match="became shorter"):
            list(shrank.chunks())


def test_odd_names_are_printable(tmp_path: Path) -> None:
    for name in (b"new\nline", b"\xff.jpg", b"\x1b[2J"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name)
    with open_carrier(tmp_path) as carrier:
        files = list(carrier.files())
        assert {file.path for file in files} == {"new\\x0aline", "\\xff.jpg", "\\x1b[2J"}
        assert {b"".join(file.chunks()) for file in files} == {b"new\nline", b"\xff.jpg", b"\x1b[2J"}


def test_a_missing_path_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        BadInput, match=r"none cannot be opened \(No such file or directory\)\. Check the path"
    ):
        open_carrier(tmp_path / "none")


def test_a_folder_that_goes_while_it_is_walked_is_a_problem(tmp_path: Path) -> None:
    images.write_tree(tmp_path, {"a/a": b"a", "b/c": b"c"})
    with open_carrier(tmp_path) as carrier:
        files = carrier.files()
        assert next(files).path == "a/a"
        (tmp_path / "b" / "c").unlink()
        (tmp_path / "b").rmdir()
        assert carrier.whole
        assert list(files) == []
        assert carrier.problems == [Problem("a folder could not be listed (No such file or directory)")]
        assert not carrier.whole


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody's rights while the test runs in its folder: root may list everything."""
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    yield
    os.seteuid(was)


def test_a_folder_that_may_not_be_listed_is_a_loss(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    images.write_tree(tmp_path, {"closed/a.jpg": b"a", "open/b.jpg": b"b"})
    (tmp_path / "closed").chmod(0)
    request.getfixturevalue("nobody")
    with open_carrier(Path()) as carrier:
        assert carrier.size == 1
        assert carrier.whole
        assert [file.path for file in carrier.files()] == ["open/b.jpg"]
        assert carrier.problems == [Problem("a folder could not be listed (Permission denied)")]
        assert not carrier.whole


def test_what_cannot_be_looked_up_is_a_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry with the long name has no status for any user once its folder's path is long enough."""
    folder = tmp_path
    while len(str(folder)) < os.pathconf("/", "PC_PATH_MAX") - 210:
        folder /= "d" * 100
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    Path("f" * 250).touch()
    with open_carrier(tmp_path) as carrier:
        assert list(carrier.files()) == []
        assert carrier.problems == [Problem("a file could not be looked up (File name too long)")]
        assert not carrier.whole
