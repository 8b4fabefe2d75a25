"""Every service of the compose file really starts, with the limits, variables and secrets there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import contained, machine

NEEDED = ("bwrap", "unshare", "setpriv", "ip")
EXPECTED = {"record.witness"}
"""What `luwte desk check` says of such a desk: nobody else signs its record yet."""


def missing() -> str:
    tools = [name for name in NEEDED if shutil.which(name) is None]
    return f"{tools[0]} is not installed here" if tools else machine.without_postgresql()


def trial(folder: Path) -> dict[str, Any]:
    """Start every service in its turn, in a network of their own; return what came of each."""
    for path in (folder, *folder.parents[:3]):
        path.chmod(path.stat().st_mode | 0o011)  # the users of the services pass through
    done = subprocess.run(
        ["unshare", "--net", "--kill-child", sys.executable, "-m", "tests.support.contained", str(folder)],
        cwd=machine.CHECKOUT,
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:] + "".join(
        path.read_text(errors="replace")[-1000:] for path in folder.glob("*.log")
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_service_is_tried() -> None:
    tried = {*contained.SERVED, *contained.IN_THEIR_ORDER, *contained.DATABASES}
    assert tried == contained.SERVICES.keys()


@pytest.mark.timeout(900)
def test_every_service_starts_with_what_the_file_gives_it(tmp_path: Path) -> None:
    """All in one: the two databases are what takes time."""
    if os.geteuid() != 0:
        pytest.skip("only root can stand in for an engine")
    if why := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    found = trial(tmp_path)
    for name in contained.SERVED:
        assert (found[name]["ready"], found[name]["page"]) == (200, 200), found[name]["log"]
    for name in set(contained.IN_THEIR_ORDER) - {"check"}:
        assert found[name]["code"] == 0, (name, found[name]["err"])
    assert (found["check"]["code"], said(found["check"], "check.finding", "finding")) == (1, EXPECTED)
    astray = found["casework to the vault"]
    assert astray["code"] == 1
    assert said(astray, "command.failed", "error") == {"luwte.desk.project.errors.DatabaseAway"}


def said(ended: dict[str, Any], event: str, what: str) -> set[str]:
    """Return what the lines of log about an event say."""
    lines = [json.loads(line) for line in ended["err"].splitlines() if line[:1] == "{"]
    return {line[what] for line in lines if line["event"] == event}
