"""The name of a series may be a person's: it goes with whom it shows, and nothing that counts is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import router
from django.db.models import Model

from luwte.desk.findings.models import Cluster, SeriesReceipt
from luwte.desk.findings.receipts import keep
from luwte.desk.findings.services import register, settle_cluster
from luwte.desk.telling.coverage_document import lists_of
from luwte.desk.wishes.rules import Channel, Choice
from luwte.exchange.bundle import open_bundle, write_bundle
from luwte.exchange.home import Home
from luwte.exchange.receipts import receipts_of
from tests.support.desk import NOON, Someone, cluster, cluster_id, report, someone
from tests.support.exchange import CLOCK, entries
from tests.support.retention import DAY, LATE, clear, erase, told

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]
NAME = "series 0"
"""As an authority may name it by whom it shows; the test list has series of this name."""
BY_MAIL = Choice(True, channel=Channel.EMAIL)
ERASED = NOON + 2 * DAY
TERM = ERASED + 31 * DAY


def named() -> set[str]:
    """Return the tables of the register in which the name stands."""
    return {model._meta.label for model in _register() if _stands_in(model)}


def _register() -> Iterator[type[Model]]:
    return (one for one in apps.get_models() if router.allow_migrate_model("default", one))


def _stands_in(model: type[Model]) -> bool:
    return any(NAME in str(row) for row in model._default_manager.values_list())


@pytest.fixture
def version(tmp_path: Path) -> str:
    """A list that holds the series, with receipts that were taken in."""
    maker = Home.open(tmp_path / "maker")
    write_bundle(tmp_path / "a.lwref", entries(30), maker, CLOCK)
    receipts = receipts_of(open_bundle(tmp_path / "a.lwref", maker), maker)
    keep(receipts, NOON)
    return receipts.version


@pytest.fixture
def noor(version: str) -> Someone:
    """Somebody of whom something was found, told and read, with a cluster that was confirmed."""
    person = someone("Noor", series=NAME, choice=BY_MAIL)
    near = (cluster("x", "n", 2, series=NAME),)
    register(report({NAME: {"e1": (3, 0), "n": (0, 2)}}, clusters=near), NOON)
    settle_cluster(cluster_id("x"), "confirmed", NOON)
    told(person)
    return person


def test_it_stays_in_reports_until_their_case_goes_and_then_nowhere(noor: Someone) -> None:
    assert {"findings.SeriesLink", "findings.SeriesReceipt", "findings.Cluster"} <= named()
    erase(noor, ERASED)
    clear(TERM)
    assert named() == {"findings.ReportSeries", "findings.Cluster"}
    clear(LATE)
    assert named() == set()
    assert Cluster.objects.get().outcome == "confirmed", "what was decided is never asked again"


def test_without_the_ring_nobody_can_see_whether_a_guess_is_right(noor: Someone) -> None:
    erase(noor, ERASED)
    clear(TERM)
    (row,) = SeriesReceipt.objects.filter(veil="")
    assert len(row.series) == 32
    assert SeriesReceipt.objects.exclude(veil="").count() == 2, "other series keep their names"


def test_a_series_that_shows_somebody_else_too_keeps_its_name(noor: Someone) -> None:
    someone("Mila", series=NAME)
    erase(noor, ERASED)
    clear(TERM)
    assert "findings.SeriesReceipt" in named()


def test_who_comes_back_finds_the_receipts_of_before(noor: Someone, version: str) -> None:
    before = lists_of(noor.subject, {version})
    assert len(before["lists"][0]["series"]) == 1
    erase(noor, ERASED)
    clear(TERM)
    again = someone("Noor", series=NAME)
    assert lists_of(again.subject, {version}) == before


def test_a_report_that_names_the_cluster_again_is_taken_in_and_stays_decided(noor: Someone) -> None:
    clear(LATE)
    assert Cluster.objects.get().series == ""
    near = (cluster("x", "n", 2, series=NAME),)
    register(report({NAME: {"n": (0, 2)}}, case="C-9", clusters=near), LATE + DAY)
    row = Cluster.objects.get()
    assert (row.series, row.outcome) == (NAME, "confirmed")
    another = someone("Mila", series=NAME)
    assert apps.get_model("findings.Finding").objects.get(subject=another.subject).confirmed == 2
