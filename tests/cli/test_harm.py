"""A sign of harm that a care worker saw stops everything at once and asks for a call (T15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.base.clock import SystemClock
from luwte.cli.desk import desk
from luwte.desk.findings.services import register
from luwte.desk.project import ready
from luwte.desk.telling import services, tasks
from luwte.desk.telling.values import Reason
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.errors import WishImpossible
from luwte.desk.wishes.rules import Choice, HoldKind
from tests.support.desk import NOON, KeepingChannel, make_keys, report, someone, ways

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys; its databases are those of this test, so there is nothing to set up."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


def run(*arguments: str) -> None:
    desk.main(list(arguments), standalone_mode=False)


def test_a_sign_of_harm_stops_all_and_asks_for_a_call() -> None:
    noor = someone(series="s-1", choice=Choice(True))
    register(report({"s-1": {"a": (3, 0)}}), NOON)
    run("harm", noor.id, "--reason", "slaapt niet meer", "--by", "Wim")
    (hold,) = wishes.holds([noor.subject])
    assert (hold.kind, hold.reason) == (HoldKind.HARM, "slaapt niet meer")
    (call,) = tasks.queue()
    assert (call.subject, call.reason) == (noor.subject, Reason.HARM)
    assert not services.tell(SystemClock(), ways(KeepingChannel())).contacts
    assert [one.reason for one in tasks.queue()] == [Reason.HARM]


@pytest.mark.parametrize(
    ("options", "match"),
    [(("--reason", " ", "--by", "Wim"), "what was seen"), (("--reason", "x", "--by", ""), "who saw it")],
)
def test_a_sign_of_harm_has_a_name_and_a_reason(options: tuple[str, ...], match: str) -> None:
    noor = someone()
    with pytest.raises(WishImpossible, match=match):
        run("harm", noor.id, *options)
    assert tasks.queue() == []
