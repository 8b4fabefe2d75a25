"""T6: from outside a contact is the same for every reason, source, count, detail and recipient."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from luwte.crypto.keyring import KeyRing
from luwte.desk.telling.addressing import envelope_of
from luwte.desk.telling.channels.email import EmailChannel, MailServer
from luwte.desk.telling.channels.letter import LetterChannel
from luwte.desk.telling.channels.notify import service
from luwte.desk.telling.channels.port import Envelope, Fate
from luwte.desk.telling.channels.print_folder import PrintFolderChannel
from luwte.desk.telling.channels.sms import SmsChannel
from luwte.desk.telling.channels.spool import PrintFolder
from luwte.desk.telling.facts import Known
from luwte.desk.telling.models import Contact
from luwte.desk.telling.subjects import contact_key, party_of, subject_of
from luwte.desk.telling.values import Kind, Reason
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import EMAIL, PHONE, POST, Identity, Mandate, Reach
from luwte.desk.wishes.rules import PERSON, Channel, Detail, Register, Source
from tests.support.notify import KEY, LETTER_TEMPLATE, SMS_TEMPLATE, running

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://portaal.example/"
REACHES = (
    Reach(EMAIL, "noor@example.org"),
    Reach(PHONE, "+31612345678"),
    Reach(POST, "Straat 1\n1234 AB Dorp"),
)
COUNTS = (0, 1, 5, 100_000)
WHY = list(itertools.product(Reason, Source, Detail, COUNTS))


@pytest.fixture
def recipients(ring: KeyRing) -> tuple[str, Known, list[str]]:
    """A person, and a parent with the same name and addresses: only who it is differs."""
    person = vault.add_person(Identity("N. Jansen"), *REACHES)
    mandate = Mandate("N. Jansen", Kind.PARENT, date(2020, 1, 1), holder=True, reaches=REACHES)
    parent = vault.add_representative(person, mandate)
    return subject_of(person), Known.one(person), [PERSON, party_of(parent)]


def contacts(subject: str, parties: list[str], channel: Channel, words: Register) -> Iterator[Contact]:
    """One contact for every reason, source, detail and count, to every recipient."""
    for number, ((reason, source, detail, count), party) in enumerate(itertools.product(WHY, parties)):
        yield Contact(
            subject=subject,
            number=number + count,
            key=contact_key(subject, number),
            recipient=party,
            channel=channel,
            detail=detail,
            words=words,
            sources=[source],
            reason=reason,
            asked=bool(number % 2),
            decided=NOW,
        )


def test_an_envelope_has_no_place_for_a_reason() -> None:
    assert [field.name for field in fields(Envelope)] == ["key", "address", "words", "now", "name", "lines"]


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.LETTER])
@pytest.mark.parametrize("words", Register)
def test_every_contact_is_handed_over_in_the_same_envelope(
    recipients: tuple[str, Known, list[str]], channel: Channel, words: Register
) -> None:
    subject, known, parties = recipients
    seen = {
        (envelope.address, envelope.words, envelope.now, envelope.name, envelope.lines, len(envelope.key))
        for contact in contacts(subject, parties, channel, words)
        for envelope in [envelope_of(contact, known, NOW)]
    }
    assert len(seen) == 1


@pytest.mark.parametrize("words", Register)
def test_every_email_has_the_same_bytes_but_for_its_id(
    recipients: tuple[str, Known, list[str]], words: Register
) -> None:
    subject, known, parties = recipients
    mail = EmailChannel(MailServer("127.0.0.1", 25, "bericht@post.example"), URL)
    envelopes = [
        envelope_of(contact, known, NOW) for contact in contacts(subject, parties, Channel.EMAIL, words)
    ]
    sent = {
        mail.message(envelope).as_bytes().replace(envelope.key.encode(), b"*" * 32) for envelope in envelopes
    }
    assert len(sent) == 1
    assert len({envelope.key for envelope in envelopes}) == len(envelopes)


@pytest.mark.parametrize("words", Register)
def test_every_text_message_and_letter_says_the_same(tmp_path: Path, words: Register) -> None:
    with running() as notify:
        to = service(notify.url, KEY)
        sms, post = SmsChannel(to, SMS_TEMPLATE), LetterChannel(to, LETTER_TEMPLATE, URL)
        spool = PrintFolderChannel(PrintFolder(tmp_path, "Postbus 100, 1000 AA Amsterdam"), URL)
        for key in ("ab" * 16, "cd" * 16):
            message = Envelope(key, "+31612345678", words, NOW)
            letter = Envelope(key, "", words, NOW, "N. Jansen", ("Straat 1", "1234 AB Dorp"))
            for way, envelope in ((sms, message), (post, letter), (spool, letter)):
                assert way.deliver(envelope).fate == Fate.DELIVERED
    posted = {str({**one, "id": "", "reference": ""}) for one in notify.stored}
    assert len(posted) == 2
    assert len({path.read_bytes() for path in tmp_path.glob("*.pdf")}) == 1
