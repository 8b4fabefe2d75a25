"""When each record was verified last, on this machine: a file in the home, for whoever looks after it.

It is a note to oneself and proves nothing: who can change the record can write it too.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from luwte.base.errors import BadInput, Failure
from luwte.base.files import make_folder, write_bytes
from luwte.desk.audit.log import Log
from luwte.exchange.documents import parse_object, read_bounded
from luwte.exchange.home import default_path

LIMIT = 1_000


def note_verified(log: Log, now: datetime, acts: int) -> None:
    """Note that all `acts` of `log` were read now and are whole; nothing where the home cannot be written."""
    with suppress(Failure):
        make_folder(_file(log).parent)
        write_bytes(_file(log), json.dumps({"at": now.isoformat(), "acts": acts}).encode())


def last_verified(log: Log) -> datetime | None:
    """Return when `log` was verified last here, None when that is not known."""
    try:
        return datetime.fromisoformat(str(parse_object(read_bounded(_file(log), LIMIT), _file(log))["at"]))
    except (BadInput, KeyError, ValueError):
        return None


def _file(log: Log) -> Path:
    return default_path() / "verified" / f"{log.name}.json"
