"""What a child that reads foreign bytes is started with."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.lab.scan.launch import end, launch


def test_a_child_leaves_no_compiled_module_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "started.py").write_text("import imported\nprint(imported.WORD)\n")
    (tmp_path / "imported.py").write_text("WORD = 'here'\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    child = launch("started")
    assert child.stdout is not None
    said = child.stdout.read()
    end(child)
    assert said == b"here\n"
    assert {path.name for path in tmp_path.iterdir()} == {"started.py", "imported.py"}
