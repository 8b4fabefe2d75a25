"""Lists of known files that hold nothing to find: the software in NIST's library.

The library (National Software Reference Library, Reference Data Set version 3) is an SQLite database. "Known"
does not mean "good" to NIST; here it only means that a file need not be decoded, and never one on the list.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self

from luwte.base.errors import BadInput

# A full set keeps its digests in METADATA and shows them through FILE; a minimal one has FILE alone.
_PLACES = tuple((table, column) for table in ("METADATA", "FILE") for column in ("sha256", "sha1", "md5"))
_COLUMN = "SELECT {1} FROM {0} WHERE {1} IN (?, ?) LIMIT 1"


class HasDigests(Protocol):
    """What names a file exactly; each part is None where it is not known."""

    @property
    def md5(self) -> bytes | None:
        """16 bytes."""
        ...

    @property
    def sha1(self) -> bytes | None:
        """20 bytes."""
        ...

    @property
    def sha256(self) -> bytes | None:
        """32 bytes."""
        ...


class KnownGood:
    """Known files, asked for by digest in several databases at once. Any thread may ask. Close it after use.

    Raises `BadInput` when one of `paths` is no such database, or has no index that makes asking quick.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._lock = threading.Lock()
        self._lists: list[_List] = []
        try:
            for path in paths:
                self._lists.append(_List(path))
        except BadInput:
            self.close()
            raise

    def __contains__(self, file: HasDigests) -> bool:
        """Say whether any list holds `file`. Raises `BadInput` when a list turns out to be damaged."""
        with self._lock:
            return any(held.holds(file) for held in self._lists)

    def close(self) -> None:
        """Close the databases."""
        for held in self._lists:
            held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _List:
    """One database, asked by the strongest digest that it has an index of."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.is_file():
            raise BadInput(f"There is no list of known files {path}. Name a database that NIST gives out.")
        try:
            uri = f"{path.absolute().as_uri()}?mode=ro"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._database.execute("PRAGMA trusted_schema=OFF")
            self._digest, self._query = self._way_in()
        except sqlite3.Error as error:
            raise self._unreadable(error) from None

    def _way_in(self) -> tuple[str, str]:
        found = [place for place in _PLACES if self._has(*place)]
        for table, column in found:
            query = _COLUMN.format(table, column)
            plan = self._database.execute(f"EXPLAIN QUERY PLAN {query}", ("", "")).fetchall()
            if plan and all("SCAN" not in str(step[3]) for step in plan):
                return column, query
        self._database.close()
        if not found:
            raise BadInput(
                f"{self._path} has no digests in a table METADATA or FILE. Give an RDS database, version 3."
            )
        table = found[0][0]
        raise BadInput(
            f"{self._path} has no index of its digests, so each question would read all of it. Make one: "
            f"sqlite3 {self._path} 'CREATE INDEX luwte_sha1 ON {table}(sha1)'"
        )

    def _has(self, table: str, column: str) -> bool:
        query = "SELECT 1 FROM pragma_table_info(?) WHERE lower(name) = ?"
        return self._database.execute(query, (table, column)).fetchone() is not None

    def holds(self, file: HasDigests) -> bool:
        digest: bytes | None = getattr(file, self._digest)
        if digest is None:
            return False
        text = digest.hex()
        try:
            return self._database.execute(self._query, (text.upper(), text)).fetchone() is not None
        except sqlite3.Error as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: sqlite3.Error) -> BadInput:
        return BadInput(
            f"{self._path} is not a readable list of known files ({error}). Give a whole RDS database."
        )

    def close(self) -> None:
        self._database.close()
