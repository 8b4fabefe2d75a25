"""`luwte desk why`: the record answers, now and before, for one finding and for who acts for a person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from luwte.base.errors import BadInput
from luwte.cli.desk import desk
from luwte.desk.findings.models import Finding
from luwte.desk.project import ready
from luwte.desk.wishes.rules import Choice, Rhythm
from tests.support.desk import NOON, make_keys, wish
from tests.support.stage import found, represented, stranger, tell

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys; its databases are those of this test, so there is nothing to set up."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


def why(*words: str) -> str:
    """Run the command and return what it says."""
    done = CliRunner().invoke(desk, ["why", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_stands_now_and_what_stood_before() -> None:
    person = stranger("Noor")
    found("Noor", [(7, 2)])
    tell()
    assert "A call waits since 2026-03-02 (never_asked): nobody took it yet." in why(person.id)
    wish(person.id, Choice(True, Rhythm.ON_REQUEST), NOON)
    tell(NOON + timedelta(hours=1))
    said = why(person.id)
    assert said.startswith("Told 0 times, last: never.")
    now, before = said.split("Before:")
    assert "2026-03-02 13:00 UTC  wait: You chose to ask yourself" in now
    assert "2026-03-02 12:00 UTC to 2026-03-02 13:00 UTC  call: You were not asked yet" in before
    assert f"About: {Finding.objects.get().id}." in now


def test_in_dutch() -> None:
    person = stranger("Noor")
    tell()
    assert "Er is nog niet gevraagd wat u wilt." in why(person.id, "--language", "nl")


def test_of_one_finding_and_for_a_representative() -> None:
    person, acting = represented("Noor")
    first = Finding.objects.get().id
    found("Noor", [(7, 2), (1, 0)])
    tell(NOON + timedelta(days=1))
    said = why(person.id, "--finding", first, "--as", acting)
    assert "chosen that they hear it now" in said
    assert "Told" not in said
    second = Finding.objects.exclude(pk=first).get().id
    assert second not in said
    assert second in why(person.id, "--as", acting)


def test_nothing_was_decided_yet() -> None:
    assert "Nothing was decided about this yet. `luwte desk tell` decides." in why(stranger("Noor").id)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("--finding", "x"), "no finding or event 'x'"), (("--as", "x"), "no representative 'x'")],
)
def test_what_is_unknown_is_refused(words: tuple[str, str], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        why(stranger("Noor").id, *words)
