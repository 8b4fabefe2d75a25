"""What the demo says is plain text: nothing in it is taken for markup, and long commands are cut."""

from __future__ import annotations

import pytest

from luwte.demo.narrator import LONGEST_COMMAND, Narrator


def test_nothing_in_a_text_is_taken_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator()
    narrator.say("[red]een[/red] [/] naam")
    narrator.output("[bold]twee")
    assert capsys.readouterr().out == "   [red]een[/red] [/] naam\n     [bold]twee\n"


def test_chapters_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = Narrator()
    narrator.chapter("een")
    narrator.chapter("twee")
    assert capsys.readouterr().out.split() == ["1.", "een", "2.", "twee"]


def test_a_command_is_shown_as_it_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    Narrator().command("lab", ("scan", "een schijf.E01"))
    assert capsys.readouterr().out == "   lab $ luwte scan 'een schijf.E01'\n"


def test_a_long_command_is_cut_in_its_middle(capsys: pytest.CaptureFixture[str]) -> None:
    Narrator().command("desk", ("fingerprint", *(f"{index}.jpg" for index in range(500)), "last.jpg"))
    line = capsys.readouterr().out
    assert "luwte fingerprint 0.jpg" in line
    assert line.endswith("last.jpg\n")
    assert len(line) < LONGEST_COMMAND + 30


def test_progress_away_from_a_terminal_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Narrator().progress("Drawn", 3) as step:
        for _ in range(3):
            step(1)
    assert capsys.readouterr().out == "   Drawn: 3\n"
