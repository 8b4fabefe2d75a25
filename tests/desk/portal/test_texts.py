"""The texts in docs/texts are those of the pages, and none is missing."""

from __future__ import annotations

import os

import pytest

from tests.support.texts import FOLDER, WRITE, written

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock"),
]


def test_the_texts_in_docs_are_those_of_the_pages() -> None:
    now = written()
    if os.environ.get(WRITE):
        FOLDER.mkdir(exist_ok=True)
        for name, text in now.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    kept = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.md")}
    stale = sorted(name for name in now.keys() | kept.keys() if now.get(name) != kept.get(name))
    assert not stale, "run `python -m tests.support.texts`, and delete pages that are gone"
