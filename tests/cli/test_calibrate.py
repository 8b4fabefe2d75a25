from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from luwte.demo import pictures
from luwte.lab.recognition.likelihood import Thresholds
from luwte.lab.recognition.model import FILE_NAME, default_model, model_bytes, read_model, version
from tests.support.commands import run
from tests.support.drawn import jpeg

FEW = ("calibrate", "--drawn", "20")


def test_a_few_drawn_pictures_make_a_model_and_the_same_one_again(home: Path, tmp_path: Path) -> None:
    told = run(*FEW)
    assert told.code == 0, told.err
    model = read_model(home / FILE_NAME)
    assert (version(model) in told.out, model.about) == (True, "20 drawn pictures from seed 1, 0 photos")
    assert "0 same picture" in told.out.partition("strangers: ")[2]
    assert run(*FEW, "--out", str(tmp_path / "again.json")).code == 0
    assert (tmp_path / "again.json").read_bytes() == (home / FILE_NAME).read_bytes()


def test_thresholds_that_were_chosen_stay(home: Path) -> None:
    chosen = Thresholds(0.9999, 0.2, 15)
    home.mkdir(exist_ok=True)
    (home / FILE_NAME).write_bytes(model_bytes(replace(default_model(), thresholds=chosen)))
    assert run(*FEW, "--seed", "100").code == 0
    assert read_model(home / FILE_NAME).thresholds == chosen


def test_a_folder_is_taken_as_well_and_what_is_no_picture_is_passed_over(home: Path, tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "model.json"
    (photos / "folder").mkdir(parents=True)
    for number in range(4):
        (photos / f"{number}.jpg").write_bytes(jpeg(500 + number))
    (photos / "notes.txt").write_text("not a picture")
    (photos / "empty.jpg").write_bytes(b"")
    told = run("calibrate", "--drawn", "16", "--photos", str(photos), "--out", str(out))
    assert told.code == 0, told.err
    passed_over = [line for line in told.err.splitlines() if line.startswith("Passed over")]
    assert passed_over == [
        f"Passed over in {photos}: 1 (is not a file).",
        f"Passed over in {photos}: 2 (no picture).",
    ]
    assert read_model(out).about == "16 drawn pictures from seed 1, 4 photos"
    assert not (home / FILE_NAME).exists()


@pytest.mark.parametrize("words", [("--drawn", "0"), ("--drawn", "6")])
def test_too_few_pictures_are_refused(home: Path, words: tuple[str, ...]) -> None:
    told = run("calibrate", *words)
    assert (told.code, "needs 8" in told.err) == (2, True)
    assert not (home / FILE_NAME).exists()


@pytest.mark.parametrize("name", ["none/model.json", "folder"])
def test_a_place_that_cannot_be_written_is_said_before_the_work(
    home: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr(pictures, "draw", None)  # whoever draws fails
    told = run(*FEW, "--out", str(tmp_path / name))
    assert (told.code, "could not be written" in told.err) == (1, True)


def test_a_folder_that_is_none_is_refused(home: Path, tmp_path: Path) -> None:
    told = run("calibrate", "--drawn", "0", "--photos", str(tmp_path / "gone"))
    assert (told.code, "cannot be read" in told.err) == (2, True)


def test_a_damaged_model_of_this_machine_is_not_overwritten(home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / FILE_NAME).write_bytes(b"{}")
    told = run(*FEW)
    assert (told.code, FILE_NAME in told.err) == (2, True)
    assert (home / FILE_NAME).read_bytes() == b"{}"
