"""`luwte desk staff`: invitations, the list, closing, and what two administrators do."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import click
import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._staff import staff
from luwte.desk.accounts import accounts
from luwte.desk.accounts.errors import InvitationSpent, TwoNeeded
from luwte.desk.audit.models import Leaf
from luwte.desk.project import ready
from tests.support.accounts import PASSWORD, Worker, by
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
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


def run(*arguments: str) -> None:
    staff.main(list(arguments), standalone_mode=False)


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
    run("reset", "wim", *ada.by())
    request, first = capsys.readouterr().out.splitlines()
    run("list")
    assert f"{request}  reset  wim  asked by ada, waits for approval until" in capsys.readouterr().out
    with pytest.raises(TwoNeeded, match="Whoever asked"):
        run("approve", request, *ada.by())
    run("approve", request, *bo.by())
    second = capsys.readouterr().out.splitlines()[1]
    token = (first + second).rpartition("/")[2]
    assert accounts.invited(token, SystemClock().now()) == "wim"
    for half in (first.rpartition("/")[2], second):
        with pytest.raises(InvitationSpent):
            accounts.invited(half, SystemClock().now())
    assert not accounts.has_factor(User.objects.get(username="wim").pk)


def test_a_third_administrator_is_asked_for_by_one_and_made_by_another(capsys: Told) -> None:
    ada, bo = (Worker(name, app=True) for name in ("ada", "bo"))
    for worker in (ada, bo):
        run("add", worker.name, "--administrator")
    capsys.readouterr()
    with pytest.raises(BadInput, match="say with --by"):
        run("add", "cas", "--administrator")
    run("add", "cas", "--administrator", *ada.by())
    request, first = capsys.readouterr().out.splitlines()
    run("approve", request, *bo.by())
    second = capsys.readouterr().out.splitlines()[1]
    assert accounts.invited((first + second).rpartition("/")[2], SystemClock().now()) == "cas"
    run("list")
    assert "cas  open  administrator" in capsys.readouterr().out


def test_an_administrator_is_closed_by_an_administrator(capsys: Told) -> None:
    ada, bo = (Worker(name, administrator=True) for name in ("ada", "bo"))
    wim = Worker("wim")
    with pytest.raises(TwoNeeded, match="is an administrator"):
        run("revoke", "ada")
    with pytest.raises(TwoNeeded, match="is none"):
        run("revoke", "ada", *wim.by())
    run("revoke", "ada", "--sessions")
    run("revoke", "ada", *bo.by())
    assert "Closed the account ada" in capsys.readouterr().out
    row = Leaf.objects.filter(act="staff.closed").get()
    assert f'"by":"staff:{bo.user.pk}"'.encode() in bytes(row.content or b"")
    assert not User.objects.get(pk=ada.user.pk).is_active


def test_when_no_administrator_can_act_one_is_closed_without() -> None:
    Worker("ada", app=False, administrator=True)
    run("revoke", "ada")
    assert not User.objects.get(username="ada").is_active


def test_an_account_that_was_in_use_and_has_no_factor_is_not_opened_by_one_alone() -> None:
    for name in ("ada", "bo"):
        Worker(name, administrator=True)
    for name, used in (("fresh", False), ("used", True)):
        Worker(name, app=False)
        if used:
            User.objects.filter(username=name).update(last_login=SystemClock().now())
    run("invite", "fresh")
    run("invite", "ada")
    with pytest.raises(TwoNeeded, match="this link alone would open it"):
        run("invite", "used")


def test_password_and_code_are_asked_for_and_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = Worker("ada", administrator=True)
    Worker("wim")
    given = iter((PASSWORD, next(ada.codes)))
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: next(given))
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(given))
    run("reset", "wim", "--by", "ada")
    for option in ("--password", "--code"):
        with pytest.raises(click.NoSuchOption):
            run("reset", "wim", "--by", "ada", option, "x")


@pytest.mark.parametrize("content", [b"", b"one line\n", b"\xff\xfe\n1\n", b"\n1\n"])
def test_a_file_of_secrets_that_has_none_is_said(tmp_path: Path, content: bytes) -> None:
    Worker("ada", administrator=True)
    file = tmp_path / "secrets"
    file.write_bytes(content)
    with pytest.raises(BadInput, match="has not two lines"):
        run("reset", "ada", "--by", "ada", "--secrets", str(file))


def test_tries_that_failed_are_counted_and_lock_at_the_command_line_too(capsys: Told) -> None:
    ada = Worker("ada", administrator=True)
    for number in range(5):
        with pytest.raises(BadInput):
            run("reset", "ada", *by("ada", f"00000{number}"))
    code = next(ada.codes)
    with pytest.raises(BadInput, match="too many tries"):
        run("reset", "ada", *by("ada", code))
    failed = Leaf.objects.filter(act="staff.sign-in-failed").first()
    assert failed is not None
    assert b'"by":"command"' in bytes(failed.content or b"")
    assert Leaf.objects.filter(act="staff.locked").count() == 1
    AccessAttempt.objects.update(attempt_time=SystemClock().now() - timedelta(minutes=16))
    run("reset", "ada", *by("ada", code))


def test_a_right_is_given_and_taken_back_and_the_list_says_so(capsys: Told) -> None:
    ada = Worker("ada", administrator=True)
    wim = Worker("wim")
    run("give", "wim", "auditor", *ada.by())
    run("list")
    out = capsys.readouterr().out
    assert "wim has the right auditor from now on.\n" in out
    assert "wim  open  care worker, auditor" in out
    run("take", "wim", "care", *ada.by())
    run("take", "wim", "auditor", *ada.by())
    run("list")
    assert "wim  open  no right" in capsys.readouterr().out
    with pytest.raises(TwoNeeded, match="is none"):
        run("give", "wim", "care", *wim.by())
    with pytest.raises(click.BadParameter):
        run("give", "wim", "everything", "--by", "ada")


def test_the_right_of_an_administrator_is_taken_back_by_two(capsys: Told) -> None:
    ada, bo = (Worker(name, administrator=True) for name in ("ada", "bo"))
    with pytest.raises(TwoNeeded, match="Fewer than 2"):
        run("take", "bo", "administrator", *ada.by())
    Worker("cas", administrator=True)
    run("take", "cas", "administrator", *ada.by())
    request = capsys.readouterr().out.strip()
    run("list")
    assert f"{request}  no-administrator  cas  asked by ada" in capsys.readouterr().out
    run("approve", request, *bo.by())
    assert capsys.readouterr().out == "Done for cas.\n"
    run("list")
    assert "cas  open  care worker" in capsys.readouterr().out
    run("give", "cas", "administrator", *ada.by())
    run("approve", capsys.readouterr().out.strip(), *bo.by())
    run("list")
    assert "cas  open  administrator" in capsys.readouterr().out


def test_a_closed_account_is_opened_again_by_two(capsys: Told) -> None:
    ada, bo = (Worker(name, administrator=True) for name in ("ada", "bo"))
    Worker("wim")
    run("revoke", "wim")
    capsys.readouterr()
    run("reopen", "wim", *ada.by())
    request, first = capsys.readouterr().out.splitlines()
    run("approve", request, *bo.by())
    second = capsys.readouterr().out.splitlines()[1]
    assert accounts.invited((first + second).rpartition("/")[2], SystemClock().now()) == "wim"
    run("list")
    assert "wim  open  care worker  no second factor" in capsys.readouterr().out
