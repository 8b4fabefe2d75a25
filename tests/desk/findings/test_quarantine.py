from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from luwte.desk.findings import services
from luwte.desk.findings.baseline import burst
from luwte.desk.findings.errors import LinkUnknown, QuarantineUnknown
from luwte.desk.findings.models import Cluster, EntrySighting, Finding, Quarantine, SeriesLink, Touched
from luwte.desk.findings.rules import at_least
from luwte.desk.findings.said import Said
from luwte.exchange.report import Report
from tests.support.desk import NOON, cluster, cluster_id, entry_id, report
from tests.support.exchange import NOON as MADE

NOOR, BO = "aa" * 16, "bb" * 16
DAY = timedelta(days=1)
LATER = MADE + 30 * DAY


def flood(cases: int, found: dict[str, tuple[int, int]] | None = None) -> None:
    """Take in a report on each of `cases` cases, all made on one day."""
    for number in range(cases):
        clusters = () if found else (cluster(str(number), "a"),)
        one = report({"s-1": found or {"a": (3, 1)}}, case=f"C-{number}", clusters=clusters)
        services.register(one, LATER)


def counts(subject: str) -> set[tuple[int, int, int]]:
    """Return the different counts of the findings: identical, near, quarantined."""
    rows = Finding.objects.filter(subject=subject)
    return set(rows.values_list("identical", "near", "quarantined"))


@pytest.mark.django_db
def test_the_sixth_case_in_a_week_quarantines_all_six() -> None:
    services.link_series(NOOR, "s-1", NOON)
    flood(5)
    assert counts(NOOR) == {(3, 1, 0)}
    assert not Quarantine.objects.exists()
    flood(6)
    assert counts(NOOR) == {(0, 1, 3)}
    row = Quarantine.objects.get()
    assert (row.entry, row.cases, row.baseline, row.verdict) == (entry_id("a"), 6, 0, "")


@pytest.mark.django_db
def test_only_the_entry_is_held_and_a_link_made_later_counts_it_so() -> None:
    flood(6)
    services.register(report({"s-1": {"a": (2, 0), "b": (5, 0)}}, case="C-9"), LATER)
    services.link_series(BO, "s-1", LATER)
    assert counts(BO) == {(0, 1, 3), (5, 0, 2)}


@pytest.mark.django_db
def test_near_matches_and_the_same_case_again_are_no_burst() -> None:
    services.link_series(NOOR, "s-1", NOON)
    flood(8, {"a": (0, 4)})
    assert not EntrySighting.objects.exists()
    for _ in range(8):
        services.register(report({"s-1": {"a": (3, 0)}}), LATER)
    assert EntrySighting.objects.count() == 1
    assert not Quarantine.objects.exists()


@pytest.mark.django_db
def test_a_sudden_entry_is_held_for_the_same_picture_too() -> None:
    services.link_series(NOOR, "s-1", NOON)
    for number in range(6):
        services.register(report({"s-1": {"a": (1, 4, 2)}}, case=f"C-{number}"), LATER)
    rows = Finding.objects.filter(subject=NOOR)
    assert set(rows.values_list("identical", "near", "same_picture", "quarantined")) == {(0, 4, 0, 3)}


@pytest.mark.django_db
def test_released_counts_again_for_good_and_kept_never() -> None:
    services.link_series(NOOR, "s-1", NOON)
    flood(6)
    services.release(entry_id("a"), "Wim", LATER)
    assert counts(NOOR) == {(3, 1, 0)}
    flood(9)
    assert counts(NOOR) == {(3, 1, 0)}
    services.keep(entry_id("a"), "Ria", LATER)
    assert counts(NOOR) == {(0, 1, 3)}
    row = Quarantine.objects.get()
    assert (row.verdict, row.reviewed_by, row.reviewed) == ("kept", "Ria", LATER)
    with pytest.raises(QuarantineUnknown, match="quarantine list"):
        services.release(entry_id("b"), "Wim", LATER)


@pytest.mark.django_db
def test_every_change_and_nothing_else_tells_the_planner() -> None:
    def touched() -> list[str]:
        subjects = list(Touched.objects.values_list("subject", flat=True))
        Touched.objects.all().delete()
        return subjects

    services.link_series(NOOR, "s-1", NOON)
    assert touched() == []
    flood(1)
    assert touched() == [NOOR]
    flood(1)
    assert touched() == []
    flood(6)
    assert set(touched()) == {NOOR}
    services.release(entry_id("a"), "Wim", LATER)
    assert touched() == [NOOR]
    services.release(entry_id("a"), "Wim", LATER)
    assert touched() == []
    services.settle_cluster(cluster_id("0"), "confirmed", LATER)
    assert touched() == [NOOR]
    services.link_series(BO, "s-1", LATER)
    assert touched() == [BO]
    services.unlink_series(BO, "s-1", LATER)
    assert touched() == [BO]


@pytest.mark.django_db
def test_a_link_taken_back_leaves_the_finding_with_nothing_to_tell() -> None:
    services.link_series(NOOR, "s-1", NOON)
    services.link_series(NOOR, "s-2", NOON)
    both = (cluster("x", "a", 2), cluster("y", "b", series="s-2"))
    services.register(report({"s-1": {"a": (3, 2)}, "s-2": {"b": (4, 1)}}, clusters=both), LATER)
    services.register(report({"s-1": {"a": (1, 0)}}, case="C-2"), LATER)
    for name in "xy":
        services.settle_cluster(cluster_id(name), "confirmed", LATER)
    assert services.unlink_series(NOOR, "s-1", LATER) == 2
    rows = Finding.objects.order_by("case__number")
    assert [(row.identical, row.near, row.confirmed) for row in rows] == [(4, 1, 1), (0, 0, 0)]
    assert SeriesLink.objects.get().series == "s-2"
    with pytest.raises(LinkUnknown, match="s-1"):
        services.unlink_series(NOOR, "s-1", LATER)
    services.link_series(NOOR, "s-1", LATER)
    assert counts(NOOR) == {(7, 3, 0), (1, 0, 0)}


@pytest.mark.django_db
@pytest.mark.parametrize("point", ["intake.sightings", "intake.quarantine", "intake.findings"])
def test_a_failure_on_the_way_leaves_neither_row_nor_count(
    monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    services.link_series(NOOR, "s-1", NOON)
    flood(5)
    before = list(Finding.objects.values()), EntrySighting.objects.count(), Touched.objects.count()

    def fails(name: str) -> None:
        if name == point:
            raise RuntimeError

    monkeypatch.setattr(services, "fault_point", fails)
    with pytest.raises(RuntimeError):
        flood(6)
    assert (list(Finding.objects.values()), EntrySighting.objects.count(), Touched.objects.count()) == before
    assert not Quarantine.objects.exists()


@pytest.mark.parametrize("point", services.REVIEW_POINTS)
@pytest.mark.django_db
def test_a_failure_in_a_review_takes_all_of_it_back(monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    services.link_series(NOOR, "s-1", NOON)
    flood(6)

    def fails(name: str) -> None:
        assert name == point
        raise RuntimeError

    monkeypatch.setattr(services, "fault_point", fails)
    with pytest.raises(RuntimeError):
        if point == "intake.unlinked":
            services.unlink_series(NOOR, "s-1", LATER)
        elif point == "intake.settled":
            services.settle_cluster(cluster_id("0"), "confirmed", LATER)
        else:
            services.release(entry_id("a"), "Wim", LATER)
    assert counts(NOOR) == {(0, 1, 3)}
    assert not Cluster.objects.exclude(outcome="").exists()
    assert SeriesLink.objects.exists()
    assert Quarantine.objects.get().verdict == ""


def test_a_file_that_a_sound_entry_knows_too_counts() -> None:
    for files, entries, sound, quarantined in ((1, {"a": 1, "b": 1}, 1, 0), (5, {"a": 4, "b": 2}, 2, 3)):
        said = Said(files, 0, 0, {entry: (count, 0, 0) for entry, count in entries.items()})
        found = at_least([said.tallies({"a"})], {"a"})
        assert (found.identical, found.quarantined) == (sound, quarantined)


@pytest.mark.django_db
def test_many_entries_are_few_queries(django_assert_max_num_queries: Any) -> None:
    services.link_series(NOOR, "s-1", NOON)
    entries = {f"{number}": (1, 0) for number in range(3000)}
    flood(5, entries)
    with django_assert_max_num_queries(125):
        services.register(report({"s-1": entries}, case="C-5"), LATER)
    assert counts(NOOR) == {(0, 0, 3000)}
    assert Quarantine.objects.count() == 3000


Plan = tuple[int, int, str]
plans = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 20), st.sampled_from("ab")), min_size=6, max_size=14
)


class TestOrder(TestCase):
    """Reports and links in any order give the same register."""

    @given(plans, st.randoms(use_true_random=False))
    @settings(max_examples=60)
    def test_reports_in_any_order_give_the_same_register(self, made: list[Plan], random: Any) -> None:
        reports = [_report(case, day, entry, number) for number, (case, day, entry) in enumerate(made)]
        shuffled = random.sample(reports, len(reports))
        assert _register(reports) == _register([*shuffled, *shuffled[:3]], link_at=random.randrange(6))


def _report(case: int, day: int, entry: str, number: int) -> Report:
    one = report({"s-1": {entry: (number + 1, 0)}}, case=f"C-{case}", report_id=f"{number:032x}")
    return type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"made": MADE + DAY * day})


def _register(reports: list[Report], link_at: int = 0) -> object:
    """Return what the register says after `reports`, and take everything back."""
    with transaction.atomic():
        for number, one in enumerate(reports):
            if number == link_at:
                services.link_series(NOOR, "s-1", LATER)
            services.register(one, LATER)
        findings = Finding.objects.values_list("case__number", "identical", "near", "quarantined")
        held = Quarantine.objects.values_list("entry", "cases", "baseline")
        seen = EntrySighting.objects.values_list("entry", "case__number", "seen")
        found = [sorted(rows) for rows in (findings, held, seen)]
        transaction.set_rollback(True)
    return found


def test_planted_bug_a_row_that_is_never_lifted_depends_on_the_order(
    monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    """Six at once, then a year of one a week that was reported late: no burst, in either order."""
    year = [_report(50 + week, -7 * week, "a", 50 + week) for week in range(1, 50)]
    six = [_report(case, 0, "a", case) for case in range(6)]
    assert burst([one.made for one in [*year, *six]]) is None
    first, last = _register([*year, *six]), _register([*six, *year])
    assert first == last
    monkeypatch.setattr(Quarantine.objects, "filter", _Deaf)
    assert _register([*six, *year]) != first


class _Deaf:
    """A query set that neither updates nor deletes; it finds what there is."""

    def __init__(self, **wanted: Any) -> None:
        self._rows = Quarantine.objects.all()
        self._wanted = wanted

    def __iter__(self) -> Any:
        entries = {str(entry) for entry in self._wanted.get("entry__in", ())}
        return iter([row for row in self._rows if row.entry in entries])

    def delete(self) -> None:
        """Do nothing."""

    def update(self, **_values: Any) -> None:
        """Do nothing."""
