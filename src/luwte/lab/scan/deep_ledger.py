"""What the ledger of a scan holds of its deep pass: which pictures are wanted, and what close looks gave.

All of it stands under the size and SHA-256 of a picture, so that one look is enough for every copy. Wanted
are pictures that the fast pass did not know, and those that it found near. Its findings stay as they are
until `apply` puts those of the close looks beside them, or in place of what was near; `withdraw` takes these
away again and puts back what was there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from luwte.base.faults import fault_point
from luwte.lab.scan.ledger import Ledger, add_matches
from luwte.lab.scan.units import NAME_BYTES, Batch, CloseLook, NamedMatch, NearBefore, Part, Unit, Wanted

LEAST_SIDE: Final = 64
"""Pixels of the shorter side below which a picture has no close look: an icon has too few keypoints."""
TOO_SMALL: Final = "too small for a close look"
NO_CONTENT: Final = "only hashes are known of it"
NOT_FOUND_AGAIN: Final = "could not be read a second time"

_ASKED = (
    "(counted_as = 'unknown_imagery' AND kind IN ('picture', 'video')"
    " OR counted_as = 'near' AND kind = 'picture')"
)
_USEFUL = f"min(width, height) >= {LEAST_SIDE} AND size IS NOT NULL AND sha256 IS NOT NULL"
_WANT = f"""
INSERT INTO wanted SELECT carrier, root, size, sha256 FROM (
  SELECT size, sha256, carrier, root,
    row_number() OVER (PARTITION BY size, sha256 ORDER BY carrier, root, place) AS copy
  FROM file WHERE {_ASKED} AND {_USEFUL}
) WHERE copy = 1
"""  # noqa: S608 - made of constants of this file
_LEFT = "NOT EXISTS (SELECT 1 FROM looked WHERE looked.size = wanted.size AND looked.sha256 = wanted.sha256)"
_NEXT = f"""
SELECT root, substr(sha256, 1, {NAME_BYTES}) FROM wanted
WHERE carrier = ? AND root >= ? AND root < ? AND {_LEFT} ORDER BY root
"""  # noqa: S608 - made of constants of this file
_NEAR = f"""
SELECT DISTINCT substr(sha256, 1, {NAME_BYTES}), entry, distance, whole, itself FROM wanted
JOIN file USING (carrier, root, size, sha256) JOIN match USING (carrier, root, place)
WHERE carrier = ? AND root >= ? AND root <= ? AND match.verdict = 'near' AND {_LEFT}
ORDER BY 1, distance IS NULL, distance, entry
"""  # noqa: S608 - made of constants of this file
_AMOUNTS = f"SELECT count(*), total(size) FROM wanted WHERE {_LEFT}"  # noqa: S608 - made of constants of this file
_ADD_LOOK = "INSERT OR IGNORE INTO looked VALUES (?, ?, ?, ?, ?, ?)"
_GIVE_UP = f"""
INSERT OR IGNORE INTO looked SELECT size, sha256, ?, NULL, NULL, '[]' FROM wanted
WHERE carrier = ? AND root >= ? AND root < ? AND {_LEFT}
"""  # noqa: S608 - made of constants of this file
_COUNTED = f"""
SELECT CASE WHEN width IS NULL OR size IS NULL OR sha256 IS NULL THEN '{NO_CONTENT}'
  WHEN min(width, height) < {LEAST_SIDE} THEN '{TOO_SMALL}'
  WHEN matches IS NULL THEN '{NOT_FOUND_AGAIN}' ELSE looked.error END AS reason, count(*)
FROM file LEFT JOIN looked USING (size, sha256) WHERE {_ASKED} GROUP BY reason
"""  # noqa: S608 - made of constants of this file
_FOUND = f"""
SELECT carrier, root, place, coalesce(file.pdq, looked.pdq), coalesce(file.pdq_quality, looked.pdq_quality),
  matches
FROM file JOIN looked USING (size, sha256)
WHERE {_ASKED} AND matches != '[]'
  AND (carrier, root, place) NOT IN (SELECT carrier, root, place FROM deepened)
ORDER BY carrier, root, place
"""  # noqa: S608 - made of constants of this file
_UPDATE = """
UPDATE file SET verdict = ?, counted_as = ?, pdq = ?, pdq_quality = ?
WHERE carrier = ? AND root = ? AND place = ?
"""
_HERE = "carrier = ? AND root = ? AND place = ?"
_SET_ASIDE = (
    f"""
    INSERT INTO deepened SELECT carrier, root, place, verdict, counted_as, pdq, pdq_quality
    FROM file WHERE {_HERE}
    """,  # noqa: S608 - made of constants of this file
    f"INSERT INTO set_aside SELECT * FROM match WHERE {_HERE}",  # noqa: S608 - made of constants of this file
    f"DELETE FROM match WHERE {_HERE}",  # noqa: S608 - made of constants of this file
)
_WITHDRAW = (
    "DELETE FROM match WHERE (carrier, root, place) IN (SELECT carrier, root, place FROM deepened)",
    """
    UPDATE file SET verdict = old.verdict, counted_as = old.counted_as, pdq = old.pdq,
      pdq_quality = old.pdq_quality
    FROM deepened AS old
    WHERE (file.carrier, file.root, file.place) = (old.carrier, old.root, old.place)
    """,
    "INSERT INTO match SELECT * FROM set_aside",
    "DELETE FROM set_aside",
    "DELETE FROM deepened",
)
_END: Final = 1 << 62


class Closely(NamedTuple):
    """How many pictures that the fast pass left unknown or near were looked at, and why others were not."""

    looked: int
    reasons: Mapping[str, int]


class Amounts(NamedTuple):
    """How many pictures are wanted still, and how many bytes they have together."""

    pictures: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Roots of a carrier, from number `first` up to `last`, of which wanted pictures are left."""

    carrier: int
    part: Part
    first: int
    last: int


class DeepLedger:
    """The part of `ledger` that the deep pass reads and writes; `key` says what makes looks comparable.

    Looks with another key (another model) are forgotten. Raises `Failure` where the ledger does.
    """

    def __init__(self, ledger: Ledger, key: str) -> None:
        self._ledger = ledger
        self._key = key
        with ledger.writing() as database:
            if database.execute("SELECT key FROM deep").fetchall() != [(key,)]:
                database.execute("DELETE FROM deep")
                database.execute("DELETE FROM looked")
                database.execute("INSERT INTO deep VALUES (?)", (key,))
            database.execute("DELETE FROM wanted")
            database.execute(_WANT)

    def left(self) -> Amounts:
        """Return how much is left to be looked at."""
        with self._ledger.reading() as database:
            pictures, size = database.execute(_AMOUNTS).fetchone()
            return Amounts(pictures, int(size))

    def stretches(self) -> list[Stretch]:
        """Return all stretches, in the order of the carriers: roots first, then the space outside of them."""
        found: list[Stretch] = []
        with self._ledger.reading() as database:
            for carrier, roots in database.execute("SELECT id, roots FROM carrier ORDER BY id").fetchall():
                last = _END if roots is None else roots
                found.append(Stretch(carrier, "files", 0, last))
                if roots is not None:
                    found.append(Stretch(carrier, "space", roots, roots + 1))
        return found

    def cut(self, stretch: Stretch, most: int) -> tuple[Unit, Stretch] | None:
        """Return the first unit of `stretch`, of about `most` pictures, and the rest; None if none is left.

        A root is never cut in two, whatever it holds.
        """
        roots: list[int] = []
        names: list[bytes] = []
        with self._ledger.reading() as database:
            cursor = database.execute(_NEXT, (stretch.carrier, stretch.first, stretch.last))
            for root, name in cursor:
                if len(names) >= most and root != roots[-1]:
                    cursor.close()
                    break
                names.append(name)
                if not roots or root != roots[-1]:
                    roots.append(root)
        if not roots:
            return None
        space = stretch.part == "space"
        near = self._near(stretch.carrier, roots[0], roots[-1])
        wanted = Wanted(() if space else _joined(roots), b"".join(sorted(names)), self._key, near)
        last = None if space else roots[-1] + 1
        unit = Unit(stretch.carrier, stretch.part, roots[0], last, wanted=wanted)
        return unit, Stretch(stretch.carrier, stretch.part, roots[-1] + 1, stretch.last)

    def _near(self, carrier: int, first: int, last: int) -> tuple[NearBefore, ...]:
        """Return what the fast pass found near in the wanted pictures of roots `first` to `last`."""
        with self._ledger.reading() as database:
            rows = database.execute(_NEAR, (carrier, first, last)).fetchall()
        return tuple(NearBefore(name.hex(), *about) for name, *about in rows)

    def settle(self, batch: Batch) -> None:
        """Write down what close looks gave, all of it or nothing."""
        if batch.looks:
            with self._ledger.writing() as database:
                database.executemany(_ADD_LOOK, map(_values, batch.looks))
            fault_point("scan.deep.batch")

    def give_up(self, stretch: Stretch, why: str) -> None:
        """Write down that what is left of `stretch` cannot be looked at, and `why`."""
        with self._ledger.writing() as database:
            database.execute(_GIVE_UP, (why, stretch.carrier, stretch.first, stretch.last))

    def counted(self) -> Closely:
        """Return how many files had a close look, and why the others had none. Ask before `apply`."""
        with self._ledger.reading() as database:
            counts: dict[str | None, int] = dict(database.execute(_COUNTED).fetchall())
        return Closely(counts.pop(None, 0), {str(reason): count for reason, count in counts.items()})

    def apply(self) -> None:
        """Count each file that a close look found something in under what that is."""
        with self._ledger.writing() as database:
            for place in database.execute(_FOUND).fetchall():
                _find(database, *place)


def withdraw(ledger: Ledger) -> None:
    """Take back what `apply` did: `ledger` then says what the fast pass found."""
    with ledger.writing() as database:
        for statement in _WITHDRAW:
            database.execute(statement)


def _find(
    database: sqlite3.Connection,
    carrier: int,
    root: int,
    place: int,
    pdq: bytes | None,
    quality: int | None,
    told: str,
) -> None:
    """Write down what the file at that place matches, as the fast pass does of what it finds."""
    where = carrier, root, place
    matches = [NamedMatch(*match) for match in json.loads(told)]
    verdict = matches[0].verdict
    for statement in _SET_ASIDE:
        database.execute(statement, where)
    database.execute(_UPDATE, (verdict, verdict, pdq, quality, *where))
    add_matches(database, where, matches)


def _values(look: CloseLook) -> Sequence[object]:
    return (look.size, look.sha256, look.error, look.pdq, look.pdq_quality, json.dumps(look.matches))


def _joined(roots: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the ascending `roots` as stretches."""
    found: list[tuple[int, int]] = []
    for root in roots:
        if found and found[-1][1] == root:
            found[-1] = found[-1][0], root + 1
        else:
            found.append((root, root + 1))
    return tuple(found)
