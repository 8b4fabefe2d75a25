from __future__ import annotations

import os
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from luwte.base.errors import BadInput, Failure
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan import photos as module
from luwte.lab.scan.launch import launch
from luwte.lab.scan.photos import photos
from tests.support import workers
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.workers import CRASHER, GLUTTON, LIAR, SLEEPER


def taken(folder: Path, **how: object) -> tuple[list[tuple[int, ...]], dict[str, int]]:
    """Return the shapes of the pictures of `folder`, and how many files were passed over, by reason."""
    passed_over: Counter[str] = Counter()
    found = photos(folder, lambda why: passed_over.update([why]), **how)  # type: ignore[arg-type]
    return [picture.shape for picture in found], dict(passed_over)


def test_pictures_come_in_the_order_of_their_names_and_small(tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_bytes(jpeg(1))
    (tmp_path / "a.png").write_bytes(encoded(drawn(2, 900, 1200), "PNG"))
    assert taken(tmp_path) == ([(512, 384), (384, 512)], {})
    (first, _) = photos(tmp_path, lambda _: None)
    near = np.asarray(drawn(2, 900, 1200).convert("L").resize((384, 512)), np.int16)
    assert np.abs(first.astype(np.int16) - near).mean() < 4


def test_what_is_no_picture_is_passed_over_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1)[:200])
    (tmp_path / "b.jpg").write_bytes(b"")
    (tmp_path / "c").mkdir()
    (tmp_path / "d.jpg").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "e.jpg")
    (tmp_path / "f.txt").write_text("dear all")
    assert taken(tmp_path) == (
        [],
        {"damaged picture": 1, "no picture": 2, "is not a file": 2, "does not exist": 1},
    )


def test_what_is_too_large_is_passed_over_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1))
    monkeypatch.setattr(module, "MAX_CONTENT", len(jpeg(1)) - 1)
    assert taken(tmp_path) == ([], {str(Reason.LARGE): 1})


def test_no_more_are_taken_than_memory_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(1))
    monkeypatch.setattr(module, "MOST", 2)
    found, passed_over = taken(tmp_path)
    assert (len(found), passed_over) == (2, {"beyond the first 2": 1})
    monkeypatch.setattr(module, "_MOST_NAMES", 2)
    with pytest.raises(BadInput, match="over 2 names"):
        taken(tmp_path)


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        taken(tmp_path / "gone")


def test_a_picture_that_harms_its_worker_costs_itself_alone(tmp_path: Path) -> None:
    for number, content in enumerate((jpeg(1), CRASHER, jpeg(2), SLEEPER, GLUTTON, LIAR, jpeg(3))):
        (tmp_path / f"{number}.jpg").write_bytes(content)
    found, passed_over = taken(tmp_path, deadline=2.0, start=workers.misbehaving)
    assert (len(found), passed_over) == (
        3,
        {str(Reason.STOPPED): 2, str(Reason.DEADLINE): 1, str(Reason.MEMORY): 1},
    )


def test_where_no_worker_starts_that_is_told(tmp_path: Path) -> None:
    def none(_module: str, *arguments: str) -> subprocess.Popen[bytes]:
        return launch("this", *arguments)

    (tmp_path / "a.jpg").write_bytes(jpeg(1))
    with pytest.raises(Failure, match="No worker process starts"):
        taken(tmp_path, start=none)
