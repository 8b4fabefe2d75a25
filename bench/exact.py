"""P3: exact look-ups of digests in a long list, against a semi join of DuckDB and against SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial

import duckdb
import numpy as np
from numpy.typing import NDArray

from bench.rows import Row, named
from bench.turns import medians
from luwte.exchange.bundle import Bundle
from luwte.lab.reference.exact import ExactList
from luwte.lab.reference.index import Digested, ReferenceIndex

WIDTH = 16
BATCH = 512
"""How many files a scan looks up at once."""
BATCHES = 200
FEW_BATCHES = 5
IN_SQLITE, ASKED_OF_SQLITE = 2_000_000, 200_000
Words = NDArray[np.uint64]


def rows(entries: int, asked: int, repetitions: int) -> Iterator[Row]:
    """Return P3 (all look-ups at once) and P3-scan (in the batches and by the way of a scan)."""
    listed, wanted = _list(entries), _asked(entries, asked)
    sqlite = _Sqlite(min(entries, IN_SQLITE))
    yield _at_once(listed, wanted, sqlite, repetitions)
    yield _in_batches(listed, wanted, sqlite, repetitions)


def _at_once(listed: Words, wanted: Words, sqlite: _Sqlite, repetitions: int) -> Row:
    ours, duck = ExactList(_digests(listed)), _Duck(listed)
    asked = _digests(wanted)
    if len(ours.find(asked).query) != duck.count(wanted):
        raise AssertionError("the exact search does not find what DuckDB finds")
    times = medians(
        {
            "ours": lambda: ours.find(asked),
            "asked in the list": lambda: duck.count(wanted),
            "list in the asked": lambda: duck.count_turned(wanted),
            "sqlite": sqlite.ask,
        },
        repetitions,
    )
    rates = {
        "DuckDB semi join": len(wanted) / min(times["asked in the list"], times["list in the asked"]),
        sqlite.name: ASKED_OF_SQLITE / times["sqlite"],
    }
    work = f"{len(wanted) / 1e6:g} M exact look-ups at once in {len(listed) / 1e6:g} M digests"
    return _row("P3", work, len(wanted) / times["ours"], rates)


def _in_batches(listed: Words, wanted: Words, sqlite: _Sqlite, repetitions: int) -> Row:
    index, duck = ReferenceIndex(_bundle(listed)), _Duck(listed)
    files = [Digested(1, row.tobytes(), None, None) for row in _digests(wanted[: BATCH * BATCHES])]
    batches = [files[start : start + BATCH] for start in range(0, len(files), BATCH)]
    few = [wanted[start : start + BATCH] for start in range(0, BATCH * FEW_BATCHES, BATCH)]
    times = medians(
        {
            "ours": lambda: [index.exact(batch) for batch in batches],
            "duck": lambda: [duck.count_turned(batch) for batch in few],
            "sqlite": sqlite.ask,
        },
        repetitions,
    )
    rates = {
        "DuckDB semi join": BATCH * FEW_BATCHES / times["duck"],
        sqlite.name: ASKED_OF_SQLITE / times["sqlite"],
    }
    work = f"exact look-ups of files as a scan does, {BATCH} at once, in {len(listed) / 1e6:g} M digests"
    return _row("P3-scan", work, len(files) / times["ours"], rates)


def _row(identifier: str, work: str, ours: float, rates: dict[str, float]) -> Row:
    peer, better = named(rates)
    return Row(
        identifier,
        f"{work} (a CPU second)",
        peer,
        ours,
        better,
        None,
        ours / better,
        ">= 3x the better peer",
        ours >= 3 * better,
    )


def _list(entries: int) -> Words:
    """Return random digests (N, 2), as two numbers each, ascending."""
    dice = np.random.default_rng(31)
    words = np.empty((entries, 2), np.uint64)
    first = dice.integers(0, 1 << 64, entries, np.uint64)
    first.sort()
    words[:, 0] = first
    words[:, 1] = dice.integers(0, 1 << 64, entries, np.uint64)
    return words


def _asked(entries: int, asked: int) -> Words:
    """Return digests of which half are in `_list(entries)`, in mixed order."""
    dice = np.random.default_rng(32)
    chosen = _list(entries)[dice.integers(0, entries, asked // 2)]
    others = dice.integers(0, 1 << 64, (asked - asked // 2, 2), np.uint64)
    mixed: Words = np.concatenate([chosen, others])[dice.permutation(asked)]
    return mixed


def _digests(words: Words) -> NDArray[np.uint8]:
    """Return the digests as the bundle holds them: bytes, the highest first."""
    return words.astype(">u8").view(np.uint8).reshape(-1, WIDTH)


def _bundle(listed: Words) -> Bundle:
    """Return a list of MD5 alone, one an entry, with nothing that an exact search does not read."""
    count = len(listed)
    nothing = np.zeros(0, np.uint32)
    return Bundle(
        ids=np.broadcast_to(np.zeros(16, np.uint8), (count, 16)),
        series=np.broadcast_to(np.zeros(1, np.uint32), (count,)),
        md5=_digests(listed),
        md5_entry=np.arange(count, dtype=np.uint32),
        sha1=np.zeros((0, 20), np.uint8),
        sha1_entry=nothing,
        sha256=np.zeros((0, 32), np.uint8),
        sha256_entry=nothing,
        pdq=np.zeros((0, 32), np.uint8),
        pdq_entry=nothing,
        pdq_quality=np.zeros(0, np.uint8),
        attribute_offsets=np.zeros(1, np.uint64),
        attributes=np.zeros(0, np.uint8),
        names=np.frombuffer(b'["bench"]', np.uint8),
        statement=None,  # type: ignore[arg-type]  # who made it is not asked here
    )


class _Duck:
    """A table of the list in memory, asked with one thread; digests are two numbers, its fastest form."""

    def __init__(self, listed: Words) -> None:
        self._database = duckdb.connect(":memory:")
        self._database.execute("SET threads = 1")
        self._database.register("given", {"high": listed[:, 0].copy(), "low": listed[:, 1].copy()})
        self._database.execute("CREATE TABLE listed AS SELECT * FROM given")
        self._database.unregister("given")

    def count(self, wanted: Words) -> int:
        """Return how many of `wanted` are in the list."""
        return self._asked(wanted, "asked SEMI JOIN listed USING (high, low)")

    def count_turned(self, wanted: Words) -> int:
        """Return how many of the list are in `wanted`: the same join from its other side."""
        return self._asked(wanted, "listed SEMI JOIN asked USING (high, low)")

    def _asked(self, wanted: Words, join: str) -> int:
        self._database.register("asked", {"high": wanted[:, 0].copy(), "low": wanted[:, 1].copy()})
        (found,) = self._database.execute(f"SELECT count(*) FROM {join}").fetchall()[0]
        return int(found)


class _Sqlite:
    """A list whose digests are the key of a table without row numbers, asked with one statement each."""

    def __init__(self, entries: int) -> None:
        listed = _digests(_list(entries))
        self._asked = [row.tobytes() for row in _digests(_asked(entries, ASKED_OF_SQLITE))]
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE TABLE listed (digest BLOB PRIMARY KEY) WITHOUT ROWID")
        self._database.executemany("INSERT INTO listed VALUES (?)", ((row.tobytes(),) for row in listed))
        self.name = f"SQLite WITHOUT ROWID, of {entries / 1e6:g} M"

    def ask(self) -> int:
        """Look up so many digests; return how many are in the list."""
        ask: Callable[[tuple[bytes]], sqlite3.Cursor] = partial(
            self._database.execute, "SELECT 1 FROM listed WHERE digest = ?"
        )
        return sum(ask((digest,)).fetchone() is not None for digest in self._asked)
