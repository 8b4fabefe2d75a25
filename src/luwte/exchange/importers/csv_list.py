"""CSV lists with a header, in any of the field's column names, delimiters and encodings."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping

from luwte.exchange.entries import FINGERPRINT_BYTES, HashRecord
from luwte.exchange.errors import BadList
from luwte.exchange.importers.complaints import Complaints
from luwte.exchange.importers.source import Source
from luwte.exchange.importers.values import (
    Fingerprints,
    hash_by_length,
    hash_value,
    series_or_none,
    truth,
    whole_number,
)

# Field -> the names it goes by, letters and digits only.
NAMES: dict[str, tuple[str, ...]] = {
    "md5": ("md5", "md5hash", "md5sum", "hashmd5", "md5value"),
    "sha1": ("sha1", "sha1hash", "sha1sum", "hashsha1", "sha1value"),
    "sha256": ("sha256", "sha256hash", "sha256sum", "hashsha256", "sha2256", "sha256value"),
    "pdq": ("pdq", "pdqhash", "pdqvalue"),
    "hash": ("hash", "hashvalue", "value", "signature", "digest", "checksum"),
    "quality": ("pdqquality", "quality"),
    "series": ("series", "seriesname", "seriesid"),
    "size": ("size", "filesize", "mediasize", "bytes", "length"),
    "path": ("path", "filepath", "fullpath", "relativefilepath", "file", "filename", "name"),
    "category": ("category", "categoryid"),
    "deleted": ("deleted", "isdeleted"),
    "photodna": ("photodna", "pdna"),
}
_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}
_SEPARATOR = re.compile(r"sep=.?", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_FINGERPRINTS = (*FINGERPRINT_BYTES, "hash")


def detect(head: bytes, name: str) -> bool:
    """Return whether the header names at least one kind of hash, or the file calls itself CSV."""
    _, header = _header(iter(head.decode("utf-8", "replace").splitlines()))
    named = any(_field_of(cell) in _FINGERPRINTS for cell in _cells(header))
    return b"\0" not in head and (named or name.lower().endswith((".csv", ".tsv")))


def read(
    source: Source, complaints: Complaints, column_map: Mapping[str, str], long_kind: str = "sha256"
) -> Iterator[HashRecord]:
    """Give a record a row. `column_map` (field -> column) goes before the names that fields usually have."""
    lines = source.lines()
    before, header = _header(lines)
    delimiter = _delimiter(header)
    reader = csv.reader(lines, delimiter=delimiter)
    columns = _columns(source, _cells(header), column_map)
    rows = 0
    while True:
        try:
            row = next(reader, None)
            if row is None:
                break
            if not any(cell.strip() for cell in row):
                continue
            rows += 1
            yield _record(row, columns, long_kind)
        except (ValueError, csv.Error) as error:
            complaints.add(f"line {before + reader.line_num}", str(error))
    complaints.settle(source.path, rows)


def _header(lines: Iterator[str]) -> tuple[int, str]:
    """Return the header and its line number; empty lines and Excel's `sep=;` may stand before it."""
    for number, line in enumerate(lines, start=1):
        if line.strip() and not _SEPARATOR.match(line):
            return number, line
    return 0, ""


def _columns(source: Source, header: list[str], column_map: Mapping[str, str]) -> dict[str, int]:
    """Return the number of the column of each field that the list has."""
    found: dict[str, int] = {}
    for number, cell in enumerate(header):
        field = _field_of(cell)
        if field is not None:
            found.setdefault(field, number)
    for field, column in column_map.items():
        if field not in NAMES:
            raise BadList(f"There is no field {field!r} to map a column to. Known are: {', '.join(NAMES)}.")
        if column not in header:
            raise BadList(f"{source.path} has no column {column!r}. Its columns are: {_shown(header)}.")
        found[field] = header.index(column)
    if not any(field in found for field in _FINGERPRINTS):
        raise BadList(
            f"{source.path} has no column that is known by its name to hold hashes; its columns are: "
            f"{_shown(header)}. Say which it is, as in --column md5=NAME."
        )
    return found


def _record(row: list[str], columns: Mapping[str, int], long_kind: str) -> HashRecord:
    cells = {field: row[number].strip() for field, number in columns.items() if number < len(row)}
    found: Fingerprints = hash_by_length(cells["hash"], long_kind) if cells.get("hash") else {}
    for kind in FINGERPRINT_BYTES:
        if cells.get(kind):
            found[kind] = hash_value(kind, cells[kind])  # type: ignore[literal-required]
    if not found:
        raise ValueError("it has no hash")
    return HashRecord(
        path=cells.get("path") or None,
        size=whole_number(cells.get("size")),
        pdq_quality=whole_number(cells.get("quality"), 100),
        series=series_or_none(cells.get("series")),
        deleted=truth(cells.get("deleted")),
        attributes={field: cells[field] for field in ("category", "photodna") if cells.get(field)},
        **found,
    )


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def _cells(header: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([header], delimiter=_delimiter(header)), [])]
    except csv.Error:
        return []


def _field_of(cell: str) -> str | None:
    return _FIELD_OF.get(re.sub(r"[^a-z0-9]", "", cell.lower()))


def _shown(header: list[str]) -> str:
    return ", ".join(header)[:200] or "none"
