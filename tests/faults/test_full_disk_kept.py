"""A disk that is full, or can only be read, while rows go and a backup is made or put back."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.test_full_disk import BYTES, FULL, READ_ONLY, inside, refused, walled, words
from tests.support.backups import content, new_key, wipe
from tests.support.worlds import DAY, Process, people, reported

pytestmark = pytest.mark.embedded
OLD = """
from luwte.desk.project.ready import start
start()
from luwte.desk.accounts.models import Request
Request.objects.create(act="reset", name="wim", asked="2001-03-02T12:00:00Z", asked_by=1)
"""
"""A row whose term is over."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A desk with people, its backup, and who opens that; `burnt`: the same desk without its databases."""

    home: Path
    burnt: Path
    backup: Path
    recipient: str
    restore: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Make that desk once."""
    folder = tmp_path_factory.mktemp("kept")
    desk, key = Process(folder / "home"), new_key(folder / "age.key")
    desk("desk", "init")
    people(desk)
    desk("desk", "intake", reported(desk.home, folder / "r.lwreport"))
    _, error = desk.started(program=OLD).communicate(timeout=120)
    assert error == ""
    backup, burnt = folder / "desk.age", folder / "burnt"
    desk("backup", backup, "--to", key.public)
    shutil.copytree(desk.home, burnt)
    wipe(burnt)
    return Kept(desk.home, burnt, backup, key.public, f"restore {backup} --identity {key.secret}")


def on_a_small_disk(
    template: Path, folder: Path, commands: list[str]
) -> tuple[list[list[str | int]], list[str]]:
    """Run commands on a full disk, which refuses them, and with room; return how the first ended, and what
    the second printed."""
    small = folder / "small"
    small.mkdir()
    walls = ["--size", str(BYTES), "--tmpfs", str(small)]
    driver = ("-m", "tests.support.small_disk", str(template), str(small / "home"), DAY)
    full, roomy = json.loads(inside(*driver, words(commands), walls=walls))
    assert [code for code, *_ in roomy] == [0] * len(roomy), roomy
    return full, [printed for _, printed, _ in roomy]


@walled
def test_rows_whose_term_is_over_stay_while_the_disk_is_full(kept: Kept, tmp_path: Path) -> None:
    commands = ["desk retention --apply", "desk retention --apply", "audit verify"]
    full, (gone, again, whole) = on_a_small_disk(kept.home, tmp_path, commands)
    refused(full[:2], FULL)
    assert "1 rows went" in gone
    assert "Nothing was over its term" in again
    assert "is whole" in whole


@walled
def test_a_backup_onto_a_full_disk_leaves_the_one_before(kept: Kept, tmp_path: Path) -> None:
    """Where the desk itself has room, the disk of the backups may have none."""
    home, small = tmp_path / "home", tmp_path / "small"
    shutil.copytree(kept.home, home)
    small.mkdir()
    backup = f"backup {small}/home/desk.age --to {kept.recipient}"
    template = tmp_path / "backups"
    template.mkdir()
    shutil.copy(kept.backup, template / "desk.age")
    program = DAY.replace("import io,", f"import os\nos.environ['LUWTE_HOME'] = {str(home)!r}\nimport io,")
    look = f"restore {small}/home/desk.age --identity {kept.restore.split()[-1]} --check"
    driver = ("-m", "tests.support.small_disk", str(template), str(small / "home"), program)
    walls = ["--size", str(1 << 20), "--tmpfs", str(small)]
    full, roomy = json.loads(inside(*driver, words([backup, look, backup]), walls=walls))
    refused([full[0], full[2]], FULL)
    assert full[1][0] == 0, "the one of before is whole"
    assert [code for code, *_ in roomy] == [0, 0, 0], roomy


@walled
def test_a_desk_whose_disk_is_full_says_so_when_it_is_backed_up(kept: Kept, tmp_path: Path) -> None:
    commands = [f"backup {tmp_path}/out.age --to {kept.recipient}", "audit verify"]
    full, (made, whole) = on_a_small_disk(kept.home, tmp_path, commands)
    refused(full[:1], FULL)
    assert "rows of" in made
    assert "is whole" in whole


@walled
def test_a_restore_onto_a_full_disk_is_no_desk_and_goes_on_with_room(kept: Kept, tmp_path: Path) -> None:
    commands = [kept.restore, "audit verify", "audit verify --log vault"]
    full, (done, desk, vault) = on_a_small_disk(kept.burnt, tmp_path, commands)
    refused(full[:1], FULL)
    assert all(code != 0 and "Traceback" not in str(complained) for code, _, complained in full)
    assert "Restored and checked" in done
    assert "is whole" in desk
    assert "is whole" in vault


@walled
@pytest.mark.parametrize("which", ["retention", "backup", "restore"])
def test_a_disk_that_can_only_be_read_stays_as_it_is(kept: Kept, tmp_path: Path, which: str) -> None:
    home = kept.burnt if which == "restore" else kept.home
    command = {
        "retention": "desk retention --apply",
        "backup": f"backup {tmp_path}/out.age --to {kept.recipient}",
        "restore": kept.restore,
    }[which]
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    walls = ["--ro-bind", str(home), str(home), "--setenv", "LUWTE_HOME", str(home)]
    refused(json.loads(inside("-c", DAY, words([command]), walls=walls)), READ_ONLY)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert not (tmp_path / "out.age").exists()


@walled
def test_a_folder_for_backups_that_can_only_be_read_is_said_before_anything_is_done(
    kept: Kept, tmp_path: Path
) -> None:
    home, folder = tmp_path / "home", tmp_path / "backups"
    shutil.copytree(kept.home, home)
    folder.mkdir()
    before = content(home)
    walls = ["--ro-bind", str(folder), str(folder), "--setenv", "LUWTE_HOME", str(home)]
    command = f"backup {folder}/out.age --to {kept.recipient}"
    refused(json.loads(inside("-c", DAY, words([command]), walls=walls)), READ_ONLY)
    assert content(home) == before
