"""`luwte desk client`: machines of other agencies, added and ended in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from luwte.base.clock import SystemClock
from luwte.desk.api import notices
from luwte.desk.project import ready
from tests.support.command import Command
from tests.support.desk import make_keys
from tests.support.receiver import Receiver, receiving

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys; its databases are those of this test, so there is nothing to set up."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


@pytest.fixture
def luwte(capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs the command."""
    return Command(capfd)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver on this machine, which the settings allow."""
    settings.API_PRIVATE_HOOKS = True
    with receiving() as found:
        yield found


def test_a_client_is_added_shown_once_and_ended(luwte: Command) -> None:
    added = luwte("desk", "client", "add", "Lab 7", "--scope", "reports:write")
    name, secret = (line.split()[1] for line in added.out.splitlines())
    assert added.code == 0
    listed = luwte("desk", "client", "list").out
    assert f"{name}  open  reports:write  secret" in listed
    assert secret not in listed
    assert luwte("desk", "client", "end", name).out.startswith("Ended.")
    assert f"{name}  ended" in luwte("desk", "client", "list").out
    again = luwte("desk", "client", "end", name)
    assert (again.code, "There is no client" in again.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "Lab"], "--scope"),
        (["add", "Lab", "--scope", "people:read"], "reports:write, cases:write, events:read, gaps:read"),
        (["add", "Lab", "--scope", "cases:write", "--certificate", "x"], "no SHA-256"),
        (["add", "", "--scope", "cases:write"], "1 to 200"),
        (["end", "x"], "There is no client"),
        (["hook", "x", "https://example.org/"], "There is no client"),
        (["unhook", "x"], "There is no webhook"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(luwte: Command, words: list[str], said: str) -> None:
    ended = luwte("desk", "client", *words)
    assert ended.code == 2
    assert said in ended.err


def test_a_hook_is_made_served_and_ended(luwte: Command, receiver: Receiver) -> None:
    client = luwte("desk", "client", "add", "Court", "--scope", "events:read").out.split()[1]
    made = luwte("desk", "client", "hook", client, receiver.url)
    hook = made.out.strip()
    assert "whpk_" in made.err
    assert f"{hook}  takes  {client}  {receiver.url}" in luwte("desk", "client", "hooks").out
    notices.add("nl.luwte.report-registered.v1", "/api/v1/reports/x", SystemClock().now())
    receiver.answers = [(500, {}), (204, {})]
    late = luwte("desk", "client", "send")
    assert (late.code, "1 of the receivers did not take" in late.err) == (1, True)
    assert "tries 1, next" in luwte("desk", "client", "hooks").out
    assert luwte("desk", "client", "unhook", hook).code == 0
    assert luwte("desk", "client", "send").out == "Sent 0 notices.\n"


def test_an_address_of_this_network_is_refused_without_the_setting(
    luwte: Command, receiver: Receiver, settings: Settings
) -> None:
    settings.API_PRIVATE_HOOKS = False
    client = luwte("desk", "client", "add", "Court", "--scope", "events:read").out.split()[1]
    for address in (receiver.url, receiver.url.replace("http:", "https:")):
        assert luwte("desk", "client", "hook", client, address).code == 2
    assert receiver.asked == []
