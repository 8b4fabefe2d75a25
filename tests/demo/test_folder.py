"""The demo empties what it made itself and refuses everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.base.errors import BadInput, Failure
from luwte.demo import folder as demo_folder
from luwte.demo.folder import MARK, PARTS


def fresh_folder(path: Path) -> Path:
    """Make the folder and let go of it at once."""
    with demo_folder.fresh_folder(path) as folder:
        return folder


def test_a_new_folder_is_made_with_its_parts(tmp_path: Path) -> None:
    folder = fresh_folder(tmp_path / "new" / "demo")
    assert {child.name for child in folder.iterdir()} == {MARK, *PARTS}


def test_an_earlier_demo_is_emptied(tmp_path: Path) -> None:
    folder = fresh_folder(tmp_path / "demo")
    (folder / "desk" / "old").write_text("old")
    assert not list((fresh_folder(folder) / "desk").iterdir())


def test_what_a_person_put_beside_it_stays(tmp_path: Path) -> None:
    folder = fresh_folder(tmp_path / "demo")
    (folder / "notes.txt").write_text("mine")
    assert (fresh_folder(folder) / "notes.txt").read_text() == "mine"


def test_a_folder_of_someone_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "precious").write_text("mine")
    with pytest.raises(BadInput, match="no demo made"):
        fresh_folder(tmp_path)
    assert (tmp_path / "desk" / "precious").read_text() == "mine"
    assert not (tmp_path / MARK).exists()


def test_a_file_or_a_link_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(BadInput, match="not a folder"):
            fresh_folder(tmp_path / name)


def test_a_link_inside_is_never_followed(tmp_path: Path) -> None:
    folder = fresh_folder(tmp_path / "demo")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("mine")
    (folder / "lab").rmdir()
    (folder / "lab").symlink_to(outside)
    with pytest.raises(Failure):
        fresh_folder(folder)
    assert (outside / "precious").read_text() == "mine"


def test_a_folder_in_which_a_demo_runs_is_left_alone(tmp_path: Path) -> None:
    with demo_folder.fresh_folder(tmp_path / "demo") as folder:
        (folder / "desk" / "used").write_text("now")
        with pytest.raises(Failure, match="Another process works"):
            fresh_folder(folder)
        assert (folder / "desk" / "used").exists()
