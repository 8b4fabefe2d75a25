"""Foreign hash lists, one format a module: each can `detect` its own and `read` it as a stream of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from luwte.exchange.entries import HashRecord
from luwte.exchange.errors import BadList
from luwte.exchange.importers import csv_list, plain, vics, vpdq
from luwte.exchange.importers.complaints import Complaints
from luwte.exchange.importers.source import Progress, Source, head_of

__all__ = ["Complaints", "open_list"]


def open_list(
    path: Path,
    column_map: Mapping[str, str] | None = None,
    *,
    long_kind: str = "sha256",
    complaints: Complaints | None = None,
    progress: Progress | None = None,
) -> Iterator[HashRecord]:
    """Give the records of the hash list in `path`, whatever its format, without holding the list in memory.

    `column_map` maps a field (md5, sha1, sha256, pdq, quality, series, size, path, ...) to a CSV column;
    `long_kind` says whether a bare hash of 64 digits is a sha256 or a pdq. Bad rows go to `complaints`;
    by default the list is refused at its end, with how many and where the first is. Raises `BadInput`.
    """
    head = head_of(path)
    if not head.strip():
        raise BadList(f"{path} is empty. Give a VICS, CSV, vPDQ or plain hash list.")
    told = complaints or Complaints()
    with Source(path, progress) as source:
        if vics.detect(head, path.name):
            yield from vics.read(source, told)
        elif vpdq.detect(head, path.name):
            yield from vpdq.read(source, told)
        elif column_map or csv_list.detect(head, path.name):
            yield from csv_list.read(source, told, column_map or {}, long_kind)
        elif plain.detect(head, path.name):
            yield from plain.read(source, told, long_kind)
        else:
            raise BadList(
                f"{path} is no VICS, CSV, vPDQ or plain hash list. Check the file, or export it again."
            )
