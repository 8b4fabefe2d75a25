"""Health is told on a port of its own, and measures show no single visit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from luwte.desk.project import folder, health, measures
from luwte.desk.project.worlds import World
from tests.support.stage import stranger

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]
PORT = 9464


def asked(path: str, port: int = PORT, **headers: str) -> tuple[str, bytes]:
    """Ask the application that listens on two ports; return status and body."""
    said: list[str] = []

    def desk(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"a page"]

    environ = {"PATH_INFO": path, "SERVER_PORT": str(port), **headers}
    body = b"".join(health.beside(desk, PORT)(environ, lambda status, _: said.append(status)))  # type: ignore[arg-type]
    return said[0], body


@pytest.fixture(autouse=True)
def open_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "close_old_connections", lambda: None)


def samples() -> dict[str, float]:
    families = text_string_to_metric_families(measures.metrics().decode())  # type: ignore[no-untyped-call]
    return {
        f"{one.name}{sorted(one.labels.items())}": one.value for family in families for one in family.samples
    }


@pytest.mark.parametrize("path", ["/live", "/ready", "/metrics"])
def test_no_page_of_the_portal_tells_of_health(path: str) -> None:
    assert asked(path)[0] == "200 OK"
    assert asked(path, 8000, HTTP_HOST=f"localhost:{PORT}")[1] == b"a page"
    assert asked("/", PORT)[0].startswith("404")


def test_what_is_missing_is_named_and_nothing_more(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    assert json.loads(asked("/ready")[1]) == {"ready": True, "failing": []}
    (home / "desk" / "keys.json").unlink()
    monkeypatch.setattr(health, "ROOM", 1 << 60)
    monkeypatch.setattr(connections["default"], "cursor", lambda: 1 / 0)
    status, body = asked("/ready")
    assert status.startswith("503")
    assert json.loads(body) == {"ready": False, "failing": ["register", "keys", "disk"]}


def test_casework_on_a_server_has_a_home_and_no_folder_of_a_desk(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "desk_folder", lambda: home / "nowhere")
    assert json.loads(asked("/ready")[1])["failing"] == []
    monkeypatch.setattr(folder, "default_path", lambda: home / "nowhere")
    assert json.loads(asked("/ready")[1])["failing"] == ["disk"]


def test_the_interface_needs_no_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WORLD", World.CASEWORK)
    monkeypatch.setattr(health, "_answers", lambda alias: alias == "default")
    assert health.failing() == ["accounts"]
    monkeypatch.setattr(settings, "INTERFACE", True)
    assert health.failing() == []


def test_a_visit_cannot_be_read_off_the_measures() -> None:
    stranger("Noor")
    route, before = "of this test alone", samples()
    for _ in range(9):
        measures.count_request(route, 200, 0.01)
    assert samples() == before
    measures.count_request(route, 200, 0.01)
    after = samples()
    name = f"luwte_requests_total[('route', '{route}'), ('status', '2xx')]"
    assert after[name] - before.get(name, 0) == 10
    assert not [name for name in after if name.split("[")[0].endswith(("_sum", "_count", "_created"))]
    assert all(value % 10 == 0 for name, value in after.items() if name.startswith("luwte_request"))


def test_an_error_is_told_at_once() -> None:
    measures.count_error("builtins.ValueError")
    assert samples()["luwte_errors_total[('error', 'builtins.ValueError')]"] >= 1


def test_what_waits_is_told_in_powers_of_ten() -> None:
    assert [measures.band(count) for count in (0, 1, 9, 10, 99, 100, 4321)] == [0, 0, 0, 10, 10, 100, 1000]


def test_the_answer_stays_the_same_for_five_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(measures.SHARED, str(tmp_path))
    first = measures.metrics()
    (tmp_path / "metrics.txt").write_bytes(b"held")
    assert measures.metrics() == b"held"
    monkeypatch.setattr(measures, "HELD_SECONDS", 0)
    assert measures.metrics() == first
