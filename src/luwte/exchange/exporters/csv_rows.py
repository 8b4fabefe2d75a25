"""CSV (RFC 4180) with a header, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import IO

from luwte.exchange.exporters._text import FIELDS, encoded, values
from luwte.exchange.rows import WorklistRow

# A cell that begins so is a formula to a spreadsheet (OWASP, "CSV Injection"): a suspect chooses file names.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(rows: Iterable[WorklistRow], file: IO[bytes]) -> int:
    """Write a header and one line a file, UTF-8, to the binary `file`; return how many files.

    A text cell that a spreadsheet would run gets an apostrophe before it.
    """
    file.write(_line(FIELDS))
    count = 0
    for row in rows:
        file.write(_line([_harmless(value) for value in values(row).values()]))
        count += 1
    return count


def _line(cells: Iterable[str | int | None]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return encoded(line.getvalue())


def _harmless(value: str | int | None) -> str | int | None:
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(_FORMULA):
        return "'" + value
    return value
