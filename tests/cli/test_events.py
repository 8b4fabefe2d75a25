"""`luwte desk event` and `undeliverable`: recorded once, or refused in a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click
import pytest

from luwte.base.errors import BadInput
from luwte.cli import _events
from luwte.cli.desk import desk
from luwte.desk.cases import rules
from luwte.desk.cases.models import Event
from luwte.desk.project import ready
from luwte.desk.telling import troubles
from luwte.desk.telling.models import StoppedChannel
from luwte.desk.telling.subjects import party_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Mandate
from tests.support.desk import Someone, make_keys, someone

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]

FAR = ("0001-01-01", "9999-12-31")
CLAIM = ("--case", "C-1", "--source", "rights", "--kind", "claim", "--at", "2026-03-01T09:30")


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys; its databases are those of this test, so there is nothing to set up."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


@pytest.fixture
def noor() -> Someone:
    """A person."""
    return someone()


def run(*arguments: str) -> None:
    desk.main(list(arguments), standalone_mode=False)


def test_event_is_recorded_once_by_the_clock_of_the_person(noor: Someone) -> None:
    for _ in range(2):
        run("event", "add", noor.id, *CLAIM, "--lapses", "2026-06-30")
    event = Event.objects.get()
    assert (event.subject, event.case.number, event.kind) == (noor.subject, "C-1", "claim")
    assert event.at == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    assert event.lapses == datetime(2026, 6, 30, 22, tzinfo=UTC), "the last day is the person's, to its end"


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (["--kind", "escape"], "no event 'escape' of rights"),
        (["--case", " "], "names no case"),
        (["--lapses", "2026-02-01"], "lapses before it begins"),
        (["--at", "2099-01-01"], "still to come"),
    ],
)
def test_what_can_be_no_event_is_refused(noor: Someone, options: list[str], match: str) -> None:
    with pytest.raises(BadInput, match=match):
        run("event", "add", noor.id, *CLAIM, *options)
    assert not Event.objects.exists()


def test_way_that_fails_is_stopped_for_whom_it_fails(noor: Someone) -> None:
    ada = vault.add_representative(noor.id, Mandate("Ada", "lawyer", date(2020, 1, 1)))
    run("undeliverable", noor.id, "--channel", "letter", "--cause", "moved")
    run("undeliverable", noor.id, "--channel", "email", "--cause", "bounced", "--representative", ada)
    stopped = StoppedChannel.objects.values_list("recipient", "channel", "cause")
    assert set(stopped) == {("person", "letter", "moved"), (party_of(ada), "email", "bounced")}


def test_representative_of_somebody_else_is_refused(noor: Someone) -> None:
    ada = vault.add_representative(someone().id, Mandate("Ada", "lawyer", date(2020, 1, 1)))
    with pytest.raises(BadInput, match="no representative"):
        run("undeliverable", noor.id, "--channel", "email", "--cause", "bounced", "--representative", ada)
    assert not StoppedChannel.objects.exists()


def test_the_words_are_those_of_the_rules() -> None:
    assert tuple(_events.SOURCES) == tuple(rules.KINDS)
    assert tuple(_events.CAUSES) == troubles.CAUSES


@pytest.mark.parametrize("day", FAR)
def test_a_moment_that_no_calendar_reaches_is_refused(noor: Someone, day: str) -> None:
    for given in (["--at", day], ["--at", f"{day}T10:00"], ["--lapses", day]):
        with pytest.raises(click.BadParameter, match="Check its year"):
            desk.main(["event", "add", noor.id, *CLAIM, *given], standalone_mode=False)
    assert not Event.objects.exists()
