"""Rows as text: the order of their fields, and JSON in pieces, so that no export is held in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import IO

from luwte.exchange.rows import WorklistRow

_HALVES = re.compile("[\ud800-\udfff]")

# The first ten are the worklist's public face and keep their order; more may follow.
FIELDS = (
    "path", "state", "size", "md5", "sha256", "pdq", "verdict", "distance", "entry", "series",
    "sha1", "kind", "error", "counted_as", "carrier", "cluster", "likelihood",
)  # fmt: skip


def values(row: WorklistRow) -> dict[str, str | int | None]:
    """Return `row` as a dictionary in the order of `FIELDS`."""
    return {name: getattr(row, name) for name in FIELDS}


def encoded(text: str) -> bytes:
    """Return `text` as UTF-8; a byte of a name that is no text stands as `\\udc80`, written out."""
    return text.encode("utf-8", "backslashreplace")


def json_bytes(document: object) -> bytes:
    """Return `document` as one line of JSON; bytes that are no text as `encoded` writes them.

    Readers of JSON differ on half surrogates, and some refuse the whole file (RFC 8259, section 8.2).
    """
    text = json.dumps(document, ensure_ascii=False)
    return _HALVES.sub(lambda half: f"\\\\u{ord(half[0]):04x}", text).encode()


def write_list(items: Iterable[object], file: IO[bytes]) -> int:
    """Write `items` one a line, with commas between, as the inside of a JSON array; return how many."""
    count = 0
    for count, item in enumerate(items, start=1):
        file.write((b",\n" if count > 1 else b"\n") + json_bytes(item))
    return count
