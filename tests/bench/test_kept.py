from __future__ import annotations

from pathlib import Path

import pytest

from bench.kept import Kept, version_of


def test_what_was_put_is_there_in_the_next_run(tmp_path: Path) -> None:
    with Kept(tmp_path / "new", "answers", "a" * 64) as kept:
        kept.put("one", [1, "x"])
        kept.put("two", {"far": 2.5})
    with Kept(tmp_path / "new", "answers", "a" * 64) as kept:
        assert (kept.get("one"), kept.get("two"), kept.get("three")) == ([1, "x"], {"far": 2.5}, None)
    with Kept(tmp_path / "new", "answers", "b" * 64) as other:
        assert len(other) == 0


def test_a_line_that_was_cut_off_is_made_again(tmp_path: Path) -> None:
    with Kept(tmp_path, "answers", "a" * 64) as kept:
        kept.put("one", 1)
        kept.put("two", 2)
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes()[:-3])
    with Kept(tmp_path, "answers", "a" * 64) as kept:
        assert (kept.get("one"), kept.get("two")) == (1, None)
        kept.put("two", 3)
    with Kept(tmp_path, "answers", "a" * 64) as kept:
        assert (kept.get("one"), kept.get("two")) == (1, 3)


def test_two_runs_never_write_one_file(tmp_path: Path) -> None:
    with Kept(tmp_path, "answers", "a" * 64), pytest.raises(SystemExit, match="Another run writes"):
        Kept(tmp_path, "answers", "a" * 64)


def test_a_folder_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SystemExit, match="cannot be written"):
        Kept(tmp_path / "file", "answers", "a" * 64)


def test_other_code_is_another_version(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text("x = 1\n")
    before = version_of([tmp_path], "numpy 1")
    assert version_of([code], "numpy 1") == before
    assert version_of([tmp_path], "numpy 2") != before
    code.write_text("x = 2\n")
    assert version_of([tmp_path], "numpy 1") != before
