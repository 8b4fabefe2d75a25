"""A box for a child, made by bubblewrap: no network, no other process, and a read-only root of its own.

In it lies what the child runs on (interpreter, packages, shared libraries) and the paths among its arguments.
A carrier may be one of several files, so what shares its name or its suffix beside it is shown too. There is
no home, no /tmp, no /proc, and of /dev only `null` and `urandom`. Source: bwrap(1), 0.8.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from luwte.lab.scan import privileges
from luwte.lab.scan.surroundings import environment

_SHUT: Final = (
    "--die-with-parent",
    *("--unshare-ipc", "--unshare-net", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"),
    *("--cap-drop", "ALL"),
)
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64")
_STORES = ("/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/ld-musl-x86_64.path")
_SHARED = ("/", "/usr", "/usr/local")  # prefixes that hold far more than Python
_MOST_BESIDE, _MOST_LINKS = 2000, 40
_ASKED = "import json, sys; print(json.dumps([sys.prefix, sys.base_prefix, *sys.path]))"


def box(program: str, arguments: Sequence[str], info: int | None = None) -> list[str]:
    """Return the words before a command that put it into a box, with `program` as bubblewrap.

    The paths among `arguments` (absolute ones that exist) are shown. Bubblewrap writes into the descriptor
    `info` which process it made (see `made`).
    """
    words = [program, *_SHUT]
    keep = privileges.kept()
    if keep is not None:
        words += ["--cap-add", privileges.NAMES[keep]]
    words += ["--dev-bind", "/dev/null", "/dev/null", "--ro-bind-try", "/dev/urandom", "/dev/urandom"]
    for sort, path in (*(("--ro-bind-try", path) for path in shown()), *_given(arguments)):
        words += [sort, path, path]
    words += ["--remount-ro", "/", "--chdir", "/"]
    return words + ([] if info is None else ["--info-fd", str(info)]) + ["--"]


def made(info: int) -> int | None:
    """Return the process that bubblewrap told of in the descriptor `info`; None if it made none."""
    told = b""
    while piece := os.read(info, 4096):
        told += piece
    try:
        return int(json.loads(told)["child-pid"])
    except (ValueError, KeyError, TypeError):
        return None


def shown() -> list[str]:
    """Return the paths that every child needs: what Python and its packages are made of."""
    searched = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    searched += os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    return [*_standing(), *(str(Path(path).absolute()) for path in searched if path)]


@cache
def _standing() -> tuple[str, ...]:
    """Ask the interpreter where it finds what it imports: this process may look in other places, too."""
    asked = subprocess.run(
        [sys.executable, "-P", "-B", "-c", _ASKED], env=environment(""), capture_output=True, check=True
    )
    places = [path for path in json.loads(asked.stdout) if path not in _SHARED]
    links = [link for link in _links(Path(sys.executable)) if not within(link, places)]
    return tuple(dict.fromkeys([*_LIBRARIES, *_STORES, *links, *places]))


def within(path: str, places: Iterable[str]) -> bool:
    """Return whether `path` is one of `places` or lies in one."""
    return any(f"{path}/".startswith(f"{place}/") for place in places)


def _links(path: Path) -> list[str]:
    """Return `path` and, where it is a link, all that it leads through, the last first."""
    found = [str(path)]
    while path.is_symlink() and len(found) < _MOST_LINKS:
        path = path.parent / path.readlink()
        found.insert(0, os.path.normpath(path))
    return found


def _given(arguments: Iterable[str]) -> Iterator[tuple[str, str]]:
    standing = shown()
    for argument in arguments:
        if not argument.startswith("/") or within(argument, standing):
            continue
        try:
            mode = Path(argument).stat().st_mode
        except (OSError, ValueError):
            continue
        if stat.S_ISREG(mode):
            yield from (("--ro-bind-try", path) for path in _beside(Path(argument)))
        else:
            yield ("--ro-bind-try" if stat.S_ISDIR(mode) else "--dev-bind-try"), argument


def _beside(path: Path) -> list[str]:
    """Return `path` and what lies beside it and may belong to it; the whole folder when that is very much."""
    kept = [str(path)]
    try:
        for other in path.parent.iterdir():
            if other.name.startswith(path.stem) or (path.suffix and other.suffix == path.suffix):
                kept.append(str(other))
            if len(kept) > _MOST_BESIDE:
                return [str(path.parent)]
    except OSError:
        return [str(path)]
    return list(dict.fromkeys(kept))
