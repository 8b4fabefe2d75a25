from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.crypto.identity import Identity
from luwte.desk.findings import lists, services
from luwte.desk.findings.errors import (
    EntryNotForeign,
    EntryUnusable,
    ObjectionUnknown,
    OriginUnknown,
    SourceKnown,
)
from luwte.desk.findings.models import Finding, Objection, Quarantine, Touched
from luwte.desk.findings.provenance import Of
from luwte.desk.findings.quality import HANDFUL, mostly_rejected, vouched_for
from tests.support.desk import NOON, cluster, cluster_id, entry_id, report
from tests.support.review import reported

pytestmark = pytest.mark.django_db

NOOR = "aa" * 16
LATER = NOON + timedelta(days=600)
A = entry_id("a")


def counts() -> list[tuple[int, int, int]]:
    """Return identical, confirmed and quarantined of each finding, by case."""
    rows = Finding.objects.order_by("case__number")
    return list(rows.values_list("identical", "confirmed", "quarantined"))


def known() -> None:
    """Noor stands in case C-1: three files are identical to entry a, one to entry b, two are near a."""
    services.link_series(NOOR, "s-1", NOON)
    one = report({"s-1": {"a": (3, 2), "b": (1, 0)}}, clusters=(cluster("x", "a", 2),))
    services.register(one, NOON)
    services.settle_cluster(cluster_id("x"), "confirmed", NOON)


def rejected(count: int, first: int = 0, outcome: str = "rejected") -> None:
    """Let reviewers decide on `count` clusters of entry a, each in a case of its own."""
    for number in range(first, first + count):
        reported(cluster(f"r{number}", "a"), case=f"C-{number + 10}", now=LATER)
        services.settle_cluster(cluster_id(f"r{number}"), outcome, LATER)


@pytest.mark.parametrize(
    ("confirmed", "wrong", "held"),
    [(0, 4, False), (0, 5, True), (1, 5, True), (2, 5, False), (2, 8, True), (3, 11, False), (0, 0, False)],
)
def test_a_handful_decides_and_four_to_one(confirmed: int, wrong: int, held: bool) -> None:
    assert mostly_rejected(confirmed, wrong) == held


def test_two_sources_are_enough_and_one_is_not() -> None:
    assert [vouched_for(count) for count in range(4)] == [False, False, True, True]


def test_an_entry_that_is_mostly_rejected_is_held_identical_files_and_all() -> None:
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"a": (3, 0), "b": (1, 0)}}), NOON)
    rejected(HANDFUL - 1)
    assert counts()[0] == (4, 0, 0)
    rejected(1, HANDFUL - 1)
    assert counts()[0] == (1, 0, 3)
    row = Quarantine.objects.get()
    assert (row.entry, row.cause, row.confirmed, row.rejected, row.verdict) == (A, "rejected", 0, 5, "")
    services.settle_cluster(cluster_id("r0"), "", LATER)
    assert counts()[0] == (4, 0, 0)
    assert not Quarantine.objects.exists()


def test_what_a_human_released_is_not_held_again_by_rejections() -> None:
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"a": (3, 0)}}), NOON)
    rejected(HANDFUL)
    services.release(A, "Wim", LATER)
    rejected(3, 20)
    assert counts()[0] == (3, 0, 0)


def test_confirmed_clusters_speak_for_an_entry() -> None:
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"a": (3, 0)}}), NOON)
    rejected(2, 30, "confirmed")
    rejected(HANDFUL)
    assert counts()[0] == (3, 0, 0)


def test_a_burst_that_turns_out_none_stays_held_while_it_is_mostly_rejected() -> None:
    services.link_series(NOOR, "s-1", NOON)
    for number in range(6):
        services.register(report({"s-1": {"a": (3, 0)}}, case=f"C-{number}"), LATER)
    assert Quarantine.objects.get().cause == "burst"
    rejected(HANDFUL)
    assert Quarantine.objects.get().cause == "burst"
    made = LATER - timedelta(days=400)
    for number in range(6):
        services.register(
            report({"s-1": {"a": (3, 0)}}, case=f"C-{number}", made=made - timedelta(days=9 * number)), LATER
        )
    assert Quarantine.objects.get().cause == "rejected"
    assert counts()[0] == (0, 0, 3)


def test_a_withdrawn_entry_counts_nowhere_and_can_come_back() -> None:
    known()
    assert counts() == [(4, 2, 0)]
    assert lists.withdraw(A, "Wim", "shows somebody else", LATER)
    assert not lists.withdraw(A, "Wim", "again", LATER)
    assert counts() == [(1, 0, 5)]
    assert Finding.objects.get().fell == "withdrawn"
    services.register(report({"s-1": {"a": (9, 0)}}, case="C-2"), LATER)
    assert counts() == [(1, 0, 5), (0, 0, 9)]
    lists.reinstate(A, "Ria", LATER)
    assert counts() == [(4, 2, 0), (9, 0, 0)]
    assert set(Finding.objects.values_list("fell", flat=True)) == {""}
    with pytest.raises(ObjectionUnknown):
        lists.reinstate(A, "Ria", LATER)


def test_a_disputed_entry_is_held_until_it_is_settled() -> None:
    known()
    assert lists.dispute(A, "Wim", "another child", LATER)
    assert not lists.dispute(A, "Bo", "the same", LATER)
    assert counts() == [(1, 0, 5)]
    assert Finding.objects.get().fell == ""
    lists.settle_dispute(A, False, "Ria", LATER)
    assert counts() == [(4, 2, 0)]
    lists.dispute(A, "Wim", "another child after all", LATER)
    lists.settle_dispute(A, True, "Ria", LATER)
    assert counts() == [(1, 0, 5)]
    assert Finding.objects.get().fell == "withdrawn"
    rows = Objection.objects.order_by("kind", "opened", "id").values_list("kind", "result", "reason")
    assert set(rows) == {
        ("dispute", "sound", "another child"),
        ("dispute", "wrong", "another child after all"),
        ("withdrawal", "", "another child after all"),
    }
    with pytest.raises(ObjectionUnknown, match="no open dispute"):
        lists.settle_dispute(A, True, "Ria", LATER)
    with pytest.raises(EntryUnusable):
        lists.dispute("zz", "Wim", "what", LATER)


def test_a_foreign_series_needs_a_second_source() -> None:
    known()
    assert lists.declare_foreign(Of.SERIES, "s-1", "List One", "Wim", LATER) == 2
    assert counts() == [(0, 0, 6)]
    assert lists.vouch(A, "an own investigation", "Ria", LATER) == 2
    assert counts() == [(3, 2, 1)]
    for same in ("An  own INVESTIGATION", "list one"):
        with pytest.raises(SourceKnown):
            lists.vouch(A, same, "Bo", LATER)
    services.register(report({"s-1": {"c": (9, 0), "a": (3, 0)}}, case="C-2"), LATER)
    assert counts() == [(3, 2, 1), (3, 0, 9)]


def test_a_foreign_signer_and_what_its_list_brings_later() -> None:
    house = Identity.generate()
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"a": (3, 0)}}), NOON)
    lists.declare_foreign(Of.SIGNER, house.public.id, "List Two", "Wim", NOON)
    services.register(report({"s-1": {"f": (5, 0)}}, house=house), NOON)
    assert counts() == [(3, 0, 5)]
    services.register(report({"s-1": {"f": (5, 0)}}), NOON)
    assert counts() == [(3, 0, 5)]
    lists.declare_own(Of.SIGNER, house.public.id, LATER)
    assert counts() == [(8, 0, 0)]
    with pytest.raises(OriginUnknown):
        lists.declare_own(Of.SIGNER, house.public.id, LATER)


def test_an_own_entry_needs_nobody_to_vouch_for_it_and_stays_own_when_a_list_is_own_again() -> None:
    known()
    with pytest.raises(EntryNotForeign):
        lists.vouch(A, "somebody", "Ria", LATER)
    lists.declare_foreign(Of.SERIES, "s-1", "List One", "Wim", LATER)
    lists.vouch(A, "somebody", "Ria", LATER)
    lists.declare_own(Of.SERIES, "s-1", LATER)
    assert counts() == [(4, 2, 0)]


def test_the_same_source_said_anew_is_not_a_second_one() -> None:
    known()
    lists.declare_foreign(Of.SERIES, "s-1", "List One", "Wim", LATER)
    lists.declare_foreign(Of.SERIES, "s-1", "List Three", "Wim", LATER)
    assert counts() == [(0, 0, 6)]


def foreign_twice(second: str) -> str:
    """Two foreign signers bring entry f, the second of the source `second`; return the key of the first."""
    houses = [Identity.generate(), Identity.generate()]
    services.link_series(NOOR, "s-1", NOON)
    for house, source in zip(houses, ("List One", second), strict=True):
        lists.declare_foreign(Of.SIGNER, house.public.id, source, "Wim", NOON)
        services.register(report({"s-1": {"f": (5, 0)}}, house=house), NOON)
    return houses[0].public.id


def test_an_entry_that_another_foreign_list_brought_stays_foreign() -> None:
    first = foreign_twice("List  ONE")
    assert counts() == [(0, 0, 5)]
    lists.declare_own(Of.SIGNER, first, LATER)
    assert counts() == [(0, 0, 5)]


def test_of_two_foreign_lists_the_one_that_is_own_vouches_no_more() -> None:
    first = foreign_twice("List Two")
    assert counts() == [(5, 0, 0)]
    lists.declare_own(Of.SIGNER, first, LATER)
    assert counts() == [(0, 0, 5)]


def test_a_series_that_is_own_again_leaves_what_a_foreign_signer_brought() -> None:
    house = Identity.generate()
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"f": (5, 0)}}, house=house), NOON)
    services.register(report({"s-1": {"g": (2, 0)}}), NOON)
    for of, name in ((Of.SERIES, "s-1"), (Of.SIGNER, house.public.id)):
        lists.declare_foreign(of, name, "List One", "Wim", NOON)
    assert counts() == [(0, 0, 7)]
    lists.declare_own(Of.SERIES, "s-1", LATER)
    assert counts() == [(2, 0, 5)]
    lists.declare_own(Of.SIGNER, house.public.id, LATER)
    assert counts() == [(7, 0, 0)]


def test_one_list_that_is_foreign_by_its_signer_and_by_its_series_is_one_source() -> None:
    house = Identity.generate()
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"f": (5, 0)}}, house=house), NOON)
    lists.declare_foreign(Of.SERIES, "s-1", "List One", "Wim", NOON)
    lists.declare_foreign(Of.SIGNER, house.public.id, "List Two", "Wim", NOON)
    assert counts() == [(0, 0, 5)]


def test_who_vouched_does_not_vouch_for_a_list_of_their_own() -> None:
    known()
    lists.declare_foreign(Of.SERIES, "s-1", "List One", "Wim", LATER)
    lists.vouch(A, "List Two", "Ria", LATER)
    assert counts() == [(3, 2, 1)]
    lists.declare_foreign(Of.SERIES, "s-1", "List Two", "Wim", LATER)
    assert counts() == [(0, 0, 6)]


def test_each_change_tells_the_planner() -> None:
    known()
    Touched.objects.all().delete()
    for change in (
        lambda: lists.dispute(A, "Wim", "why", LATER),
        lambda: lists.settle_dispute(A, False, "Wim", LATER),
        lambda: lists.withdraw(A, "Wim", "why", LATER),
        lambda: lists.reinstate(A, "Wim", LATER),
        lambda: lists.declare_foreign(Of.SERIES, "s-1", "One", "Wim", LATER),
        lambda: lists.vouch(A, "Two", "Wim", LATER),
        lambda: lists.declare_own(Of.SERIES, "s-1", LATER),
    ):
        change()
        assert Touched.objects.count() == 1
        Touched.objects.all().delete()
