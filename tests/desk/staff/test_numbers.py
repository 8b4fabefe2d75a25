"""The page of numbers shows counts alone, no small ones, each in a picture with its table."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from luwte.desk.staff.numbers import LEAST, safe
from luwte.desk.telling import counts
from luwte.desk.telling.counts import Counted, Waits
from luwte.desk.telling.models import Contact
from luwte.desk.wishes.rules import Detail
from tests.support.desk import NOON
from tests.support.pages import words
from tests.support.stage import told
from tests.support.tour import care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]


def contacts(count: int) -> None:
    Contact.objects.bulk_create(
        Contact(subject=f"{one:032}", number=1, key=f"{one:032}", channel="email", detail="bands",
                state="done", decided=NOON, handed=NOON)
        for one in range(count)
    )  # fmt: skip


def figures(client: Client) -> dict[str, ElementTree.Element]:
    page = client.get("/staff/numbers/").content.decode()
    drawn = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    found = [ElementTree.fromstring(one) for one in drawn]
    return {(one[0].get("id") or "").removesuffix("-title"): one for one in found}


@pytest.mark.parametrize("count", [0, 1, LEAST - 1, LEAST, 250])
def test_a_count_of_one_to_nine_is_not_given_in_the_table_or_the_picture(count: int) -> None:
    contacts(count)
    page = care_worker().get("/staff/numbers/")
    shown = "minder dan 10" if 0 < count < LEAST else str(count)
    table = re.search(r"2 mrt</th><td[^>]*>([^<]+)</td>", page.content.decode())
    assert table is not None
    assert table.group(1) == shown


@pytest.mark.parametrize("name", ["contacts", "waits", "calls", "lapses"])
def test_two_small_counts_look_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client, pages = care_worker(), []
    for count in (1, LEAST - 1):
        for weekly in ("contacts_a_week", "calls_a_week", "lapses_a_week"):
            monkeypatch.setattr(counts, weekly, lambda _now, count=count: [Counted(NOON.date(), count)])
        waits = Waits((2.0,) * count, count)
        monkeypatch.setattr(counts, "first_waits", lambda _now, waits=waits: waits)
        pages.append(ElementTree.tostring(figures(client)[name]))
    assert pages[0] == pages[1]


def test_each_picture_says_itself_and_has_its_table_and_no_style_or_script() -> None:
    contacts(12)
    client = care_worker()
    assert set(figures(client)) == {"contacts", "waits", "calls", "lapses"}
    for name, root in figures(client).items():
        assert root.get("role") == "img"
        assert root[0].text
        assert root[1].text
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
    page = client.get("/staff/numbers/").content.decode()
    assert page.count("<figure") == page.count('<table class="utrecht-table"') == 4
    assert "style=" not in page
    assert "<script" not in page


def test_the_page_of_a_person_shows_the_contacts_of_that_person() -> None:
    noor = told("Noor", Detail.BANDS)
    page = care_worker().get(f"/staff/person/{noor.id}/")
    assert "Contacten met deze persoon" in words(page)
    assert re.search(r"mrt 2026</th><td[^>]*>1</td>", page.content.decode())


def test_a_small_count_stands_for_any_below_ten() -> None:
    assert [safe("a", count).vague for count in (0, 1, LEAST - 1, LEAST)] == [False, True, True, False]


def test_what_was_searched_stands_there_once_something_was() -> None:
    client = care_worker()
    assert "searched" not in figures(client)
    told("Noor", Detail.BANDS)
    assert "searched" in figures(client)
