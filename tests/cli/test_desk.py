"""`luwte desk` as a person uses it: each command is a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path

import pytest

from luwte.desk.project.databases import ENVIRONMENT
from luwte.exchange.home import Home
from luwte.exchange.report import write_report
from tests.support.desk import report
from tests.support.owner import as_owner

pytestmark = pytest.mark.desk
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a command with this home."""
    ours = ("LUWTE_", "DJANGO_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) or name in ENVIRONMENT.values()
    }
    return kept | {"LUWTE_HOME": str(home)} | more


@pytest.fixture
def run(home: Path) -> Run:
    """Runs `luwte desk` with arguments and gives how it ended."""

    def command(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", "from luwte.cli import main; main()", "desk", *arguments]
        done = subprocess.run(
            words, env=environment(home, **more), capture_output=True, text=True, timeout=240, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return command


def refused(done: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    """The command ended with `code` and one sentence that has `words`."""
    assert done.returncode == code, done
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_from_nothing_to_told(run: Run, home: Path, tmp_path: Path) -> None:
    refused(run("tell"), 2, "luwte desk init")
    for _ in range(2):
        assert run("init").returncode == 0
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (home / "desk").iterdir()} == {0o600}
    noor = run("person", "add", "Noor", "--born", "2004-02-29").stdout.strip()
    assert noor in run("person", "list").stdout
    assert run("link", noor, "s-1").returncode == 0
    path = tmp_path / "r.lwreport"
    house = Home.open(home)
    write_report(path, report({"s-1": {"a": (3, 0)}}, house=house.identity), house)
    assert "findings for 1 people" in run("intake", str(path)).stdout
    assert "nothing changed" in run("intake", str(path)).stdout
    assert "not asked yet" in run("tell").stdout
    chosen = run(
        "wish", "set", noor, "--by", "Wim", "--conversation", "first", "--rhythm", "each", "--assessment", "a"
    )
    assert "version 1" in chosen.stdout
    told = run("tell").stdout
    assert "1 done" in told
    assert "you chose to hear it now" in told
    assert "Told 1 times" in run("why", noor).stdout
    assert "Paused until" in run("pause", noor).stdout
    assert run("sign-in", noor).stdout.startswith("http://localhost:8000/in/")


def wants_email(run: Run, home: Path, tmp_path: Path) -> str:
    """Add someone to be told by e-mail of a case that was taken in; return the id."""
    run("init")
    noor = run("person", "add", "Noor", "--email", "noor@example.org", "--born", "2004-02-29").stdout.strip()
    run("link", noor, "s-1")
    said = ("--by", "Wim", "--conversation", "x", "--assessment", "a")
    run("wish", "set", noor, *said, "--rhythm", "each", "--channel", "email")
    path, house = tmp_path / "r.lwreport", Home.open(home)
    write_report(path, report({"s-1": {"a": (3, 0)}}, house=house.identity), house)
    run("intake", str(path))
    return noor


def test_a_text_that_nobody_signed_is_told_as_that(run: Run, home: Path, tmp_path: Path) -> None:
    wants_email(run, home, tmp_path)
    refused(run("tell"), 1, "not signed by two people yet. Let two people read it and sign it")
    assert "LUWTE_SMTP_HOST" not in run("tell").stderr


def test_a_mail_server_that_does_not_answer_is_told(run: Run, home: Path, tmp_path: Path) -> None:
    noor = wants_email(run, home, tmp_path)
    for by in ("Wim", "Ada"):
        run("words", "sign", "contact.email", "--by", by, "--role", "care worker")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = str(nobody.getsockname()[1])
        for _ in range(2):
            refused(run("tell", LUWTE_SMTP_PORT=port), 1, "1 of the contacts could not be handed over")
    assert "did not leave yet: the mail server was not reached" in run("why", noor).stdout


def test_a_name_that_cannot_be_is_refused_in_one_language(run: Run) -> None:
    run("init")
    told = run("staff", "add", "wim de vries")
    refused(told, 2, "Enter a valid username.")


def test_what_cannot_be_is_refused_in_a_sentence(run: Run, home: Path, tmp_path: Path) -> None:
    run("init")
    refused(run("why", "nobody"), 2, "no person 'nobody'")
    refused(run("intake", str(tmp_path / "none")), 2, "cannot be read")
    refused(run("person", "add", "Noor", "--email", "noor"), 2, "e-mail")
    refused(run("pause", "x", "--until", "2020-01-01"), 2, "no person 'x'")
    refused(run("person", "add", "Noor", "--born", "2199-01-01"), 2, "still to come")
    refused(run("person", "mandate-end", "x", "--last-day", "2026-01-01"), 2, "no representative 'x'")
    refused(run("person", "conflict", "x", "suspect"), 2, "no person 'x'")
    refused(run("wish", "show", "x"), 2, "no person 'x'")
    refused(run("quiet", "lift", "x"), 2, "no quiet period 'x'")
    refused(run("person", "list", LUWTE_DESK_DATABASE="mysql://x"), 2, "LUWTE_DESK_DATABASE")
    refused(run("person", "list", LUWTE_DESK_KEYS="{}"), 2, "key ring")
    away = "postgresql://nobody@127.0.0.1:1/desk?connect_timeout=2"
    refused(run("person", "list", LUWTE_DESK_DATABASE=away), 1, "does not answer")


def test_keys_that_are_gone_are_never_made_anew(run: Run, home: Path) -> None:
    run("init")
    keys = home / "desk" / "keys.json"
    content = keys.read_bytes()
    run("person", "add", "Noor")
    keys.unlink()
    refused(run("person", "list"), 2, "no key ring")
    refused(run("init"), 2, "Restore it from its backup")
    keys.write_bytes(content[:50])
    keys.chmod(0o600)
    refused(run("init"), 2, "damaged")
    keys.write_bytes(content)
    assert "Noor" in run("person", "list").stdout


def test_databases_that_are_newer(run: Run, home: Path) -> None:
    run("init")
    later = (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('telling', '0999_later', '2030-01-01')"
    )
    as_owner(home, later)
    for command in (["person", "list"], ["init"]):
        refused(run(*command), 2, "newer Luwte")
    as_owner(home, "DELETE FROM django_migrations WHERE name = '0999_later'")
    assert run("person", "list").returncode == 0


@pytest.mark.embedded
def test_a_file_that_is_no_database_is_damaged(run: Run, home: Path) -> None:
    run("init")
    (home / "desk" / "vault.sqlite3").write_bytes(b"x" * 4096)
    refused(run("person", "list"), 1, "damaged")


@pytest.mark.embedded
def test_half_a_desk_asks_for_init(run: Run, home: Path) -> None:
    """As an `init` leaves it that was killed half way."""
    run("init")
    for name in ("vault.sqlite3", "keys.json", "set-up"):
        (home / "desk" / name).unlink()
    refused(run("person", "list"), 2, "luwte desk init")
    assert run("init").returncode == 0


@pytest.mark.embedded
@pytest.mark.parametrize("name", ["vault.sqlite3", "desk.sqlite3"])
def test_a_database_that_is_gone_or_empty_is_never_made_anew(run: Run, home: Path, name: str) -> None:
    run("init")
    run("person", "add", "Noor")
    path = home / "desk" / name
    content = path.read_bytes()
    path.unlink()
    for command in (["tell"], ["init"]):
        refused(run(*command), 2, f"{name} is gone or empty. Restore it")
    path.write_bytes(b"")
    refused(run("init"), 2, f"{name} is gone or empty. Restore it")
    path.write_bytes(content)
    assert "Noor" in run("person", "list").stdout


@pytest.mark.parametrize("alias", ENVIRONMENT)
def test_a_database_without_its_tables_is_never_made_anew(run: Run, home: Path, alias: str) -> None:
    run("init")
    as_owner(home, "DROP TABLE django_migrations", alias=alias)
    for command in (["tell"], ["init"]):
        refused(run(*command), 2, "is gone or empty. Restore it")


def test_a_lost_database_is_never_made_anew_when_the_ring_is_elsewhere(
    run: Run, home: Path, tmp_path: Path
) -> None:
    ring = tmp_path / "elsewhere.json"
    assert run("init", LUWTE_DESK_KEYS=str(ring)).returncode == 0
    for alias in ENVIRONMENT:
        as_owner(home, "DROP TABLE django_migrations", alias=alias)
    for given in (str(ring), ring.read_text()):
        refused(run("init", LUWTE_DESK_KEYS=given), 2, "is gone or empty. Restore it")


def test_keys_that_others_can_read_are_refused(run: Run, home: Path) -> None:
    run("init")
    (home / "desk" / "keys.json").chmod(0o644)
    refused(run("person", "list"), 2, "chmod 600")


def test_an_empty_secret_is_made_anew(run: Run, home: Path) -> None:
    run("init")
    (home / "desk" / "secret.key").write_bytes(b"")
    run("init")
    assert (home / "desk" / "secret.key").stat().st_size > 64


def test_mail_settings_that_cannot_be_used_are_told_before_anybody_is(run: Run) -> None:
    run("init")
    refused(run("tell", LUWTE_MAIL_FROM="a@b\nBcc: x@y"), 2, "LUWTE_MAIL_FROM")
    refused(run("tell", LUWTE_PORTAL_URL="https://portaal.example/\u00e9"), 2, "LUWTE_PORTAL_URL")


def test_staff_account(run: Run, home: Path) -> None:
    run("init")
    told = run("staff", "add", "wim")
    assert told.returncode == 0
    assert re.search(r"^http://localhost:8000/staff/invited/[\w-]{43}/$", told.stdout, re.MULTILINE)
    refused(run("staff", "add", "wim"), 2, "already")
    (home / "secrets").write_text("x\n1\n")
    said = ("--by", "ada", "--secrets", str(home / "secrets"))
    refused(run("staff", "reset", "wim", *said), 2, "belong together")


def test_serve_answers_and_ends_on_interrupt(run: Run, home: Path) -> None:
    run("init")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        refused(run("serve", "--port", str(port)), 2, "Choose another")
        health = str(_free())
        refused(run("serve", "--port", health, "--health-port", health), 2, "cannot have one port")
    words = [sys.executable, "-c", "from luwte.cli import main; main()", "desk", "serve", "--port", str(port)]
    with subprocess.Popen(
        [*words, "--health-port", health],
        env=environment(home, LUWTE_LOG="json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as served:
        try:
            assert served.stdout is not None
            assert f":{port}/" in served.stdout.readline()
            page = _get(f"http://127.0.0.1:{port}/staff/sign-in/")
            assert page.status == 200
            assert "default-src 'none'" in page.headers["Content-Security-Policy"]
            assert page.headers["X-Frame-Options"] == "DENY"
            assert page.headers["Referrer-Policy"] == "same-origin"
            assert len(page.headers["X-Request-Id"]) == 16
            assert _get(f"http://127.0.0.1:{health}/ready").status == 200
            assert b"luwte_requests" in _get(f"http://127.0.0.1:{health}/metrics").read()
            for told in (b"GET /in/kanarie HTTP/7.7", b"G@T /in/kanarie HTTP/1.1"):
                with socket.create_connection(("127.0.0.1", port)) as visitor:
                    visitor.sendall(told + b"\r\nKanarie Kop: x\r\n\r\n")
                    assert b" 400 " in visitor.recv(100)
        finally:
            served.send_signal(signal.SIGINT)
            _, error = served.communicate(timeout=60)
    assert served.returncode == 130
    assert "kanarie" not in error.lower()
    said = [json.loads(line) for line in error.splitlines() if line]
    assert {"serve.started", "request.done", "log.other"} <= {line["event"] for line in said}


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def _get(address: str) -> HTTPResponse:
    """The address is free to use a moment before the workers answer."""
    for _ in range(200):
        try:
            answer: HTTPResponse = urllib.request.urlopen(address, timeout=30)
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.05)
            continue
        return answer
    raise AssertionError("the desk does not answer")
