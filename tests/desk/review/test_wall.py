"""Review reaches no person and no picture: neither by its code nor by its tables."""

from __future__ import annotations

import grimp
import pytest
from django.apps import apps
from django.db import models

REVIEW = "luwte.desk.review"
ROOMS = ("luwte.desk.vault", "luwte.desk.wishes", "luwte.desk.telling", "luwte.lab")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom."""
    return grimp.build_graph("luwte")


def test_the_graph_sees_what_is_there(graph: grimp.ImportGraph) -> None:
    assert graph.find_shortest_chains("luwte.desk.telling", REVIEW, as_packages=True)
    assert graph.find_shortest_chains("luwte.desk.telling", "luwte.desk.vault", as_packages=True)


@pytest.mark.parametrize("room", ROOMS)
def test_no_way_leads_from_review_to_people_or_pictures(graph: grimp.ImportGraph, room: str) -> None:
    assert not graph.find_shortest_chains(REVIEW, room, as_packages=True)


def test_no_table_of_review_or_cluster_leads_to_a_person() -> None:
    tables = [*apps.get_app_config("review").get_models()]
    tables += [apps.get_model("findings", name) for name in ("Cluster", "ClusterFiles", "Remembered")]
    fields = [field for table in tables for field in table._meta.get_fields()]
    assert not [field for field in fields if field.name in ("subject", "person", "finding")]
    related = {field.related_model for field in fields if isinstance(field, models.ForeignKey)}
    assert {table.__name__ for table in related if isinstance(table, type)} == {
        "Cluster",
        "Reviewer",
        "ReportReceipt",
    }
