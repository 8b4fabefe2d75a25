"""The worklist: what a scan knows of every file, for the examiner. It stays in the lab.

An SQLite database, readable by its owner alone. Digests are kept of every file; a perceptual code only of
files that matched, because one of an unmatched file could be turned into a picture of it. While the scan
writes it, it has another name and a write-ahead log; when it is whole it becomes one plain file, with the
same bytes whatever the order in which its files were finished.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from luwte.base.errors import BadInput, Failure
from luwte.exchange.rows import WorklistRow
from luwte.lab.recognition.verdicts import Verdict
from luwte.lab.scan.classes import class_of
from luwte.lab.scan.seen import Seen

APPLICATION = 0x4C757774
SCHEMA = 1
NAME = "worklist.sqlite"
_WHOLE = "-whole"

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE carrier (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER
) STRICT;
CREATE TABLE file (
  id INTEGER PRIMARY KEY, carrier INTEGER NOT NULL REFERENCES carrier, path TEXT NOT NULL,
  state TEXT NOT NULL, size INTEGER, kind TEXT NOT NULL,
  md5 BLOB, sha1 BLOB, sha256 BLOB, width INTEGER, height INTEGER,
  pdq BLOB, pdq_quality INTEGER, verdict TEXT NOT NULL, error TEXT, counted_as TEXT NOT NULL
) STRICT;
CREATE TABLE match (
  file INTEGER NOT NULL REFERENCES file, rank INTEGER NOT NULL, verdict TEXT NOT NULL,
  distance INTEGER, entry TEXT NOT NULL, series TEXT NOT NULL, PRIMARY KEY (file, rank)
) STRICT, WITHOUT ROWID;
"""
_ADD_FILE = "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_MATCH = "INSERT INTO match VALUES (?, ?, ?, ?, ?, ?)"
_ROWS = """
SELECT path, state, size, md5, sha1, sha256, kind, pdq, coalesce(match.verdict, file.verdict), distance,
  entry, series, error, counted_as
FROM file LEFT JOIN match ON match.file = file.id ORDER BY file.id, match.rank
"""


@dataclass(frozen=True, slots=True)
class NamedMatch:
    """A match as it is written down: the entry's id (32 hex), its series, verdict and distance in bits."""

    entry: str
    series: str
    verdict: Verdict
    distance: int | None


class Worklist:
    """A worklist being written at `path`, which takes the place of any unfinished one there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before = self._count = 0
        discard(path)
        with self._telling():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            self._database = sqlite3.connect(path, isolation_level=None)
        try:
            with self._telling():
                self._database.executescript(
                    f"PRAGMA application_id={APPLICATION}; PRAGMA user_version={SCHEMA};"
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES
                )
        except Failure:
            self.discard()
            raise

    def add_carrier(self, number: int, path: str, kind: str, size: int | None) -> None:
        """Write down the carrier called `number` here; the files that are added next are its."""
        self._before = self._count
        with self._telling():
            self._database.execute("INSERT INTO carrier VALUES (?, ?, ?, ?)", (number, path, kind, size))

    def add_files(self, carrier: int, files: Sequence[tuple[Seen, Sequence[NamedMatch]]]) -> None:
        """Write down `files` of the carrier with their matches, all of them or none."""
        numbered = [(self._before + file[0].number + 1, file) for file in files]
        with self._telling():
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(
                _ADD_FILE, [_file_values(number, carrier, *file) for number, file in numbered]
            )
            self._database.executemany(
                _ADD_MATCH,
                [
                    (number, rank, match.verdict, match.distance, match.entry, match.series)
                    for number, (_, matches) in numbered
                    for rank, match in enumerate(matches)
                ],
            )
            self._database.execute("COMMIT")
        self._count += len(files)

    def finish(self, about: dict[str, str], target: Path) -> None:
        """Write down what the worklist is `about` and make it the one plain file `target`."""
        with self._telling():
            self._database.executemany("INSERT INTO about VALUES (?, ?)", sorted(about.items()))
            whole = self._path.with_name(self._path.name + _WHOLE)
            os.close(os.open(whole, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
            self._database.execute("VACUUM INTO ?", (str(whole),))
            _make_lasting(whole)
            whole.replace(target)
        self.discard()

    def discard(self) -> None:
        """Close and remove it, finished or not."""
        with suppress(sqlite3.Error):
            self._database.close()
        discard(self._path)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise Failure(
                f"The worklist {self._path} could not be written ({error}). Free some space on that disk, "
                "or choose another folder, and run this again."
            ) from error


def _make_lasting(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def discard(path: Path) -> None:
    """Remove the unfinished worklist at `path` with its write-ahead log, if there is one."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", path.name + _WHOLE):
        with suppress(FileNotFoundError):
            path.with_name(name).unlink()


def read_rows(path: Path) -> Iterator[WorklistRow]:
    """Give the rows of the worklist `path`: one a file, and one more for each further series that it matches.

    Raises `BadInput` when `path` is no finished worklist.
    """
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise BadInput(f"There is no worklist {file}. Give the folder that `luwte scan --out` named.")
    try:
        uri = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            _check(database, file)
            for row in database.execute(_ROWS):
                yield _row(row)
    except sqlite3.Error as error:
        raise BadInput(f"{file} is not a readable worklist ({error}). Scan again, or restore it.") from None


def _check(database: sqlite3.Connection, file: Path) -> None:
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (schema,) = database.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise BadInput(f"{file} is not a worklist. Give the worklist.sqlite that `luwte scan` wrote.")
    if schema > SCHEMA:
        raise BadInput(f"{file} has schema {schema}, of a newer Luwte than this one. Update Luwte here.")


def _file_values(number: int, carrier: int, file: Seen, matches: Sequence[NamedMatch]) -> Sequence[object]:
    verdict: Verdict = matches[0].verdict if matches else "unknown"
    pdq, quality = (file.pdq, file.pdq_quality) if matches else (None, None)
    place = (number, carrier, file.path, file.state, file.size, file.kind)
    digests = (file.md5, file.sha1, file.sha256)
    return (
        *place,
        *digests,
        file.width,
        file.height,
        pdq,
        quality,
        verdict,
        file.error,
        class_of(file, verdict),
    )


def _row(values: Iterable[object]) -> WorklistRow:
    plain = [value.hex() if isinstance(value, bytes) else value for value in values]
    return WorklistRow(*plain)  # type: ignore[arg-type]  # STRICT tables hold the types that the row names
