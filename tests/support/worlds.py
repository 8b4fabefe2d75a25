"""Processes of the desk, each in a world of its own with what that world is given and no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from luwte.exchange.home import Home
from luwte.exchange.report import write_report
from luwte.exchange.report_model import Thresholds
from tests.support.desk import cluster, cluster_id, entry_id, report

COMMAND = "from luwte.cli import main; main()"
DAY = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from luwte.cli import main
ended = []
for words in json.loads(sys.argv[1]):
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main(words)
    except SystemExit as end:
        ended.append([end.code, *(one.buffer.getvalue().decode() for one in (out, err))])
json.dump(ended, sys.stdout)
"""
A, B, X = entry_id("a"), entry_id("b"), cluster_id("x")


@dataclass(frozen=True, slots=True)
class Process:
    """Runs `luwte` in `home` with the variables of one world."""

    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def started(self, *arguments: str | Path, program: str = COMMAND) -> subprocess.Popen[str]:
        """Start a command and return its process."""
        ours = ("LUWTE_", "DJANGO_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            env={**kept, "LUWTE_HOME": str(self.home), **self.variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ended(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command and return how it ended."""
        process = self.started(*arguments)
        out, error = process.communicate(timeout=240)
        assert "Traceback" not in error
        return subprocess.CompletedProcess(process.args, process.returncode, out, error)

    def __call__(self, *arguments: str | Path) -> str:
        """Run a command that ends well and return what it printed."""
        done = self.ended(*arguments)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def ends(self, *commands: str) -> list[tuple[int, str, str]]:
        """Run commands (their words with blanks between) in one process; return code, output, complaint."""
        process = self.started(json.dumps([one.split() for one in commands]), program=DAY)
        out, error = process.communicate(timeout=240)
        assert process.returncode == 0, error
        ended = [(code, said, complained) for code, said, complained in json.loads(out)]
        assert len(ended) == len(commands)
        assert all("Traceback" not in complained for *_, complained in ended)
        return ended

    def day(self, *commands: str) -> list[str]:
        """Run commands that end well in one process; return what each printed."""
        ended = self.ends(*commands)
        assert [code for code, _, _ in ended] == [0] * len(commands), ended
        return [printed for _, printed, _ in ended]


def reported(home: Path, file: Path) -> Path:
    """Write a report of which two files resemble entry a, and three of entry b are identical; return it."""
    house = Home.open(home)
    rule = Thresholds(model="0123456789abcdef", same_picture=995, near=400)
    found = report(
        {"s-1": {"a": (0, 2)}, "s-2": {"b": (3, 0)}},
        house=house.identity,
        clusters=(cluster("x", "a", 2),),
        thresholds=rule,
        depth="deep",
    )
    write_report(file, found, house)
    return file


def casework_day(casework: Process, telling: Process, file: Path) -> None:
    """Do each act of casework; telling only says of what somebody may hear."""
    begin = casework.day(
        f"desk intake {file}",
        f"desk intake {file}",
        "desk review limits --hours 0-24 --no-acute",
        "desk review reviewer add Wim",
        "desk review reviewer add Ria",
        "desk review next --by Wim",
    )
    assert "findings for 2 people" in begin[0]
    assert "nothing changed" in begin[1]
    assert "Nothing waits" in begin[-1]
    assert telling("desk", "stakes").startswith("Kept 1 series")
    done = casework.day(
        "desk review status",
        "desk review next --by Wim",
        f"desk review decide {X} --by Wim --answer confirmed",
        "desk review next --by Ria",
        f"desk review decide {X} --by Ria --answer confirmed",
        f"desk review undo {X} --by Wim --reason slip",
        f"desk review export --out {file.with_suffix('.decisions')}",
        f"desk lists dispute {A} --by Ria --reason other",
        f"desk lists settle {A} --sound --by Wim",
        "desk lists foreign --series s-2 --source elsewhere --by Wim",
        f"desk lists vouch {B} --source another --by Wim",
        "desk lists own --series s-2",
        "desk lists show",
        "desk quarantine list",
        "desk client add Lab --scope cases:write",
        "desk client list",
        "desk client send",
    )
    assert "1 wait for a reviewer" in done[0]
    assert all(X in shown for shown in (done[1], done[3]))
    telling("audit", "checkpoint")
    assert "is whole" in casework("audit", "verify")


def people(telling: Process) -> list[str]:
    """Add a person for each of the series s-1 and s-2, who wants to hear each finding; return their ids."""
    add = "desk person add {} --born 2000-02-29"
    found = [one.strip() for one in telling.day(add.format("Noor"), add.format("Mila"))]
    said = "--by Wim --conversation first --assessment a --rhythm each"
    for number, person in enumerate(found, 1):
        telling.day(f"desk link {person} s-{number}", f"desk wish set {person} {said}")
    return found


def telling_day(telling: Process, someone: str) -> None:
    """Do what telling does with a person of whom something was found."""
    done = telling.day(
        "desk words sign contact.email --by Wim --role reader",
        "desk tell",
        f"desk why {someone}",
        f"desk pause {someone}",
        f"desk event add {someone} --case C-1 --source events --kind charge --at 2026-01-01",
        f"desk unlink {someone} s-2",
        "desk staff add wim",
        f"desk sign-in {someone}",
        "keys rotate",
        f"desk person erase {someone} --yes",
        "keys erased",
        "audit checkpoint",
        "audit checkpoint --log vault",
    )
    assert "1 done" in done[1]
    assert "Told 1 times" in done[2]
