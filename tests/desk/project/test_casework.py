"""Casework is served by a process of its own that has no vault, with accounts of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from luwte.desk.project.databases import ACCOUNTS_VARIABLE, ENVIRONMENT
from tests.support.accounts import PASSWORD, shown_by
from tests.support.served import Houses, Served, Visit, given, served
from tests.support.worlds import B, Process, people, reported

pytestmark = pytest.mark.desk

ROLES = ("examiner", "reviewer", "case-officer", "list-manager")
PAGES = (
    "",
    "review/",
    "review/undo/",
    "quarantine/",
    "lists/",
    f"entry/{B}/",
    "intake/",
    "limits/",
    "account/",
)


def children(process: int) -> list[int]:
    """Return the processes that a process started."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.fixture
def houses(home: Path, tmp_path: Path) -> Houses:
    """A desk with people in its vault, and a report on them."""
    found = Houses(home, tmp_path / "vault")
    people(found.telling)
    found.casework("desk", "intake", reported(home, tmp_path / "r.lwreport"))
    found.telling("desk", "stakes")
    return found


@pytest.fixture
def site(houses: Houses) -> Iterator[Served]:
    """Casework, really served, while the vault is nowhere."""
    houses.vault.rename(houses.vault.with_name("away"))
    with served(houses.casework) as found:
        yield found


def test_every_page_works_in_a_process_that_has_no_vault(houses: Houses, site: Served) -> None:
    wim = Visit(site.url)
    invitation = houses.invited(houses.casework, "wim")
    for role in ROLES:
        houses.casework("desk", "staff", "role", "wim", role)
    wim.enter(invitation)
    for page in PAGES:
        text = wim.get(f"/staff/{page}")
        assert wim.status == 200, (page, text)
        assert "Noor" not in text
        assert "Mila" not in text
    houses.casework("desk", "review", "limits", "--hours", "0-24", "--no-acute")
    wim.get("/staff/review/")
    wim.post("/staff/review/", {"act": "next"})
    assert "C-1" in wim.page
    listed = houses.casework("desk", "staff", "list")
    assert "case-officer, examiner, list-manager, reviewer" in listed
    processes = [site.pid, *children(site.pid)]
    assert len(processes) > 1
    for process in processes:
        environment = Path(f"/proc/{process}/environ").read_text()
        assert "LUWTE_VAULT" not in environment
        assert "LUWTE_DESK_KEYS" not in environment
        opened = {str(one.readlink()) for one in Path(f"/proc/{process}/fd").iterdir()}
        assert not [one for one in opened if "vault" in one or "keys.json" in one]


def test_an_account_of_one_world_opens_nothing_in_the_other(houses: Houses) -> None:
    with served(houses.telling) as telling, served(houses.casework) as casework:
        wim, zoe = Visit(casework.url), Visit(telling.url)
        wim.enter(houses.invited(houses.casework, "wim"))
        zoe.enter(houses.invited(houses.telling, "zoe"))
        for visit, other, name in ((wim, telling, "wim"), (zoe, casework, "zoe")):
            foreign = Visit(other.url, cookies=visit.cookies)
            foreign.get("/staff/")
            assert "/staff/sign-in/" in foreign.at, "a session of one is none in the other"
            stranger = Visit(other.url)
            assert "horen niet bij elkaar" in stranger.sign_in(name)
            renamed = Visit(other.url)
            for cookie in visit.cookies:
                cookie.name = {"ws": "s", "s": "ws", "wc": "c", "c": "wc"}.get(cookie.name, cookie.name)
                renamed.cookies.set_cookie(cookie)
            renamed.get("/staff/")
            assert "/staff/sign-in/" in renamed.at, "nor under the other's name"


@pytest.mark.embedded
def test_what_casework_does_at_the_command_line_is_done_by_its_accounts_once_one_shows_codes(
    houses: Houses, tmp_path: Path
) -> None:
    dispute = ("desk", "lists", "dispute", B, "--reason", "another")
    foreign = ("desk", "lists", "foreign", "--series", "s-2", "--source", "elsewhere")
    with served(houses.casework) as casework:
        wim = Visit(casework.url)
        invitation = houses.invited(houses.casework, "wim")
        houses.casework(*foreign, "--by", "somebody")
        key = wim.enter(invitation)
    (tmp_path / "wrong").write_text(f"{PASSWORD}\n00000000\n")
    refused = houses.casework.ended(*dispute, "--by", "wim", "--secrets", tmp_path / "wrong")
    assert (refused.returncode, "do not belong together" in refused.stderr) == (2, True)
    refused = houses.casework.ended("desk", "lists", "own", "--series", "s-2")
    assert (refused.returncode, "under an account" in refused.stderr) == (2, True)
    (tmp_path / "right").write_text(f"{PASSWORD}\n{shown_by(key, 1)}\n")
    houses.casework(*dispute, "--by", "wim", "--secrets", tmp_path / "right")
    assert "dispute by wim" in houses.casework("desk", "lists", "show")
    with sqlite3.connect(houses.home / "desk" / "desk.sqlite3") as register:
        rows = register.execute(
            "SELECT content FROM audit_leaf WHERE act = 'findings.entry-objected'"
        ).fetchall()
    assert [b'"by":"casework:' in row for (row,) in rows] == [True]


@pytest.mark.embedded
def test_accounts_of_casework_stand_in_a_database_of_their_own(houses: Houses) -> None:
    houses.invited(houses.casework, "wim")
    houses.casework("desk", "staff", "role", "wim", "reviewer")
    with sqlite3.connect(houses.home / "casework" / "accounts.sqlite3") as kept:
        assert kept.execute("SELECT username FROM auth_user").fetchall() == [("wim",)]
        tables = {name for (name,) in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert not [name for name in tables if name.startswith(("findings_", "review_", "audit_", "cases_"))]
    with sqlite3.connect(houses.home / "desk" / "desk.sqlite3") as register:
        assert register.execute("SELECT count(*) FROM auth_user").fetchone() == (0,)
        assert register.execute("SELECT name FROM review_reviewer").fetchall() == [("wim",)]
        acts = register.execute("SELECT content FROM audit_leaf WHERE act = 'staff.role-changed'").fetchall()
        assert b'"about":"casework:1"' in acts[0][0]
    assert (houses.home / "casework").stat().st_mode & 0o777 == 0o700
    secrets = [(houses.home / one / "secret.key").read_text() for one in ("casework", "desk")]
    assert len(set(secrets)) == 2


@pytest.mark.embedded
def test_accounts_that_are_gone_are_not_made_anew(houses: Houses) -> None:
    (houses.home / "casework" / "accounts.sqlite3").unlink()
    for command in (("desk", "init"), ("desk", "staff", "list")):
        done = houses.casework.ended(*command)
        assert (done.returncode, "is gone or empty" in done.stderr) == (2, True)
    assert "Nothing waits" not in houses.casework("desk", "review", "status"), "commands need no account"


def test_before_its_accounts_are_set_up_nothing_is_served(home: Path, tmp_path: Path) -> None:
    Process(home, given(*ENVIRONMENT.values()))("desk", "init")
    casework = Process(home, given("LUWTE_DESK_DATABASE", LUWTE_DESK_WORLD="casework"))
    done = casework.ended("desk", "serve")
    assert (done.returncode, "luwte desk init" in done.stderr, "casework" in done.stderr) == (2, True, True)


def test_telling_is_never_given_the_accounts_of_casework(home: Path) -> None:
    done = Process(home, {ACCOUNTS_VARIABLE: "postgresql://u:geheim@/x"}).ended("desk", "init")
    assert done.returncode == 2
    assert "is never given that" in done.stderr
    assert "geheim" not in done.stderr


def test_roles_are_of_casework_alone(houses: Houses) -> None:
    refused = houses.telling.ended("desk", "staff", "role", "zoe", "reviewer")
    assert "does not run in a process of telling" in refused.stderr
    assert "There is no account" in houses.casework.ended("desk", "staff", "role", "zoe", "reviewer").stderr
