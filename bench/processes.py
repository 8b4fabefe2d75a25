"""A command run as its users run it: wall time, processor time and memory of it and of all that it starts."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICK = 0.05
_PROC = Path("/proc")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: `wall` and `cpu` in seconds, the most memory at once in bytes, `all` processes
    together (each page shared out among those that have it) and the `leading` one alone."""

    wall: float
    cpu: float
    all: int
    leading: int


def run(command: Sequence[object], environment: dict[str, str] | None = None) -> Run:
    """Run `command` to its end and return what it took; ends the bench when the command fails."""
    start, before = time.perf_counter(), _of_children()
    child = subprocess.Popen(
        [str(word) for word in command],
        env=os.environ | (environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    watch = Watch(child.pid)
    _, told = child.communicate()
    wall = time.perf_counter() - start
    watch.end()
    if child.returncode:
        raise SystemExit(f"{command[0]} failed: {told.strip()[-300:]}")
    return Run(wall, max(watch.cpu, _of_children() - before), watch.all, watch.leading)


def _of_children() -> float:
    """Seconds of processor time of all children that ended; what was killed in a box is not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Watch:
    """Looks at a process and its descendants many times a second, in a thread, until `end`."""

    def __init__(self, pid: int) -> None:
        self.all = self.leading = 0
        self._pid = pid
        self._ticks: dict[tuple[int, str], int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()

    @property
    def cpu(self) -> float:
        """Seconds of processor time that all of them were last seen to have taken together."""
        return sum(self._ticks.values()) / _TICKS_A_SECOND

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._over.wait(_TICK):
            self._look()

    def _look(self) -> None:
        total = 0
        for pid in descendants(self._pid):
            with suppress(OSError, ValueError):
                started, ticks = _stat(pid)
                self._ticks[pid, started] = ticks
                held = _proportional(pid)
                total += held
                if pid == self._pid:
                    self.leading = max(self.leading, held)
        self.all = max(self.all, total)


def descendants(pid: int) -> Iterator[int]:
    """Give `pid` and all processes below it."""
    yield pid
    with suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            for child in (task / "children").read_text().split():
                yield from descendants(int(child))


def _stat(pid: int) -> tuple[str, int]:
    """Return when the process started, and the ticks that it ran; see proc(5)."""
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return fields[19], int(fields[11]) + int(fields[12])


def _proportional(pid: int) -> int:
    """Return the process's share of the memory, in bytes: what several have in common counts once."""
    for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    return 0
