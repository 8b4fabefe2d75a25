"""Rights are given and taken at once, by others; administrators stay two; two open a closed account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from luwte.desk.accounts import accounts, four_eyes, rights
from luwte.desk.accounts.errors import AccountUnknown, InvitationSpent, NothingToChange, TwoNeeded
from luwte.desk.accounts.four_eyes import LEAST, Wanted
from luwte.desk.accounts.models import Account
from luwte.desk.accounts.rights import Right
from luwte.desk.audit.models import Leaf
from tests.support.accounts import SIGN_IN, Worker
from tests.support.desk import NOON

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes"),
]


def three() -> tuple[Worker, Worker, Worker]:
    """Three administrators."""
    ada, bo, cas = (Worker(name, administrator=True) for name in ("ada", "bo", "cas"))
    return ada, bo, cas


def test_a_right_works_at_once_and_ends_the_sessions_of_before() -> None:
    ada, wim = Worker("ada", administrator=True), Worker("wim")
    client = wim.enter()
    assert client.get("/staff/people/").status_code == 200
    rights.take("wim", Right.CARE, by=ada.user.pk, now=NOON)
    assert client.get("/staff/people/")["Location"].startswith(SIGN_IN)
    assert rights.rights_of(wim.user.pk) == frozenset()
    again = Client()
    again.force_login(wim.user)
    session = again.session
    session["staff"] |= {"factor": True}
    session.save()
    assert again.get("/staff/people/").status_code == 403
    assert again.get("/staff/")["Location"] == "/staff/account/"
    rights.give("wim", Right.AUDITOR, by=ada.user.pk, now=NOON)
    assert rights.rights_of(wim.user.pk) == {Right.AUDITOR}
    acts = Leaf.objects.filter(about=f"staff:{wim.user.pk}", act__startswith="staff.right").order_by("id")
    assert [(row.act, b'"right":"care"' in bytes(row.content or b"")) for row in acts] == [
        ("staff.right-taken", True), ("staff.right-given", False),
    ]  # fmt: skip


def test_who_may_see_no_people_begins_on_the_page_of_their_own() -> None:
    ada, wim = Worker("ada", administrator=True), Worker("wim")
    rights.give("wim", Right.AUDITOR, by=ada.user.pk, now=NOON)
    rights.take("wim", Right.CARE, by=ada.user.pk, now=NOON)
    client = wim.enter()
    assert client.get("/staff/")["Location"] == "/staff/audit/"
    assert client.get("/staff/audit/").status_code == 200
    for path in ("/staff/people/", "/staff/numbers/", "/staff/accounts/", "/staff/texts/"):
        assert client.get(path).status_code == 403, path


def test_nobody_changes_their_own_rights_and_only_administrators_do() -> None:
    ada, wim = Worker("ada", administrator=True), Worker("wim")
    for change in (rights.give, rights.take):
        with pytest.raises(TwoNeeded, match="their own rights"):
            change("ada", Right.AUDITOR, by=ada.user.pk, now=NOON)
        with pytest.raises(TwoNeeded, match="is none"):
            change("ada", Right.AUDITOR, by=wim.user.pk, now=NOON)
        with pytest.raises(TwoNeeded, match="Two administrators decide"):
            change("wim", Right.ADMINISTRATOR, by=ada.user.pk, now=NOON)
        with pytest.raises(AccountUnknown):
            change("niemand", Right.AUDITOR, by=ada.user.pk, now=NOON)
    with pytest.raises(NothingToChange):
        rights.give("wim", Right.CARE, by=ada.user.pk, now=NOON)
    assert rights.rights_of(wim.user.pk) == {Right.CARE}


def test_two_take_the_right_of_an_administrator_back_also_their_own() -> None:
    ada, bo, cas = three()
    client = cas.enter()
    asked = four_eyes.ask(Wanted.NO_ADMINISTRATOR, "cas", by=ada.user.pk, now=NOON)
    assert asked.half == "", "the account keeps what it signs in with"
    with pytest.raises(TwoNeeded, match="Whoever asked"):
        four_eyes.approve(asked.id, by=ada.user.pk, now=NOON)
    assert client.get("/staff/accounts/").status_code == 200
    assert four_eyes.approve(asked.id, by=bo.user.pk, now=NOON) == ("cas", "")
    assert client.get("/staff/accounts/")["Location"].startswith(SIGN_IN), "it must work at once"
    assert rights.rights_of(cas.user.pk) == {Right.CARE}
    dirk = Worker("dirk", administrator=True)
    own = four_eyes.ask(Wanted.NO_ADMINISTRATOR, "dirk", by=dirk.user.pk, now=NOON)
    four_eyes.approve(own.id, by=ada.user.pk, now=NOON)
    assert Right.ADMINISTRATOR not in rights.rights_of(dirk.user.pk)
    with pytest.raises(NothingToChange, match="is no administrator"):
        four_eyes.ask(Wanted.NO_ADMINISTRATOR, "dirk", by=ada.user.pk, now=NOON)


def test_the_last_two_administrators_stay() -> None:
    ada, bo, _ = three()
    accounts.close("cas", by="command", now=NOON)
    with pytest.raises(TwoNeeded, match="Fewer than 2 administrators"):
        four_eyes.ask(Wanted.NO_ADMINISTRATOR, "bo", by=ada.user.pk, now=NOON)
    with pytest.raises(TwoNeeded, match="Fewer than 2 administrators"):
        four_eyes.close("bo", by="staff:1", administrator=ada.user.pk, now=NOON, leaving=LEAST)
    assert User.objects.get(pk=bo.user.pk).is_active


def test_an_administrator_without_a_factor_does_not_count_among_the_two() -> None:
    ada, _, _ = three()
    Worker("dirk", administrator=True, app=False)
    accounts.close("cas", by="command", now=NOON)
    with pytest.raises(TwoNeeded, match="Fewer than 2"):
        four_eyes.ask(Wanted.NO_ADMINISTRATOR, "bo", by=ada.user.pk, now=NOON)


def test_two_requests_that_wait_do_not_take_the_last_two_together() -> None:
    ada, bo, cas = three()
    first = four_eyes.ask(Wanted.NO_ADMINISTRATOR, "cas", by=ada.user.pk, now=NOON)
    second = four_eyes.ask(Wanted.NO_ADMINISTRATOR, "bo", by=ada.user.pk, now=NOON)
    four_eyes.approve(first.id, by=bo.user.pk, now=NOON)
    with pytest.raises(TwoNeeded, match="is none"):
        four_eyes.approve(second.id, by=cas.user.pk, now=NOON)
    with pytest.raises(TwoNeeded, match="Fewer than 2"):
        four_eyes.approve(second.id, by=bo.user.pk, now=NOON)
    assert four_eyes.able() == LEAST


def test_a_closed_account_is_opened_by_two_and_nothing_of_before_lets_in() -> None:
    ada, bo, _ = three()
    wim = Worker("wim")
    rights.give("wim", Right.AUDITOR, by=ada.user.pk, now=NOON)
    accounts.close("wim", by="command", now=NOON)
    asked = four_eyes.ask(Wanted.REOPEN, "wim", by=ada.user.pk, now=NOON)
    assert not User.objects.get(pk=wim.user.pk).is_active
    with pytest.raises(TwoNeeded, match="Whoever asked"):
        four_eyes.approve(asked.id, by=ada.user.pk, now=NOON)
    name, second = four_eyes.approve(asked.id, by=bo.user.pk, now=NOON)
    found = User.objects.get(pk=wim.user.pk)
    assert (name, found.is_active, found.has_usable_password()) == ("wim", True, False)
    assert not accounts.has_factor(wim.user.pk)
    assert rights.rights_of(wim.user.pk) == {Right.CARE, Right.AUDITOR}
    for half in (asked.half, second):
        with pytest.raises(InvitationSpent):
            accounts.invited(half, NOON)
    assert accounts.invited(f"{asked.half}~{second}", NOON) == "wim"
    assert Leaf.objects.filter(act="staff.reopened", about=f"staff:{wim.user.pk}").count() == 1


def test_only_a_closed_account_is_asked_to_be_opened_and_only_for_a_day() -> None:
    ada, bo, _ = three()
    Worker("wim")
    with pytest.raises(NothingToChange, match="is open"):
        four_eyes.ask(Wanted.REOPEN, "wim", by=ada.user.pk, now=NOON)
    with pytest.raises(AccountUnknown):
        four_eyes.ask(Wanted.REOPEN, "niemand", by=ada.user.pk, now=NOON)
    accounts.close("wim", by="command", now=NOON)
    asked = four_eyes.ask(Wanted.REOPEN, "wim", by=ada.user.pk, now=NOON)
    with pytest.raises(TwoNeeded, match="more than a day"):
        four_eyes.approve(asked.id, by=bo.user.pk, now=NOON + timedelta(days=1))
    assert not User.objects.get(username="wim").is_active


def test_an_account_that_the_desk_knows_nothing_of_is_a_care_workers() -> None:
    user = User.objects.create_user("old", is_staff=True)
    assert rights.rights_of(user.pk) == {Right.CARE}
    assert not Account.objects.filter(pk=user.pk).exists(), "asking must not write"
