"""Accounts are made by invitation, closed at once, and what matters most takes two administrators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client, override_settings

from luwte.base.errors import BadInput
from luwte.desk.accounts import accounts, four_eyes
from luwte.desk.accounts.errors import AccountTaken, AccountUnknown, AccountWrong, InvitationSpent, TwoNeeded
from luwte.desk.accounts.four_eyes import Wanted
from luwte.desk.accounts.models import Account, Request
from luwte.desk.audit.models import Leaf
from tests.support.accounts import PASSWORD, SIGN_IN, Worker
from tests.support.desk import NOON
from tests.support.pages import words

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes"),
]

OTHER = "een-heel-ander-wachtwoord"


def chosen(password: str = PASSWORD, again: str = PASSWORD) -> dict[str, str]:
    return {"new_password": password, "again": again}


def test_whoever_is_invited_chooses_a_password_once_and_then_sets_up_a_factor() -> None:
    path = f"/staff/invited/{accounts.add('zorg', by='command', now=NOON)}/"
    client = Client()
    assert "zorg" in client.get(path).content.decode()
    assert client.get(path).status_code == 200, "reading the link must not use it"
    assert client.post(path, chosen())["Location"] == "/staff/"
    assert client.get("/staff/")["Location"] == "/staff/account/"
    for answer in (Client().get(path), Client().post(path, chosen())):
        assert answer.status_code == 404
        assert "Deze link werkt niet meer" in words(answer)


@pytest.mark.parametrize(
    ("password", "again", "fault"),
    [
        ("kort", "kort", "ten minste 15 tekens"),
        (PASSWORD, PASSWORD + "x", "zijn niet gelijk"),
        ("123456789123456789", "123456789123456789", "Veel mensen gebruiken dit"),
        ("zorgmedewerker1", "zorgmedewerker1", "lijkt te veel op uw naam"),
    ],
)
def test_a_password_that_may_not_be_is_explained_and_the_link_still_works(
    password: str, again: str, fault: str
) -> None:
    path = f"/staff/invited/{accounts.add('zorgmedewerker', by='command', now=NOON)}/"
    assert fault in words(Client().post(path, chosen(password, again)))
    assert Client().post(path, chosen()).status_code == 302


@pytest.mark.parametrize(
    "password", ["a" * 64 + "é " * 60, "   spaces   count   ", "wachtwoordzin zonder cijfers"]
)
def test_passwords_of_any_kind_and_length_are_taken_as_they_are(password: str) -> None:
    token = accounts.add("zorg", by="command", now=NOON)
    user = accounts.use_invitation(token, password, NOON)
    assert user.check_password(password)
    assert not user.check_password(password.strip() + "x")
    assert not user.check_password(password[:-1])


def test_an_invitation_ends_after_three_days_with_a_newer_one_and_with_the_account() -> None:
    first = accounts.add("zorg", by="command", now=NOON)
    with pytest.raises(InvitationSpent):
        accounts.invited(first, NOON + accounts.INVITED_FOR)
    second = accounts.invite("zorg", by="command", now=NOON)
    with pytest.raises(InvitationSpent):
        accounts.invited(first, NOON)
    assert accounts.invited(second, NOON) == "zorg"
    assert second not in str(list(Account.objects.values()))
    accounts.close("zorg", by="command", now=NOON)
    for token in (second, "", "x", "\ud800"):
        with pytest.raises(InvitationSpent):
            accounts.invited(token, NOON)


def test_a_new_password_by_invitation_does_not_go_around_the_second_factor() -> None:
    worker = Worker()
    path = f"/staff/invited/{accounts.invite('zorg', by='command', now=NOON)}/"
    client = Client()
    assert client.post(path, chosen("een-heel-ander-wachtwoord", "een-heel-ander-wachtwoord"))[
        "Location"
    ] == ("/staff/sign-in/code/")
    assert client.get("/staff/")["Location"].startswith(SIGN_IN)
    assert client.post("/staff/sign-in/code/", {"code": next(worker.codes)})["Location"] == "/staff/"


def test_names_and_passwords_that_cannot_be() -> None:
    accounts.add("zorg", by="command", now=NOON)
    for name in ("zorg", "ZORG"):
        with pytest.raises(AccountTaken):
            accounts.add(name, by="command", now=NOON)
    for name in ("a b", "x" * 151, "", "a\0b"):
        with pytest.raises(AccountWrong):
            accounts.add(name, by="command", now=NOON)
    for act in (accounts.close, accounts.invite):
        with pytest.raises(AccountUnknown):
            act("niemand", by="command", now=NOON)
    with pytest.raises(ValidationError):
        accounts.use_invitation(accounts.invite("zorg", by="command", now=NOON), "kort", NOON)


def test_closing_an_account_ends_its_sessions_at_the_next_request() -> None:
    client = Worker().enter()
    assert client.get("/staff/").status_code == 200
    accounts.close("zorg", by="command", now=NOON)
    assert client.get("/staff/")["Location"].startswith(SIGN_IN)
    assert Leaf.objects.filter(act="staff.closed").count() == 1


def test_the_sessions_of_an_open_account_can_be_ended() -> None:
    worker = Worker()
    clients = [worker.enter(), worker.enter()]
    accounts.close("zorg", by="command", now=NOON, sessions_only=True)
    assert all(client.get("/staff/").status_code == 302 for client in clients)
    assert worker.enter().get("/staff/").status_code == 200


def administrators() -> tuple[int, int, int]:
    """Three accounts: two administrators and a care worker."""
    ada, bo = Worker("ada", administrator=True), Worker("bo", administrator=True)
    return ada.user.pk, bo.user.pk, Worker("zorg").user.pk


def test_two_administrators_remove_the_factors_of_somebody() -> None:
    ada, bo, zorg = administrators()
    client = Client()
    client.force_login(User.objects.get(pk=zorg))
    asked = four_eyes.ask(Wanted.RESET, "zorg", by=ada, now=NOON)
    assert accounts.has_factor(zorg)
    with pytest.raises(TwoNeeded, match="Whoever asked"):
        four_eyes.approve(asked.id, by=ada, now=NOON)
    with pytest.raises(TwoNeeded, match="is none"):
        four_eyes.approve(asked.id, by=zorg, now=NOON)
    name, second = four_eyes.approve(asked.id, by=bo, now=NOON)
    assert (name, accounts.invited(f"{asked.half}~{second}", NOON)) == ("zorg", "zorg")
    assert not Authenticator.objects.filter(user_id=zorg).exists()
    assert not User.objects.get(pk=zorg).has_usable_password()
    assert client.get("/staff/account/").status_code == 302
    removed = Leaf.objects.filter(act="staff.factor-removed")
    assert all(f'"by":"staff:{bo}"'.encode() in bytes(row.content or b"") for row in removed)
    with pytest.raises(TwoNeeded, match="it is done"):
        four_eyes.approve(asked.id, by=bo, now=NOON)


def test_the_first_two_administrators_are_made_by_one_the_third_by_two() -> None:
    for name in ("ada", "bo"):
        assert four_eyes.first_ones()
        four_eyes.make_administrator(name, by="command", now=NOON)
    assert not four_eyes.first_ones()
    accounts.close("bo", by="command", now=NOON)
    assert not four_eyes.first_ones(), "closing one must not open the way for one alone"
    bo, ada = (User.objects.get(username=name).pk for name in ("bo", "ada"))
    cas = Worker("cas", administrator=True).user.pk
    asked = four_eyes.ask(Wanted.ADMINISTRATOR, "dirk", by=ada, now=NOON)
    with pytest.raises(TwoNeeded, match="is none"):
        four_eyes.approve(asked.id, by=bo, now=NOON)
    assert [one.name for one in four_eyes.waiting(NOON)] == ["dirk"]
    four_eyes.approve(asked.id, by=cas, now=NOON)
    assert Account.objects.get(pk=User.objects.get(username="dirk").pk).administrator
    assert not four_eyes.waiting(NOON)


def test_a_request_ends_after_a_day_and_with_the_role_of_who_asked() -> None:
    ada, bo, _ = administrators()
    asked = four_eyes.ask(Wanted.RESET, "zorg", by=ada, now=NOON)
    with pytest.raises(TwoNeeded, match="more than a day"):
        four_eyes.approve(asked.id, by=bo, now=NOON + timedelta(days=1))
    accounts.close("ada", by="command", now=NOON)
    with pytest.raises(TwoNeeded, match="is none"):
        four_eyes.approve(asked.id, by=bo, now=NOON)
    assert accounts.has_factor(User.objects.get(username="zorg").pk)


def test_care_workers_ask_for_nothing_and_nobody_is_reset() -> None:
    ada, _, zorg = administrators()
    with pytest.raises(BadInput):
        four_eyes.ask(Wanted.RESET, "ada", by=zorg, now=NOON)
    with pytest.raises(AccountUnknown):
        four_eyes.ask(Wanted.RESET, "niemand", by=ada, now=NOON)


def test_the_list_says_who_can_do_what() -> None:
    administrators()
    Worker("nieuw", app=False)
    found = {one.name: (one.administrator, one.factors) for one in accounts.known()}
    assert found == {
        "ada": (True, ("recovery_codes", "totp")),
        "bo": (True, ("recovery_codes", "totp")),
        "nieuw": (False, ()),
        "zorg": (False, ("recovery_codes", "totp")),
    }


def test_when_the_secret_is_lost_no_code_fits_and_two_administrators_are_made_anew() -> None:
    workers = [Worker(name, administrator=True) for name in ("ada", "ben")]
    assert not four_eyes.first_ones()
    with override_settings(SECRET_KEY="another secret of the desk"):
        assert four_eyes.first_ones()
        client = workers[0].enter_first()
        assert client.post("/staff/sign-in/code/", {"code": workers[0].code()}).status_code == 200
    assert not four_eyes.first_ones()


def test_neither_of_the_two_who_reset_an_account_can_enter_it_alone() -> None:
    ada, bo, _ = administrators()
    asked = four_eyes.ask(Wanted.RESET, "zorg", by=ada, now=NOON)
    _, second = four_eyes.approve(asked.id, by=bo, now=NOON)
    kept = str([*Account.objects.values(), *Request.objects.values()])
    assert asked.half not in kept
    assert second not in kept
    digest = Request.objects.get().half
    for alone in (
        asked.half,
        second,
        f"{asked.half}~",
        f"~{second}",
        f"{digest}{second}",
        f"{digest}~{second}",
        f"{second}~{asked.half}",
    ):
        assert Client().get(f"/staff/invited/{alone}/").status_code == 404, alone
    path = f"/staff/invited/{asked.half}~{second}/"
    assert "zorg" in Client().get(path).content.decode()
    assert Client().post(path, chosen())["Location"] == "/staff/"


def test_a_request_holds_for_the_account_that_was_meant_not_for_its_name() -> None:
    """One asks for a new administrator, and makes an account of that name before another one approves."""
    ada, bo, zorg = administrators()
    asked = four_eyes.ask(Wanted.ADMINISTRATOR, "jan", by=ada, now=NOON)
    accounts.add("jan", by="command", now=NOON)
    with pytest.raises(TwoNeeded, match="not the one that was asked about"):
        four_eyes.approve(asked.id, by=bo, now=NOON)
    assert not Account.objects.get(pk=User.objects.get(username="jan").pk).administrator
    asked = four_eyes.ask(Wanted.RESET, "zorg", by=ada, now=NOON)
    User.objects.filter(pk=zorg).update(username="was")
    Worker("zorg")
    with pytest.raises(TwoNeeded, match="not the one that was asked about"):
        four_eyes.approve(asked.id, by=bo, now=NOON)
    assert accounts.has_factor(User.objects.get(username="zorg").pk)


def test_a_request_of_an_earlier_version_is_asked_anew() -> None:
    ada, bo, _ = administrators()
    for act, name in (("administrator", "jan"), ("reset", "zorg")):
        row = Request.objects.create(act=act, name=name, asked=NOON, asked_by=ada)
        with pytest.raises(TwoNeeded, match="ask anew"):
            four_eyes.approve(row.id, by=bo, now=NOON)


def test_who_asked_is_shown_and_an_account_that_becomes_administrator_needs_no_link() -> None:
    ada, bo, _ = administrators()
    asked = four_eyes.ask(Wanted.ADMINISTRATOR, "zorg", by=ada, now=NOON)
    assert [(one.name, one.asked_by) for one in four_eyes.waiting(NOON)] == [("zorg", "ada")]
    assert asked.half == ""
    assert four_eyes.approve(asked.id, by=bo, now=NOON) == ("zorg", "")


def test_what_a_clock_that_ran_ahead_left_opens_nothing() -> None:
    ada, bo, _ = administrators()
    ahead = NOON + timedelta(days=3650)
    asked = four_eyes.ask(Wanted.RESET, "zorg", by=ada, now=ahead)
    with pytest.raises(TwoNeeded, match="Ask anew"):
        four_eyes.approve(asked.id, by=bo, now=NOON)
    assert four_eyes.waiting(NOON) == []
    with pytest.raises(InvitationSpent):
        accounts.invited(accounts.add("nieuw", by="command", now=ahead), NOON)
    assert not accounts.may_enter(User.objects.get(username="nieuw").pk, NOON)
