"""Texts are filled whole or not at all, and what leaves the desk is the same for every reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.desk.telling.channels.port import Envelope
from luwte.desk.words.errors import TemplateUnknown, VariableMissing
from luwte.desk.words.registry import FOLDER, OUTSIDE, REGISTERS, read, template, templates, text

WHOLE = """
place = "inside"
variables = ["day"]
[[versions]]
version = 1
nl = { body = "Op {day}." }
nl-youth = { body = "Op {day}." }
en = { body = "On {day}." }
"""


def test_every_file_is_a_text_in_every_register() -> None:
    wanted = {(path.stem, words) for path in FOLDER.glob("*.toml") for words in REGISTERS}
    assert {(one.id, one.words) for one in templates()} == wanted
    assert len(wanted) >= 3 * 15


def test_a_text_is_filled() -> None:
    found = text("contact.email", "en", url="https://example.org/")
    assert found.subject == "A message is waiting for you"
    assert "\nhttps://example.org/\n" in found.body


def test_a_value_is_filled_in_as_it_is() -> None:
    assert "{day}" in text("digest.nothing", "nl", number="{day}", day="3 maart 2026").body


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "needs day, number"),
        ({"number": "3"}, "needs day"),
        ({"number": "3", "day": "x", "reason": "harm"}, "no place for reason"),
        ({"number": "3", "day": ""}, "value of day"),
        ({"number": "3", "day": "x\nBcc: y"}, "value of day"),
        ({"number": "3", "day": "x" * 301}, "value of day"),
        ({"number": 3, "day": "x"}, "value of number"),
    ],
)
def test_a_text_is_not_filled_with_too_little_too_much_or_nonsense(
    values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(VariableMissing, match=sentence):
        text("digest.nothing", "nl", **values)


@pytest.mark.parametrize(
    ("name", "words", "version", "sentence"),
    [
        ("contact.fax", "nl", None, "no text 'contact.fax'"),
        ("contact.email", "fr", None, "no texts in 'fr'"),
        ("contact.email", "nl", 99, "no version 99"),
    ],
)
def test_what_is_not_there_is_said(name: str, words: str, version: int | None, sentence: str) -> None:
    with pytest.raises(TemplateUnknown, match=sentence):
        template(name, words, version)


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(WHOLE)
    assert set(read(path)[1]) == set(REGISTERS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"inside"', '"somewhere"'),
        ('["day"]', '["day", "hour"]'),
        ('"On {day}."', '"On {date}."'),
        ('"On {day}."', '"On {day."'),
        ("nl-youth", "youth"),
        ("version = 1", ""),
        ("body", "text"),
        ("[[versions]]", "[versions"),
    ],
)
def test_half_a_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(WHOLE.replace(old, new))
    with pytest.raises(TemplateUnknown, match=r"a\.toml is no whole text"):
        read(path)


def test_every_version_and_register_has_a_digest_of_its_own() -> None:
    digests = [one.digest for one in templates()]
    assert len(set(digests)) == len(digests)


def test_what_leaves_the_desk_can_not_depend_on_a_reason() -> None:
    """T6: no variable of a contact follows from why it is made, and no channel is told."""
    for one in templates():
        if one.place == OUTSIDE and one.id.startswith("contact."):
            assert one.variables <= {"url"}, one.id
    told = set(Envelope.__dataclass_fields__)
    assert not told & {"reason", "source", "sources", "items", "detail", "subject", "case", "count"}


@pytest.mark.parametrize("words", REGISTERS)
def test_the_text_message_is_one_part_of_plain_letters(words: str) -> None:
    body = text("contact.sms", words).body
    assert len(body) <= 160
    assert body.isascii()
    assert not set(body) & set("^{}\\[~]|`")
