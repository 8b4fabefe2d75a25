"""Kill -9 while a backup is written, put back, or telling goes on after it: nothing half, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from luwte.desk.backup.making import BACKUP_POINTS
from luwte.desk.backup.restoring import RESTORE_POINTS
from luwte.desk.telling.after_restore import RESUME_POINTS
from tests.faults.conftest import Desk
from tests.support.backups import wipe

IDENTITY = pyrage.x25519.Identity.generate()
KILLED_HERE = {
    "backup.recorded", "backup.moment", "backup.written",
    "restore.tables", "restore.begun", "restore.loaded", "restore.checked", "restore.half", "restore.trusted",
    "restore.done",
    "resume.unsure", "resume.resumed",
}  # fmt: skip


def test_every_point_is_killed_at() -> None:
    assert {*BACKUP_POINTS, *RESTORE_POINTS, *RESUME_POINTS} == KILLED_HERE


def _backup(file: Path) -> tuple[str, dict[str, str]]:
    return "backup", {"file": str(file), "key": str(IDENTITY.to_public())}


def _restore(file: Path) -> tuple[str, dict[str, str]]:
    return "restore", {"file": str(file), "secret": str(IDENTITY)}


def test_a_backup_that_was_cut_off_leaves_the_old_one(new_desk: Callable[[], Desk], tmp_path: Path) -> None:
    desk, folder = new_desk(), tmp_path / "backups"
    folder.mkdir()
    file = folder / "desk.age"
    desk.run(*_backup(file))
    old = file.read_bytes()
    for point in (*BACKUP_POINTS, "file.replace"):
        assert desk.killed(*_backup(file), fault=point), point
        assert file.read_bytes() == old, point
    rows, audited = desk.run(*_backup(file), "audited", {})
    assert file.read_bytes() != old
    assert [one.name for one in folder.iterdir()] == ["desk.age"]
    assert (rows > 0, audited["problems"]) == (True, [])
    begun, written = audited["backups"]
    assert (begun, written) == (2 + len(BACKUP_POINTS) + 1, 2), "what was only begun is no backup"


SHUT = {
    "restore.tables": "", "restore.begun": "RestoreUnfinished", "restore.loaded": "RestoreUnfinished",
    "restore.checked": "RestoreUnfinished", "restore.half": "RestoreUnfinished",
    "restore.trusted": "RestoreUnfinished", "restore.done": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, tuple[Path, int]]:
    """Backups of the desk with a report, on SQLite and on PostgreSQL, and how many rows each holds."""
    return {}


@pytest.mark.parametrize("point", RESTORE_POINTS)
def test_a_restore_that_was_cut_off_is_shut_and_goes_on(
    new_desk: Callable[[], Desk],
    kept: dict[bool, tuple[Path, int]],
    tmp_path_factory: pytest.TempPathFactory,
    point: str,
) -> None:
    desk = new_desk()
    if bool(desk.environment) not in kept:
        new = tmp_path_factory.mktemp("kept") / "desk.age"
        kept[bool(desk.environment)] = new, desk.run("intake", {}, *_backup(new))[1]
    file, rows = kept[bool(desk.environment)]
    wipe(desk.home, desk.environment)
    assert desk.killed(*_restore(file), fault=point)
    before, done, after, audited = desk.run("stands", {}, *_restore(file), "stands", {}, "audited", {})
    assert before == SHUT[point]
    expected: dict[str, Any] = {"erased": 0, "older": False, "rows": rows}
    assert done == ({"refused": "DeskStands"} if point == "restore.done" else expected)
    assert (after, audited["problems"], audited["rows"]["findings.report-taken-in"]) == ("", [], 1)


def test_only_the_same_backup_goes_on_with_a_restore(new_desk: Callable[[], Desk], tmp_path: Path) -> None:
    desk, file, other = new_desk(), tmp_path / "desk.age", tmp_path / "other.age"
    desk.run(*_backup(file), *_backup(other))
    wipe(desk.home, desk.environment)
    assert desk.killed(*_restore(file), fault="restore.loaded")
    assert desk.run(*_restore(other)) == [{"refused": "AnotherRestore"}]


def test_resuming_that_was_cut_off_asks_nothing_twice_and_sends_nothing(
    new_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    """One e-mail stood ready when the backup was made, and left afterwards."""
    desk, file = new_desk(), tmp_path / "desk.age"
    desk.run("crowd", {"people": 1}, *_backup(file), "hand", {"mails": str(desk.mails), "wait": 0})
    assert len(desk.sent()) == 1
    wipe(desk.home, desk.environment)
    values = {"mails": str(desk.mails)}
    held = desk.run(
        *_restore(file), "hand", {"mails": str(desk.mails), "wait": 0}, "resumed", values | {"resume": False}
    )
    assert held[1:] == [0, {"held": True, "contacts": [["email", "planned"]], "tasks": 0}]
    for point in RESUME_POINTS:
        assert desk.killed("resumed", values, fault=point), point
    done, again = desk.run("resumed", values, "hand", {"mails": str(desk.mails), "wait": 0})
    assert done == {"held": True, "contacts": [["email", "unknown"]], "tasks": 1}
    assert again == 0
    desk.run("tell", {"mails": str(desk.mails), "hours": 26})
    assert len(desk.sent()) == 1, "what left after the backup does not leave again"


def test_nothing_comes_into_the_vault_between_the_two_looks(new_desk: Callable[[], Desk]) -> None:
    """On SQLite whoever writes has to wait; on PostgreSQL both are looked at again."""
    desk = new_desk()
    there = bool(desk.environment)
    assert desk.run("one-moment", {}) == [{"waited": not there, "seen": there}]
