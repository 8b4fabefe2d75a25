"""A process of casework has the register alone: its commands run where no vault and no key can be had."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from luwte.desk.project.databases import ENVIRONMENT
from tests.support.worlds import Process, casework_day, people, reported, telling_day

pytestmark = pytest.mark.desk


def given(*names: str, **more: str) -> dict[str, str]:
    """Return the addresses `names` of this test's own databases, where it has any, and `more`."""
    return {name: os.environ[name] for name in names if name in os.environ} | more


@pytest.fixture
def telling(home: Path, tmp_path: Path) -> Process:
    """A process with both databases; the vault's files lie in a folder of their own."""
    both = given(*ENVIRONMENT.values(), LUWTE_VAULT_FOLDER=str(tmp_path / "vault"))
    found = Process(home, both)
    found("desk", "init")
    return found


@pytest.fixture
def casework(home: Path) -> Process:
    """A process that is told neither where the vault is nor its key."""
    return Process(home, given("LUWTE_DESK_DATABASE", LUWTE_DESK_WORLD="casework"))


def test_each_act_of_casework_runs_without_a_vault(
    home: Path, tmp_path: Path, telling: Process, casework: Process
) -> None:
    _, mila = people(telling)
    assert not {path.name for path in (home / "desk").iterdir()} & {"keys.json", "vault.sqlite3"}
    casework_day(casework, telling, reported(home, tmp_path / "r.lwreport"))
    telling_day(telling, mila)


def test_the_vault_may_be_anywhere_while_casework_works(
    home: Path, tmp_path: Path, telling: Process, casework: Process
) -> None:
    (tmp_path / "vault").rename(tmp_path / "away")
    assert "findings for 0 people" in casework("desk", "intake", reported(home, tmp_path / "r.lwreport"))
    assert "is whole" in casework("audit", "verify")


def test_casework_has_no_people(telling: Process, casework: Process) -> None:
    ended = casework.ends(
        "desk person list",
        "desk tell",
        "desk why x",
        "desk wish show x",
        "desk link x s-1",
        "desk stakes",
        "desk grants desk",
        "audit verify --log vault",
        "audit checkpoint",
        "audit key",
    )
    for code, printed, complained in ended:
        assert (code, printed) == (2, "")
        assert "does not run in a process of casework. Run it where LUWTE_DESK_WORLD is telling" in complained
        assert len(complained.strip().splitlines()) == 1


def test_casework_with_a_home_of_its_own_verifies_with_the_key_of_telling(
    home: Path, tmp_path: Path, telling: Process, casework: Process
) -> None:
    """As in deployment: its keys, if it has any, are not those that sign the record."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "desk").symlink_to(home / "desk")
    apart = Process(own, casework.variables)
    casework("desk", "intake", reported(home, tmp_path / "r.lwreport"))
    telling("audit", "checkpoint")
    (tmp_path / "log.key").write_text(telling("audit", "key"))
    assert "is whole" in apart("audit", "verify", "--key", tmp_path / "log.key")
    done = apart.ended("audit", "verify")
    assert (done.returncode, done.stdout) == (2, "")
    assert "identity.json" in done.stderr
    assert not (own / "identity.json").exists(), "no keys are made to look at a record"
    apart("keys", "show")
    assert apart.ended("audit", "verify").returncode == 1, "and those of others do not pass"


@pytest.mark.parametrize("name", ["LUWTE_VAULT_DATABASE", "LUWTE_DESK_KEYS"])
def test_casework_that_is_given_the_vault_does_not_start(home: Path, telling: Process, name: str) -> None:
    process = Process(home, given("LUWTE_DESK_DATABASE", LUWTE_DESK_WORLD="casework") | {name: "x"})
    done = process.ended("desk", "lists", "show")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{name} is set, but a process of casework is never given that" in done.stderr


def test_a_process_of_the_vault_has_no_register(home: Path, telling: Process, tmp_path: Path) -> None:
    own = given("LUWTE_VAULT_DATABASE", LUWTE_VAULT_FOLDER=str(tmp_path / "vault"), LUWTE_DESK_WORLD="vault")
    vault = Process(home, own)
    noor = vault("desk", "person", "add", "Noor", "--born", "2000-02-29").strip()
    change = f"desk person change {noor} --name Noortje"
    address = f"desk person address {noor} noor@example.org"
    done = vault.day(address, change, "desk person list", "audit verify --log vault")
    assert f"{noor}  Noortje  nl" in done[2]
    assert "is whole" in done[3]
    for code, _, complained in vault.ends("desk intake x", f"desk why {noor}", "audit verify"):
        assert (code, "does not run in a process of vault" in complained) == (2, True)
    assert f"{noor}  Noortje  nl" in telling("desk", "person", "list")


@pytest.mark.embedded
def test_files_belong_to_whoever_made_them_alone(home: Path, telling: Process, tmp_path: Path) -> None:
    telling("desk", "person", "add", "Noor")
    for folder in (home / "desk", tmp_path / "vault"):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert {"keys.json", "vault.sqlite3"} <= {path.name for path in (tmp_path / "vault").iterdir()}
