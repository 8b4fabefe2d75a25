"""The command `luwte` in this process: what it prints and how it exits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from luwte.cli import main


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str


class Command:
    """Runs the command as a person would; `capture` is pytest's `capfd`."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str | Path) -> Ended:
        """Run `luwte` with `arguments` and return how it ended."""
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = self._capture.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        assert "Traceback" not in err
        return Ended(code, out, err)
