"""The ledger of a scan on its way: what was found, what is done, and what is lent out to whom.

An SQLite database in the folder of the results, readable by its owner alone, written by the leading process
and by nothing else. What a unit gave and how far that brings the work is written in one step, so that whoever
reads, looks or leads may be lost at any time: a scan that goes on finds here what need not be done again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from luwte.base.errors import Failure
from luwte.base.faults import fault_point
from luwte.lab.scan.hearing import Opened
from luwte.lab.scan.ledger_tables import TABLES
from luwte.lab.scan.partial import at_once, open_partial, remove_partial
from luwte.lab.scan.plan import Stand
from luwte.lab.scan.units import Batch, End, NamedMatch, Unit

NAME = "worklist.partial"
_OF_ITSELF = -1  # the root that stands for the carrier itself
_ADD_FILE = "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_MATCH = "INSERT OR REPLACE INTO match VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_PROBLEM = """
INSERT INTO problem VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET count = min((1 << 53) - 1, count + excluded.count)
"""
_NOTHING_DONE = """
UPDATE carrier SET roots = NULL, space = 0, checked = 0, verified = NULL, whole = 0, broke = 0 WHERE id = ?
"""
_RETURNED = "DELETE FROM lease WHERE carrier = ? AND part = ? AND first = ?"
_FINDINGS = ("file", "match", "problem")
_OUTDATED = "UPDATE reported SET outdated = 1"
_REACHED = """
INSERT INTO done VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET last = excluded.last, last_mark = excluded.last_mark,
  first_mark = coalesce(first_mark, excluded.first_mark)
"""


class Ledger:
    """The ledger at `path` of a scan that `key` (the list, thresholds, options, this program) describes.

    One with another key, or a damaged one, is begun anew; `earlier` counts the files that it holds. Raises
    `Failure` when it cannot be written.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        with self._telling():
            self._database = open_partial(path, key, TABLES)
            (self.earlier,) = self._database.execute("SELECT count(*) FROM file").fetchone()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, number: int, path: str, opened: Opened, identity: str) -> None:
        """Take up the carrier called `number` here: where it was, or anew if it is another one by now."""
        about = (path, opened.kind, opened.size, identity)
        with self.writing() as database:
            held = database.execute(
                "SELECT path, kind, size, identity FROM carrier WHERE id = ?", (number,)
            ).fetchone()
            if held != about:
                self._forget_findings(number)
                database.execute("DELETE FROM carrier WHERE id = ?", (number,))
                database.execute(
                    "INSERT INTO carrier (id, path, kind, size, identity, systems) VALUES (?, ?, ?, ?, ?, ?)",
                    (number, *about, json.dumps(opened.file_systems)),
                )
            self._forget_undone(number)

    def leave_out(self, first: int) -> None:
        """Forget the carriers called `first` and more, which this scan was not asked for."""
        with self.writing() as database:
            for (number,) in database.execute("SELECT id FROM carrier WHERE id >= ?", (first,)).fetchall():
                self._forget_findings(number)
                database.execute("DELETE FROM carrier WHERE id = ?", (number,))

    def stand(self, number: int, *, verify: bool) -> Stand:
        """Return how far the work on the carrier called `number` is."""
        with self.reading() as database:
            roots, space, checked, broke = database.execute(
                "SELECT roots, space, checked, broke FROM carrier WHERE id = ?", (number,)
            ).fetchone()
            done = database.execute("SELECT first, last, last_mark FROM done WHERE carrier = ?", (number,))
            stretches = {first: (last, mark) for first, last, mark in done}
        return Stand(verify, roots, bool(space), bool(checked), broke, certain=roots is None, done=stretches)

    def lend(self, unit: Unit, holder: str, now: float) -> None:
        """Note that `holder` works on `unit` since `now`, in seconds."""
        with self.writing() as database:
            values = (unit.carrier, unit.part, unit.first, unit.last, holder, now)
            database.execute("INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?)", values)
        fault_point("scan.lease")

    def take_back(self, unit: Unit) -> None:
        """Note that nobody works on `unit` any more."""
        with self.writing() as database:
            database.execute(_RETURNED, (unit.carrier, unit.part, unit.first))

    def settle(self, unit: Unit, batch: Batch) -> None:
        """Write down what came of `unit` and how far it is, all of it or nothing."""
        with self.writing() as database:
            carrier = unit.carrier
            if batch.rows or batch.troubles:
                database.execute(_OUTDATED)
            database.executemany(_ADD_FILE, [(carrier, *row[:-1]) for row in batch.rows])
            for row in batch.rows:
                add_matches(database, (carrier, row.root, row.place), row.matches)
            database.executemany(_ADD_PROBLEM, [(carrier, *trouble) for trouble in batch.troubles])
            if unit.part == "files" and batch.upto > unit.first:
                marks = (batch.first_mark or unit.mark, batch.mark)
                database.execute(_REACHED, (carrier, unit.first, batch.upto, *marks))
            if batch.end is not None:
                self._end(unit, batch.end)
        fault_point("scan.batch")

    def lose(self, unit: Unit, *, why: str | None) -> None:
        """Take `unit` back with what it did not bring to an end; `why` says why it is given up, if it is."""
        with self.writing() as database:
            database.execute(_RETURNED, (unit.carrier, unit.part, unit.first))
            self._forget_part(unit)
            if why is not None:
                database.execute(_ADD_PROBLEM, (unit.carrier, unit.first, why, 1))
                database.execute("UPDATE carrier SET broke = broke + 1 WHERE id = ?", (unit.carrier,))

    def write_clusters(self, marked: Iterable[tuple[int, int, int, int, str, str | None]]) -> None:
        """Write which cluster each match (carrier, root, place, rank) belongs to, replacing all.

        With it stands the id that the cluster had, or would have, by that file, where that is to be known.
        """
        with self.writing() as database:
            database.execute("DELETE FROM clustered")
            database.executemany("INSERT INTO clustered VALUES (?, ?, ?, ?, ?, ?)", marked)

    def seen_differently(self) -> list[int]:
        """Return the carriers of which two stretches that meet do not agree on what lies before."""
        query = """
        SELECT DISTINCT one.carrier FROM done AS one JOIN done AS next
          ON next.carrier = one.carrier AND next.first = one.last
        WHERE one.last_mark != next.first_mark ORDER BY one.carrier
        """
        with self.reading() as database:
            return [carrier for (carrier,) in database.execute(query)]

    def amounts(self) -> tuple[int, int]:
        """Return how many files it holds, and how many bytes they have together, as far as is known."""
        with self.reading() as database:
            files, size = database.execute("SELECT count(*), total(size) FROM file").fetchone()
            return files, int(size)

    def forget(self, number: int) -> None:
        """Forget what was found on the carrier called `number`: it changed since."""
        with self.writing() as database:
            self._forget_findings(number)
            database.execute(_NOTHING_DONE, (number,))

    def close(self) -> None:
        """Close the ledger and leave it for a scan that goes on."""
        with suppress(sqlite3.Error):
            self._database.close()

    def discard(self) -> None:
        """Close and remove it."""
        self.close()
        remove_partial(self.path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the database to read from, or to copy from into another; errors come out as `Failure`."""
        with self._telling():
            yield self._database

    def _end(self, unit: Unit, end: End) -> None:
        database, carrier = self._database, unit.carrier
        database.execute(_RETURNED, (carrier, unit.part, unit.first))
        if end.broke is not None:
            database.execute("UPDATE carrier SET broke = broke + 1 WHERE id = ?", (carrier,))
            return
        if unit.part == "space":
            database.execute("UPDATE carrier SET space = 1 WHERE id = ?", (carrier,))
        if unit.part == "verify":
            database.execute(
                "UPDATE carrier SET checked = 1, verified = ? WHERE id = ?", (end.verified, carrier)
            )
        if end.ended:
            self._walked(carrier, end)

    def _walked(self, carrier: int, end: End) -> None:
        """Write down what a walk to the end of the carrier says of the carrier itself."""
        self._database.execute(
            "UPDATE carrier SET roots = ?, whole = ?, systems = ? WHERE id = ?",
            (end.root, end.whole, json.dumps(end.file_systems), carrier),
        )
        self._database.execute("DELETE FROM problem WHERE carrier = ? AND root = ?", (carrier, _OF_ITSELF))
        self._database.executemany(
            _ADD_PROBLEM, [(carrier, _OF_ITSELF, reason, count) for reason, count in end.problems]
        )

    def _forget_findings(self, number: int) -> None:
        self._database.execute(_OUTDATED)
        for table in ("done", "lease", *_FINDINGS):
            self._database.execute(f"DELETE FROM {table} WHERE carrier = ?", (number,))  # noqa: S608 - made of constants of this file

    def _forget_undone(self, number: int) -> None:
        """Forget what lies outside of all that is done: whoever was at it is gone."""
        self._database.execute("DELETE FROM lease WHERE carrier = ?", (number,))
        undone = """
        carrier = ?1 AND root >= 0
        AND NOT EXISTS (SELECT 1 FROM done WHERE carrier = ?1 AND root >= first AND root < last)
        AND NOT EXISTS (SELECT 1 FROM carrier WHERE id = ?1 AND space AND root = roots)
        """
        for table in _FINDINGS:
            self._database.execute(f"DELETE FROM {table} WHERE {undone}", (number,))  # noqa: S608 - made of constants of this file

    def _forget_part(self, unit: Unit) -> None:
        """Forget what `unit` gave beyond what is done of it."""
        if unit.part == "verify":
            return
        first, last = "coalesce((SELECT last FROM done WHERE carrier = ?1 AND first = ?2), ?2)", "?3"
        if unit.part == "space":
            first = last = "(SELECT roots FROM carrier WHERE id = ?1)"
        rest = f"carrier = ?1 AND root >= {first} AND (?3 IS NULL OR root < {last}) AND root >= ?2"
        for table in _FINDINGS:
            self._database.execute(
                f"DELETE FROM {table} WHERE {rest}",  # noqa: S608 - made of constants of this file
                (unit.carrier, unit.first, unit.last),
            )

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the database to write to: all that the block writes, or nothing of it."""
        with self._telling(), at_once(self._database):
            yield self._database

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:  # the last where what it holds was damaged
            raise Failure(
                f"The worklist {self.path} could not be written ({error}). Free some space on that disk, "
                "or choose another folder, and run this again."
            ) from error


def add_matches(
    database: sqlite3.Connection, place: tuple[int, int, int], matches: Sequence[NamedMatch]
) -> None:
    """Write down what the file at `place` (carrier, root, place there) matches, the best first."""
    database.executemany(
        _ADD_MATCH,
        [
            (
                *(*place, rank, one.verdict, one.distance, one.entry, one.series, one.likelihood, one.whole),
                *(one.remembered, one.itself),
            )
            for rank, one in enumerate(matches)
        ],
    )
