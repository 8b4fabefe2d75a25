"""A receipt stands by pseudonym in the register, so no answer of a mail server may name the person there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from luwte.desk.telling.channels.port import Envelope, without_person
from luwte.desk.wishes.rules import Register

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MAIL = Envelope("ab" * 16, "noor.jansen@example.org", Register.DUTCH, NOW)
SMS = Envelope("ab" * 16, "+31612345678", Register.DUTCH, NOW)
LETTER = Envelope("ab" * 16, "", Register.DUTCH, NOW, "N. Jansen", ("Straat 1", "1234 AB Dorp"))


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (
            b"5.1.1 <noor.jansen@example.org>: Recipient address rejected",
            "5.1.1 <(address)>: Recipient address rejected",
        ),
        (b"5.7.1 Noor.Jansen@Example.ORG is unknown", "5.7.1 (address) is unknown"),
        (b"user NOOR.JANSEN has left", "user (address) has left"),
        (b"forwarded to n.jansen@elsewhere.example", "forwarded to (address)"),
        (b"2.0.0 Ok: queued as 4QxY7z", "2.0.0 Ok: queued as 4QxY7z"),
    ],
)
def test_an_answer_is_kept_without_the_address(answer: bytes, kept: str) -> None:
    assert without_person(answer.decode(), MAIL) == kept


@pytest.mark.parametrize("said", ["Not a number: +31612345678", "Not a number: +31 6 12 34 56 78"])
def test_a_telephone_number_is_not_kept(said: str) -> None:
    assert without_person(said, SMS) == "Not a number: (address)"


def test_a_postal_address_is_not_kept() -> None:
    assert without_person("1234 ab dorp: no N. Jansen at Straat 1", LETTER) == (
        "(address): no (address) at (address)"
    )


def test_a_long_answer_is_cut() -> None:
    assert len(without_person("x" * 1000, MAIL)) == 300
