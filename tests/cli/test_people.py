"""`luwte desk person`: what is known of people, how they are reached, and who acts for them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import pytest

from luwte.cli import _people, _representatives
from luwte.cli._representatives import person
from luwte.desk.project import ready
from luwte.desk.vault import rules, services
from luwte.desk.vault.errors import PersonImpossible, PersonUnknown, RepresentativeUnknown
from luwte.desk.vault.rules import EMAIL, PHONE, POST, Mandate, Reach
from tests.support.desk import make_keys, someone

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]

BEGINS = ("--begins", "2026-01-02")


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys; its databases are those of this test, so there is nothing to set up."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)


def run(*arguments: str) -> None:
    person.main(list(arguments), standalone_mode=False)


def one_of(person_id: str) -> tuple[str, Mandate]:
    """The only representative of a person: the id and the mandate."""
    (found,) = services.representatives(person_id)
    return found.id, found.mandate


def test_person_is_added_with_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--phone", "06-12345678", "--post", "Noor; Postbus 7 ;9999 ZZ Ergens", "--language", "en"]
    run("add", "Noor", "--born-between", "2009-01-01", "2009-12-31", *options)
    found = services.person(capsys.readouterr().out.strip())
    assert (found.identity.born_from, found.identity.born_to) == (date(2009, 1, 1), date(2009, 12, 31))
    assert (found.identity.language, found.identity.words) == ("en", "en")
    assert found.address(PHONE) == "+31612345678"
    assert found.address(POST) == "Noor\nPostbus 7\n9999 ZZ Ergens"


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (["--born", "2199-01-01"], "still to come"),
        (["--born-between", "2009-12-31", "2009-01-01"], "comes before the first"),
        (["--phone", "12"], "telephone"),
        (["--post", "Noor"], "2 to 6 lines"),
        (["--language", "fr"], "no language 'fr'"),
        (["--words", "fr"], "no register 'fr'"),
    ],
)
def test_person_who_cannot_be_is_refused(options: list[str], match: str) -> None:
    with pytest.raises(PersonImpossible, match=match):
        run("add", "Noor", *options)
    assert services.people() == []


def test_birth_is_a_day_or_two_bounds() -> None:
    with pytest.raises(click.UsageError, match="not both"):
        run("add", "Noor", "--born", "2009-01-01", "--born-between", "2009-01-01", "2009-12-31")
    assert services.people() == []


def test_what_is_given_is_changed_and_nothing_else() -> None:
    noor = someone()
    before = services.person(noor.id).identity
    run("change", noor.id, "--born", "2010-04-05", "--care-worker", "Wim")
    found = services.person(noor.id).identity
    assert (found.born_from, found.born_to, found.care_worker) == (date(2010, 4, 5), date(2010, 4, 5), "Wim")
    assert (found.name, found.language, found.time_zone) == (before.name, before.language, before.time_zone)


def test_the_newest_address_is_the_only_one(capsys: pytest.CaptureFixture[str]) -> None:
    noor = someone(email="old@example.org")
    run("address", noor.id, "new@example.org")
    run("address", noor.id, "0612345678", "--kind", "phone")
    assert services.person(noor.id).address(EMAIL) == "new@example.org"
    assert len(services.person(noor.id).reaches) == 2
    run("address-gone", noor.id, "email")
    assert [reach.kind for reach in services.person(noor.id).reaches] == ["phone"]
    assert "new@" not in capsys.readouterr().out


def test_what_is_found_out_is_recorded() -> None:
    noor = someone()
    for words in (["authority", noor.id, "joint"], ["secret-address", noor.id], ["deceased", noor.id]):
        run(*words)
    run("informed", noor.id, "--not-yet")
    run("conflict", noor.id, "household")
    found = services.person(noor.id).identity
    assert (found.authority, found.secret_address, found.deceased) == ("joint", True, True)
    assert (found.informed, found.conflict) == (False, "certain")


def test_missing_holder_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    noor = someone()
    run("authority", noor.id, "joint")
    assert "needs 2 holders" in capsys.readouterr().out
    run("represent", noor.id, "Mo", "--role", "parent", "--holder", *BEGINS)
    assert "there are 1" in capsys.readouterr().out
    run("represent", noor.id, "Fa", "--role", "parent", "--holder", *BEGINS)
    assert "holders" not in capsys.readouterr().out


def test_a_representative_is_registered_with_a_way_to_be_reached(capsys: pytest.CaptureFixture[str]) -> None:
    noor = someone()
    way = ["--channel", "email", "--email", "ada@law.example", "--standing", "--not-yet"]
    run("represent", noor.id, "Ada", "--role", "lawyer", *BEGINS, "--ends", "2027-01-01", *way)
    ada, mandate = one_of(noor.id)
    assert capsys.readouterr().out.strip() == ada
    assert mandate == Mandate(
        "Ada",
        "lawyer",
        date(2026, 1, 2),
        date(2027, 1, 1),
        standing=True,
        channel="email",
        reaches=(Reach(EMAIL, "ada@law.example"),),
        informed=False,
    )
    run("show", noor.id)
    shown = capsys.readouterr().out
    assert f"representative {ada}" in shown
    assert "  reaches: email ada@law.example" in shown


def test_mandate_is_changed_and_ends() -> None:
    noor = someone()
    run("represent", noor.id, "Ada", "--role", "lawyer", "--email", "ada@law.example", *BEGINS)
    ada, _ = one_of(noor.id)
    run("mandate", ada, "--standing", "--phone", "0612345678", "--channel", "sms")
    run("informed", ada, "--not-yet")
    run("conflict", ada, "doubt")
    run("mandate-end", ada, "--last-day", "2026-03-01")
    _, mandate = one_of(noor.id)
    assert (mandate.standing, mandate.channel, mandate.informed) == (True, "sms", False)
    assert (mandate.conflict, mandate.ends) == ("doubt", date(2026, 3, 1))
    assert {reach.kind for reach in mandate.reaches} == {"email", "phone"}


def test_impossible_mandates_are_refused() -> None:
    noor = someone()
    with pytest.raises(PersonImpossible, match="ends before it begins"):
        run("represent", noor.id, "Ada", "--role", "parent", *BEGINS, "--ends", "2026-01-01")
    with pytest.raises(PersonImpossible, match="no e-mail address"):
        run("represent", noor.id, "Ada", "--role", "parent", *BEGINS, "--channel", "email")
    assert services.representatives(noor.id) == []
    with pytest.raises(RepresentativeUnknown):
        run("mandate-end", "x", "--last-day", "2026-03-01")
    with pytest.raises(PersonUnknown):
        run("conflict", "x", "suspect")


def test_the_words_are_those_of_the_vault() -> None:
    assert tuple(_people.ROLES) == rules.ROLES
    assert tuple(_people.AUTHORITIES) == rules.AUTHORITIES
    assert tuple(_people.KINDS) == tuple(rules.REACHES)
    assert set(_people.CONFLICTS.values()) == set(rules.CONFLICTS)
    assert tuple(_representatives.CHANNELS) == rules.CHANNELS
