"""A receipt stands by pseudonym in the register, so no answer of a mail server may name the person there."""

from __future__ import annotations

import pytest

from luwte.desk.telling.channels.email import _text

ADDRESS = "noor.jansen@example.org"


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
    assert _text((550, answer), ADDRESS) == f"550 {kept}"
