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

_COMMAND = "from luwte.cli import main; main()"


@dataclass(frozen=True, slots=True)
class House:
    """A house called `name` with its keys in `home`; `settings` are variables that its commands see."""

    name: str
    home: Path
    narrator: Narrator
    settings: Mapping[str, str] = field(default_factory=dict)

    def luwte(self, *arguments: str, quiet: bool = False) -> str:
        """Run `luwte ARGUMENTS`, show its output unless `quiet`, and return it. Raises `Failure`."""
        self.narrator.command(self.name, arguments)
        done = self._run([sys.executable, "-c", _COMMAND, *arguments], capture=True)
        if not quiet:
            self.narrator.output(done)
        return done

    def watched(self, *arguments: str) -> None:
        """Run `luwte ARGUMENTS` on the terminal itself, so that its progress shows. Raises `Failure`."""
        self.narrator.command(self.name, arguments)
        self._run([sys.executable, "-c", _COMMAND, *arguments], capture=False)

    def act(self, name: str, **values: Any) -> Any:
        """Run the act `name` of `luwte.demo.acts` with `values`; return what it gives. Raises `Failure`."""
        done = self._run([sys.executable, "-m", "luwte.demo.acts", name, json.dumps(values)], capture=True)
        return json.loads(done)

    def serve(self, *arguments: str) -> int:
        """Run a command that lasts, such as `luwte desk serve`, and return its exit code when it ended."""
        self.narrator.command(self.name, arguments)
        command = [sys.executable, "-c", _COMMAND, *arguments]
        return subprocess.run(command, env=self._environment(), check=False).returncode

    def _run(self, command: list[str], *, capture: bool) -> str:
        sys.stdout.flush()
        out = subprocess.PIPE if capture else None
        done = subprocess.run(
            command, env=self._environment(), stdout=out, stderr=out, text=True, check=False
        )
        if done.returncode:
            said = (done.stderr or "").strip().splitlines()
            raise Failure(
                said[-1].removeprefix("luwte: ") if said else f"A step of the demo failed: {command[3:]}."
            )
        return done.stdout or ""

    def _environment(self) -> dict[str, str]:
        return os.environ | {"LUWTE_HOME": str(self.home)} | dict(self.settings)
