"""Python code run in a child as a reader or worker is: confined first, then what a test wants."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from luwte.lab.scan.confine import FILTER
from luwte.lab.scan.launch import environment

_START = "from luwte.lab.scan.confine import confine\nconfine(4 << 30)\n"


def confined(
    code: str, calls: str, *, before: str = "", inside: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run `code` after `confine` with the filter `calls` (empty: none); `before` runs before it.

    `inside` is put before the command: the box to run it in.
    """
    return subprocess.run(
        [*inside, sys.executable, "-P", "-B", "-c", before + "\n" + _START + code],
        env=environment() | {FILTER: calls},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
