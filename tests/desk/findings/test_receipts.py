"""Receipts for lists at the desk: taken in whole or not at all, once, and found again by series."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from luwte.crypto.merkle_several import check_several
from luwte.desk.findings.errors import ReceiptsContradict
from luwte.desk.findings.models import CommittedList, SeriesReceipt
from luwte.desk.findings.receipts import keep, receipts_for, take_in
from luwte.exchange.bundle import open_bundle, write_bundle
from luwte.exchange.commitment import commit
from luwte.exchange.entries import Entry
from luwte.exchange.home import Home
from luwte.exchange.receipts import Receipts, receipts_of, write_receipts
from tests.support.desk import NOON
from tests.support.exchange import CLOCK, entries

pytestmark = pytest.mark.django_db


def _receipts(folder: Path, found: list[Entry]) -> Receipts:
    maker = Home.open(folder / "maker")
    write_bundle(folder / "a.lwref", found, maker, CLOCK)
    return receipts_of(open_bundle(folder / "a.lwref", maker), maker)


def test_every_series_of_a_list_has_a_receipt_that_leads_to_its_root(tmp_path: Path) -> None:
    made, maker = _receipts(tmp_path, entries(30)), Home.open(tmp_path / "maker")
    write_receipts(tmp_path / "r", made, maker)
    row, new = take_in(tmp_path / "r", maker.trusted(), NOON)
    assert (new, row.commitment, row.leaves) == (True, made.commitment.root.hex(), 1024)
    assert (row.signing, row.recipient) == (
        maker.identity.public.signing.hex(),
        maker.identity.public.recipient,
    )
    by_series = {one.series: one for one in made.commitment.receipts}
    assert SeriesReceipt.objects.count() == 3
    for kept in SeriesReceipt.objects.all():
        raw = bytes(kept.proof)
        steps = [raw[at : at + 32] for at in range(0, len(raw), 32)]
        check_several({kept.place: by_series[kept.series].leaf}, row.leaves, steps, made.commitment.root)


def test_the_same_receipts_twice_change_nothing(tmp_path: Path) -> None:
    made = _receipts(tmp_path, entries(30))
    assert keep(made, NOON)[1]
    assert not keep(made, NOON)[1]
    assert SeriesReceipt.objects.count() == 3


def test_other_receipts_for_the_same_list_are_refused(tmp_path: Path) -> None:
    made = _receipts(tmp_path, entries(30))
    keep(made, NOON)
    listed = open_bundle(tmp_path / "a.lwref", Home.open(tmp_path / "maker"))
    other = replace(made, commitment=commit(listed, "ab" * 16, bytes(32)))
    with pytest.raises(ReceiptsContradict):
        keep(other, NOON)
    assert SeriesReceipt.objects.count() == 3


def test_receipts_that_cannot_be_kept_whole_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(SeriesReceipt.objects, "bulk_create", full)
    with pytest.raises(OSError, match="disk full"):
        keep(_receipts(tmp_path, entries(30)), NOON)
    assert not CommittedList.objects.exists()


def test_series_are_looked_up_in_the_lists_that_hold_them(tmp_path: Path) -> None:
    first = _receipts(tmp_path, entries(30))
    second = _receipts(tmp_path, [one for one in entries(30) if one.series != "series 0"])
    keep(first, NOON)
    keep(second, NOON)
    found = receipts_for(["series 0", "series 1"], [first.version, second.version, "none"])
    assert {version: [one.series for one in rows] for version, rows in found.items()} == {
        first.version: ["series 0", "series 1"],
        second.version: ["series 1"],
    }
    assert receipts_for([], [first.version]) == {}
