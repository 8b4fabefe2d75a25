"""Every page that there is, is visited by the tour: so each check that walks it holds for new pages too."""

from __future__ import annotations

import pytest

from tests.desk.project.test_roles import TABLE
from tests.support.routes import routes
from tests.support.tour import portal_pages, staff_pages
from tests.support.tour_accounts import account_pages

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]
NO_PAGE = {
    "gezocht/<str:statement>/": "gives a file",
    "gezocht/<str:statement>/blad/": "gives a file",
    "mijn/gegevens/blad/": "gives a file",
    "uit/": "leads out",
    "via/": "leads to the broker, where there is one",
    "taal/": "leads back to where one was",
    "staff/again/passkey/": "leads to the page of the code",
}
"""Routes that are no page, and neither answer 405 to everyone who asks for one."""


def without_page(route: str) -> bool:
    """Whether a route is an act and nothing else: none gets a page there, asked or sent."""
    asked, sent = TABLE[route]
    return set(asked.values()) <= {"405", "in", "403"} and "ok" not in sent.values()


def test_the_tour_comes_to_every_page() -> None:
    pages = (*portal_pages("nl"), *staff_pages("nl"), *account_pages("nl"))
    matches = (getattr(page.wsgi_request, "resolver_match", None) for _, page in pages)
    visited = {match.route for match in matches if match is not None}
    known = {route for route, _ in routes()}
    assert NO_PAGE.keys() <= known
    missed = {route for route in known - visited - NO_PAGE.keys() if not without_page(route)}
    assert not missed, "a page that tests/support/tour.py does not visit is looked at by no check"


def test_every_name_in_the_tour_is_of_one_page() -> None:
    for tour in (portal_pages, staff_pages, account_pages):
        names = [name for name, _ in tour("nl")]
        assert len(names) == len(set(names)), sorted({one for one in names if names.count(one) > 1})


def test_every_page_in_the_tour_is_a_page() -> None:
    for name, page in (*staff_pages("nl"), *account_pages("nl")):
        assert page.status_code == 200 or "refused" in name or "no invitation" in name, name
        assert page["Content-Type"].startswith("text/html"), name
