"""Who does what in casework: administrators give work on a page, to others alone, and one person is one."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from luwte.desk.accounts.errors import TwoNeeded
from luwte.desk.accounts.models import Account
from luwte.desk.audit.models import Leaf
from luwte.desk.casework import roles
from luwte.desk.casework.roles import Role
from tests.support.accounts import Worker
from tests.support.casework import worker
from tests.support.desk import NOON
from tests.support.pages import words

pytestmark = pytest.mark.usefixtures("quick_hashes")
LIST = "/staff/accounts/"


@pytest.fixture
def ada() -> Client:
    """An administrator, who has just shown a second factor."""
    return Worker("ada", administrator=True).enter()


def page_of(name: str) -> str:
    return f"{LIST}{User.objects.get(username=name).pk}/"


def held(name: str) -> set[Role]:
    return set(roles.of(User.objects.get(username=name).pk))


def test_work_is_given_and_taken_at_once_and_on_record(ada: Client) -> None:
    wim = worker("wim")
    assert ada.post(page_of("wim"), {"act": "give-case-officer"})["Location"] == page_of("wim")
    assert held("wim") == {Role.CASE_OFFICER}
    assert wim.get("/staff/")["Location"].startswith("/staff/sign-in/"), "its sessions end"
    leaf = Leaf.objects.get(act="staff.role-changed")
    key = User.objects.get(username="ada").pk
    assert f'"by":"casework:{key}"'.encode() in bytes(leaf.content or b"")
    page = ada.get(page_of("wim"))
    assert "Terugnemen: zaaksofficier" in words(page)
    ada.post(page_of("wim"), {"act": "take-case-officer"})
    assert held("wim") == set()


def test_the_list_says_who_does_what(ada: Client) -> None:
    worker("wim", Role.REVIEWER, Role.EXAMINER)
    page = ada.get(LIST).content.decode()
    row = re.search(r">wim</a></th>(.*?)</tr>", page, re.DOTALL)
    assert row is not None
    assert "beoordelaar" in row.group(1)
    assert "zaaksofficier" not in row.group(1)


def test_nobody_gives_themselves_work(ada: Client) -> None:
    page = ada.get(page_of("ada"))
    assert "Geven:" not in words(page)
    answer = ada.post(page_of("ada"), {"act": "give-list-manager"})
    assert (answer.status_code, held("ada")) == (400, set())
    assert "uw eigen werk niet veranderen" in words(answer)
    with pytest.raises(TwoNeeded, match="Nobody changes their own work"):
        roles.change("ada", Role.REVIEWER, by=User.objects.get(username="ada").pk, now=NOON, has=True)


def test_who_is_no_administrator_gives_nothing() -> None:
    wim = worker("wim", *Role)
    for path in (LIST, page_of("wim")):
        assert wim.get(path).status_code == 403
    worker("bo")
    assert wim.post(page_of("bo"), {"act": "give-reviewer"}).status_code == 403
    with pytest.raises(TwoNeeded):
        roles.change("bo", Role.REVIEWER, by=User.objects.get(username="wim").pk, now=NOON, has=True)
    assert held("bo") == set()


def test_one_person_is_not_two_reviewers(ada: Client) -> None:
    worker("wim", Role.REVIEWER)
    worker("w.im")
    User.objects.filter(username="w.im").update(username="WÍM")
    answer = ada.post(page_of("WÍM"), {"act": "give-reviewer"})
    assert answer.status_code == 400
    assert "Elk is één mens" in words(answer)
    assert held("WÍM") == set()


@pytest.mark.parametrize(
    "act", ["", "give", "give-", "give-king", "make-reviewer", "give-reviewer-", "x" * 999]
)
def test_what_is_no_act_is_refused(ada: Client, act: str) -> None:
    worker("wim")
    assert ada.post(page_of("wim"), {"act": act}).status_code == 400
    assert held("wim") == set()


def test_an_account_that_is_closed_or_none_gets_no_work(ada: Client) -> None:
    worker("wim")
    User.objects.filter(username="wim").update(is_active=False)
    assert "Geven:" not in words(ada.get(page_of("wim")))
    assert ada.post(page_of("wim"), {"act": "give-reviewer"}).status_code == 400
    assert ada.get(f"{LIST}{10**9}/").status_code == 404
    assert held("wim") == set()


def test_an_account_without_work_waits_for_an_administrator_and_for_nobody_else(ada: Client) -> None:
    wim = worker("wim")
    assert "Dit account heeft geen werk" in words(ada.get("/staff/"))
    assert f'href="{LIST}"' in ada.get("/staff/").content.decode()
    assert "Dit account heeft geen werk" not in words(wim.get("/staff/"))
    ada.post(page_of("wim"), {"act": "give-reviewer"})
    assert "Dit account heeft geen werk" not in words(ada.get("/staff/"))


def test_an_administrator_who_cares_for_nobody_comes_to_the_list() -> None:
    bo = Worker("bo", administrator=True)
    Account.objects.filter(pk=bo.user.pk).update(care=False)
    assert bo.enter().get("/staff/")["Location"] == LIST
