"""Notes of what was looked at, kept while a scan runs, so that one that goes on decodes nothing twice.

Where a carrier must be read again, because it changed or was only begun, the digests say that it is the same
file, and the notes what it matched. Like the worklist they hold a perceptual code only of files that
matched. A finished scan removes them.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from luwte.base.errors import Failure
from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.recognition.verdicts import Match, Verdict
from luwte.lab.scan.partial import at_once, open_partial, remove_partial
from luwte.lab.scan.seen import Seen

NAME = "notes.partial"
_TABLES = """
CREATE TABLE looked (
  size INTEGER NOT NULL, sha256 BLOB NOT NULL, width INTEGER, height INTEGER,
  pdq BLOB, pdq_quality INTEGER, matches TEXT NOT NULL, PRIMARY KEY (size, sha256)
) STRICT, WITHOUT ROWID;
"""
_ADD = "INSERT OR IGNORE INTO looked VALUES (?, ?, ?, ?, ?, ?, ?)"
_FIND = "SELECT width, height, pdq, pdq_quality, matches FROM looked WHERE size = ? AND sha256 = ?"


class Notes:
    """The notes at `path` on looks that `key` (the list, its thresholds, this program) makes comparable.

    Notes with another key, or damaged ones, are begun anew. `earlier` counts the files that an earlier scan
    left here. Any thread may ask. Raises `Failure` when they cannot be written.
    """

    def __init__(self, path: Path, key: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        with self._telling():
            self._database = open_partial(path, key, _TABLES, threads=True)
            (self.earlier,) = self._database.execute("SELECT count(*) FROM looked").fetchone()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def known(self, digested: Fingerprint) -> Fingerprint | None:
        """Return all that is kept of the file with these digests, or None if it was not looked at."""
        found = self._find(digested.size, digested.sha256)
        if found is None:
            return None
        width, height, pdq, quality, _ = found
        return Fingerprint(
            digested.size,
            digested.md5,
            digested.sha1,
            digested.sha256,
            digested.kind,
            width,
            height,
            pdq,
            quality,
        )

    def matches(self, file: Seen) -> list[Match] | None:
        """Return what `file` matched when it was looked at, or None if it was not, or is at hand itself."""
        if file.variants or file.kind == "other" or file.error or file.size is None or file.sha256 is None:
            return None
        found = self._find(file.size, file.sha256)
        return None if found is None else [_match(*match) for match in json.loads(found[4])]

    def add(self, files: Sequence[tuple[Seen, Sequence[Match]]]) -> None:
        """Take note of those of `files` that were looked at to their end, with what they match."""
        rows = [_values(file, matches) for file, matches in files if file.variants and not file.error]
        with self._lock, self._telling(), at_once(self._database):
            self._database.executemany(_ADD, rows)

    def close(self) -> None:
        """Close the notes and leave them for a scan that goes on."""
        with suppress(sqlite3.Error):
            self._database.close()

    def discard(self) -> None:
        """Close and remove the notes."""
        self.close()
        remove_partial(self._path)

    def _find(self, size: int, sha256: bytes) -> tuple[int, int, bytes | None, int | None, str] | None:
        with self._lock, self._telling():
            found: tuple[int, int, bytes | None, int | None, str] | None = self._database.execute(
                _FIND, (size, sha256)
            ).fetchone()
            return found

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise Failure(
                f"The notes of the scan {self._path} could not be written ({error}). Free some space on that "
                "disk, or choose another folder, and run this again."
            ) from error


def _values(file: Seen, matches: Sequence[Match]) -> Sequence[object]:
    pdq, quality = (file.pdq, file.pdq_quality) if matches else (None, None)
    told = json.dumps(
        [
            [match.entry, match.verdict, match.distance, match.whole, match.remembered, match.itself]
            for match in matches
        ]
    )
    return (file.size, file.sha256, file.width, file.height, pdq, quality, told)


def _match(
    entry: int,
    verdict: Verdict,
    distance: int | None,
    whole: bool,
    remembered: Sequence[str],
    itself: int | None,
) -> Match:
    return Match(entry, verdict, distance, None, whole, tuple(remembered), itself)
