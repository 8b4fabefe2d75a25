"""The register as an earlier version left it, brought to this one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.support.desk import NOON

BEFORE, AFTER = ("findings", "0001_initial"), ("findings", "0002_same_picture")


@pytest.mark.django_db(transaction=True)
def test_reports_of_earlier_versions_say_that_no_file_was_the_same_picture() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([BEFORE])
    try:
        apps = executor.loader.project_state([BEFORE]).apps
        case = apps.get_model("cases", "Case").objects.create(id="c" * 32, number="C-1", opened=NOON)
        receipt = apps.get_model("findings", "ReportReceipt").objects.create(
            id="r", case=case, made=NOON, received=NOON, coverage={}
        )
        apps.get_model("findings", "ReportSeries").objects.create(
            receipt=receipt, series="s-1", identical=3, near=1, entries={"a": [1, 1], "b": [2, 0]}
        )
        executor = MigrationExecutor(connection)
        executor.migrate([AFTER])
        apps = executor.loader.project_state([AFTER]).apps
        row = apps.get_model("findings", "ReportSeries").objects.get()
        assert (row.same_picture, row.entries) == (0, {"a": [1, 1, 0], "b": [2, 0, 0]})
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
