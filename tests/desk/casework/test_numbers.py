"""The numbers of review: what reviewers spent beside what a day may have, and never who of them."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

from luwte.desk.casework.roles import Role
from luwte.desk.findings.models import Cluster
from luwte.desk.review import authority
from luwte.desk.review.hours import Limits
from luwte.desk.review.models import Look, Reviewer
from tests.support.casework import worker
from tests.support.desk import NOON, cluster
from tests.support.pages import words
from tests.support.review import reported, reviewers

SVG = "{http://www.w3.org/2000/svg}"
MINUTE = timedelta(minutes=1)


def looked(seconds: int) -> None:
    reported(cluster("x", "a", 3))
    reviewers("wim")
    Look.objects.create(
        cluster=Cluster.objects.get(), reviewer=Reviewer.objects.get(), given=NOON - timedelta(hours=3),
        until=NOON, ended=NOON - timedelta(hours=3) + timedelta(seconds=seconds), answer="refused",
    )  # fmt: skip


def drawn(page: str) -> dict[str, ElementTree.Element]:
    found = [ElementTree.fromstring(one) for one in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]
    return {(one[0].get("id") or "").removesuffix("-title"): one for one in found}


def test_what_a_day_had_more_than_it_may_is_an_open_mark_and_stands_in_words() -> None:
    authority.set_limits(Limits(minutes_a_day=60), NOON)
    looked(60 * 60 + 1)
    page = worker("co", Role.CASE_OFFICER).get("/staff/numbers/")
    text, found = words(page), drawn(page.content.decode())
    assert set(found) == {"longest", "minutes"}
    marks = [one.get("fill") for one in found["longest"].iter(f"{SVG}circle")]
    assert marks == ["currentColor"] * 11 + ["none"]
    assert "een dag nu mag hebben: 60. In 1 van de 12 weken had een dag er meer" in text
    assert re.search(r"2 mrt</th><td[^>]*>61</td>", page.content.decode())


def test_what_is_just_within_the_budget_is_within_it() -> None:
    authority.set_limits(Limits(minutes_a_day=60), NOON)
    looked(60 * 60)
    page = worker("co", Role.CASE_OFFICER).get("/staff/numbers/")
    assert "In 0 van de 12 weken" in words(page)
    longest = drawn(page.content.decode())["longest"]
    assert {one.get("fill") for one in longest.iter(f"{SVG}circle")} == {"currentColor"}


def test_nobody_is_named_and_each_picture_has_its_words_and_its_table() -> None:
    looked(90)
    page = worker("co", Role.CASE_OFFICER).get("/staff/numbers/").content.decode()
    assert "wim" not in page
    for name, root in drawn(page).items():
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
        assert root[0].text
        assert root[1].text
    assert page.count("<figure") == page.count("<table") == 2


def test_a_case_officer_finds_the_page_from_the_work_list_and_from_the_limits() -> None:
    browser = worker("co", Role.CASE_OFFICER)
    for path in ("/staff/", "/staff/limits/"):
        assert 'href="/staff/numbers/"' in browser.get(path).content.decode()
    assert 'href="/staff/numbers/"' not in worker("wim", Role.REVIEWER).get("/staff/").content.decode()
