from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from luwte.cli.simulate import simulate


def run(*words: str) -> tuple[int, str]:
    """Run the command in a small world."""
    found = CliRunner().invoke(simulate, ["--people", "12", "--weeks", "16", *words])
    return found.exit_code, found.output


def test_table_and_plot(tmp_path: Path) -> None:
    plot = tmp_path / "p.svg"
    code, said = run("--plot", str(plot))
    assert code == 0
    assert "American default" in said
    assert "Luwte" in said
    assert "lawyers = 0.2: assumption" in said
    assert plot.read_text().startswith("<svg")


def test_json_is_whole_and_the_same_twice() -> None:
    code, said = run("--json", "--sweep")
    assert code == 0
    found = json.loads(said)
    assert len(found["policies"]) == 4
    assert {row["name"] for row in found["sweep"]} >= {"cases", "decay", "calls"}
    assert run("--json", "--sweep") == (code, said)
    assert run("--json", "--seed", "2")[1] != said


def test_sweep_table_and_bad_numbers() -> None:
    assert "one number changed" in run("--sweep")[1]
    assert run("--people", "0")[0] == 2
