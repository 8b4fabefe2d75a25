"""A backup that is restored elsewhere: on the other database, and where the key ring is in a token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from luwte.base.ids import new_id
from luwte.desk.project.databases import ENVIRONMENT
from tests.support.backups import Key, content, new_key, rows, wipe
from tests.support.postgres import Cluster
from tests.support.token import Token
from tests.support.worlds import Process, casework_day, people, reported, telling_day

APART = ("identity.json", "desk/secret.key", "desk/keys.json", "desk/erased.list")
GROWS = ("_place", "_checkpoint", "_tile", "_cleared")
"""Tables of the record, in which a backup and a restore leave acts."""


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """The key of whoever restores."""
    return new_key(tmp_path / "one.key")


@pytest.fixture
def addresses(postgres: Cluster) -> Iterator[dict[str, str]]:
    """The variables that lead a desk to two empty databases."""
    names = {variable: f"moved_{alias}_{new_id()[:8]}" for alias, variable in ENVIRONMENT.items()}
    with ExitStack() as after:
        for name in names.values():
            after.callback(postgres.drop, name)
        yield {variable: postgres.create(name) for variable, name in names.items()}


def test_a_desk_moves_to_the_other_database_and_back(
    tmp_path: Path, key: Key, addresses: dict[str, str]
) -> None:
    """Each restore compares every row with the backup; after both nothing differs from the first desk."""
    homes = [tmp_path / name for name in ("first", "second", "third")]
    first, second, third = (Process(homes[0]), Process(homes[1], addresses), Process(homes[2]))
    first("desk", "init")
    _, mila = people(first)
    casework = Process(homes[0], {"LUWTE_DESK_WORLD": "casework"})
    casework_day(casework, first, reported(homes[0], tmp_path / "r.lwreport"))
    telling_day(first, mila)
    before = content(homes[0], {})

    _move(first, second, key, tmp_path / "there.age")
    _move(second, third, key, tmp_path / "back.age")

    after = content(homes[2], {})
    assert set(after) == set(before)
    assert _differing(before, after) <= {"default.staff_account", "default.staff_request"}


def _move(here: Process, there: Process, key: Key, backup: Path) -> None:
    here("backup", backup, "--to", key.public)
    for name in APART:
        (there.home / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy2(here.home / name, there.home / name)
    assert "Restored and checked" in there("restore", backup, "--identity", key.secret)
    assert all("is whole" in said for said in there.day("audit verify", "audit verify --log vault"))


def _differing(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    return {table for table in before if after[table] != before[table] and not table.endswith(GROWS)}


def test_with_the_ring_in_a_token_only_that_token_restores(
    soft_token: Token, tmp_path: Path, key: Key
) -> None:
    home = tmp_path / "home"
    desk = Process(home, soft_token.settings)
    desk("desk", "init")
    people(desk)
    desk("keys", "rotate", "--to-token")
    before, backup = content(home, {}), tmp_path / "desk.age"
    desk("backup", backup, "--to", key.public)
    wipe(home, {})

    restore = ("restore", backup, "--identity", key.secret)
    for settings in ({}, soft_token.settings | {"LUWTE_TOKEN_PIN": "4321"}):
        shut = Process(home, settings).ended(*restore)
        assert (shut.returncode, shut.stdout) == (2, "")
        assert "token" in shut.stderr
        assert rows(home, {}) == 0, "nothing came in without the token"

    assert "Restored and checked" in desk(*restore)
    after = content(home, {})
    assert _differing(before, after) == set()
    assert all("is whole" in said for said in desk.day("audit verify", "audit verify --log vault"))
