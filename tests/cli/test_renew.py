"""The drill of new keys: leaked or lost, both records go on, and a backup of after comes back whole."""

from __future__ import annotations

import os
from pathlib import Path
from signal import SIGKILL

import pytest

from luwte.crypto.notes import Checkpoint, Signer
from luwte.desk.project.databases import ENVIRONMENT
from luwte.desk.project.renewing import RENEW_POINTS
from luwte.exchange.home import Home
from tests.cli.test_backup import ACCOUNT
from tests.support.accounts import by
from tests.support.backups import Key, content, new_key, wipe
from tests.support.worlds import Process, people

pytestmark = pytest.mark.desk
RECORDS = ("desk", "vault")


@pytest.fixture
def desk(home: Path) -> Process:
    """A desk with people, of whose records checkpoints were made."""
    given = {name: os.environ[name] for name in ENVIRONMENT.values() if name in os.environ}
    desk = Process(home, given)
    desk("desk", "init")
    people(desk)
    return desk


@pytest.fixture
def codes(desk: Process) -> list[str]:
    """The codes that are left of an account of the staff."""
    process = desk.started(program=ACCOUNT.replace("next(codes) for _ in range(3)", "code for code in codes"))
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out.split()


@pytest.fixture
def notes(desk: Process, codes: list[str], tmp_path: Path) -> list[str]:
    """Checkpoints that were kept elsewhere, as a command takes them."""
    return signed(desk, tmp_path, "before")


def signed(desk: Process, folder: Path, name: str) -> list[str]:
    """Make a checkpoint of each record; return the options that give them."""
    found = []
    for record in RECORDS:
        file = folder / f"{name}-{record}.txt"
        desk("audit", "checkpoint", "--log", record, "--out", file)
        found += [f"--checkpoint {file}"]
    return found


def renew(code: str, *more: str | Path) -> list[str]:
    """Return the words of the command, by the account."""
    return ["keys", "renew", *by("zorg", code), *map(str, more)]


def whole(desk: Process, *notes: str) -> str:
    """Both records are whole, against the checkpoints that were kept; return what is said of it."""
    words = [f"audit verify --log {record} {note}" for record, note in zip(RECORDS, notes, strict=True)]
    said = desk.day(*words)
    assert all("is whole" in one for one in said)
    return said[0]


def test_the_drill_after_a_leak(
    desk: Process, home: Path, tmp_path: Path, codes: list[str], notes: list[str]
) -> None:
    leaked = (home / "identity.json").read_bytes()
    old = Home.open(home).identity.public.id
    said = desk(*renew(codes[0]))
    new = Home.open(home).identity.public.id
    assert new != old
    assert f"This house is {new} from now on" in said
    assert (home / f"identity-{old}.json").read_bytes() == leaked
    assert (home / f"identity-{old}.json").stat().st_mode & 0o777 == 0o600
    assert not (home / "identity-next.json").exists()
    assert f"luwte/{new}/desk signs, before it luwte/{old}/desk, which signed that" in whole(desk, *notes)

    key: Key = new_key(tmp_path / "backup.key")
    newer = signed(desk, tmp_path, "before")
    desk("backup", tmp_path / "desk.age", "--to", key.public)
    before = content(home)
    wipe(home)
    stranger = Signer(f"luwte/{'0' * 16}/desk", bytes(32))
    body = Checkpoint(stranger.name, 1, bytes(32)).body
    (tmp_path / "foreign.txt").write_text(f"{body}\n{stranger.line(body)}")
    restore: list[str | Path] = ["restore", tmp_path / "desk.age", "--identity", key.secret, "--checkpoint"]
    foreign = desk.ended(*restore, tmp_path / "foreign.txt")
    assert (foreign.returncode, "is not one of" in foreign.stderr) == (1, True)
    assert content(home)["vault.vault_person"] == [], "nothing came in"
    restored = desk(
        "restore", tmp_path / "desk.age", "--identity", key.secret, *" ".join([*notes, *newer]).split()
    )
    assert "Restored and checked" in restored
    assert content(home).keys() == before.keys()
    whole(desk, *newer)

    (home / "identity.json").write_bytes(leaked)
    stale = desk.ended("audit", "checkpoint")
    assert (stale.returncode, stale.stdout) == (2, "")
    assert f"signed by luwte/{new}/desk" in stale.stderr


@pytest.mark.parametrize("kept", [True, False])
def test_the_drill_after_a_loss(
    desk: Process, home: Path, tmp_path: Path, codes: list[str], notes: list[str], kept: bool
) -> None:
    keys: list[str | Path] = []
    for record in RECORDS:
        (tmp_path / f"{record}.key").write_text(desk("audit", "key", "--log", record))
        keys += ["--old-key", tmp_path / f"{record}.key"] if kept else []
    old = Home.open(home).identity.public.id
    (home / "identity.json").unlink()
    for words in (renew(codes[0]), ["audit", "checkpoint"], ["audit", "verify"]):
        done = desk.ended(*words)
        assert done.returncode == 2, done
    assert not (home / "identity.json").exists(), "none is made unasked"
    desk("keys", "show")
    silently = Home.open(home).identity.public.id
    assert desk.ended("audit", "checkpoint").returncode == 2, "nor does one that was made unasked sign"
    desk(*renew(codes[1], "--lost", *keys))
    assert Home.open(home).identity.public.id == silently
    said = whole(desk, *notes)
    assert f"before it luwte/{old}/desk, which could not sign that any more" in said
    assert ("nobody gave its key" in said) is not kept


def test_who_it_was_is_on_record_and_nobody_else_may(desk: Process, home: Path, notes: list[str]) -> None:
    old = Home.open(home).identity.public.id
    done = desk.ended(*renew("00000000"))
    assert (done.returncode, "do not belong together" in done.stderr) == (2, True)
    assert Home.open(home).identity.public.id == old
    assert not (home / "identity-next.json").exists()


def test_cut_off_anywhere_the_same_again_ends_it(
    desk: Process, home: Path, codes: list[str], notes: list[str]
) -> None:
    """Killed after each step, one renewal after the other; what was adopted already is renewed once more."""
    left, changes = iter(codes), 0
    for point in (*(f"{one}:{turn}" for turn in (1, 2) for one in RENEW_POINTS[:2]), RENEW_POINTS[2]):
        old = Home.open(home).identity.public.id
        process = Process(home, {**desk.variables, "LUWTE_FAULT": point}).started(*renew(next(left)))
        process.communicate(timeout=120)
        assert process.returncode == -SIGKILL, point
        desk(*renew(next(left)))
        assert Home.open(home).identity.public.id != old
        assert not (home / "identity-next.json").exists()
        changes += 2 if point == RENEW_POINTS[2] else 1
    assert whole(desk, *notes).count("signs, before it") == changes
