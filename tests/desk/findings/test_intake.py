from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from luwte.base.errors import BadInput
from luwte.base.ids import new_id
from luwte.desk.cases.errors import CaseUnknown
from luwte.desk.cases.models import Case
from luwte.desk.findings import services
from luwte.desk.findings.errors import ClusterUnknown, ReportContradicts, SeriesUnusable
from luwte.desk.findings.models import Finding, ReportReceipt, ReportSeries
from luwte.desk.findings.rules import Counted
from luwte.exchange.errors import SignerUnknown
from luwte.exchange.home import Home, read_public
from luwte.exchange.report import read_report, write_report
from tests.support.desk import NOON, cluster, cluster_id, entry_id, report
from tests.support.exchange import OLD
from tests.support.triggers import without_triggers

pytestmark = pytest.mark.django_db

NOOR, BO = "aa" * 16, "bb" * 16
LATER = NOON + timedelta(days=1)


def counts(subject: str) -> list[tuple[str, int, int, int]]:
    """Return case, identical, near and confirmed of the findings of `subject`."""
    rows = Finding.objects.filter(subject=subject).order_by("case__number")
    return list(rows.values_list("case__number", "identical", "near", "confirmed"))


def test_one_finding_for_each_person_and_case_whether_or_not_linked_before() -> None:
    services.link_series(NOOR, "s-1", NOON)
    done = services.register(report({"s-1": {"a": (300, 0), "b": (200, 7)}, "s-2": {"c": (1, 0)}}), NOON)
    assert (done.new, done.series, done.unlinked, done.findings) == (True, 2, 1, 1)
    assert counts(NOOR) == [("C-1", 500, 7, 0)]
    assert services.link_series(BO, "s-2", LATER) == 1
    assert counts(BO) == [("C-1", 1, 0, 0)]
    assert services.link_series(BO, "s-2", LATER) == 1
    assert Finding.objects.count() == 2


def test_two_series_of_one_person_are_one_finding() -> None:
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"a": (3, 0)}, "s-2": {"b": (4, 1)}}), NOON)
    services.link_series(NOOR, "s-2", LATER)
    assert counts(NOOR) == [("C-1", 7, 1, 0)]


def test_same_report_twice_changes_nothing() -> None:
    services.link_series(NOOR, "s-1", NOON)
    one = report({"s-1": {"a": (3, 0)}})
    services.register(one, NOON)
    before = list(Finding.objects.values()), list(ReportSeries.objects.values())
    again = services.register(one, LATER)
    assert not again.new
    assert (list(Finding.objects.values()), list(ReportSeries.objects.values())) == before
    assert ReportReceipt.objects.count() == 1


def test_same_id_with_other_content_is_refused_and_changes_nothing() -> None:
    services.register(report({"s-1": {"a": (3, 0)}}, report_id="12" * 16), NOON)
    with pytest.raises(ReportContradicts, match="id"):
        services.register(report({"s-1": {"a": (4, 0)}}, report_id="12" * 16), NOON)
    assert ReportSeries.objects.get().identical == 3


def test_second_report_on_a_case_never_counts_an_image_twice() -> None:
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"a": (3, 1), "b": (2, 0)}}), NOON)
    services.register(report({"s-1": {"a": (3, 1)}}), LATER)
    assert counts(NOOR) == [("C-1", 5, 1, 0)]
    services.register(report({"s-1": {"c": (6, 0)}}), LATER)
    assert counts(NOOR) == [("C-1", 11, 1, 0)]
    services.register(report({"s-1": {"a": (1, 0)}}, case="C-2"), LATER)
    assert counts(NOOR) == [("C-1", 11, 1, 0), ("C-2", 1, 0, 0)]


def test_case_comes_from_the_report_or_the_option_and_both_must_agree() -> None:
    with pytest.raises(CaseUnknown, match="--case"):
        services.register(report({}, case=None), NOON)
    assert not Case.objects.exists()
    with pytest.raises(ReportContradicts, match="belongs to case"):
        services.register(report({}, case="C-1"), NOON, case="C-2")
    nameless = report({}, case=None)
    assert services.register(nameless, NOON, case=" C-3 ").case == "C-3"
    assert services.register(nameless, NOON).case == "C-3"
    with pytest.raises(ReportContradicts):
        services.register(nameless, NOON, case="C-4")
    with pytest.raises(CaseUnknown, match="printable"):
        services.register(report({}, case=None), NOON, case="x" * 101)


def test_confirmed_clusters_are_counted_and_no_more_than_that() -> None:
    services.link_series(NOOR, "s-1", NOON)
    services.register(
        report({"s-1": {"a": (0, 3)}}, clusters=(cluster("x", "a", 2), cluster("y", "a"))), NOON
    )
    assert counts(NOOR) == [("C-1", 0, 3, 0)]
    services.settle_cluster(cluster_id("x"), "confirmed", LATER)
    services.settle_cluster(cluster_id("y"), "rejected", LATER)
    services.register(report({"s-1": {"a": (0, 1), "b": (1, 0)}}), LATER)
    assert counts(NOOR) == [("C-1", 1, 3, 2)]
    services.settle_cluster(cluster_id("x"), "", LATER)
    assert counts(NOOR) == [("C-1", 1, 3, 0)]
    with pytest.raises(ClusterUnknown):
        services.settle_cluster(cluster_id("z"), "confirmed", LATER)


@pytest.mark.parametrize("series", ["", "  ", "a\nb", "x" * 201])
def test_unusable_series_is_refused(series: str) -> None:
    with pytest.raises(SeriesUnusable):
        services.link_series(NOOR, series, NOON)


def test_report_file_is_checked_before_anything_is_registered(home: Path, tmp_path: Path) -> None:
    lab, desk = Home.open(tmp_path / "lab"), Home.open(home)
    path = tmp_path / "r.lwreport"
    write_report(path, report({"s-1": {"a": (1, 0)}}, house=lab.identity), lab)
    with pytest.raises(SignerUnknown, match="luwte keys trust"):
        services.intake(path, desk.trusted(), NOON)
    trusted = [*desk.trusted(), lab.identity.public]
    spoiled = tmp_path / "spoiled.lwreport"
    spoiled.write_bytes(path.read_bytes().replace(entry_id("a").encode(), entry_id("b").encode()))
    with pytest.raises(BadInput, match="signature"):
        services.intake(spoiled, trusted, NOON)
    assert not ReportReceipt.objects.exists()
    assert services.intake(path, trusted, NOON).new
    assert not services.intake(path, trusted, NOON).new


def test_a_failure_on_the_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    services.link_series(NOOR, "s-1", NOON)

    def fails(_name: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "fault_point", fails)
    with pytest.raises(RuntimeError):
        services.register(report({"s-1": {"a": (1, 0)}}), NOON)
    assert not Case.objects.exists()
    assert not ReportReceipt.objects.exists()


def test_files_that_are_the_same_picture_are_near_until_confirmed() -> None:
    services.link_series(NOOR, "s-1", NOON)
    both = (cluster("x", "a", 2), cluster("y", "a", 3, same=True))
    done = services.register(report({"s-1": {"a": (0, 2, 3)}}, clusters=both), NOON)
    finding = Finding.objects.get()
    assert (finding.identical, finding.near, finding.same_picture) == (0, 2, 3)
    assert (done.identical, done.same_picture, done.near) == (2, 0, 1)  # of the coverage, not the series
    assert finding.counted == Counted(0, 5, 0)
    for name in "xy":
        services.settle_cluster(cluster_id(name), "confirmed", LATER)
    finding.refresh_from_db()
    assert finding.counted == Counted(0, 5, 5)
    services.register(report({"s-1": {"a": (0, 0, 4), "b": (0, 0, 1)}}), LATER)
    finding.refresh_from_db()
    assert (finding.near, finding.same_picture, finding.confirmed) == (1, 5, 5)  # one moved


def test_an_authority_may_let_the_same_picture_count() -> None:
    services.link_series(NOOR, "s-1", NOON)
    services.register(report({"s-1": {"a": (1, 2, 3)}}), NOON)
    assert Finding.objects.get().counted == Counted(1, 5, 0)
    with override_settings(ACCEPT_SAME_PICTURE=True):
        assert Finding.objects.get().counted == Counted(4, 2, 0)


def test_a_report_taken_in_before_there_was_a_third_schema_is_known_again() -> None:
    old = read_report(OLD / "report-1.lwreport", [read_public(OLD / "public.json")])
    content = "578769553121cb47a29c2e18604fe5bce9fce630b04026b310cb14db4f9e0a05"
    assert services.register(old, NOON).new
    assert ReportReceipt.objects.get().content == content
    assert not services.register(old, LATER).new


def test_what_the_deep_pass_raises_moves_and_is_never_counted_twice() -> None:
    services.link_series(NOOR, "s-1", NOON)
    fast = report({"s-1": {"a": (1, 3), "b": (0, 2)}})
    deep = report({"s-1": {"a": (1, 1, 2), "b": (0, 1, 2)}}, made=fast.made + timedelta(hours=1))
    for first, then in ((fast, deep), (deep, fast)):
        with without_triggers("default"):
            ReportSeries.objects.all().delete()
        for one in (first, then):
            services.register(replace(one, id=new_id()), NOON)
        found = Finding.objects.get()
        assert (found.identical, found.near, found.same_picture) == (1, 2, 4)
