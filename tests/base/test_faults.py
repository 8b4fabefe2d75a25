"""A fault point kills the process at the passage that was asked for, and only there."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
from luwte.base.faults import fault_point
for step in range(3):
    fault_point("one"); fault_point("two"); print(step, flush=True)
"""


@pytest.mark.parametrize(
    ("wanted", "code", "output"),
    [("", 0, "0\n1\n2\n"), ("other", 0, "0\n1\n2\n"), ("two", -9, ""), ("one:3", -9, "0\n1\n")],
)
def test_the_process_dies_where_it_should(wanted: str, code: int, output: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"LUWTE_FAULT": wanted},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, output)
