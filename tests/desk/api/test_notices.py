"""Notices: CloudEvents without information, in the order in which things came in, each once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import transaction

from luwte.base.clock import ManualClock
from luwte.desk.api import notices
from luwte.desk.api.models import Notice
from luwte.desk.findings import services
from luwte.exchange.home import Home
from tests.support.desk import someone
from tests.support.interface import HEARING, Machine, report_file

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def test_a_notice_says_that_something_came_in_and_no_more(machine: Machine, tmp_path: Path) -> None:
    """CloudEvents 1.0 in the profile of NLGov: context attributes alone, and none that says anything."""
    someone(series="s-1")
    token = machine.let_in()
    machine.deliver(token, report_file(tmp_path, report_id="ab" * 16, case="SECRET-1"))
    machine.announce(token, HEARING | {"case": "SECRET-1"})
    found = machine.ask("GET", "/api/v1/events", token=token)
    assert b"SECRET" not in found.body
    one, two = found.json()["events"]
    assert {*one} == {"specversion", "id", "source", "type", "subject", "time", "sequence"}
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in one)
    assert (one["specversion"], one["type"]) == ("1.0", "nl.luwte.report-registered.v1")
    assert one["subject"] == f"/api/v1/reports/{'ab' * 16}"
    assert one["source"].startswith("urn:nld:oin:")
    assert one["sequence"] < two["sequence"]
    assert one["id"] != two["id"]
    assert machine.ask("GET", two["subject"], token=token).status == 200


def test_a_report_is_told_of_whichever_way_it_came_in(
    machine: Machine, tmp_path: Path, clock: ManualClock
) -> None:
    """By the command and the pages of casework (both take it in so), and once when it comes again."""
    token, house = machine.let_in(), Home.open()
    content = report_file(tmp_path, report_id="ab" * 16)
    (file := tmp_path / "again.lwreport").write_bytes(content)
    for _ in range(2):
        services.intake(file, house.trusted(), clock.now())
    machine.deliver(token, content)
    (told,) = machine.ask("GET", "/api/v1/events", token=token).json()["events"]
    assert (told["type"], told["subject"]) == (
        "nl.luwte.report-registered.v1",
        f"/api/v1/reports/{'ab' * 16}",
    )
    assert machine.ask("GET", told["subject"], token=token).status == 200


def test_a_report_that_was_not_registered_is_not_told_of(
    machine: Machine, tmp_path: Path, clock: ManualClock
) -> None:
    content = report_file(tmp_path, report_id="ab" * 16)
    (file := tmp_path / "one.lwreport").write_bytes(content)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.intake(file, Home.open().trusted(), clock.now())
        raise RuntimeError
    assert not Notice.objects.exists()


def test_who_asks_after_the_last_one_misses_none(machine: Machine) -> None:
    token = machine.let_in()
    for number in range(5):
        machine.announce(token, HEARING | {"case": f"C-{number}"})
    found, after = [], 0
    while page := (answer := machine.ask("GET", f"/api/v1/events?after={after}&limit=2", token=token).json())[
        "events"
    ]:
        found += page
        after = answer["next"]
    assert [one["id"] for one in found] == list(Notice.objects.order_by("pk").values_list("event", flat=True))
    assert len(found) == 5


def test_what_was_not_done_is_not_told(clock: ManualClock) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        notices.add("nl.luwte.report-registered.v1", "/api/v1/reports/x", clock.now())
        raise RuntimeError
    assert not Notice.objects.exists()
