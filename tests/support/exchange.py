"""Entries, lists and reports for tests: random bytes as fingerprints, from a seed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st

from luwte.base.clock import ManualClock
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import Entry, HashRecord, RejectedPair, entry_from
from luwte.exchange.home import Home
from luwte.exchange.report import (
    CarrierCoverage,
    CarrierProblem,
    Coverage,
    EntryFinding,
    Report,
    SeriesFinding,
    Thresholds,
)
from luwte.exchange.report_shape import CLASSES
from luwte.exchange.rows import WorklistRow
from luwte.exchange.statement import Statement
from luwte.exchange.summary import BundleSummary

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CLOCK = ManualClock(NOON)
KEY = bytes(range(32))
OLD = Path(__file__).parents[1] / "exchange" / "old"
"""Reports and the payloads of bundles in schemas 1 and 2, as written before there was a third; public key."""


def records(count: int, seed: int = 1) -> list[HashRecord]:
    """Return `count` records with all fingerprints, in three series."""
    source = random.Random(seed)
    return [
        HashRecord(
            md5=source.randbytes(16),
            sha1=source.randbytes(20),
            sha256=source.randbytes(32),
            pdq=source.randbytes(32),
            pdq_quality=source.randrange(101),
            series=f"series {number % 3}",
            attributes={"category": "1"} if number % 2 else {},
        )
        for number in range(count)
    ]


def entries(count: int, seed: int = 1) -> list[Entry]:
    """Return `count` entries with all fingerprints, in three series."""
    return [entry_from(record, KEY) for record in records(count, seed)]


def film_entries(count: int, seed: int = 1) -> list[Entry]:
    """Return `count` entries of videos with one frame, two, three and so on, beside a picture each."""
    source = random.Random(seed)
    records_of = [
        replace(record, pdq=None, pdq_quality=None, frames=source.randbytes(32 * (number + 1)))
        for number, record in enumerate(records(count, seed + 1000))
    ]
    return [entry_from(record, KEY) for record in records_of] + entries(count, seed)


def coded_entries(count: int, seed: int = 1) -> list[Entry]:
    """Return `count` entries with one local code, two and so on; every other one with a rejected file."""
    source = random.Random(seed)
    found = []
    for number, entry in enumerate(entries(count, seed)):
        frame = bytes((128, source.randrange(1, 129)))
        pair = RejectedPair(source.randbytes(32), source.randbytes(32) if number % 4 == 1 else None)
        codes = frame + source.randbytes(20 * (number % 64 + 1))
        found.append(replace(entry, codes=codes, rejected=(pair,) if number % 2 else ()))
    return found


def bundle(path: Path, home: Home, count: int = 5) -> BundleSummary:
    """Write a small bundle to `path`."""
    return write_bundle(path, entries(count), home, CLOCK)


def report(statement: Statement, **changes: object) -> Report:
    """Return a report on the list of `statement`, with `changes` to its parts."""
    parts: dict[str, object] = {
        "id": "0f" * 16,
        "made": NOON,
        "case": "2026/0123-A",
        "tool": "luwte 0.1.0",
        "list": statement,
        "thresholds": Thresholds(),
        "coverage": coverage(),
        "findings": (SeriesFinding("series 1", 2, 0, 1, (EntryFinding("ab" * 16, 2, 0, 1),)),),
    }
    return Report(**parts | changes)  # type: ignore[arg-type]


def coverage(reasons: dict[str, int] | None = None, problems: tuple[CarrierProblem, ...] = ()) -> Coverage:
    """Return the coverage of a scan of one carrier with ten files."""
    carrier = CarrierCoverage("ewf", 4096, 10, 2048, True, "matches", ("ext4",), problems)
    classes = dict.fromkeys(CLASSES, 0) | {
        "identical": 2,
        "near": 1,
        "unknown_imagery": 3,
        "other": 2,
        "encrypted": 2,
    }
    reasons = reasons or {"cut off": 2}
    return Coverage(10, 2048, 6, 1, 3, 2, reasons, 2, 0, 1, 0, 7, classes, True, NOON, NOON, (carrier,))


def row(**changes: object) -> WorklistRow:
    """Return a row of a worklist: an identical picture, with `changes`."""
    parts: dict[str, object] = {
        "path": "/DCIM/vakantie 2019/a.jpg",
        "state": "live",
        "size": 1234,
        "md5": "1a" * 16,
        "sha1": "2b" * 20,
        "sha256": "3c" * 32,
        "kind": "picture",
        "pdq": "4d" * 32,
        "verdict": "identical",
        "distance": None,
        "entry": "5e" * 16,
        "series": "series 1",
        "error": None,
        "counted_as": "identical",
        "carrier": "/evidence/a.E01",
    }
    return WorklistRow(**parts | changes)  # type: ignore[arg-type]


def optional_bytes(size: int) -> st.SearchStrategy[bytes | None]:
    """Give None or `size` bytes."""
    return st.none() | st.binary(min_size=size, max_size=size)


names = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=20).filter(
    lambda text: text.strip() == text and text.isprintable()
)

any_record = st.builds(
    HashRecord,
    md5=optional_bytes(16),
    sha1=optional_bytes(20),
    sha256=optional_bytes(32),
    pdq=optional_bytes(32),
    pdq_quality=st.none() | st.integers(0, 100),
    series=st.none() | names,
    attributes=st.dictionaries(st.sampled_from(["category", "photodna"]), st.text(max_size=8), max_size=2),
    frames=st.lists(st.binary(min_size=32, max_size=32), max_size=4, unique=True).map(b"".join),
).filter(lambda record: bool(record.md5 or record.sha1 or record.sha256 or record.pdq or record.frames))


def spoiled(content: bytes) -> st.SearchStrategy[bytes]:
    """Give `content` with a byte changed, a piece cut out, or a piece put in."""
    place = st.integers(0, max(0, len(content) - 1))
    changed = st.tuples(place, st.integers(1, 255)).map(
        lambda pair: content[: pair[0]] + bytes([content[pair[0]] ^ pair[1]]) + content[pair[0] + 1 :]
    )
    cut = st.tuples(place, st.integers(1, 64)).map(
        lambda pair: content[: pair[0]] + content[pair[0] + pair[1] :]
    )
    put = st.tuples(place, st.binary(min_size=1, max_size=16)).map(
        lambda pair: content[: pair[0]] + pair[1] + content[pair[0] :]
    )
    return changed | cut | put
