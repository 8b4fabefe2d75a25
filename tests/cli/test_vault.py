"""`luwte desk person find`, `erase` and `break-glass`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import User

from luwte.base.errors import BadInput
from luwte.cli._vault import person
from luwte.cli.desk import desk
from luwte.desk.audit.models import Leaf as DeskLeaf
from luwte.desk.cases import holding
from luwte.desk.cases.models import Event
from luwte.desk.project import ready
from luwte.desk.telling import services as telling
from luwte.desk.vault import services
from luwte.desk.vault.errors import GlassClosed, PersonUnknown
from luwte.desk.vault.models import Leaf
from luwte.desk.vault.rules import Mandate
from luwte.desk.wishes.rules import Source
from tests.support.accounts import by as said
from tests.support.desk import NOON, Someone, make_keys, someone

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
    pytest.mark.usefixtures("standing_desk"),
]
PASSWORD = "een lang wachtwoord"


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys and two care workers."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)
    for name in ("ada", "bo"):
        RecoveryCodes.activate(User.objects.create_user(name, password=PASSWORD, is_staff=True))
    RecoveryCodes.activate(
        User.objects.create_user("gone", password=PASSWORD, is_staff=True, is_active=False)
    )
    RecoveryCodes.activate(User.objects.create_user("other", password=PASSWORD))
    User.objects.create_user("bare", password=PASSWORD, is_staff=True)


def run(*arguments: str) -> None:
    person.main(list(arguments), standalone_mode=False)


def glass(act: str, what: str, by: str, *more: str, password: str = PASSWORD, code: str = "") -> None:
    run("break-glass", act, what, *said(by, code or code_of(by), password), *more)


def as_(name: str) -> tuple[str, ...]:
    """Return the options by which a command is given under an account."""
    return said(name, code_of(name), PASSWORD)


def code_of(name: str) -> str:
    """Return a recovery code that the account has not used yet; of none that nobody has."""
    factor = Authenticator.objects.filter(user__username=name).first()
    return factor.wrap().get_unused_codes()[0] if factor else "00000000"


def test_people_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    noor = someone("Noor", email="noor@example.org")
    run("find", "--email", "NOOR@example.org", *as_("ada"))
    assert capsys.readouterr().out == f"{noor.id}  Noor  nl\n"
    run("find", "--name", "noör", "--born", "1990-05-01", *as_("ada"))
    assert noor.id in capsys.readouterr().out
    run("find", "--phone", "0612345678", *as_("ada"))
    assert capsys.readouterr().out == "Nobody is found by that.\n"


def test_who_is_erased_is_gone_in_backups_too(capsys: pytest.CaptureFixture[str]) -> None:
    noor = someone("Noor")
    run("erase", noor.id, "--yes")
    assert "no backup of the databases can be read" in capsys.readouterr().out
    with pytest.raises(PersonUnknown):
        services.person(noor.id)


def test_erasing_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    noor = someone("Noor")
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    with pytest.raises(click.Abort):
        run("erase", noor.id)
    assert services.person(noor.id).identity.name == "Noor"


def test_erasing_says_that_a_legal_hold_stands_and_then_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    noor = someone("Noor")
    telling.record_event(noor.id, "C-1", Source.EVENTS, "charge", at=NOON, now=NOON)
    holding.hold("C-1", "an appeal", "Wim", NOON)
    with pytest.raises(BadInput, match="Nothing was erased"):
        run("erase", noor.id, "--yes")
    assert "A legal hold stands on what is about this person: C-1." in capsys.readouterr().err
    assert services.person(noor.id).identity.name == "Noor"
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "y")
    run("erase", noor.id)
    assert "A legal hold stands" in capsys.readouterr().err
    with pytest.raises(PersonUnknown):
        services.person(noor.id)


def test_an_erasure_that_reaches_no_backup_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    noor = someone("Noor")
    monkeypatch.setenv("LUWTE_DESK_KEYS", (home / "desk" / "keys.json").read_text())
    run("erase", noor.id, "--yes")
    assert "Backups of before can still be read" in capsys.readouterr().out


def test_two_people_break_the_glass_and_the_person_is_owed_word_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    noor = someone("Noor", email="noor@example.org")
    glass("ask", noor.id, "ada", "--reason", "spoed")
    request = capsys.readouterr().out.strip()
    with pytest.raises(GlassClosed):
        glass("approve", request, "ada")
    glass("approve", request, "bo")
    assert "Approved until" in capsys.readouterr().out
    glass("open", request, "ada")
    told = capsys.readouterr().out
    assert "Noor" in told
    assert "noor@example.org" in told
    assert Event.objects.filter(subject=noor.subject, kind="seen").count() == 1
    run("break-glass", "list", noor.id, *as_("bo"))
    assert "spoed" in capsys.readouterr().out
    ada = User.objects.get(username="ada")
    rows = Leaf.objects.filter(act="vault.glass-opened")
    assert [f'"by":"staff:{ada.pk}"'.encode() in bytes(row.content or b"") for row in rows] == [True]


@pytest.mark.parametrize(
    ("account", "password"),
    [("ada", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("other", PASSWORD), ("bare", PASSWORD)],
)
def test_nobody_else_asks(account: str, password: str) -> None:
    noor = someone("Noor")
    with pytest.raises(BadInput, match="do not belong together"):
        glass("ask", noor.id, account, "--reason", "spoed", password=password)


def test_a_code_that_is_wrong_or_used_breaks_no_glass() -> None:
    noor = someone("Noor")
    code = code_of("ada")
    glass("ask", noor.id, "ada", "--reason", "spoed", code=code)
    for wrong in (code, "00000000"):
        with pytest.raises(BadInput, match="do not belong together"):
            glass("ask", noor.id, "ada", "--reason", "spoed", code=wrong)
    assert Leaf.objects.filter(act="vault.glass-asked").count() == 1


def commands(noor: Someone, acting: str) -> dict[str, list[str]]:
    """Each command that shows a person, or lets somebody read as one, with the act that it records."""
    return {
        "vault.people-listed": ["person", "list"],
        "vault.looked-up": ["person", "find", "--email", "noor@example.org"],
        "vault.person-viewed": ["person", "show", noor.id],
        "telling.dossier-viewed": ["why", noor.id],
        "vault.link-made": ["sign-in", noor.id],
        "wish": ["wish", "show", noor.id],
        "glass": ["person", "break-glass", "list", noor.id],
        "acting": ["person", "sign-in", acting],
    }


def test_whoever_looks_at_somebody_says_who_they_are_and_it_is_recorded_so() -> None:
    noor = someone("Noor", email="noor@example.org")
    mandate = Mandate("Riet", "lawyer", date(2020, 1, 1))
    for act, words in commands(noor, services.add_representative(noor.id, mandate)).items():
        before = Leaf.objects.count() + DeskLeaf.objects.count()
        with pytest.raises(BadInput, match="Say which with --by"):
            desk.main(words, standalone_mode=False)
        assert Leaf.objects.count() + DeskLeaf.objects.count() == before, "refused before anything is read"
        desk.main([*words, *as_("ada")], standalone_mode=False)
        log = DeskLeaf if act.startswith("telling.") else Leaf
        last = log.objects.order_by("-id").first()
        ada = User.objects.get(username="ada").pk
        assert last is not None
        assert f'"by":"staff:{ada}"'.encode() in bytes(last.content or b""), act
        assert "." not in act or last.act == act


def test_before_any_account_has_a_second_factor_it_is_recorded_as_the_command_line() -> None:
    noor = someone("Noor")
    Authenticator.objects.exclude(user__username="gone").exclude(user__username="other").delete()
    run("show", noor.id)
    last = Leaf.objects.order_by("-id").first()
    assert last is not None
    assert b'"by":"command"' in bytes(last.content or b"")
