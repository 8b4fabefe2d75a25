"""A child that shuts itself in as readers and workers do, tries to get out, and says what held.

Run as `python -m luwte.lab.scan.proof NAME PATH...`: NAME is of an abstract socket on which somebody listens
outside, each PATH lies outside. It prints one JSON object: wall by name, whether it stands.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial

from luwte.lab.scan import privileges
from luwte.lab.scan.confine import limit, shut

MODULE = "luwte.lab.scan.proof"
MEMORY = 1 << 30
_SECONDS = 5.0
_READING = 0b110  # what `privileges.kept` may keep


def main() -> None:
    """Print which walls stand around this process."""
    name, *outside = sys.argv[1:]
    found = {"network": _fails(partial(_call, name)), "files": _nothing_of(outside)}
    limit(MEMORY)
    found["limits"] = _limited()
    found["privileges"] = not privileges.held() & ~_READING
    shut()
    found["calls"] = _fails(socket.socket) and _fails(partial(os.open, os.devnull, os.O_WRONLY))
    print(json.dumps(found))  # noqa: T201 - this is its answer


def _call(name: str) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_SECONDS)
        line.connect(f"\0{name}")


def _nothing_of(outside: Sequence[str]) -> bool:
    """Return whether no path of `outside` is there and nowhere a file can be made; it would have no name."""
    places = ("/", "/tmp", "/var/tmp", "/dev/shm", *sys.path)  # noqa: S108 - nothing is kept there # nosec B108
    return all(_fails(partial(os.lstat, path)) for path in outside) and all(
        _fails(partial(_make_in, path)) for path in places
    )


def _make_in(place: str) -> None:
    os.close(os.open(place, os.O_TMPFILE | os.O_WRONLY, 0o600))


def _limited() -> bool:
    limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    return all(0 <= resource.getrlimit(what)[1] <= most for what, most in limits.items())


def _fails(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return True
    return False


if __name__ == "__main__":
    main()
