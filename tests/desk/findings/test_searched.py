"""What the record says of a search: enough to be shown, the same whatever was found, and no case."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from luwte.desk.audit.acts import Act
from luwte.desk.audit.models import Leaf
from luwte.desk.audit.rules import MOST_BYTES
from luwte.desk.findings import services
from luwte.desk.findings.models import ReportReceipt
from luwte.desk.findings.searched import sealed
from luwte.exchange.report import Thresholds
from tests.support.desk import NOON, report

pytestmark = pytest.mark.django_db
JUDGED = Thresholds(31, 50, 80, "ab" * 8, 990, 600)


def _recorded() -> dict[str, Any]:
    row = Leaf.objects.get(act=Act.TAKEN_IN)
    assert row.content is not None
    content = bytes(row.content)
    assert len(content) < 1024 < MOST_BYTES
    found: dict[str, Any] = json.loads(content)
    return found


def test_a_search_is_recorded_with_its_list_rule_time_and_amount() -> None:
    made = report({"s-1": {"a": (2, 1)}}, thresholds=JUDGED)
    services.register(replace(made, list=replace(made.list, commitment="cd" * 32), signer="ef" * 8), NOON)
    found = _recorded()
    assert found["details"] == {
        "lab": "ef" * 8,
        "list": made.list.version,
        "commitment": "cd" * 32,
        "tool": "luwte 0.1.0",
        "pass": "fast",
        "began": "2026-11-23T12:00:00Z",
        "ended": "2026-11-23T12:00:00Z",
        "files": 10,
        "unreadable": 2,
        "whole": True,
        "radius": 31,
        "quality": 50,
        "share": 80,
        "model": "ab" * 8,
        "same": 990,
        "near": 600,
    }


def test_no_case_no_report_no_series_and_no_count_of_findings_is_in_it() -> None:
    made = report({"series-of-noor": {"a": (4711, 0)}}, case="CASE-4712")
    services.register(made, NOON)
    said = json.dumps(_recorded())
    receipt = ReportReceipt.objects.get()
    for secret in ("series-of-noor", "4711", "4712", made.id, receipt.content, receipt.case_id):
        assert secret not in said


def test_it_is_of_the_same_form_with_findings_and_without() -> None:
    services.register(report({}, report_id="ab" * 16), NOON)
    services.register(report({"s-1": {"a": (9, 9)}}, report_id="cd" * 16), NOON)
    first, second = (json.loads(bytes(row.content or b"")) for row in Leaf.objects.order_by("id"))
    assert first["details"] == second["details"]
    assert first["about"] != second["about"]
    lengths = {len(bytes(row.content or b"")) for row in Leaf.objects.all()}
    assert len(lengths) == 1


def test_the_register_can_show_which_report_and_case_it_was_and_nobody_can_guess() -> None:
    services.register(report({}), NOON)
    receipt = ReportReceipt.objects.get()
    assert _recorded()["about"] == sealed(receipt)
    before = sealed(receipt)
    for field, value in (("salt", bytes(32)), ("content", "0" * 64), ("id", "f" * 32)):
        changed = ReportReceipt.objects.get()
        setattr(changed, field, value)
        assert sealed(changed) != before, field
    receipt.case.number = "another"
    assert sealed(receipt) != before


def test_two_desks_say_different_things_of_the_same_report() -> None:
    services.register(report({}), NOON)
    assert len(bytes(ReportReceipt.objects.get().salt)) == 32
    services.register(report({}, report_id="cd" * 16), NOON)
    salts = {bytes(row.salt) for row in ReportReceipt.objects.all()}
    assert len(salts) == 2
