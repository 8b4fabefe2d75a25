"""Runs a command as a person would, in this process: what it said, where, and how it ended."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from luwte.cli import main


@dataclass(frozen=True)
class Told:
    """What a command wrote to stdout and stderr, and its exit code."""

    code: int
    out: str
    err: str


def run(*arguments: str) -> Told:
    """Run `luwte` with `arguments` and return what it told."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(arguments))
        except SystemExit as ended:
            code = ended.code
    return Told(code if isinstance(code, int) else 1, out.getvalue(), err.getvalue())
