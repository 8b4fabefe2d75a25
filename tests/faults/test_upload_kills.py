"""A report that was sent in survives a kill at every step: it is taken in once, by whoever comes next."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from luwte.desk.casework.uploads import UPLOAD_POINTS
from luwte.desk.findings.services import FAULT_POINTS
from tests.support.worlds import Process, reported

DRIVER = """
import sys
from pathlib import Path
import django
django.setup()
from luwte.base.clock import SystemClock
from luwte.desk.casework.uploads import Uploads
from luwte.exchange.home import Home
found, clock = Uploads(Path(sys.argv[1])), SystemClock()
if len(sys.argv) > 2:
    with open(sys.argv[2], "rb") as content:
        found.keep(content, "ab" * 32, by="casework:1", case="", now=clock.now())
found.work_off(lambda: Home.open().trusted(), clock)
print(*[one.state for one in found.all(clock.now())])
"""


@pytest.mark.desk
@pytest.mark.parametrize("point", [*UPLOAD_POINTS, *FAULT_POINTS])
def test_a_kill_loses_nothing_and_doubles_nothing(point: str, home: Path, tmp_path: Path) -> None:
    """What was sent in is taken in by the next process. Before it was noted nobody was told that it came."""
    Process(home)("desk", "init")
    sent = reported(home, tmp_path / "r.lwreport")
    given = {"DJANGO_SETTINGS_MODULE": "luwte.desk.project.settings", "LUWTE_DESK_WORLD": "casework"}
    folder = tmp_path / "kills"

    def run(*arguments: str, fault: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", DRIVER, str(folder), *arguments],
            env=os.environ | given | ({"LUWTE_FAULT": fault} if fault else {}),
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    killed = run(str(sent), fault=point)
    assert killed.returncode == -9, killed.stderr
    done = run() if point != "upload.kept" else run(str(sent))
    assert done.stdout.split() == ["done"], done.stderr
    assert not list(folder.glob("*.lwreport"))
    again = Process(home, {"LUWTE_DESK_WORLD": "casework"})("desk", "intake", sent)
    assert "was taken in before; nothing changed" in again
