"""A text counts as signed when two different people signed exactly what it says now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from luwte.desk.words.errors import SignatureRefused, TemplateUnknown
from luwte.desk.words.registry import REGISTERS, Text, template, templates
from luwte.desk.words.services import sign, signatures, signed
from tests.support.words import sign_all

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAIL = "contact.email"


def test_one_signature_is_not_enough_and_two_are() -> None:
    sign(MAIL, 1, "Wim Zorgzaam", "care worker", NOW)
    assert not any(signed(template(MAIL, words)) for words in REGISTERS)
    sign(MAIL, 1, "Lotte Lezer", "language adviser", NOW + timedelta(minutes=1))
    assert all(signed(template(MAIL, words)) for words in REGISTERS)
    assert [one.by for one in signatures(template(MAIL, "nl"))] == ["Wim Zorgzaam", "Lotte Lezer"]


@pytest.mark.parametrize(
    "again", ["Wim Zorgzaam", "wim zorgzaam", "  WIM   Zorgzaam ", "WimZorgzaam", "Ｗim Zorgzaam"]
)
def test_the_same_person_twice_does_not_count(again: str) -> None:
    sign(MAIL, 1, "Wim Zorgzaam", "care worker", NOW)
    with pytest.raises(SignatureRefused, match="second, other person"):
        sign(MAIL, 1, again, "manager", NOW)
    assert not signed(template(MAIL, "nl"))


def test_a_changed_text_loses_its_signatures() -> None:
    sign_all(NOW)
    one = template(MAIL, "nl")
    assert signed(one)
    assert not signed(replace(one, text=Text(one.text.subject, one.text.body + " ")))
    assert not signed(replace(one, version=2))
    assert not signed(replace(one, words="en"))


def test_a_register_can_be_signed_apart() -> None:
    for name in ("Wim", "Lotte"):
        sign(MAIL, None, name, "reader", NOW, ["en"])
    assert signed(template(MAIL, "en"))
    assert not signed(template(MAIL, "nl"))


@pytest.mark.parametrize(
    ("by", "role"), [("", "r"), ("  ", "r"), ("Wim", ""), ("W\x1bim", "r"), ("W" * 201, "r")]
)
def test_a_signature_needs_a_name_and_a_role(by: str, role: str) -> None:
    with pytest.raises(SignatureRefused, match="needs a name and a role"):
        sign(MAIL, 1, by, role, NOW)


def test_what_is_not_there_is_not_signed() -> None:
    with pytest.raises(TemplateUnknown):
        sign(MAIL, 99, "Wim", "reader", NOW)


def test_all_can_be_signed() -> None:
    sign_all(NOW)
    assert all(signed(one) for one in templates())
