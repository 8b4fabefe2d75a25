"""An auditor reads both records without a name in them, and cannot change anything."""

from __future__ import annotations

import pytest
from django.test import Client

from luwte.desk.accounts.models import Account
from luwte.desk.audit.models import Checkpoint, Cosignature, Leaf
from tests.support.accounts import Worker
from tests.support.desk import NOON
from tests.support.pages import words
from tests.support.stage import stranger
from tests.support.tour import care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes", "signed"),
]
RECORD = "/staff/audit/"


def auditor() -> Client:
    worker = Worker("eva")
    Account.objects.update_or_create(pk=worker.user.pk, defaults={"auditor": True, "care": False})
    return worker.enter()


def test_what_a_care_worker_looked_at_is_there_by_pseudonym_and_never_by_name() -> None:
    noor = stranger("Noor-Zonderweerga")
    care = care_worker(name="wim")
    care.get(f"/staff/person/{noor.id}/")
    browser = auditor()
    desk = browser.get(f"{RECORD}?log=desk&act=telling.dossier-viewed")
    assert noor.subject in words(desk)
    pages = [
        desk,
        browser.get(f"{RECORD}?log=vault"),
        browser.get(f"{RECORD}looks/"),
        browser.get(f"{RECORD}?log=desk"),
    ]
    for page in pages:
        assert page.status_code == 200
        for name in ("Noor-Zonderweerga", "wim", "eva"):
            assert name not in words(page), name


def test_nothing_is_searched_before_somebody_asks_and_each_search_is_recorded() -> None:
    browser = auditor()
    before = Leaf.objects.filter(act="audit.record-searched")
    browser.get(RECORD)
    assert before.count() == 0
    browser.get(f"{RECORD}?log=vault&by=staff:7")
    row = before.get()
    assert b'"by":"staff:7","log":"vault"' in bytes(row.content or b"")
    browser.get(f"{RECORD}looks/")
    assert before.count() == 3, "one in each record"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("log=other", "Kies een van de twee logboeken"),
        ("log=desk&act=nothing", "Kies een van de handelingen"),
        ("log=desk&since=yesterday", "Schrijf een dag als"),
        ("log=desk&until=9999-12-31", "Schrijf een dag als"),
        ("log=desk&by=Noor", "Schrijf wie het deed"),
        ("log=desk&about=Noor+de+Vries", "geen naam"),
        ("log=desk&place=-1", "Schrijf een getal"),
        ("log=desk&place=" + "9" * 30, "Schrijf een getal"),
        ("log=desk&before=x", "Schrijf een getal"),
        ("log=desk&place=٣", "Schrijf een getal"),
    ],
)
def test_what_cannot_be_searched_for_is_said_and_not_recorded(asked: str, said: str) -> None:
    browser = auditor()
    before = Leaf.objects.count()
    answer = browser.get(f"{RECORD}?{asked}")
    assert (answer.status_code, said in words(answer)) == (200, True)
    assert Leaf.objects.count() == before


def test_older_acts_are_a_page_further_with_the_same_question() -> None:
    browser = auditor()
    for _ in range(60):
        browser.get(f"{RECORD}?log=vault")
    page = browser.get(f"{RECORD}?log=desk&act=audit.record-searched").content.decode()
    assert 'rel="next" href="?log=desk&amp;act=audit.record-searched&amp;before=' in page
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(f"{RECORD}{older}").content.decode().count('<tr class="utrecht-table__row"') == 1 + 11


def test_who_looked_leads_to_what_they_looked_at() -> None:
    noor = stranger("Noor")
    care = care_worker(name="wim")
    care.get(f"/staff/person/{noor.id}/")
    browser = auditor()
    key = care.session["_auth_user_id"]
    page = browser.get(f"{RECORD}looks/").content.decode()
    assert f'href="{RECORD}looks/{key}/"' in page
    looked = words(browser.get(f"{RECORD}looks/{key}/"))
    assert noor.subject in looked
    assert browser.get(f"{RECORD}looks/{10**18}/").status_code == 404


def test_others_do_not_read_the_record_and_nobody_writes_to_it() -> None:
    Worker("ada", administrator=True)
    browser = auditor()
    for path in (RECORD, f"{RECORD}looks/", f"{RECORD}looks/7/"):
        assert care_worker().get(path).status_code == 403
        assert browser.post(path).status_code == 405


def test_the_checkpoint_and_its_witnesses_are_there() -> None:
    browser = auditor()
    assert "Er is nog geen ijkpunt gemaakt" in words(browser.get(RECORD))
    Checkpoint.objects.create(size=3, root=b"\1" * 32, at=NOON, note="luwte/desk\n3\n<root>")
    Cosignature.objects.create(size=3, witness="court.example", line="x")
    page = words(browser.get(RECORD))
    assert "Het nieuwste ijkpunt tekent 3 handelingen, op 2 maart 2026, 13:00" in page
    assert "luwte/desk 3 <root>" in " ".join(page.split())
    assert "court.example tekende de stand van 3 handelingen" in page
