"""Ledgers with what a test wants in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from luwte.lab.scan.classes import class_of
from luwte.lab.scan.hearing import Opened
from luwte.lab.scan.ledger import NAME, Ledger
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import Batch, NamedMatch, Row, Unit
from luwte.lab.scan.worklist import write_worklist

CARRIER = Opened("ewf", 100, ("ext4",))


def row(root: int, file: Seen, matches: Sequence[NamedMatch] = ()) -> Row:
    """Return what is kept of `file`, the first one of root number `root`."""
    verdict = matches[0].verdict if matches else "unknown"
    return Row(
        root,
        0,
        file.path,
        file.state,
        file.size,
        file.kind,
        file.md5,
        file.sha1,
        file.sha256,
        file.width,
        file.height,
        file.pdq if matches else None,
        file.pdq_quality if matches else None,
        verdict,
        file.error,
        class_of(file, verdict),
        tuple(matches),
    )


def ledger(folder: Path, rows: Sequence[Row], *, carrier: Opened = CARRIER) -> Ledger:
    """Return a ledger in `folder` of one carrier with `rows`, each of another root."""
    made = Ledger(folder / NAME, "key")
    made.begin(0, "/evidence/a.E01", carrier, "as it was")
    made.settle(Unit(0), Batch(len(rows), tuple(rows), mark="0" * 16))
    return made


def worklist(folder: Path, rows: Sequence[Row], about: Mapping[str, str]) -> Path:
    """Write the worklist of one carrier with `rows` into `folder` and return its path."""
    with ledger(folder, rows) as made:
        write_worklist(made, about, folder / "worklist.sqlite")
        made.discard()
    return folder / "worklist.sqlite"
