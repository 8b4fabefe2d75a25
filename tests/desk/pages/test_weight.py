"""No page is heavy: a slow line and an old telephone carry it too."""

from __future__ import annotations

import pytest

from tests.support.tour import portal_pages, staff_pages
from tests.support.tour_accounts import account_pages
from tests.support.weight import MOST, weight

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_with_all_that_it_loads_is_light(language: str) -> None:
    for name, page in (*portal_pages(language), *staff_pages(language), *account_pages(language)):
        found = weight(page.content)
        assert found.raw <= MOST, (name, found)
        assert found.sent < found.raw, (name, "the style sheet is not compressed", found)
