"""The catalogues are complete in both languages, compiled, and claim nothing."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest

import luwte.desk
from luwte.desk.words.catalogue import (
    LANGUAGES,
    VARIANTS,
    Message,
    catalogue,
    compile_catalogue,
    compiled_path,
    read,
)
from luwte.desk.words.claims import Language, breaches
from tests.support.messages import marked, says_u

DESK = Path(luwte.desk.__file__).parent
OF_STAFF = ("staff", "accounts", "casework")
EVERY = (*LANGUAGES, *VARIANTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_text_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    listed = {(one.source, one.plural) for one in catalogue(language) if one.source}
    wanted = marked(DESK)
    assert listed - wanted == set(), "no page uses these any more"
    assert wanted - listed == set(), "these are not translated"


@pytest.mark.parametrize("language", EVERY)
def test_every_text_is_translated_in_each_plural_form(language: str) -> None:
    for one in catalogue(language):
        assert len(one.translations) == (1 if one.plural is None else 2), one.source
        assert all(one.translations), one.source


@pytest.mark.parametrize("language", EVERY)
def test_the_compiled_catalogue_is_that_of_the_texts(language: str) -> None:
    compiled = compiled_path(language).read_bytes()
    assert compiled == compile_catalogue(catalogue(language)), "run `python -m luwte.desk.words.catalogue`"


@pytest.mark.parametrize("language", EVERY)
def test_no_text_claims_what_may_never_be_claimed(language: str) -> None:
    spoken: Language = "en" if language == "en" else "nl"
    found = {text: breaches(text, spoken) for one in catalogue(language) for text in one.translations}
    assert not {text: hits for text, hits in found.items() if hits and "Content-Type" not in text}


def test_no_translation_uses_a_placeholder_that_the_source_lacks() -> None:
    for language in EVERY:
        for one in catalogue(language):
            for text in one.translations:
                if one.source:
                    assert _placeholders(text) <= _placeholders(one.plural or one.source), text


def test_the_wording_for_young_people_has_each_text_that_says_u_and_no_other() -> None:
    """What is only on pages of the staff says "u" to grown people."""
    seen = {one for room in DESK.iterdir() if room.name not in OF_STAFF for one in marked(room)}
    polite = {
        (one.source, one.plural) for one in catalogue("nl") if any(map(says_u, one.translations))
    } & seen
    youth = {(one.source, one.plural) for one in catalogue("nl-youth") if one.source}
    assert polite - youth == set(), "say these in the wording for young people too (nl_Youth)"
    assert youth - polite == set(), "these need no other wording"
    assert not [text for one in catalogue("nl-youth") for text in one.translations if says_u(text)]


def _placeholders(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}


def test_python_reads_what_is_compiled() -> None:
    header = Message(
        translations=["Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"]
    )
    plain = Message("Help", translations=["Hulp"])
    many = Message("%d day", "%d days", translations=["%d dag", "%d dagen"])
    meant = Message("May", context="month", translations=["mei"])
    found = gettext.GNUTranslations(io.BytesIO(compile_catalogue([many, header, plain, meant])))
    assert found.gettext("Help") == "Hulp"
    assert [found.ngettext("%d day", "%d days", count) for count in (1, 2)] == ["%d dag", "%d dagen"]
    assert found.pgettext("month", "May") == "mei"


def test_a_text_that_stands_in_two_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for name in ("portal.po", "staff.po"):
        (folder / name).write_text('msgid "Help"\nmsgstr "Hulp"\n')
    monkeypatch.setattr("luwte.desk.words.catalogue.LOCALE", tmp_path)
    with pytest.raises(ValueError, match=r"staff\.po has a text that another file has too: 'Help'"):
        catalogue("nl")


def test_a_catalogue_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "wrong.po").write_text('msgid "a"\nmsgfoo "b"\n')
    with pytest.raises(ValueError, match="msgfoo"):
        read(tmp_path / "wrong.po")
