from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from luwte.base.errors import BadInput
from luwte.lab.recognition import calibration_pictures
from luwte.lab.recognition.calibration_pictures import photos
from tests.support.drawn import drawn, encoded, jpeg


def test_pictures_come_in_the_order_of_their_names_and_small(tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_bytes(jpeg(1))
    (tmp_path / "a.png").write_bytes(encoded(drawn(2, 900, 1200), "PNG"))
    first, second = photos(tmp_path)
    assert (first.shape, second.shape) == ((512, 384), (384, 512))
    assert first.dtype == np.uint8


def test_what_is_no_picture_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1)[:200])
    (tmp_path / "b.jpg").write_bytes(b"")
    (tmp_path / "c").mkdir()
    (tmp_path / "d.jpg").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "e.jpg")
    assert list(photos(tmp_path)) == []


def test_what_is_too_large_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(1))
    monkeypatch.setattr(calibration_pictures, "_LARGEST_FILE", len(jpeg(1)) - 1)
    assert list(photos(tmp_path)) == []


def test_no_more_are_taken_than_memory_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(1))
    monkeypatch.setattr(calibration_pictures, "MOST", 2)
    assert len(list(photos(tmp_path))) == 2
    monkeypatch.setattr(calibration_pictures, "_MOST_NAMES", 2)
    with pytest.raises(BadInput, match="over 2 names"):
        list(photos(tmp_path))


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(photos(tmp_path / "gone"))
