"""What labs hear of decisions, and the whole way round: confirmed, remembered, scanned again, withdrawn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from luwte.desk.findings import lists
from luwte.desk.findings import services as register
from luwte.desk.findings.models import Finding
from luwte.desk.review import services
from luwte.desk.review.decided import decisions
from luwte.desk.review.rules import Answer
from luwte.exchange.bundle import open_bundle
from luwte.exchange.decisions import Decision, read_decisions, write_decisions
from luwte.exchange.entries import CONFIRMED_AS
from luwte.exchange.home import Home
from luwte.exchange.report import read_report
from luwte.lab.reference import index
from luwte.lab.scan.worklist import read_rows
from tests.support.commands import run
from tests.support.desk import NOON, cluster, cluster_id, entry_id
from tests.support.drawn import jpeg
from tests.support.review import MINUTE, agree, reported, reviewers
from tests.support.scans import lay_out

pytestmark = pytest.mark.django_db

NOOR = "aa" * 16
LATER = NOON + timedelta(days=1)
A, X, Y = entry_id("a"), cluster_id("x"), cluster_id("y")


def said() -> dict[str, tuple[str, object]]:
    """Return verdict and moment of each decision."""
    return {one.cluster: (one.verdict, one.made) for one in decisions()}


def settled(outcome_x: str = "confirmed", outcome_y: str = "rejected") -> None:
    """Let two clusters of one entry be decided at noon."""
    reported(cluster("x", "a", 2), cluster("y", "a"))
    register.settle_cluster(X, outcome_x, NOON)
    register.settle_cluster(Y, outcome_y, NOON)


def test_what_holds_is_said_with_its_moment() -> None:
    settled()
    assert decisions() == [Decision(X, A, "confirmed", NOON), Decision(Y, A, "rejected", NOON)]
    register.settle_cluster(X, "", LATER)
    register.settle_cluster(Y, "unclear", LATER)
    assert said() == {X: ("open", LATER), Y: ("open", LATER)}


def test_a_copy_of_a_withdrawn_entry_leaves_the_lists_and_comes_back_with_it() -> None:
    settled()
    lists.withdraw(A, "Wim", "shows somebody else", LATER)
    assert said() == {X: ("open", LATER), Y: ("rejected", NOON)}
    back = LATER + MINUTE
    lists.reinstate(A, "Ria", back)
    assert said() == {X: ("confirmed", back), Y: ("rejected", NOON)}
    lists.withdraw(A, "Wim", "after all", back + MINUTE)
    assert said()[X] == ("open", back + MINUTE)


def test_of_an_entry_that_is_held_for_a_while_nothing_is_made() -> None:
    settled()
    lists.dispute(A, "Wim", "another child", LATER)
    assert said() == {Y: ("rejected", NOON)}
    lists.settle_dispute(A, False, "Ria", LATER)
    assert said()[X] == ("confirmed", NOON)
    lists.dispute(A, "Wim", "another child", LATER)
    lists.settle_dispute(A, True, "Ria", LATER)
    assert said()[X] == ("open", LATER)


def test_an_entry_that_is_kept_in_quarantine_for_good_goes_too() -> None:
    settled()
    for number in range(5):
        reported(cluster(f"r{number}", "a"), case=f"C-{number + 2}")
        register.settle_cluster(cluster_id(f"r{number}"), "rejected", NOON)
    assert X not in said()
    register.keep(A, "Wim", LATER)
    assert said()[X] == ("open", LATER)
    register.release(A, "Wim", LATER + MINUTE)
    assert said()[X] == ("confirmed", LATER + MINUTE)


class House:
    """A lab and a desk in one home: one enrolled picture, and a carrier with three copies of it."""

    def __init__(self, tmp_path: Path) -> None:
        self.path, self.list = tmp_path, tmp_path / "list"
        folder = lay_out(tmp_path / "in", {"a.jpg": jpeg(1)})
        copies = {f"copy-{quality}.jpg": jpeg(1, quality) for quality in (30, 40, 50)}
        self.carrier = lay_out(tmp_path / "carrier", copies | {"stranger.jpg": jpeg(7)})
        assert run("enrol", str(folder / "a.jpg"), "--series", "s-1", "--to", str(self.list)).code == 0
        self.given: tuple[str, ...] = ()

    def scan(self, name: str) -> None:
        """Scan the carrier, and take the report in at the desk."""
        out = self.path / name
        told = run(
            "scan", str(self.carrier), "--reference", str(self.list), "--fast-only", "--case", "C-1",
            "--out", str(out),
        )  # fmt: skip
        assert told.code == 0, told.err
        register.register(read_report(out / "report.lwreport", Home.open().trusted()), NOON)
        self.given += ("--worklist", str(out))

    def remember(self) -> None:
        """Bring what reviewers decided into the list."""
        path = self.path / "decisions"
        write_decisions(path, decisions(), Home.open())
        assert read_decisions(path, Home.open().trusted())
        given = ("--decisions", str(path), *self.given)
        told = run("reference", "build", "--add", "--out", str(self.list), *given)
        assert told.code == 0, told.err

    def copies(self) -> int:
        """Return how many entries of the list reviewers made."""
        entries = open_bundle(self.list, Home.open()).entries()
        return sum(CONFIRMED_AS in entry.attributes for entry in entries)


def counted() -> tuple[int, int, int]:
    """Return the identical, confirmed and quarantined files of the one finding."""
    row = Finding.objects.get()
    return row.identical, row.confirmed, row.quarantined


def gone_round(house: House) -> tuple[int, int, int]:
    """Confirm, remember and scan again; return the counts."""
    reviewers("Wim", "Ria")
    register.link_series(NOOR, "s-1", NOON)
    house.scan("first")
    agree(Answer.CONFIRMED, "Wim", "Ria")
    assert counted() == (0, 3, 0)
    house.remember()
    assert house.copies() == 3
    house.scan("second")
    return counted()


def test_what_was_confirmed_and_remembered_is_scanned_again_and_counts_once(
    home: Path, tmp_path: Path
) -> None:
    house = House(tmp_path)
    assert gone_round(house) == (3, 0, 0)
    again = {row.verdict for row in read_rows(tmp_path / "second") if row.series == "s-1"}
    assert again == {"identical"}
    (entry,) = {row.entry for row in read_rows(tmp_path / "second") if row.entry}
    house.scan("third")
    assert counted() == (3, 0, 0)
    lists.withdraw(entry, "Wim", "shows somebody else", LATER)
    assert counted() == (0, 0, 3)
    assert not Finding.objects.get().counted.identical + Finding.objects.get().counted.confirmed
    house.remember()
    assert house.copies() == 0
    lists.reinstate(entry, "Wim", LATER + MINUTE)
    assert counted() == (3, 0, 0)
    house.remember()
    assert house.copies() == 3


def test_an_undone_decision_leaves_the_list_with_the_next_export(home: Path, tmp_path: Path) -> None:
    house = House(tmp_path)
    gone_round(house)
    (name,) = {row.cluster for row in read_rows(tmp_path / "first") if row.cluster}
    services.undo(name, "Bo", "the wrong folder", LATER)
    house.remember()
    assert house.copies() == 0


def named_by_itself(self: index.ReferenceIndex, entry: int) -> str:
    return bytes(self.bundle.ids[entry]).hex()


def test_copies_that_go_by_their_own_ids_are_noticed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug as it was: the same three files count twice, and a withdrawal leaves half of them."""
    monkeypatch.setattr(index.ReferenceIndex, "entry_id", named_by_itself)
    house = House(tmp_path)
    assert gone_round(house) == (3, 3, 0)
    (entry,) = {row.entry for row in read_rows(tmp_path / "first") if row.entry}
    lists.withdraw(entry, "Wim", "shows somebody else", LATER)
    assert counted() == (3, 0, 3)
