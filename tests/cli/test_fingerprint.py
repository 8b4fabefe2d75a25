from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from tests.support.command import Command
from tests.support.drawn import drawn, encoded, jpeg

KEYS = [
    *("path", "size", "md5", "sha1", "sha256", "kind", "width", "height"),
    *("pdq", "pdq_quality", "boxes", "frames", "error"),
]


@pytest.fixture
def luwte(capfd: pytest.CaptureFixture[str], home: Path) -> Command:
    return Command(capfd)


def test_each_file_is_one_object_a_line_in_the_order_given(luwte: Command, tmp_path: Path) -> None:
    moving = encoded(drawn(1), "GIF", save_all=True, append_images=[drawn(2)])
    contents = {
        "c.jpg": jpeg(1),
        "d.gif": moving,
        "a.txt": b"text",
        "b.jpg": b"\xff\xd8\xff broken",
        "empty": b"",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    ended = luwte("fingerprint", *(tmp_path / name for name in contents))
    rows = [json.loads(line) for line in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    for row, (name, content) in zip(rows, contents.items(), strict=True):
        found = fingerprint_bytes(content)
        assert list(row) == KEYS
        assert row["path"] == str(tmp_path / name)
        assert (row["size"], row["md5"], row["sha1"]) == (found.size, found.md5.hex(), found.sha1.hex())
        assert (row["sha256"], row["kind"], row["error"]) == (found.sha256.hex(), found.kind, found.error)
        assert (row["width"], row["height"], row["pdq_quality"]) == (
            found.width,
            found.height,
            found.pdq_quality,
        )
        assert row["pdq"] == (found.pdq.hex() if found.pdq else None)
    assert len(rows[0]["pdq"]) == 64
    assert [row["frames"] for row in rows] == [0, 1, 0, 0, 0]


def test_files_that_cannot_be_read_are_told_and_the_others_printed(luwte: Command, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("text")
    os.mkfifo(tmp_path / "pipe")
    ended = luwte("fingerprint", tmp_path / "gone", tmp_path / "good.txt", tmp_path, tmp_path / "pipe")
    assert ended.code == 2
    assert [json.loads(line)["path"] for line in ended.out.splitlines()] == [str(tmp_path / "good.txt")]
    told = ended.err.splitlines()
    assert told[0] == f"luwte: {tmp_path / 'gone'} does not exist."
    assert told[1] == f"luwte: {tmp_path} is not a file."
    assert told[2] == f"luwte: {tmp_path / 'pipe'} is not a file."
    assert told[3].startswith("luwte: 3 of 4 files could not be read.")


def test_one_file_without_rights_does_not_keep_the_others_back(
    luwte: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.txt").write_text("text")
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    ended = luwte("fingerprint", tmp_path / "gone", tmp_path / "good.txt")
    assert (ended.code, len(ended.out.splitlines())) == (2, 1)
    assert "gone does not exist" in ended.err


def test_a_name_that_is_no_text_is_shown_in_printable_form(luwte: Command, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\x80\n.txt")
    path.write_text("text")
    ended = luwte("fingerprint", path)
    assert ended.code == 0
    assert json.loads(ended.out)["path"] == f"{tmp_path}/a\\x80\\x0a.txt"
