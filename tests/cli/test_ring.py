"""`luwte keys rotate` and `erased`: the key ring of a desk that stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
import pytest

from luwte.base.clock import ManualClock
from luwte.cli import _ring
from luwte.cli._ring import erased, rotate
from luwte.desk.project import ready
from luwte.desk.vault import services
from luwte.desk.vault.errors import KeysNeeded
from luwte.desk.vault.ring import RingNotInFile, key_ring
from tests.support.desk import NOON, make_keys, someone
from tests.support.token import Token

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """A desk with keys, and the clock of its commands."""
    make_keys(home)
    clock = ManualClock(NOON)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)
    monkeypatch.setattr(_ring, "SystemClock", lambda: clock)
    return clock


def test_the_ring_is_rotated_and_its_old_key_retired(
    standing_desk: ManualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    noor, old = someone("Noor"), key_ring().current
    rotate.main([], standalone_mode=False)
    told = capsys.readouterr().out
    assert "is new" in told
    assert "1 people" in told
    assert "read backups of before" in told
    with pytest.raises(KeysNeeded):
        rotate.main(["--retire"], standalone_mode=False)
    standing_desk.advance(timedelta(hours=2))
    rotate.main(["--retire"], standalone_mode=False)
    told = capsys.readouterr().out
    assert old in told
    assert "nobody can read who is in those any more" in told
    rotate.main(["--retire"], standalone_mode=False)
    assert "no old keys" in capsys.readouterr().out
    assert services.person(noor.id).identity.name == "Noor"


def test_a_ring_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUWTE_DESK_KEYS", key_ring().dump().decode())
    with pytest.raises(RingNotInFile):
        rotate.main([], standalone_mode=False)


def test_keys_go_to_the_token_that_is_named(soft_token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(click.UsageError, match="not both"):
        rotate.main(["--retire", "--to-token"], standalone_mode=False)
    for name, value in soft_token.settings.items():
        monkeypatch.setenv(name, value)
    rotate.main(["--to-token"], standalone_mode=False)
    assert key_ring().current in key_ring().held


def test_erased_says_what_it_did(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    noor = someone("Noor")
    monkeypatch.setenv("LUWTE_DESK_KEYS", key_ring().dump().decode())
    services.erase(noor.id)
    erased.main([], standalone_mode=False)
    told = capsys.readouterr().out
    assert "0 people erased again, 0 made unreadable" in told
    assert "1 erased people wait" in told
