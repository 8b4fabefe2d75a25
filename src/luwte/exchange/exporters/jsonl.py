"""JSON Lines: one object a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from luwte.exchange.exporters._text import json_bytes, values
from luwte.exchange.rows import WorklistRow


def write(rows: Iterable[WorklistRow], file: IO[bytes]) -> int:
    """Write one JSON object a line, UTF-8, to the binary `file`; return how many."""
    count = 0
    for row in rows:
        file.write(json_bytes(values(row)) + b"\n")
        count += 1
    return count
