"""Receipts for lists: taken in from their makers, and looked up for the series of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from luwte.crypto.identity import PublicIdentity
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.findings.errors import ReceiptsContradict
from luwte.desk.findings.models import CommittedList, SeriesReceipt
from luwte.exchange.receipts import Receipts, read_receipts

_BATCH = 500


def take_in(path: Path, trusted: Iterable[PublicIdentity], now: datetime) -> tuple[CommittedList, bool]:
    """Check the receipts in `path` and keep them: all, or after any failure none.

    Return the list, and whether it is new here. Raises `BadInput` for what are no receipts, and
    `ReceiptsContradict` when others are kept for the same list.
    """
    return keep(read_receipts(path, trusted), now)


@transaction.atomic
def keep(receipts: Receipts, now: datetime) -> tuple[CommittedList, bool]:
    """Keep checked `receipts`, as `take_in` does."""
    top = receipts.commitment.root.hex()
    found, new = CommittedList.objects.get_or_create(
        version=receipts.version,
        defaults={
            "commitment": top,
            "signature": receipts.signature.hex(),
            "signing": receipts.maker.signing.hex(),
            "recipient": receipts.maker.recipient,
            "leaves": receipts.commitment.size,
            "received": now,
        },
    )
    if found.commitment != top:
        raise ReceiptsContradict(
            "Other receipts for this list were taken in before. Ask its maker which of them are right."
        )
    if new:
        DESK.record(Act.RECEIPTS_TAKEN_IN, now, by=actor(), about=found.commitment, leaves=found.leaves)
        SeriesReceipt.objects.bulk_create(_rows(found, receipts), batch_size=_BATCH)
    return found, new


def receipts_for(series: Collection[str], lists: Collection[str]) -> dict[str, list[SeriesReceipt]]:
    """Return list version -> the receipts of those of `series` that are in it, for the `lists` with any."""
    rows = SeriesReceipt.objects.filter(list__in=lists, series__in=series).order_by("series")
    found: dict[str, list[SeriesReceipt]] = {}
    for row in rows:
        found.setdefault(row.list_id, []).append(row)
    return found


def _rows(found: CommittedList, receipts: Receipts) -> Iterable[SeriesReceipt]:
    tree = receipts.commitment
    for one in tree.receipts:
        place = tree.place(one)
        yield SeriesReceipt(
            list=found,
            series=one.series,
            salt=one.salt.hex(),
            veil=one.veil.hex(),
            name=one.name.hex(),
            entries=one.entries,
            ids=one.ids.hex(),
            place=place,
            proof=b"".join(tree.proof(place)),
        )
