from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.desk.findings import services
from luwte.desk.findings.models import Finding, SeriesLink
from tests.support.desk import NOON, entry_id, report, someone

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that stands, in the tables of this test."""
    from luwte.desk.project import ready

    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


def luwte(*words: str) -> tuple[int, str]:
    """Run a command of the desk and return its exit code and what it printed."""
    from click.testing import CliRunner

    from luwte.cli.desk import desk

    found = CliRunner().invoke(desk, list(words))
    return found.exit_code, found.output + (str(found.exception) if found.exception else "")


def flood() -> None:
    """Six cases in a week show one entry."""
    for number in range(6):
        one = report({"s-1": {"a": (2, 0)}}, case=f"C-{number}")
        services.register(one, NOON + timedelta(days=600))


def test_list_release_and_keep(desk: None) -> None:
    services.link_series("aa" * 16, "s-1", NOON)
    flood()
    assert luwte("quarantine", "list")[1].startswith(f"{entry_id('a')}  ")
    assert "6 cases in a week, 0.00 a week before" in luwte("quarantine", "list")[1]
    assert luwte("quarantine", "release", entry_id("a"), "--by", "Wim")[0] == 0
    assert luwte("quarantine", "list") == (0, "")
    assert "released by Wim" in luwte("quarantine", "list", "--all")[1]
    assert set(Finding.objects.values_list("identical", "quarantined")) == {(2, 0)}
    assert luwte("quarantine", "keep", entry_id("a"), "--by", "Ria")[0] == 0
    assert set(Finding.objects.values_list("identical", "quarantined")) == {(0, 2)}
    assert "not in quarantine" in luwte("quarantine", "release", "zz", "--by", "Wim")[1]


def test_a_review_is_recorded_whole_or_not_at_all(desk: None) -> None:
    services.link_series("aa" * 16, "s-1", NOON)
    flood()
    assert "not in quarantine" in luwte("quarantine", "release", entry_id("a"), "zz", "--by", "Wim")[1]
    for who in (" ", "Wim\x1b[2J", "x" * 201):
        assert "needs who looked" in luwte("quarantine", "release", entry_id("a"), "--by", who)[1]
    assert "released" not in luwte("quarantine", "list", "--all")[1]
    assert set(Finding.objects.values_list("identical", "quarantined")) == {(0, 2)}


def test_unlink(desk: None, home: object) -> None:
    from pathlib import Path

    from tests.support.desk import make_keys

    assert isinstance(home, Path)
    make_keys(home)
    noor = someone(series="s-1")
    flood()
    code, said = luwte("unlink", noor.id, "s-1")
    assert (code, "6 cases" in said) == (0, True)
    assert not SeriesLink.objects.exists()
    assert set(Finding.objects.values_list("identical", "quarantined")) == {(0, 0)}
    assert "not linked" in luwte("unlink", noor.id, "s-1")[1]
