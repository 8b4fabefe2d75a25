from __future__ import annotations

from pathlib import Path

import pytest

from luwte.cli._main import luwte
from tests.support.commands import run

SCAN = ("scan", "carrier", "--reference", "list", "--out", "out")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ((*SCAN, "--reference", "other"), "--reference"),
        ((*SCAN, "--out=other"), "--out"),
        ((*SCAN, "--case", "1", "--case", "1"), "--case"),
        ((*SCAN, "--carve", "--no-carve"), "--carve or --no-carve"),
        ((*SCAN, "--replace", "--replace"), "--replace"),
        (("enrol", "a.jpg", "--series", "one", "--to", "list", "--series", "two"), "--series"),
        (("calibrate", "--photos", "one", "--photos", "two"), "--photos"),
        (("fingerprint", "a.jpg", "--deadline", "1", "--deadline", "2"), "--deadline"),
        (("reference", "build", "--from", "a", "--out", "one", "--out", "two"), "--out"),
    ],
)
def test_an_option_that_holds_one_value_is_given_once(
    words: tuple[str, ...], name: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = run(*words)
    sentence = f"luwte: {name} is given more than once, and only one can count. Give it once.\n"
    assert (told.code, told.out, told.err) == (2, "", sentence)
    assert list(tmp_path.iterdir()) in ([], [home])


def test_options_that_hold_several_values_may_be_given_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = run(*SCAN, "--known-good", "a", "--known-good", "b", "--unlock", "c", "--unlock", "d")
    assert (told.code, "more than once" in told.err) == (2, False)


def test_each_option_of_a_scan_holds_one_value_or_says_that_it_may_be_given_again(home: Path) -> None:
    command = luwte.get_command(None, "scan")  # type: ignore[arg-type]
    assert command is not None
    several = {name for option in command.params if option.nargs != -1 for name in option.opts
               if getattr(option, "multiple", False)}  # fmt: skip
    assert several == {"--known-good", "--unlock"}
    told = run("scan", "--help").out
    assert told.count("May be given again.") == len(several)
