"""Units and batches as bytes, as they cross between machines: JSON, with digests in hexadecimal."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from typing import Any, Final

from luwte.lab.scan.units import Batch, CloseLook, End, NamedMatch, NearBefore, Row, Trouble, Unit, Wanted

MOST_BYTES: Final = 64 << 10
"""What a message has at most, unless one row has more: so Ray sends it as it is and stores it nowhere."""


def pack_unit(unit: Unit) -> bytes:
    """Return `unit` as bytes."""
    *about, wanted = astuple(replace(unit, wanted=None))
    if unit.wanted is not None:
        names = b64encode(unit.wanted.names).decode()
        wanted = [unit.wanted.stretches, names, unit.wanted.key, unit.wanted.near]
    return json.dumps([*about, wanted]).encode()


def unpack_unit(content: bytes) -> Unit:
    """Return the unit that `pack_unit` made `content` of."""
    *about, wanted = json.loads(content)
    unit = Unit(*about)
    return unit if wanted is None else replace(unit, wanted=_wanted(*wanted))


def _wanted(
    stretches: Sequence[Sequence[int]], names: str, key: str, near: Sequence[Sequence[Any]]
) -> Wanted:
    roots = tuple((first, last) for first, last in stretches)
    return Wanted(roots, b64decode(names), key, tuple(NearBefore(*one) for one in near))


def pack(batch: Batch, unit: Unit) -> Iterator[bytes]:
    """Give `batch`, which came of `unit`, as messages; only the last says how far the work is."""
    message, rows, looks = _packed(batch), len(batch.rows) // 2, len(batch.looks) // 2
    if (rows or looks) and len(message) > MOST_BYTES:
        yield from pack(Batch(unit.first, batch.rows[:rows], looks=batch.looks[:looks]), unit)
        yield from pack(replace(batch, rows=batch.rows[rows:], looks=batch.looks[looks:]), unit)
    else:
        yield message


def unpack(content: bytes) -> Batch:
    """Return the batch in one message. Raises `ValueError` or `TypeError` when there is none in it."""
    upto, rows, troubles, first_mark, mark, read, verified, waiting, end, looks = json.loads(content)
    return Batch(
        upto,
        tuple(_row(*row) for row in rows),
        tuple(Trouble(*trouble) for trouble in troubles),
        first_mark,
        mark,
        read,
        verified,
        waiting,
        None if end is None else _end(*end),
        tuple(_look(*look) for look in looks),
    )


def _packed(batch: Batch) -> bytes:
    marks, counts = (batch.first_mark, batch.mark), (batch.read, batch.verified, batch.waiting)
    end = None if batch.end is None else astuple(batch.end)
    told = (batch.upto, batch.rows, batch.troubles, *marks, *counts, end, batch.looks)
    return json.dumps(told, default=bytes.hex).encode()


def _row(*values: Any) -> Row:
    row = Row(*values)
    return row._replace(
        md5=_digest(row.md5),
        sha1=_digest(row.sha1),
        sha256=_digest(row.sha256),
        pdq=_digest(row.pdq),
        matches=tuple(NamedMatch(*match) for match in row.matches),
    )


def _look(*values: Any) -> CloseLook:
    size, sha256, error, pdq, quality, matches = values
    named = tuple(NamedMatch(*match) for match in matches)
    return CloseLook(size, bytes.fromhex(sha256), error, _digest(pdq), quality, named)


def _digest(told: Any) -> bytes | None:
    return None if told is None else bytes.fromhex(told)


def _end(*values: Any) -> End:
    end = End(*values)
    problems = tuple((reason, count) for reason, count in end.problems)
    return replace(end, file_systems=tuple(end.file_systems), problems=problems)
