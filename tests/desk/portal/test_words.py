"""What a person reads, on every page, claims nothing, gives nothing away outside, and is easy to read."""

from __future__ import annotations

import re

import pytest

from luwte.desk.words.claims import Language, breaches
from luwte.desk.words.readability import measure
from tests.support.pages import text_of
from tests.support.tour import portal_pages

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
TITLE = {"nl": "Berichten", "en": "Messages"}


@pytest.mark.parametrize("language", ["nl", "nl-youth", "en"])
def test_no_page_claims_what_may_never_be_claimed(language: str) -> None:
    spoken: Language = "en" if language == "en" else "nl"
    for name, page in portal_pages(language):
        outside = name.startswith("outside")
        text = text_of(page.content.decode(), "body")
        assert not breaches(text, spoken, outside=outside), name


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_title_is_neutral(language: Language) -> None:
    for name, page in portal_pages(language):
        found = re.search("<title>(.*?)</title>", page.content.decode())
        assert found is not None, name
        if name != "outside: neutral":
            assert found.group(1) == TITLE[language], name


@pytest.mark.parametrize("wording", ["nl", "nl-youth"])
def test_dutch_is_easy_to_read(wording: str) -> None:
    for name, page in portal_pages(wording):
        text = text_of(page.content.decode())
        if len(text.split()) < 30:
            continue
        found = measure(text, "nl")
        assert found.douma >= 75, (name, found)
        assert found.brouwer >= 70, (name, found)
        assert found.words_per_sentence <= 10, (name, found)
        assert found.longest <= 20, (name, found)


def test_english_is_easy_to_read() -> None:
    for name, page in portal_pages("en"):
        text = text_of(page.content.decode())
        if len(text.split()) >= 30:
            assert measure(text, "en").grade <= 6, (name, measure(text, "en"))
