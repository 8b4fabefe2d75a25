"""What two scans must share, so that what the one has done need not be done by the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from luwte.exchange.statement import Statement
from luwte.lab.carriers.names import printable
from luwte.lab.fingerprints.licensed import described
from luwte.lab.recognition.recogniser import RULES
from luwte.lab.scan.ledger_tables import LAYOUT
from luwte.lab.scan.request import Request
from luwte.lab.scan.tally import TOOL


def looks(request: Request, statement: Statement) -> str:
    """Return what decides what a look at a file shows: this program, the list, its thresholds, the hasher."""
    found = f"{TOOL}, list {statement.version}, {RULES}, up to {request.radius}"
    return f"{found}, {described(request.hasher)}" if request.hasher else found


def work(request: Request, statement: Statement) -> str:
    """Return what decides what a scan finds on a carrier: what its looks show, and what it was asked."""
    files = [[identity(path) for path in paths] for paths in (request.known_good, request.unlock)]
    return json.dumps([LAYOUT, looks(request, statement), request.carve, *files])


class Same(NamedTuple):
    """What two scans of one work share: its `key`, as `work` gives it, and the names of their carriers."""

    key: str
    carriers: tuple[str, ...]


def name_of(carrier: Path) -> str:
    """Return the name that a carrier has in a ledger and in all that comes of it."""
    return printable(str(carrier.absolute()), separators=True)


def identity(path: Path) -> str:
    """Return what changes with the file at `path`: its size and time. Folders are told by what is in them."""
    if path.is_dir():
        return "folder"
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"
