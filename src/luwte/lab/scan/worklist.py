"""The worklist: what a scan knows of every file, for the examiner. It stays in the lab.

An SQLite database, readable by its owner alone. Digests are kept of every file; a perceptual code only of
files that matched, because one of an unmatched file could be turned into a picture of it. It is written when
the scan is whole, from the ledger, with the same bytes whatever the order in which its files were finished.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from luwte.base.errors import BadInput
from luwte.exchange.rows import WorklistRow
from luwte.lab.scan.ledger import Ledger
from luwte.lab.scan.partial import at_once

APPLICATION = 0x4C757774
SCHEMA = 2
"""The schema that is written; 1, without clusters and likelihoods, is read, too."""
NAME = "worklist.sqlite"
_PARTIAL = ".partial"

_PRAGMAS = f"""
PRAGMA whole.application_id={APPLICATION}; PRAGMA whole.user_version={SCHEMA};
PRAGMA whole.journal_mode=OFF; PRAGMA whole.synchronous=OFF;
"""
_TABLES = """
CREATE TABLE whole.about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE whole.carrier (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER
) STRICT;
CREATE TABLE whole.file (
  id INTEGER PRIMARY KEY, carrier INTEGER NOT NULL REFERENCES carrier, path TEXT NOT NULL,
  state TEXT NOT NULL, size INTEGER, kind TEXT NOT NULL,
  md5 BLOB, sha1 BLOB, sha256 BLOB, width INTEGER, height INTEGER,
  pdq BLOB, pdq_quality INTEGER, verdict TEXT NOT NULL, error TEXT, counted_as TEXT NOT NULL
) STRICT;
CREATE TABLE whole.match (
  file INTEGER NOT NULL REFERENCES file, rank INTEGER NOT NULL, verdict TEXT NOT NULL,
  distance INTEGER, entry TEXT NOT NULL, series TEXT NOT NULL, cluster TEXT, likelihood INTEGER,
  PRIMARY KEY (file, rank)
) STRICT, WITHOUT ROWID;
"""
# Files are numbered in the order of their carriers, whatever the order in which they were finished.
_COPIES = (
    "INSERT INTO whole.carrier SELECT id, path, kind, size FROM main.carrier ORDER BY id",
    """
    INSERT INTO whole.file SELECT row_number() OVER (ORDER BY carrier, root, place), carrier, path, state,
      size, kind, md5, sha1, sha256, width, height, pdq, pdq_quality, verdict, error, counted_as
    FROM main.file ORDER BY carrier, root, place
    """,
    """
    INSERT INTO whole.match SELECT number, rank, verdict, distance, entry, series,
      coalesce(cluster, nullif(substr(remembered, 1, 32), '')), likelihood
    FROM main.match LEFT JOIN main.clustered USING (carrier, root, place, rank) JOIN (
      SELECT carrier, root, place, row_number() OVER (ORDER BY carrier, root, place) AS number FROM main.file
    ) USING (carrier, root, place) ORDER BY number, rank
    """,
)
_UNKNOWN = """
SELECT file.path, state, file.size, md5, sha1, sha256, file.kind, NULL, verdict, NULL, NULL, NULL, error,
  counted_as, carrier.path
FROM file JOIN carrier ON carrier.id = file.carrier WHERE verdict = 'unknown' ORDER BY carrier, root, place
"""
_ROWS = """
SELECT file.path, state, file.size, md5, sha1, sha256, file.kind, pdq, coalesce(match.verdict, file.verdict),
  distance, entry, series, error, counted_as, carrier.path, {judged}, pdq_quality
FROM file JOIN carrier ON carrier.id = file.carrier LEFT JOIN match ON match.file = file.id
ORDER BY file.id, match.rank
"""
_JUDGED = {1: "NULL, NULL", SCHEMA: "cluster, likelihood"}


def write_worklist(ledger: Ledger, about: Mapping[str, str], target: Path) -> None:
    """Write what `ledger` holds, and what it is `about`, to `target`: the old file or the whole new one.

    Raises `Failure` when it cannot be written.
    """
    whole = target.with_name(target.name + _PARTIAL)
    with ledger.reading() as database:
        whole.unlink(missing_ok=True)
        os.close(os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        database.execute("ATTACH ? AS whole", (str(whole),))
        try:
            database.executescript(_PRAGMAS + _TABLES)
            with at_once(database):
                database.executemany("INSERT INTO whole.about VALUES (?, ?)", sorted(about.items()))
                for copy in _COPIES:
                    database.execute(copy)
        finally:
            database.execute("DETACH whole")
        _make_lasting(whole)
        whole.replace(target)


def _make_lasting(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def rows_so_far(ledger: Ledger) -> Iterator[WorklistRow]:
    """Give a row of each file in `ledger` that matches nothing, in the order of the carriers."""
    with ledger.reading() as database:
        for row in database.execute(_UNKNOWN):
            yield _row(row)


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
            judged = _JUDGED[_checked(database, file)]
            for row in database.execute(_ROWS.format(judged=judged)):
                yield _row(row)
    except sqlite3.Error as error:
        raise BadInput(f"{file} is not a readable worklist ({error}). Scan again, or restore it.") from None


def _checked(database: sqlite3.Connection, file: Path) -> int:
    """Return the schema of the worklist; raises `BadInput` when it is none, or of a newer Luwte."""
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (schema,) = database.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise BadInput(f"{file} is not a worklist. Give the worklist.sqlite that `luwte scan` wrote.")
    if schema > SCHEMA:
        raise BadInput(f"{file} has schema {schema}, of a newer Luwte than this one. Update Luwte here.")
    if schema not in _JUDGED:
        raise BadInput(f"{file} has no schema of a worklist. Scan again, or restore it.")
    return int(schema)


def _row(values: Iterable[object]) -> WorklistRow:
    plain = [value.hex() if isinstance(value, bytes) else value for value in values]
    return WorklistRow(*plain)  # type: ignore[arg-type]  # STRICT tables hold the types that the row names
