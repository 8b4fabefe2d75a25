"""Small lists that are open, made of digests and hashes."""

from __future__ import annotations

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import Bundle
from luwte.exchange.entries import Entry
from luwte.lab.reference.index import ReferenceIndex


def index_of(*rows: tuple[str, bytes | None, bytes | None]) -> ReferenceIndex:
    """Return a list of entries, each of a series, with MD5 and PDQ, numbered as they stand."""
    builder = ColumnBuilder()
    for number, (series, md5, pdq) in enumerate(rows):
        builder.add(Entry(f"{number:032x}", series, md5=md5, pdq=pdq, pdq_quality=90 if pdq else None))
    return ReferenceIndex(Bundle(**vars(builder.finish()), statement=None))  # type: ignore[arg-type]
