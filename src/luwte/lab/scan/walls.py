"""Which walls stand around what reads foreign bytes. Nothing is believed of them: a child tries each one.

Limits (memory, no file, no core dump) and privileges given up stand everywhere. The filter of system calls
needs libseccomp; no network and no other files need bubblewrap, and a machine that lets it make name spaces.
"""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from luwte.base.errors import Failure
from luwte.lab.carriers.names import printable
from luwte.lab.scan import box, proof
from luwte.lab.scan.calls import NoFilter, call_filter
from luwte.lab.scan.surroundings import command, environment

NAMES: Final = {
    "limits": "limits",
    "privileges": "no privileges",
    "calls": "system-call filter",
    "network": "no network",
    "files": "no other files",
}
"""The walls, as the proof and as people call them."""

DID_NOT_HOLD: Final = "it was tried and did not hold"

_BOXED = ("network", "files")
_SECONDS = 60.0
_TOLD = 160
_OUTSIDE = 64
_ELSEWHERE = ("/etc/passwd", "/proc/self", "/tmp", "/var", "/dev/shm", "/home")  # noqa: S108 - only looked at # nosec B108


@dataclass(frozen=True, slots=True)
class Walls:
    """How children are shut in: `bubblewrap` is its path and `calls` the filter, each empty where it is not.

    `missing` says for each wall that does not stand, by its name in `NAMES`, why not.
    """

    bubblewrap: str
    calls: str
    missing: Mapping[str, str]

    def __str__(self) -> str:
        """Say in one sentence which walls stand and which do not."""
        there = [told for name, told in NAMES.items() if name not in self.missing]
        if not self.missing:
            return f"Walls around foreign bytes: {', '.join(there)}; all stand."
        gone = [f"{NAMES[name]} ({why})" for name, why in self.missing.items()]
        return f"Walls around foreign bytes: {', '.join(there) or 'none'}. Missing: {', '.join(gone)}."

    def require_all(self) -> None:
        """Raise `Failure` unless all walls stand."""
        if self.missing:
            raise Failure(
                f"{self} Install what is missing (bubblewrap, libseccomp), let this user make name spaces, "
                "or scan with --walls any."
            )


_lock = threading.Lock()
_found: list[Walls] = []


def standing() -> Walls:
    """Return the walls of this machine; they are tried once in the life of a process."""
    with _lock:
        if not _found:
            _found.append(find())
        return _found[0]


def find() -> Walls:
    """Try all that this machine has, then less of it, until a child starts and says what held."""
    missing: dict[str, str] = {}
    bubblewrap, calls = _bubblewrap(missing), _calls(missing)
    for one, other in dict.fromkeys(((bubblewrap, calls), ("", calls), (bubblewrap, ""), ("", ""))):
        held = _tried(one, other)
        if isinstance(held, str):
            for name in (*(_BOXED if one else ()), *(("calls",) if other else ())):
                missing.setdefault(name, held)
            continue
        return Walls(one, other, {name: _why(name, missing) for name in NAMES if not held.get(name)})
    raise Failure("No child process starts here. Run this again with LUWTE_DEBUG=1 to see why.")


def _why(name: str, missing: Mapping[str, str]) -> str:
    return missing.get(name, DID_NOT_HOLD)


def _bubblewrap(missing: dict[str, str]) -> str:
    found = shutil.which("bwrap")
    if found is None:
        missing |= dict.fromkeys(_BOXED, "bubblewrap is not installed")
    return found or ""


def _calls(missing: dict[str, str]) -> str:
    try:
        return call_filter()
    except NoFilter as reason:
        missing["calls"] = str(reason)
        return ""


def _tried(bubblewrap: str, calls: str) -> dict[str, bool] | str:
    """Return what the proof says behind these walls, or why it could not be had."""
    inside = box.box(bubblewrap, ()) if bubblewrap else []
    try:
        with _outside() as (name, paths):
            ended = subprocess.run(
                [*inside, *command(proof.MODULE, name, *paths)],
                env=environment(calls),
                cwd="/",
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        held = json.loads(ended.stdout) if ended.returncode == 0 else {}
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return printable(f"it could not be tried: {error}", separators=True)[:_TOLD]
    if isinstance(held, dict) and held:
        return {str(wall): stands is True for wall, stands in held.items()}
    told = ended.stderr.decode("utf-8", "replace").strip().splitlines() or ["it ended without a word"]
    return printable(told[-1].rstrip("."), separators=True)[:_TOLD]


@contextmanager
def _outside() -> Iterator[tuple[str, list[str]]]:
    """Give what no child may reach: the name of a socket that is listened to, and paths that are there."""
    name = f"luwte-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(f"\0{name}")
        line.listen()
        yield name, _paths()


def _paths() -> list[str]:
    """Return some of what lies in the home folder and elsewhere, and is no part of what children run on."""
    try:
        home = sorted(map(str, Path.home().iterdir()))[:_OUTSIDE]
    except (OSError, RuntimeError):
        home = []
    ours = box.shown()
    paths = [path for path in _ELSEWHERE if Path(path).exists()] + home
    return [path for path in paths if not any(box.within(one, [path]) for one in ours)]
