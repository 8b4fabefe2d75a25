"""Reports of labs: registered as the command does, refused in sentences of ours, and silent about people."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from luwte.desk.api.models import Delivery, Notice
from luwte.desk.audit.models import Leaf
from luwte.desk.findings.models import Finding, ReportReceipt
from luwte.exchange.home import Home
from tests.support.desk import report as made
from tests.support.desk import someone
from tests.support.interface import Machine, report_file

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
ID = "ab" * 16


def test_a_report_is_registered_and_can_be_asked_after(machine: Machine, tmp_path: Path) -> None:
    noor = someone(series="s-1")
    token = machine.let_in("reports:write")
    answer = machine.deliver(token, report_file(tmp_path, report_id=ID))
    assert answer.status == 201, answer.body
    assert answer.headers["location"] == f"/api/v1/reports/{ID}"
    said = answer.json()
    assert (said["id"], said["state"]) == (ID, "registered")
    assert said["files"] == {"identical": 2, "samePicture": 0, "near": 1}
    assert Finding.objects.get(subject=noor.subject).identical == 2
    assert machine.ask("GET", answer.headers["location"], token=token).json() == said
    act = Leaf.objects.filter(act="findings.report-taken-in").get()
    assert b'"client:' in bytes(act.content or b"")


def test_the_same_report_twice_changes_nothing(machine: Machine, tmp_path: Path) -> None:
    token, content = machine.let_in("reports:write"), report_file(tmp_path)
    first, second = machine.deliver(token, content), machine.deliver(token, content)
    assert (first.status, second.status) == (201, 200)
    assert first.json() == second.json()
    assert (ReportReceipt.objects.count(), Notice.objects.count(), Delivery.objects.count()) == (1, 1, 1)


def test_nothing_shows_whether_somebody_is_known(machine: Machine, tmp_path: Path) -> None:
    """Of two reports, one of somebody known here, the answers are alike, byte for byte."""
    someone(series="s-1")
    token = machine.let_in("reports:write")
    one = machine.deliver(token, report_file(tmp_path, {"s-1": {"a": (2, 1)}}, report_id=ID, case="C-1"))
    other = machine.deliver(
        token, report_file(tmp_path, {"s-2": {"b": (2, 1)}}, report_id="cd" * 16, case="C-2")
    )
    assert Finding.objects.count() == 1
    assert other.body == one.body.replace(ID.encode(), ("cd" * 16).encode())
    assert {*one.json()} == {"id", "state", "made", "received", "files"}


def test_another_client_asks_in_vain_unless_it_may_read_notices(machine: Machine, tmp_path: Path) -> None:
    path = machine.deliver(machine.let_in("reports:write"), report_file(tmp_path)).headers["location"]
    nobody = machine.ask("GET", path, token=machine.let_in("reports:write"))
    missing = machine.ask("GET", f"/api/v1/reports/{ID}", token=machine.let_in("reports:write"))
    assert (nobody.status, missing.status) == (404, 404)
    assert {**nobody.json(), "instance": ""} == {**missing.json(), "instance": ""}
    assert machine.ask("GET", path, token=machine.let_in("events:read")).status == 200


def _of_a_stranger(folder: Path) -> bytes:
    """Signed by a house that is not trusted here."""
    stranger = Home.open(folder / "stranger")
    from luwte.exchange.report import write_report

    path = folder / "stranger.lwreport"
    write_report(path, made({"s-1": {"a": (1, 0)}}, house=stranger.identity), stranger)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("spoil", "name", "status"),
    [
        (lambda good, _: good[:-20], "report-unusable", 400),
        (lambda good, _: good.replace(b'"near": 1', b'"near": 2'), "report-unusable", 400),
        (lambda good, _: b"", "media-type", 415),
        (lambda good, _: b"{}", "report-unusable", 400),
        (lambda good, _: b"\x00" * 100, "report-unusable", 400),
        (lambda good, _: b"\xff\xfe" + good, "report-unusable", 400),
        (lambda good, _: b"[" * 100_000, "report-unusable", 400),
        (lambda good, _: good.replace(b'"schema":4', b'"schema":99', 1), "newer-schema", 400),
        (lambda _, folder: _of_a_stranger(folder), "signer-unknown", 400),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_in_words_of_ours(
    machine: Machine, tmp_path: Path, spoil: Callable[[bytes, Path], bytes], name: str, status: int
) -> None:
    answer = machine.deliver(machine.let_in("reports:write"), spoil(report_file(tmp_path), tmp_path))
    assert (answer.status, answer.json()["type"]) == (status, f"urn:luwte:problem:{name}"), answer.body
    assert b"/dev/fd" not in answer.body
    assert not ReportReceipt.objects.exists()
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_a_report_without_a_case_is_refused(machine: Machine, tmp_path: Path) -> None:
    answer = machine.deliver(machine.let_in(), report_file(tmp_path, case=None))
    assert (answer.status, answer.json()["type"]) == (400, "urn:luwte:problem:case-missing")


def test_a_report_that_says_something_else_is_refused_and_names_no_case(
    machine: Machine, tmp_path: Path
) -> None:
    token = machine.let_in("reports:write")
    machine.deliver(token, report_file(tmp_path, report_id=ID, case="SECRET-1"))
    for about in ({"case": "OTHER-2"}, {"case": "SECRET-1", "found": {"s-1": {"a": (9, 0)}}}):
        answer = machine.deliver(token, report_file(tmp_path, report_id=ID, **about))
        assert (answer.status, answer.json()["type"]) == (409, "urn:luwte:problem:report-contradicts")
        assert b"SECRET" not in answer.body
        assert b"OTHER" not in answer.body


@pytest.mark.parametrize(
    ("kind", "headers", "status"),
    [
        ("application/json", {}, 415),
        ("", {}, 415),
        ("application/vnd.luwte.report+json", {"Content_Encoding": "gzip"}, 415),
        ("application/vnd.luwte.report+json", {"Content_Encoding": "br"}, 415),
        ("application/vnd.luwte.report+json", {"Content_Length": "200000000"}, 413),
        ("application/vnd.luwte.report+json", {"Content_Length": ""}, 400),
        ("application/vnd.luwte.report+json", {"Content_Length": "-1"}, 411),
        ("application/vnd.luwte.report+json", {"Content_Length": "\u0661"}, 411),
        ("application/vnd.luwte.report+json", {"Transfer_Encoding": "chunked"}, 411),
    ],
)
def test_only_what_the_description_asks_for_is_read(
    machine: Machine, kind: str, headers: dict[str, str], status: int
) -> None:
    token = machine.let_in("reports:write")
    answer = machine.ask("POST", "/api/v1/reports", b"short", token=token, kind=kind, **headers)
    assert (answer.status, answer.json()["status"]) == (status, status)


def test_no_token_is_asked_for_before_anything_is_read(machine: Machine) -> None:
    answer = machine.ask("POST", "/api/v1/reports", json.dumps({}).encode(), kind="text/plain")
    assert answer.status == 401
