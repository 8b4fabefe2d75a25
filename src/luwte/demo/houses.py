"""The two houses of the demo: each has a home of its own, every act is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from luwte.base.errors import Failure
from luwte.demo.narrator import Narrator

CAPTURED_WIDTH = "100"
"""Columns for what is printed by a command whose output the demo shows."""
INTERRUPTED = 130
PATIENCE = 3.0
_LUWTE = (sys.executable, "-c", "from luwte.cli import main; main()")


@dataclass(frozen=True, slots=True)
class House:
    """A house called `name`: its keys are in `folder`/`name`, its commands run in `folder`.

    `settings` are variables that its commands see.
    """

    name: str
    folder: Path
    narrator: Narrator
    settings: Mapping[str, str] = field(default_factory=dict)

    def luwte(self, *arguments: str, quiet: bool = False) -> str:
        """Run `luwte ARGUMENTS`, show its output unless `quiet`, and return it. Raises `Failure`."""
        self.narrator.command(self.name, arguments)
        done = self._run([*_LUWTE, *arguments], capture=True)
        if not quiet:
            self.narrator.output(done)
        return done

    def watched(self, *arguments: str) -> None:
        """Run `luwte ARGUMENTS` on the terminal itself, so that its progress shows. Raises `Failure`."""
        self.narrator.command(self.name, arguments)
        self._run([*_LUWTE, *arguments], capture=False)

    def act(self, name: str, **values: Any) -> Any:
        """Run the act `name` of `luwte.demo.acts` with `values`; return what it gives. Raises `Failure`."""
        command = [sys.executable, "-m", "luwte.demo.acts", name, json.dumps(values)]
        return json.loads(self._run(command, capture=True))

    def serve(self, *arguments: str) -> int:
        """Run a command that lasts until Ctrl-C, such as `luwte desk serve`, and return its exit code."""
        self.narrator.command(self.name, arguments)
        with subprocess.Popen([*_LUWTE, *arguments], env=self._environment(), cwd=self.folder) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                _end(process)
                return INTERRUPTED

    def _run(self, command: list[str], *, capture: bool) -> str:
        sys.stdout.flush()
        out = subprocess.PIPE if capture else None
        environment = self._environment() | ({"COLUMNS": CAPTURED_WIDTH} if capture else {})
        with subprocess.Popen(
            command, env=environment, cwd=self.folder, stdout=out, stderr=out, text=True
        ) as process:
            try:
                printed, complained = process.communicate()
            except KeyboardInterrupt:
                _end(process)
                raise
        if process.returncode:
            said = (complained or "").strip().splitlines()
            raise Failure(said[-1].removeprefix("luwte: ") if said else f"This step failed: {command[-1]}.")
        return printed or ""

    def _environment(self) -> dict[str, str]:
        home = {"LUWTE_HOME": str(self.folder / self.name)}
        return os.environ | home | dict(self.settings)


def _end(process: subprocess.Popen[Any]) -> None:
    """Let a process that got Ctrl-C too end by itself; help it after a while."""
    for help_on in (process.terminate, process.kill):
        try:
            process.wait(PATIENCE)
            return
        except subprocess.TimeoutExpired:
            help_on()
