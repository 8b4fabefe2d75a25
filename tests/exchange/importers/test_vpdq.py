"""A video as vPDQ's tools write it: its frames in order, once each, of quality 50 and more."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.exchange.errors import BadList
from luwte.exchange.importers import open_list, vpdq
from tests.support.lists import read, read_skipping
from tests.support.vpdq_table import frames_of, path_of

ONE, TWO = "ab" * 31 + "cd", "12" * 31 + "34"


def line(number: int, pdq: str = ONE, quality: int = 100) -> str:
    return f"{number},{quality},{pdq},{number / 30:.3f}\n"


def test_what_the_package_writes_is_one_video() -> None:
    (found,) = open_list(path_of("the known film"))
    assert found.frames == b"".join(map(bytes.fromhex, frames_of("the known film")))
    assert len(found.frames) == 31 * 32
    assert (found.md5, found.pdq, found.path) == (None, None, None)


def test_frames_stand_in_order_once_and_with_enough_in_them(tmp_path: Path) -> None:
    content = "\n" + line(0, TWO) + line(1) + line(2, TWO.upper()) + line(3, "77" * 31 + "78", 49) + line(4)
    (found,) = read(tmp_path, content, "film.txt")
    assert found.frames == bytes.fromhex(TWO + ONE)


@pytest.mark.parametrize(
    "bad",
    [
        line(1, ONE[:-1]),
        line(1, ONE[:-1] + "x"),
        line(1, quality=101),
        f"1,100,{ONE}\n",
        "x\n",
        line(1)[:-1] + ",9\n",
        f"1,-1,{ONE},0\n",
    ],
)
def test_bad_frames_refuse_the_list_or_are_skipped(tmp_path: Path, bad: str) -> None:
    content = line(0) + bad + line(2, TWO)
    with pytest.raises(BadList, match="list has 1 bad of 3 rows; the first is line 2: "):
        read(tmp_path, content)
    good, count = read_skipping(tmp_path, content)
    assert ([record.frames for record in good], count) == ([bytes.fromhex(ONE + TWO)], 1)


def test_a_video_with_nothing_to_find_it_by_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadList, match="no frame of quality 50 or more"):
        read(tmp_path, line(0, quality=49))


def test_a_file_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vpdq, "MOST_LINES", 3)
    assert read(tmp_path, "".join(map(line, range(3))))
    with pytest.raises(BadList, match="more than 3 frames"):
        read(tmp_path, "".join(map(line, range(4))))


@pytest.mark.parametrize("head", [ONE, f"{ONE},100,0.5", f"md5,pdq\n{line(0)}", "1,2,3,4"])
def test_other_lists_are_not_taken_for_one(head: str) -> None:
    assert not vpdq.detect(head.encode(), "list.txt")
