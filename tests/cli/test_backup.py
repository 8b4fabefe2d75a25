"""The drill: a desk is backed up, wiped, restored and checked; with a key missing it stays shut."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from luwte.desk.project.databases import ENVIRONMENT
from tests.support.backups import Key, content, new_key, rows, wipe
from tests.support.worlds import Process, casework_day, people, reported, telling_day

pytestmark = pytest.mark.desk
PASSWORD = "een-lang-wachtwoord-voor-de-proef"
ACCOUNT = """
from luwte.desk.project.ready import start
start()
from tests.support.accounts import Worker
from luwte.desk.accounts.models import Request
worker = Worker("zorg")
Request.objects.create(act="reset", name="wim", asked="2026-03-02T12:00:00Z", asked_by=worker.user.pk)
codes = worker.codes
print(*(next(codes) for _ in range(3)))
"""


@pytest.fixture
def desk(home: Path) -> Process:
    """A process of the whole desk."""
    given = {name: os.environ[name] for name in ENVIRONMENT.values() if name in os.environ}
    return Process(home, given)


@pytest.fixture
def keys(tmp_path: Path) -> list[Key]:
    """The keys of two people who keep backups."""
    found = [new_key(tmp_path / name) for name in ("one.key", "two.key")]
    (tmp_path / "both.txt").write_text("".join(f"# kept apart\n{key.public}\n" for key in found))
    return found


def test_the_drill(desk: Process, home: Path, tmp_path: Path, keys: list[Key]) -> None:
    """A day's work, a backup for two; all is lost; the second of them restores it, and nothing differs."""
    desk("desk", "init")
    noor, mila = people(desk)
    casework_day(_casework(home), desk, reported(home, tmp_path / "r.lwreport"))
    telling_day(desk, mila)
    desk("keys", "trust", _other_house(tmp_path))
    shown = [_secrets(tmp_path, code) for code in _account(desk)]
    before, backup = content(home), tmp_path / "desk.age"
    said = desk("backup", backup, "--to-file", tmp_path / "both.txt")
    assert "for 2 keys" in said
    noted = (tmp_path / "noted.txt", tmp_path / "vault.txt")
    erase = f"desk person erase {noor} --yes"
    desk.day(f"audit checkpoint --out {noted[0]}", erase, f"audit checkpoint --log vault --out {noted[1]}")

    wipe(home)
    (home / "trusted").rename(tmp_path / "away")
    ring = home / "desk" / "keys.json"
    ring.rename(tmp_path / "keys.json")
    restore = ("restore", backup, "--identity", keys[1].secret)
    shut = desk.ended(*restore)
    assert (shut.returncode, shut.stdout) == (2, "")
    assert "There is no key ring" in shut.stderr
    assert rows(home) == 0, "nothing came in without the ring"
    (tmp_path / "keys.json").rename(ring)

    told = desk(*restore, "--checkpoint", noted[0], "--checkpoint", noted[1])
    assert "Restored and checked; 1 people were erased again" in told
    assert "The list of the erased names 2 people" in told
    assert "is trusted again. If it was forgotten since the backup" in told
    assert "the vault record had" in told, "what happened after the backup is lost, and is said to be"
    after = content(home)
    assert set(after) == set(before)
    gone = {
        "vault.vault_personkey",
        "vault.vault_lookup",
        "vault.vault_person",
        "vault.vault_erasure",
        "default.staff_account",
        "default.staff_request",
    }
    grown = {f"{alias}.{room}_{table}" for alias, room in (("default", "audit"), ("vault", "vault"))
             for table in ("place", "checkpoint", "tile")}  # fmt: skip
    assert [one for one in before if after[one] != before[one] and one not in gone | grown] == []
    assert all(set(before[one]) <= set(after[one]) for one in grown)
    doors = [
        [re.findall(r"'[0-9a-f]{64}'", "".join(each["default.staff_account"])), each["default.staff_request"]]
        for each in (before, after)
    ]
    assert all(doors[0]), "an invitation and a request stood open"
    assert doors[1] == [[], []], "and do not come back to life"
    assert {file.name for file in (home / "trusted").iterdir()} == {
        file.name for file in (tmp_path / "away").iterdir()
    }
    first, second = (f"desk resume --by zorg --secrets {file}" for file in shown[:2])
    look = f"desk person list --by zorg --secrets {shown[2]}"
    held = desk.ends("audit verify", "audit verify --log vault", look, "desk tell", first,
                     "desk tell", "desk init", second)  # fmt: skip
    assert [code for code, _, _ in held] == [0, 0, 0, 2, 0, 0, 0, 2], held
    assert all("is whole" in said for _, said, _ in held[:2])
    assert held[2][1] == "", "whoever was erased after the backup is not back"
    assert "then run `luwte desk resume`" in held[3][2]
    stands = desk.ended(*restore)
    assert stands.returncode == 2
    assert "only where none are" in stands.stderr


def test_a_lab_that_was_forgotten_since_the_backup_stays_forgotten(
    desk: Process, home: Path, tmp_path: Path, keys: list[Key]
) -> None:
    desk("desk", "init")
    desk("keys", "trust", _other_house(tmp_path))
    lab = desk("keys", "list").splitlines()[1].split()[0]
    backup = tmp_path / "desk.age"
    desk("backup", backup, "--to", keys[0].public)
    desk("keys", "forget", lab)
    restore = ("restore", backup, "--identity", keys[0].secret)
    assert f"Key {lab} is in the backup and was forgotten" in desk(*restore, "--check")
    wipe(home)
    assert f"Key {lab} is in the backup and was forgotten" in desk(*restore)
    assert lab not in desk("keys", "list")


def _casework(home: Path) -> Process:
    register = "LUWTE_DESK_DATABASE"
    given = {register: os.environ[register]} if register in os.environ else {}
    return Process(home, given | {"LUWTE_DESK_WORLD": "casework"})


def _account(desk: Process) -> list[str]:
    """Make an account with an app and return three recovery codes."""
    out, error = desk.started(program=ACCOUNT).communicate(timeout=120)
    assert out, error
    return out.split()


def _secrets(folder: Path, code: str) -> Path:
    file = folder / f"secrets-{code}"
    file.write_text(f"{PASSWORD}\n{code}\n")
    return file


def _other_house(tmp_path: Path) -> Path:
    file = tmp_path / "lab.json"
    file.write_text(Process(tmp_path / "lab")("keys", "show"))
    return file
