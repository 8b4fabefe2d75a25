"""`luwte desk check` is silent only when the deployment is safe: each thing that is not is planted once."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import override_settings

from luwte.base.clock import SystemClock
from luwte.crypto.notes import Signer
from luwte.desk.api import clients
from luwte.desk.audit import checkpoints, verified
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.project.checks import (
    accounts,
    backups,
    files,
    interface,
    keys,
    letters,
    postgres,
    process,
    record,
    sqlite,
    web,
)
from luwte.desk.project.databases import ENVIRONMENT
from luwte.desk.project.worlds import World
from luwte.desk.telling.channels.spool import PrintFolder
from luwte.desk.vault import erased
from luwte.desk.vault import services as vault
from luwte.exchange.home import Home
from tests.support.accounts import Worker
from tests.support.desk import someone
from tests.support.worlds import Process

SAFE = {
    "LUWTE_DESK_HTTPS": "1",
    "LUWTE_DESK_HOSTS": "portaal.example",
    "LUWTE_PORTAL_URL": "https://portaal.example/",
    "LUWTE_MAIL_FROM": "bericht@portaal.example",
}
HERE = {"backup.age"} | ({"process.root"} if os.geteuid() == 0 else set())
database = pytest.mark.django_db(databases=["default", "vault"])


def ids(room: ModuleType) -> set[str]:
    """Return what the checks of a room find."""
    return {str(one.id) for check in room.CHECKS for one in check()}


@pytest.mark.desk
def test_a_safe_desk_is_silent_and_an_unsafe_one_says_it_in_lines(home: Path) -> None:
    given = {name: os.environ[name] for name in ENVIRONMENT.values() if name in os.environ}
    Process(home, given)("desk", "init")
    safe = Process(home, given | SAFE).ended("desk", "check")
    found = {line.partition(":")[0] for line in safe.stdout.splitlines()}
    # The server of the tests does not wait for the disk, and the tests work as its owner.
    assert found - {"postgres.durable", "postgres.power", "postgres.create"} == HERE
    assert (safe.returncode, safe.stderr) == (int(bool(found)), "")
    unsafe = Process(home, given | {"LUWTE_DEBUG": "1"}).ended("desk", "check")
    said = {line.partition(":")[0] for line in unsafe.stdout.splitlines()}
    assert (unsafe.returncode, unsafe.stderr) == (1, "")
    assert said - found == {"process.debug", "web.https", "web.portal", "web.sender"}


def test_how_the_process_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert ids(process) == set()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("LUWTE_DEBUG", "LUWTE_FAULT", "LUWTE_SMTP_PASSWORD"):
        monkeypatch.setenv(name, "x")
    assert ids(process) == {"process.root", "process.debug", "process.fault", "process.secret"}
    monkeypatch.setenv("LUWTE_TOKEN_PIN_FILE", "x")
    with override_settings(WORLD=World.CASEWORK):
        assert "process.world" in ids(process)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", set()),
        ("postgresql://luwte_telling@/luwte_desk?host=/run/postgresql", set()),
        ("postgresql://luwte_telling:@db.example/luwte_desk", set()),
        ("postgresql://luwte_telling:geheim@db.example/luwte_desk", {"process.secret"}),
        ("postgresql://[", set()),
    ],
)
@pytest.mark.parametrize("name", ENVIRONMENT.values())
def test_a_password_in_an_address_is_a_secret_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str, found: set[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    for each in ENVIRONMENT.values():
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, address)
    assert ids(process) == found
    said = [f"{one.msg} {one.hint}" for check in process.CHECKS for one in check()]
    assert all(name in one and "geheim" not in one for one in said)


def test_who_may_open_the_files(ring: object, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Home.open(home)
    (home / "desk" / "vault.sqlite3").touch(mode=0o600)
    home.chmod(0o700)
    (home / "desk").chmod(0o2770)
    assert ids(files) == set()
    for path in (home, home / "identity.json", home / "desk" / "keys.json", home / "desk" / "vault.sqlite3"):
        mode = path.stat().st_mode
        path.chmod(0o755)
        assert ids(files) == {"files.mode"}, path
        path.chmod(mode)
    uid = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    assert ids(files) == {"files.owner"}
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    with override_settings(WORLD=World.CASEWORK):
        assert ids(files) == {"files.casework"}


def test_letters_that_wait_and_who_may_open_their_folder(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir(mode=0o700, exist_ok=True)
    home.chmod(0o700)
    spool = PrintFolder(tmp_path / "letters")
    spool.begin()
    spool.put("ab" * 16, b"a letter")
    file = spool.folder / f"{'ab' * 16}.pdf"
    monkeypatch.setitem(settings.LETTERS, "folder", str(spool.folder))
    assert ids(files) == ids(letters) == set()
    long_ago = file.stat().st_mtime - 8 * 86_400
    os.utime(file, (long_ago, long_ago))
    assert ids(letters) == {"letters.waiting"}
    file.rename(spool.folder / "printed" / file.name)
    assert ids(letters) == set()
    spool.folder.chmod(0o750)
    assert ids(files) == {"files.mode"}


@database
def test_the_keys(ring: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "desk" / "secret.key").write_text("x" * 86)
    noor = someone().id
    assert ids(keys) == set()
    vault.erase(noor)
    erased.reach(SystemClock().now())
    assert ids(keys) == set()
    (home / "desk" / "erased.list").unlink()
    (home / "desk" / "secret.key").write_text("x" * 30)
    assert ids(keys) == {"keys.erased-list", "keys.secret"}
    monkeypatch.setenv("LUWTE_DESK_KEYS", (home / "desk" / "keys.json").read_text())
    assert "keys.environment" in ids(keys)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        ({"HTTPS": False}, {"web.https"}),
        ({"ALLOWED_HOSTS": ["*", "portaal.example"]}, {"web.hosts"}),
        ({"ALLOWED_HOSTS": ["other.example"]}, {"web.portal-host"}),
        ({"PORTAL_URL": "http://portaal.example/"}, {"web.portal"}),
        (
            {"MAIL": {"host": "mail.example", "security": "none", "sender": "a@localhost"}},
            {"web.mail", "web.sender"},
        ),
        ({"NOTIFY": {"url": "http://notify.example"}}, {"web.notify"}),
    ],
)
def test_the_pages(changes: dict[str, Any], found: set[str]) -> None:
    safe = {
        "HTTPS": True,
        "ALLOWED_HOSTS": ["portaal.example"],
        "PORTAL_URL": "https://portaal.example/",
        "MAIL": {"host": "127.0.0.1", "security": "none", "sender": "a@portaal.example"},
        "NOTIFY": {"url": "https://notify.example"},
    }
    with override_settings(**safe | changes):
        assert ids(web) == found


@database
def test_machines_know_whose_notices_they_get() -> None:
    with override_settings(WORLD=World.CASEWORK):
        assert ids(interface) == set(), "before there are machines"
        client, _ = clients.add("lab", ["events:read"], SystemClock().now())
        assert ids(interface) == {"interface.source"}
        with override_settings(API_SOURCE="urn:nld:oin:00000001003214345000:systeem:luwte"):
            assert ids(interface) == set()
        with override_settings(WORLD=World.TELLING):
            assert ids(interface) == set(), "telling sends no notices"
        clients.end(client.id, SystemClock().now())
        assert ids(interface) == set()


@database
@pytest.mark.usefixtures("ring")
def test_there_are_enough_administrators() -> None:
    assert ids(accounts) == set(), "before there are accounts"
    workers = [Worker(name, administrator=True) for name in ("ada", "bo", "cas")]
    assert ids(accounts) == set()
    workers[0].user.is_active = False
    workers[0].user.save()
    assert ids(accounts) == {"accounts.administrators"}
    Worker("dirk", administrator=True, app=False)
    assert ids(accounts) == {"accounts.administrators"}, "who has no second factor cannot decide"
    Worker("els", administrator=True)
    assert ids(accounts) == set()


def act(days: float, kind: Act = Act.DECIDED) -> None:
    """Record an act so many days from now."""
    with transaction.atomic():
        DESK.record(kind, SystemClock().now() + timedelta(days=days), by="test")


@database
def test_the_record(ring: object, home: Path) -> None:
    now = SystemClock().now()
    assert ids(record) == set()
    act(-2)
    assert ids(record) == {"record.checkpoint", "record.verified"}
    checkpoints.checkpoint(DESK, checkpoints.signer(Home.open(home).identity, DESK), now)
    verified.note_verified(DESK, now - timedelta(days=9), 1)
    assert ids(record) == {"record.verified", "record.witness"}
    verified.note_verified(DESK, now, 1)
    body = checkpoints.latest(DESK).partition("\n\n")[0] + "\n"
    DESK.cosignature.objects.create(
        size=1, witness="court", line=Signer("court", b"s" * 32).line(body).strip()
    )
    assert ids(record) == set()
    act(1)
    assert ids(record) == {"record.clock"}


@database
def test_a_backup_is_asked_for_each_day(ring: object) -> None:
    assert ids(backups) == {"backup.age"}
    act(-2, Act.BACKUP_WRITTEN)
    act(0, Act.BACKED_UP)
    assert ids(backups) == {"backup.age"}, "what was only begun is none"
    act(0, Act.BACKUP_WRITTEN)
    assert ids(backups) == set()


@database
def test_a_guard_that_was_taken_out_is_missed() -> None:
    room = postgres if connections["default"].vendor == "postgresql" else sqlite
    assert "database.triggers" not in ids(room)
    where = ' ON "audit_leaf"' if room is postgres else ""
    with connections["default"].cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "audit_leaf_no_update"{where}')
    assert "database.triggers" in ids(room)


@database
@pytest.mark.embedded
def test_a_file_that_does_not_sync_is_said() -> None:
    assert "sqlite.durable" in ids(sqlite)  # the tests' own lies in memory
