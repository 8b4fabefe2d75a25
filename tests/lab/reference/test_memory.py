"""What reviewers decided, in the list: the same in whatever order it comes, and taken back when undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from luwte.exchange.bundle import open_bundle, write_bundle
from luwte.exchange.decisions import Decision, Verdict
from luwte.exchange.entries import CONFIRMED_AS, CONFIRMED_IN, Entry, RejectedPair
from luwte.exchange.home import Home
from luwte.exchange.rows import WorklistRow
from luwte.lab.reference.index import Digested, ReferenceIndex
from luwte.lab.reference.memory import Remembered, remember
from tests.support.exchange import CLOCK, NOON, coded_entries, row

COPIES, ALIKE = "c1" * 16, "c2" * 16
LISTED = coded_entries(4)
BASE = LISTED[0]
FIRST, SECOND, THIRD = (f"{number:02x}7f" * 16 for number in (0xA1, 0xA2, 0xA3))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home.open(tmp_path / "home")
    write_bundle(tmp_path / "list", LISTED, found, CLOCK)
    return found


def near(sha256: str | None, cluster: str = COPIES, **changes: object) -> WorklistRow:
    digest = None if sha256 is None else sha256[:32]
    parts = {
        "sha256": sha256,
        "sha1": digest and digest + "00112233",
        "md5": digest,
        "pdq": (sha256 or THIRD)[:2] * 30 + "1234",
        "pdq_quality": 90,
        "verdict": "near",
        "entry": BASE.id,
        "series": BASE.series,
        "cluster": cluster,
    }
    return row(**parts | changes)


def decided(verdict: Verdict, cluster: str = COPIES, days: int = 0, entry: str = BASE.id) -> Decision:
    return Decision(cluster, entry, verdict, NOON + timedelta(days=days))


ROWS = [near(FIRST), near(SECOND), near(THIRD, ALIKE)]


def held(tmp_path: Path, home: Home) -> dict[str, Entry]:
    return {entry.id: entry for entry in open_bundle(tmp_path / "list", home).entries()}


def put(tmp_path: Path, home: Home, *decisions: Decision, rows: list[WorklistRow] = ROWS) -> Remembered:
    return remember(tmp_path / "list", decisions, rows, home, CLOCK)[1]


def version(tmp_path: Path, home: Home) -> str:
    return open_bundle(tmp_path / "list", home).list_version


def test_confirmed_files_become_entries_of_the_same_series(tmp_path: Path, home: Home) -> None:
    assert put(tmp_path, home, decided("confirmed")) == Remembered(confirmed=2)
    found = held(tmp_path, home)
    fresh = [entry for entry in found.values() if CONFIRMED_AS in entry.attributes]
    assert len(found) == 6
    assert {entry.sha256 for entry in fresh} == {bytes.fromhex(FIRST), bytes.fromhex(SECOND)}
    for entry in fresh:
        assert (entry.series, entry.pdq_quality) == (BASE.series, 90)
        assert entry.attributes == {CONFIRMED_AS: BASE.id, CONFIRMED_IN: COPIES}
        assert entry.md5
        assert entry.pdq
    assert {found[entry.id] == entry for entry in LISTED} == {True}


def test_rejected_files_become_pairs(tmp_path: Path, home: Home) -> None:
    assert put(tmp_path, home, decided("rejected", ALIKE)) == Remembered(rejected=1)
    found = held(tmp_path, home)
    pair = RejectedPair(bytes.fromhex(THIRD), bytes.fromhex(ROWS[2].pdq or ""))
    assert found[BASE.id].rejected == (pair,)
    assert found[BASE.id].codes == BASE.codes
    assert len(found) == 4


def test_the_same_decisions_again_and_in_another_order_change_nothing(tmp_path: Path, home: Home) -> None:
    both = (decided("confirmed"), decided("rejected", ALIKE))
    put(tmp_path, home, *both)
    once = version(tmp_path, home)
    assert put(tmp_path, home, *both[::-1], rows=ROWS[::-1]) == Remembered()
    assert version(tmp_path, home) == once


@pytest.mark.parametrize("verdict", ["confirmed", "rejected"])
def test_a_cluster_that_is_open_again_leaves_the_list_as_it_was(
    tmp_path: Path, home: Home, verdict: Verdict
) -> None:
    before = version(tmp_path, home)
    put(tmp_path, home, decided(verdict))
    assert version(tmp_path, home) != before
    assert put(tmp_path, home, decided(verdict), decided("open", days=1)).undone == 2
    assert version(tmp_path, home) == before


@pytest.mark.parametrize("verdicts", [("confirmed", "rejected"), ("rejected", "confirmed")])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_decision_that_was_undone_leaves_nothing(
    tmp_path: Path, home: Home, verdicts: tuple[Verdict, Verdict], at_once: bool
) -> None:
    old, new = decided(verdicts[0]), decided(verdicts[1], days=1)
    put(tmp_path, home, new)
    wanted = version(tmp_path, home)
    write_bundle(tmp_path / "list", LISTED, home, CLOCK)
    if at_once:
        put(tmp_path, home, new, old)
    else:
        put(tmp_path, home, old)
        assert version(tmp_path, home) != wanted
        assert put(tmp_path, home, old, new).undone == 2
    assert version(tmp_path, home) == wanted


def test_a_file_that_is_in_another_cluster_now_has_its_newest_decision(tmp_path: Path, home: Home) -> None:
    rows = [near(FIRST, COPIES), near(FIRST, ALIKE)]
    both = (decided("confirmed", COPIES), decided("rejected", ALIKE, days=1))
    for order in (rows, rows[::-1]):
        assert put(tmp_path, home, *both, rows=order).confirmed == 0
        assert len(held(tmp_path, home)[BASE.id].rejected) == 1


def clusters(tmp_path: Path, home: Home) -> list[str]:
    """Return the clusters of each copy."""
    found = held(tmp_path, home).values()
    return [entry.attributes.get(CONFIRMED_IN, "") for entry in found if CONFIRMED_AS in entry.attributes]


def test_taking_back_needs_no_worklist(tmp_path: Path, home: Home) -> None:
    before = version(tmp_path, home)
    put(tmp_path, home, decided("confirmed"))
    for verdict in ("open", "rejected"):
        write_again = version(tmp_path, home)
        assert write_again != before
        told = put(tmp_path, home, decided(verdict, days=1), rows=[])
        assert told == Remembered(undone=2)
        assert version(tmp_path, home) == before
        put(tmp_path, home, decided("confirmed", days=2))


def test_a_copy_stays_while_one_of_its_decisions_stands(tmp_path: Path, home: Home) -> None:
    rows = [near(FIRST), near(FIRST, ALIKE)]
    both = decided("confirmed"), decided("confirmed", ALIKE, days=1)
    before = version(tmp_path, home)
    put(tmp_path, home, *both, rows=rows)
    assert clusters(tmp_path, home) == [f"{COPIES} {ALIKE}"]
    once = version(tmp_path, home)
    write_bundle(tmp_path / "list", LISTED, home, CLOCK)
    for one, some in zip(both, rows, strict=True):
        put(tmp_path, home, one, rows=[some])
    assert version(tmp_path, home) == once
    first, second = decided("open", days=2), decided("open", ALIKE, days=3)
    assert put(tmp_path, home, first, rows=rows[:1]).undone == 0
    assert clusters(tmp_path, home) == [ALIKE]
    assert put(tmp_path, home, first, second, rows=rows).undone == 1
    assert version(tmp_path, home) == before


def test_a_copy_of_an_earlier_version_is_said_to_rest_on_its_decision(tmp_path: Path, home: Home) -> None:
    put(tmp_path, home, decided("confirmed"), rows=[near(FIRST)])
    known = held(tmp_path, home).values()
    bare = [replace(entry, attributes=dict(list(entry.attributes.items())[:1])) for entry in known]
    bare = [entry if CONFIRMED_AS in entry.attributes else held(tmp_path, home)[entry.id] for entry in bare]
    write_bundle(tmp_path / "list", bare, home, CLOCK)
    assert clusters(tmp_path, home) == [""]
    assert put(tmp_path, home, decided("open", days=1), rows=[]) == Remembered(elsewhere=1)
    put(tmp_path, home, decided("confirmed"), rows=[near(FIRST)])
    assert clusters(tmp_path, home) == [COPIES]


def test_what_cannot_be_remembered_is_counted(tmp_path: Path, home: Home) -> None:
    nowhere = decided("confirmed", "c9" * 16)
    assert put(tmp_path, home, nowhere) == Remembered(elsewhere=1)
    assert put(tmp_path, home, decided("confirmed", entry="e9" * 16)) == Remembered(elsewhere=1)
    gone = replace(ROWS[0], entry="e9" * 16)
    assert put(tmp_path, home, decided("confirmed", entry="e9" * 16), rows=[gone]) == Remembered(gone=1)
    at_once = (decided("confirmed"), decided("rejected"))
    assert put(tmp_path, home, *at_once) == Remembered(contradicting=1)
    bare = near(None, md5=None, sha1=None, pdq=None)
    for verdict in ("confirmed", "rejected"):
        assert put(tmp_path, home, decided(verdict), rows=[bare]) == Remembered(nameless=1)
    assert held(tmp_path, home) == {entry.id: entry for entry in LISTED}


@pytest.mark.parametrize("changes", [{"pdq_quality": 49}, {"pdq_quality": None}, {"kind": "video"}])
def test_a_copy_that_shows_too_little_is_remembered_by_its_digests(
    tmp_path: Path, home: Home, changes: dict[str, Any]
) -> None:
    put(tmp_path, home, decided("confirmed"), rows=[near(FIRST, **changes)])
    (fresh,) = (entry for entry in held(tmp_path, home).values() if CONFIRMED_AS in entry.attributes)
    assert (fresh.pdq, fresh.sha256) == (None, bytes.fromhex(FIRST))


def test_a_file_of_a_list_of_hashes_is_rejected_by_its_pdq(tmp_path: Path, home: Home) -> None:
    listed = near(None, sha1=None)
    assert put(tmp_path, home, decided("rejected"), rows=[listed]) == Remembered(rejected=1)
    assert held(tmp_path, home)[BASE.id].rejected == (RejectedPair(None, bytes.fromhex(listed.pdq or "")),)


def test_an_entry_that_was_enrolled_stays_whatever_was_decided(tmp_path: Path, home: Home) -> None:
    put(tmp_path, home, decided("confirmed"), rows=[near(FIRST)])
    (made,) = (entry for entry in held(tmp_path, home).values() if CONFIRMED_AS in entry.attributes)
    enrolled = replace(made, attributes={})
    write_bundle(tmp_path / "list", [*LISTED, enrolled], home, CLOCK)
    assert put(tmp_path, home, decided("confirmed"), rows=[near(FIRST)]).confirmed == 0
    assert put(tmp_path, home, decided("rejected", days=1), rows=[near(FIRST)]).undone == 0
    assert held(tmp_path, home)[made.id] == enrolled


def test_what_was_confirmed_to_be_a_copy_goes_with_it(tmp_path: Path, home: Home) -> None:
    before = version(tmp_path, home)
    put(tmp_path, home, decided("confirmed"), rows=[near(FIRST)])
    (copy,) = (entry for entry in held(tmp_path, home).values() if CONFIRMED_AS in entry.attributes)
    of_copy = near(SECOND, ALIKE, entry=copy.id)
    put(tmp_path, home, decided("confirmed", ALIKE, entry=copy.id), rows=[of_copy])
    assert len(held(tmp_path, home)) == 6
    told = put(tmp_path, home, decided("confirmed"), decided("open", days=1), rows=[near(FIRST)])
    assert told == Remembered(undone=2)
    assert version(tmp_path, home) == before


def test_what_is_found_again_is_named_as_the_entry_that_it_was_confirmed_to_be(
    tmp_path: Path, home: Home
) -> None:
    file = near(FIRST)
    put(tmp_path, home, decided("confirmed"), rows=[file])
    index = ReferenceIndex(open_bundle(tmp_path / "list", home))
    digests = [bytes.fromhex(value or "") for value in (file.md5, file.sha1, file.sha256)]
    ((entry,),) = index.exact([Digested(5, *digests)])
    assert (index.entry_id(entry), index.series(entry)) == (BASE.id, BASE.series)
    assert index.bundle.ids[entry].tobytes().hex() != BASE.id


def test_a_file_that_is_none_of_the_picture_is_none_of_its_copies(tmp_path: Path, home: Home) -> None:
    put(tmp_path, home, decided("confirmed"), rows=[near(FIRST)])
    put(tmp_path, home, decided("rejected", ALIKE))
    index = ReferenceIndex(open_bundle(tmp_path / "list", home))
    sha256 = bytes.fromhex(THIRD)
    names = [index.bundle.ids[entry].tobytes().hex() for entry in range(len(index.bundle))]
    family = {entry for entry in range(len(names)) if index.entry_id(entry) == BASE.id}
    assert len(family) == 2
    assert {entry for entry in range(len(names)) if index.rejected.rejects(entry, sha256, None, 31)} == family
