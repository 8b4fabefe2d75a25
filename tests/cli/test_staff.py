"""`luwte desk staff`: invitations, the list, closing, and what two administrators do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._staff import staff
from luwte.desk.project import ready
from luwte.desk.staff import accounts
from luwte.desk.staff.errors import TwoNeeded
from tests.support.accounts import PASSWORD, Worker
from tests.support.desk import make_keys

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
    pytest.mark.usefixtures("standing_desk"),
]
Told = pytest.CaptureFixture[str]


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda: None)


def run(*arguments: str) -> None:
    staff.main(list(arguments), standalone_mode=False)


def by(worker: Worker) -> tuple[str, ...]:
    return "--by", worker.name, "--password", PASSWORD, "--code", next(worker.codes)


def link_in(out: str) -> str:
    found = re.search(r"/staff/invited/([\w-]{43})/", out)
    assert found is not None, out
    return found.group(1)


def test_adding_prints_a_link_and_inviting_another_one(capsys: Told) -> None:
    run("add", "wim")
    first = link_in(capsys.readouterr().out)
    run("invite", "wim")
    second = link_in(capsys.readouterr().out)
    assert first != second
    assert accounts.invited(second, SystemClock().now()) == "wim"
    run("list")
    assert capsys.readouterr().out == "wim  open  care worker  no second factor  has not signed in\n"


def test_closing(capsys: Told) -> None:
    run("add", "wim")
    run("revoke", "wim", "--sessions")
    run("revoke", "wim")
    assert "Ended the sessions of wim.\nClosed the account wim.\n" in capsys.readouterr().out
    with pytest.raises(BadInput, match="no account 'wim'"):
        run("revoke", "wim")
    run("list")
    assert "wim  closed" in capsys.readouterr().out


def test_two_administrators_reset_an_account(capsys: Told) -> None:
    ada, bo = (Worker(name, administrator=True) for name in ("ada", "bo"))
    Worker("wim")
    run("reset", "wim", *by(ada))
    request = capsys.readouterr().out.strip()
    run("list")
    assert f"{request}  reset  wim  waits for approval until" in capsys.readouterr().out
    with pytest.raises(TwoNeeded, match="Whoever asked"):
        run("approve", request, *by(ada))
    run("approve", request, *by(bo))
    assert accounts.invited(link_in(capsys.readouterr().out), SystemClock().now()) == "wim"
    assert not accounts.has_factor(User.objects.get(username="wim").pk)


def test_a_third_administrator_is_asked_for_by_one_and_made_by_another(capsys: Told) -> None:
    ada, bo = (Worker(name, app=True) for name in ("ada", "bo"))
    for worker in (ada, bo):
        run("add", worker.name, "--administrator")
    capsys.readouterr()
    with pytest.raises(BadInput, match="say with --by"):
        run("add", "cas", "--administrator")
    run("add", "cas", "--administrator", *by(ada))
    run("approve", capsys.readouterr().out.strip(), *by(bo))
    assert link_in(capsys.readouterr().out)
    run("list")
    assert "cas  open  administrator" in capsys.readouterr().out
