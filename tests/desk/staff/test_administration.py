"""The pages of the administrators do what the services do, for administrators alone, and show a link once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from luwte.desk.accounts import accounts, rights
from luwte.desk.accounts.errors import AccountTaken, AccountUnknown, AccountWrong, NothingToChange
from luwte.desk.accounts.models import Account
from luwte.desk.accounts.rights import Right
from luwte.desk.audit.models import Leaf
from luwte.desk.staff import account_words
from tests.support.accounts import Worker
from tests.support.desk import NOON
from tests.support.pages import words

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes"),
]
LIST = "/staff/accounts/"
NOW = NOON + timedelta(minutes=1)


def two() -> tuple[Client, Client]:
    """Browsers of two administrators, who have just shown a second factor."""
    ada, bo = (Worker(name, administrator=True) for name in ("ada", "bo"))
    return ada.enter(), bo.enter()


def page_of(name: str) -> str:
    return f"{LIST}{User.objects.get(username=name).pk}/"


def link_in(page: str) -> str:
    found = re.search(r"/staff/invited/([\w~-]+)", page)
    assert found is not None, page
    return found.group(1)


def test_an_account_is_added_and_its_link_is_shown_this_one_time() -> None:
    ada, _ = two()
    page = ada.post(LIST, {"act": "add", "name": "wim"}).content.decode()
    assert accounts.invited(link_in(page), NOW) == "wim"
    assert link_in(page) not in ada.get(LIST).content.decode()
    assert rights.rights_of(User.objects.get(username="wim").pk) == {Right.CARE}
    added = Leaf.objects.filter(act="staff.added").get()
    assert f'"by":"staff:{User.objects.get(username="ada").pk}"'.encode() in bytes(added.content or b"")


@pytest.mark.parametrize(
    ("name", "said"),
    [("ADA", "Er is een account met deze naam"),
     *((name, "Dit kan geen naam zijn") for name in ("a b", "", "x" * 200, "<b>"))],
)  # fmt: skip
def test_a_name_that_cannot_be_is_said_on_the_page(name: str, said: str) -> None:
    ada, _ = two()
    answer = ada.post(LIST, {"act": "add", "name": name})
    assert said in words(answer)
    assert User.objects.count() == 2
    assert "<b>" not in answer.content.decode()


def test_what_takes_two_is_asked_by_one_and_approved_by_another_in_two_halves() -> None:
    ada, bo = two()
    Worker("wim")
    first = link_in(ada.post(page_of("wim"), {"act": "ask-reset"}).content.decode())
    waiting = bo.get(LIST).content.decode()
    assert "ada vraagt of wim een nieuw wachtwoord" in words(bo.get(LIST))
    assert 'value="approve"' not in ada.get(LIST).content.decode(), "whoever asked has no button"
    request = re.search(r'name="request" value="([0-9a-f]{32})"', waiting)
    assert request is not None
    press = {"act": "approve", "request": request.group(1)}
    assert "Een andere beheerder keurt het goed" in words(ada.post(LIST, press))
    page = bo.post(LIST, press).content.decode()
    second = re.search(r'<code class="lw-code">([\w-]+)</code>', page)
    assert second is not None
    assert accounts.invited(first + second.group(1), NOW) == "wim"
    assert "Vraag het opnieuw" in words(bo.post(LIST, press)), "a request is approved once"


def test_a_closed_account_is_opened_again_and_a_right_is_given_and_taken() -> None:
    ada, bo = two()
    Worker("wim")
    assert ada.post(page_of("wim"), {"act": "close"})["Location"] == page_of("wim")
    assert not User.objects.get(username="wim").is_active
    assert 'value="ask-reopen"' in ada.get(page_of("wim")).content.decode()
    ada.post(page_of("wim"), {"act": "ask-reopen"})
    request = re.search(r'name="request" value="([0-9a-f]{32})"', bo.get(LIST).content.decode())
    assert request is not None
    bo.post(LIST, {"act": "approve", "request": request.group(1)})
    assert User.objects.get(username="wim").is_active
    ada.post(page_of("wim"), {"act": "give-auditor"})
    ada.post(page_of("wim"), {"act": "take-care"})
    assert rights.rights_of(User.objects.get(username="wim").pk) == {Right.AUDITOR}


def test_the_last_two_administrators_have_no_button_and_the_page_refuses_it() -> None:
    ada, _ = two()
    for act in ("close", "ask-no-administrator"):
        assert f'value="{act}"' not in ada.get(page_of("bo")).content.decode()
        assert "twee beheerders over" in words(ada.post(page_of("bo"), {"act": act}))
    Worker("cas", administrator=True)
    assert 'value="close"' in ada.get(page_of("bo")).content.decode()
    assert ada.post(page_of("bo"), {"act": "ask-no-administrator"}).status_code == 302
    assert Account.objects.get(pk=User.objects.get(username="bo").pk).administrator, "it only waits"


def test_nobody_finds_a_button_for_their_own_rights() -> None:
    ada, _ = two()
    Worker("cas", administrator=True)
    own = ada.get(page_of("ada")).content.decode()
    assert 'value="give-' not in own
    assert 'value="close"' not in own
    assert "eigen rechten" in words(ada.post(page_of("ada"), {"act": "give-auditor"}))


def test_a_care_worker_and_an_auditor_have_no_accounts_to_look_at() -> None:
    two()
    wim, eva = Worker("wim"), Worker("eva")
    Account.objects.update_or_create(pk=eva.user.pk, defaults={"auditor": True})
    for worker in (wim, eva):
        browser = worker.enter()
        for path in (LIST, page_of("ada")):
            assert browser.get(path).status_code == 403
            assert browser.post(path, {"act": "close"}).status_code == 403
        assert LIST not in browser.get("/staff/").content.decode()


def test_an_act_asks_for_the_second_factor_again_after_some_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, _ = two()
    Worker("wim")
    monkeypatch.setattr("luwte.desk.accounts.adapters.app_settings.REAUTHENTICATION_TIMEOUT", -1)
    assert ada.get(page_of("wim")).status_code == 200, "to look is no act"
    answer = ada.post(page_of("wim"), {"act": "close"})
    assert answer["Location"].startswith("/staff/again/?next=")
    assert User.objects.get(username="wim").is_active


@pytest.mark.parametrize(
    "act", ["", "reset", "give-administrator", "take-administrator", "ask-", "__class__"]
)
def test_an_act_that_is_not_there_is_refused(act: str) -> None:
    ada, _ = two()
    Worker("wim")
    before = Leaf.objects.count()
    assert ada.post(page_of("wim"), {"act": act}).status_code == 400
    assert Leaf.objects.count() == before


def test_an_account_that_is_not_there() -> None:
    ada, _ = two()
    assert ada.get(f"{LIST}999/").status_code == 404
    assert ada.get(f"{LIST}{10**30}/").status_code == 404


def test_every_cause_has_words() -> None:
    errors = [AccountTaken("a"), AccountUnknown("a"), AccountWrong("a"), NothingToChange("a")]
    raised = {"over", "own", "other", "none", "link", "last", "administrator", "self", "two"}
    for cause in {error.cause for error in errors} | raised:
        assert account_words.refused(cause)
