"""The lexicon finds what may never be said, and lets through what was written for persons."""

from __future__ import annotations

import pytest

from luwte.desk.telling.channels.email import EmailChannel, MailServer
from luwte.desk.telling.channels.port import Envelope
from luwte.desk.wishes.rules import Register
from luwte.desk.words.claims import Language, breaches
from tests.support.desk import NOON

PLANTED: list[tuple[Language, str, str]] = [
    ("nl", "certainty", "Wij weten het zeker."),
    ("nl", "certainty", "Het is voorgoed weg."),
    ("en", "certainty", "It will never come back."),
    ("en", "certainty", "You are safe."),
    ("nl", "hundred percent", "Dit is 100% weg."),
    ("en", "hundred percent", "This is 100 % gone."),
    ("nl", "totals", "Wij vonden alle bestanden."),
    ("nl", "totals", "Er zijn 12 foto's."),
    ("en", "totals", "There are 12 images."),
    ("nl", "commands", "U moet bellen."),
    ("en", "commands", "You must call immediately."),
    ("nl", "blame", "Waarom heeft u dat gedaan?"),
    ("en", "blame", "You shared it."),
    ("nl", "viewers", "Het is 20 keer bekeken."),
    ("en", "viewers", "It has 20 views."),
    ("nl", "what is shown", "Waarop u te zien bent."),
    ("en", "what is shown", "In which you are depicted."),
]


@pytest.mark.parametrize(("language", "rule", "text"), PLANTED)
def test_a_planted_claim_is_found_by_its_rule(language: Language, rule: str, text: str) -> None:
    assert rule in {breach.rule for breach in breaches(text, language)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Uw zaak bij de politie"),
        ("en", "A case about abuse"),
        ("nl", "Luwte"),
        ("en", "your care worker"),
    ],
)
def test_outside_texts_may_not_name_what_this_is(language: Language, text: str) -> None:
    assert {breach.rule for breach in breaches(text, language, outside=True)} == {"outside"}
    assert not breaches(text, language)


def test_a_part_of_a_word_is_no_breach() -> None:
    assert not breaches("Dit is een onzekere tijd, allemaal anders.", "nl")
    assert not breaches("We shall call. The tallest.", "en")


@pytest.mark.parametrize("words", Register)
def test_the_neutral_mail_claims_nothing_and_names_nothing(words: Register) -> None:
    channel = EmailChannel(MailServer("localhost", 25, "bericht@localhost"), "http://127.0.0.1:8000/")
    mail = channel.message(Envelope("ab" * 16, "noor@example.org", words, NOON))
    assert not breaches(f"{mail['From']} {mail['Subject']} {mail.get_content()}", words, outside=True)
