"""`luwte desk person broker`: who may sign in through the broker; the number stands nowhere afterwards."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.test import override_settings

from luwte.base.errors import BadInput
from luwte.cli._broker import person
from luwte.desk.portal.broker import Broker
from luwte.desk.project import ready
from luwte.desk.vault import brokered
from luwte.desk.vault.errors import AccountTaken
from tests.support.desk import NOON, make_keys, someone

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]
BROKER = Broker("TestiD", "https://broker.example", "luwte", ("high",), claim="bsn")
BSN = "999990019"


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


def run(*arguments: str, said: str = "") -> str:
    with override_settings(BROKER=BROKER):
        done = CliRunner().invoke(person, list(arguments), input=said, catch_exceptions=True)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def comes_in(value: str = BSN) -> str | None:
    found = brokered.sign_in(brokered.mark(BROKER.issuer, "bsn", value), NOON)
    return found.person_id if found else None


def test_it_is_asked_for_unseen_or_read_from_a_file(tmp_path: Path) -> None:
    noor, piet = someone("Noor"), someone("Piet")
    assert BSN not in run("broker", noor.id, said=f"{BSN}\n")
    assert comes_in() == noor.id
    file = tmp_path / "number"
    file.write_text("2\nanything else\n")
    run("broker", piet.id, "--from", str(file))
    assert comes_in("2") == piet.id
    run("broker", piet.id, "--from", "-", said="3\n")
    assert (comes_in("2"), comes_in("3")) == (None, piet.id)


def test_it_can_be_taken_away() -> None:
    noor = someone("Noor")
    assert "no account" in run("broker-gone", noor.id)
    run("broker", noor.id, said=BSN)
    assert "Forgotten" in run("broker-gone", noor.id)
    assert comes_in() is None


def test_somebody_elses_account_is_refused() -> None:
    run("broker", someone("Noor").id, said=BSN)
    with pytest.raises(AccountTaken, match="that of another person"):
        run("broker", someone("Piet").id, said=BSN)


@pytest.mark.parametrize("content", [b"", b"\n", b" \n1", b"9" * 256, b"\xff\xfe", b"a\x00b"])
def test_what_is_no_name_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "number"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"\(bsn\) is empty, too long or no text"):
        run("broker", someone("Noor").id, "--from", str(file))


def test_a_desk_without_a_broker_says_so() -> None:
    with pytest.raises(BadInput, match="LUWTE_BROKER_ISSUER"):
        person.main(["broker", someone("Noor").id], standalone_mode=False)


def test_the_number_is_no_argument() -> None:
    """It would stand in the list of processes, and in the history of the shell."""
    command = person.commands["broker"]
    assert [one.name for one in command.params if isinstance(one, click.Argument)] == ["person_id"]
