"""`luwte desk person`: an address that fails can be mended, and who acts for someone is registered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from luwte.cli._people import ROLES, person
from luwte.desk.project import ready
from luwte.desk.vault import rules, services
from luwte.desk.vault.errors import PersonImpossible
from luwte.desk.vault.rules import EMAIL, Mandate
from tests.support.desk import make_keys, someone

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys; its databases are those of this test, so there is nothing to set up."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda: None)


def run(*arguments: str) -> None:
    person.main(list(arguments), standalone_mode=False)


def test_the_newest_address_is_the_only_one(capsys: pytest.CaptureFixture[str]) -> None:
    noor = someone(email="old@example.org")
    run("address", noor.id, "new@example.org")
    assert services.person(noor.id).address(EMAIL) == "new@example.org"
    assert len(services.person(noor.id).reaches) == 1
    assert "new@" not in capsys.readouterr().out


def test_a_representative_is_registered() -> None:
    noor = someone()
    run("represent", noor.id, "Ada", "--role", "lawyer", "--begins", "2026-01-02", "--ends", "2027-01-01")
    expected = Mandate("Ada", "lawyer", date(2026, 1, 2), date(2027, 1, 1))
    assert [one.mandate for one in services.representatives(noor.id)] == [expected]


def test_an_impossible_mandate_is_refused() -> None:
    noor = someone()
    with pytest.raises(PersonImpossible, match="ends before it begins"):
        run("represent", noor.id, "Ada", "--role", "parent", "--begins", "2026-01-02", "--ends", "2026-01-01")
    assert services.representatives(noor.id) == []


def test_the_roles_are_those_of_the_vault() -> None:
    assert tuple(ROLES) == rules.ROLES
