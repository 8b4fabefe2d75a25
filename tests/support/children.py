"""Python code run in a child as a reader or worker is: confined first, then what a test wants."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from luwte.lab.scan.surroundings import environment

CHECKOUT = Path(__file__).resolve().parent.parent.parent
_CONFINE = "from luwte.lab.scan.confine import confine\nconfine(4 << 30)\n"


def confined(
    code: str, calls: str, *, inside: Sequence[str] = (), limits: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run `code` after `confine` (with `limits`) with the filter `calls` (empty: none).

    `inside` is put before the command: the box to run it in.
    """
    return subprocess.run(
        [*inside, sys.executable, "-P", "-B", "-c", _CONFINE * limits + code],
        env=environment(calls),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def below(process: int) -> list[int]:
    """Return the processes that `process` started, and those that they started."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _of(int(folder.name))[1] == str(process):
            found += [int(folder.name), *below(int(folder.name))]
    return found


def lives(process: int) -> bool:
    """Return whether `process` is there and has not ended."""
    return _of(process)[0] not in ("", "Z")


def _of(process: int) -> tuple[str, str]:
    """Return the state of `process` and its parent, both empty when there is none: proc(5)."""
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", ""
    return words[0], words[1]
