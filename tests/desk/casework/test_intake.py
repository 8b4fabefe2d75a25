"""Reports that are sent in: bounded, whole or not at all, once, with the reason when they are refused."""

from __future__ import annotations

import errno
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest
from django.test import Client

from luwte.desk.api.models import Notice
from luwte.desk.audit.models import Leaf
from luwte.desk.casework import receiving
from luwte.desk.casework.roles import Role
from luwte.desk.casework.uploads import Uploads
from luwte.desk.findings import services
from luwte.desk.findings.models import ReportReceipt
from luwte.desk.pages.moment import now
from luwte.exchange.home import Home
from luwte.exchange.report import write_report
from tests.support.casework import worker
from tests.support.desk import report
from tests.support.pages import words


def written(folder: Path, house: Home, case: str | None = "C-1", **changes: object) -> Path:
    """Write a report that `house` made; return its file."""
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / "Kanarie.lwreport"
    made = report({"s-1": {"a": (2, 0)}}, case=case, house=house.identity, **changes)  # type: ignore[arg-type]
    write_report(file, made, house)
    return file


@pytest.fixture
def emma() -> Client:
    """An examiner."""
    return worker("emma", Role.EXAMINER)


@pytest.fixture
def file(tmp_path: Path, home: Path) -> Path:
    """A report that the desk's own house made."""
    return written(tmp_path / "made", Home.open())


def send(browser: Client, content: bytes, **form: str) -> str:
    """Send a file in; return the words of the page that follows."""
    body = {"report": BytesIO(content), **form}
    return words(browser.post("/staff/intake/", body, follow=True))


def test_a_report_is_taken_in_under_who_sent_it(emma: Client, file: Path, casework: Path) -> None:
    page = send(emma, file.read_bytes())
    assert "Het staat in het register. Niemand kreeg bericht." in page
    assert ReportReceipt.objects.count() == 1
    leaf = Leaf.objects.get(act="findings.report-taken-in")
    assert json.loads(bytes(leaf.content or b""))["by"].startswith("casework:")
    assert [one.suffix for one in casework.iterdir() if one.is_file()] == [".json"], "the report is gone"
    assert "Kanarie" not in next(casework.glob("*.json")).read_text()
    assert "opgenomen" in words(emma.get("/staff/intake/"))
    assert Notice.objects.count() == 1, "other machines are told of it"


def test_the_same_file_twice_is_one(emma: Client, file: Path, casework: Path) -> None:
    send(emma, file.read_bytes())
    assert "Het was al opgenomen." in send(emma, file.read_bytes())
    assert ReportReceipt.objects.count() == 1
    assert len(list(casework.glob("*.json"))) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Er is geen bestand gekozen"),
        (b"\0" * 1000, "Dit is geen rapport"),
        (b'{"format": "luwte-report"}', "Dit is geen rapport"),
        (b"[" * 200_000, "Dit is geen rapport"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(emma: Client, content: bytes, said: str) -> None:
    assert said in send(emma, content)
    assert not ReportReceipt.objects.exists()


def test_a_report_of_a_stranger_is_refused(emma: Client, tmp_path: Path) -> None:
    stranger = written(tmp_path / "made", Home.open(tmp_path / "elsewhere"))
    assert "wordt hier niet vertrouwd" in send(emma, stranger.read_bytes())
    assert "wordt hier niet vertrouwd" in words(emma.get("/staff/"))


def test_a_changed_report_is_refused(emma: Client, file: Path) -> None:
    content = file.read_bytes()
    assert "onderweg veranderd" in send(emma, content.replace(b"C-1", b"C-2"))
    assert not ReportReceipt.objects.exists()


def test_a_report_without_a_case_asks_for_it(emma: Client, tmp_path: Path, home: Path) -> None:
    content = written(tmp_path / "made", Home.open(), case=None).read_bytes()
    assert "noemt geen zaak" in send(emma, content)
    assert "geen nummer van een zaak" in send(emma, content, case="x" * 101)
    assert "Het staat in het register" in send(emma, content, case="C-7")
    assert ReportReceipt.objects.get().case.number == "C-7"


def test_a_file_that_is_too_large_is_read_past(
    emma: Client, casework: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 100_000)
    assert "groter dan een rapport kan zijn" in send(emma, b"x" * 100_001)
    assert not list(casework.iterdir())


@pytest.mark.parametrize("how", ["it fills up", "it cannot be written"])
def test_a_disk_that_takes_no_report_is_said(
    emma: Client, file: Path, casework: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The disk of `/dev/full` is always full."""

    def kept(**_: object) -> IO[bytes]:
        if how == "it fills up":
            return Path("/dev/full").open("wb+", buffering=0)
        raise OSError(errno.EROFS, "")

    with monkeypatch.context() as full:
        full.setattr(receiving, "tempfile", SimpleNamespace(TemporaryFile=kept))
        assert "Misschien is de schijf vol" in send(emma, file.read_bytes())
    assert not list(casework.iterdir())
    assert "Het staat in het register" in send(emma, file.read_bytes())


def test_nothing_is_kept_of_who_may_not_send(file: Path, casework: Path) -> None:
    for browser in (Client(), worker("ria", Role.REVIEWER)):
        browser.post("/staff/intake/", {"report": BytesIO(file.read_bytes())})
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = worker("ed", Role.EXAMINER).cookies
    assert strict.post("/staff/intake/", {"report": BytesIO(file.read_bytes())}).status_code == 403
    assert not casework.exists() or not list(casework.iterdir())
    assert not ReportReceipt.objects.exists()


def test_a_fault_of_ours_keeps_the_report(
    emma: Client, file: Path, casework: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise TypeError

    with monkeypatch.context() as broken:
        broken.setattr(services, "intake", fails)
        assert "door een fout van ons" in send(emma, file.read_bytes())
    digest = next(casework.glob("*.lwreport")).stem
    page = emma.post(f"/staff/intake/{digest}/again/", follow=True)
    assert "Het staat in het register" in words(page)


def test_what_is_over_its_time_is_forgotten_and_what_was_cut_off_goes(
    emma: Client, file: Path, casework: Path, clock: object
) -> None:
    send(emma, file.read_bytes())
    (casework / f"{'ab' * 32}.lwreport").write_bytes(b"half")
    assert len(Uploads(casework).all(now())) == 1
    assert not list(casework.glob("*.lwreport"))
    assert Uploads(casework).all(now() + timedelta(days=31)) == []
