"""Requests that come again with the same Idempotency-Key: one act, one answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.api import repeats
from luwte.desk.api.models import Kept, Notice
from luwte.desk.cases.models import Announcement
from luwte.desk.findings.models import ReportReceipt
from tests.support.interface import HEARING, Machine, report_file

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'


def test_the_same_request_gets_the_same_answer(machine: Machine, tmp_path: Path) -> None:
    """Without a key the second one is answered 200; with it, as the first one was."""
    token, content = machine.let_in(), report_file(tmp_path)
    one, two = (machine.deliver(token, content, Idempotency_Key=KEY) for _ in range(2))
    assert (one.status, two.status) == (201, 201)
    assert (one.body, one.headers["location"]) == (two.body, two.headers["location"])
    assert (ReportReceipt.objects.count(), Notice.objects.count(), Kept.objects.count()) == (1, 1, 1)


def test_another_request_with_the_key_is_refused(machine: Machine) -> None:
    token = machine.let_in()
    assert machine.announce(token, HEARING, Idempotency_Key=KEY).status == 201
    other = machine.announce(token, HEARING | {"case": "C-2"}, Idempotency_Key=KEY)
    assert (other.status, other.json()["type"]) == (422, "urn:luwte:problem:key-used")
    assert Announcement.objects.count() == 1


def test_a_key_is_the_clients_own(machine: Machine) -> None:
    for case in ("C-1", "C-2"):
        assert machine.announce(machine.let_in(), HEARING | {"case": case}, Idempotency_Key=KEY).status == 201
    assert Kept.objects.count() == 2


def test_while_one_is_at_work_the_other_waits_and_then_takes_over(
    machine: Machine, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill: the reservation stands, the act was not done."""
    token, real = machine.let_in(), repeats._reserve

    def reserved(*values: object) -> Kept:
        real(*values)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(repeats, "_reserve", reserved)
    with pytest.raises(KeyboardInterrupt):
        machine.announce(token, HEARING, Idempotency_Key=KEY)
    monkeypatch.setattr(repeats, "_reserve", real)
    waits = machine.announce(token, HEARING, Idempotency_Key=KEY)
    assert (waits.status, int(waits.headers["retry-after"])) == (409, 300)
    assert not Announcement.objects.exists()
    clock.advance(repeats.LEASE + timedelta(seconds=1))
    assert machine.announce(token, HEARING, Idempotency_Key=KEY).status == 201
    assert Announcement.objects.count() == 1


def test_who_was_overtaken_does_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease ended while it worked, and another took over: its own act goes back."""
    token, real = machine.let_in(), repeats._keep

    def late(row: Kept, done: repeats.Done) -> None:
        Kept.objects.filter(pk=row.pk).update(lease="another")
        real(row, done)

    monkeypatch.setattr(repeats, "_keep", late)
    assert machine.announce(token, HEARING, Idempotency_Key=KEY).status == 409
    assert not Announcement.objects.exists()
    assert not Notice.objects.exists()


def test_what_was_refused_keeps_nothing(machine: Machine) -> None:
    token = machine.let_in()
    assert machine.announce(token, HEARING | {"kind": "verdict"}, Idempotency_Key=KEY).status == 400
    assert not Kept.objects.exists()
    assert machine.announce(token, HEARING, Idempotency_Key=KEY).status == 201


@pytest.mark.parametrize(
    "key",
    ["", "x", "8e03978e-40d5-43dd", '"short"', '"' + "x" * 65 + '"', '"a b c d e f"', f"{KEY}, {KEY}",
     '"' + "\u00e9" * 8 + '"'],
)  # fmt: skip
def test_what_is_no_key_is_refused(machine: Machine, key: str) -> None:
    answer = machine.announce(machine.let_in(), HEARING, Idempotency_Key=key)
    assert (answer.status, answer.json()["type"]) == (400, "urn:luwte:problem:idempotency-key")
