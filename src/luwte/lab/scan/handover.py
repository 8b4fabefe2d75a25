"""The hand-over to victim identification: unknown imagery of a scan, before its report is made.

A child in a picture that nobody knows may be abused today; telling about known pictures waits for that. First
come pictures that show a scene of the list and are no copy of it: another photo of that room may say where it
is. It is a VICS 2.0 case with digests and places, never the files; it holds paths and stays with the police.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from luwte.base.files import replacing
from luwte.exchange.exporters import vics
from luwte.exchange.rows import WorklistRow
from luwte.lab.scan.ledger import Ledger
from luwte.lab.scan.worklist import read_rows, rows_so_far

HANDOVER = "handover.vics.json"
SO_FAR = "handover.partial.vics.json"
"""What is acute on the carriers that are done, while others are still being read."""
_KNOWN = frozenset({"identical", "same_picture", "near", "same_scene", "known_good"})


def write_handover(worklist: Path, target: Path, case: str | None) -> int:
    """Write what is acute in the finished `worklist` to `target`, and return how many items that are.

    Raises `Failure` when `target` cannot be written.
    """
    with replacing(target) as file:
        rows = chain(scenes(read_rows(worklist)), acute(read_rows(worklist)))
        return vics.write(rows, file, case=case or "")


def scenes(rows: Iterable[WorklistRow]) -> Iterator[WorklistRow]:
    """Give the rows of files that show a scene of the list, one a file even where it is one of several."""
    last: tuple[str, str, str | None] | None = None
    for row in rows:
        this = row.carrier, row.path, row.sha256
        if row.counted_as == "same_scene" and this != last:
            yield row
            last = this


def acute(rows: Iterable[WorklistRow]) -> Iterator[WorklistRow]:
    """Give the rows of pictures and videos that no list knows, in their order."""
    return (row for row in rows if row.kind in ("picture", "video") and row.counted_as not in _KNOWN)


class Acute:
    """Hands over, while a scan goes on, what is acute in its `ledger` so far, and says so through `tell`."""

    def __init__(self, ledger: Ledger, folder: Path, case: str | None, tell: Callable[[str], None]) -> None:
        self._ledger = ledger
        self._target = folder / SO_FAR
        self._case = case
        self._tell = tell

    def write(self) -> None:
        """Write it anew. Raises `Failure` when it cannot be written."""
        with replacing(self._target) as file:
            count = vics.write(acute(rows_so_far(self._ledger)), file, case=self._case or "")
        self._tell(f"Acute, from the carriers read so far: {count} in {self._target}")
