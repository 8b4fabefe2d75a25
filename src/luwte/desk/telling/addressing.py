"""What a channel is handed: the address of a recipient at this moment, and the words. Never a reason."""

from __future__ import annotations

from datetime import datetime

from luwte.desk.telling.channels.port import Envelope
from luwte.desk.telling.facts import Known
from luwte.desk.telling.models import Contact, SafetyAttempt
from luwte.desk.telling.recipients import NEEDS
from luwte.desk.telling.subjects import party_of
from luwte.desk.vault.rules import POST
from luwte.desk.wishes.rules import PERSON, Channel, Register
from luwte.desk.words.registry import template
from luwte.desk.words.services import signed

TEXTS = {Channel.EMAIL: "contact.email", Channel.SMS: "contact.sms", Channel.LETTER: "contact.letter"}
"""The text that a channel carries out of the house."""
UNSIGNED = "the text is not signed by two people yet"


def envelope_of(contact: Contact, known: Known, now: datetime) -> Envelope:
    """Return the envelope of `contact`, for the person or whoever acts for them."""
    return _envelope(contact, contact.subject, contact.recipient, Register(contact.words), known, now)


def alert_envelope(
    attempt: SafetyAttempt, subject: str, recipient: str, words: Register, known: Known, now: datetime
) -> Envelope:
    """Return the envelope of one attempt of a safety alert: from outside it is as any other (T6)."""
    return _envelope(attempt, subject, recipient, words, known, now)


def trial_envelope(subject: str, channel: Channel, words: Register, known: Known, now: datetime) -> Envelope:
    """Return the envelope that the person would get by `channel` now, to be looked at and not handed over."""
    return _sealed("trial", channel, subject, PERSON, words, known, now)


def may_leave(channel: Channel, words: Register) -> bool:
    """Return whether two people signed what `channel` says; the portal says nothing outside."""
    return channel not in TEXTS or signed(template(TEXTS[channel], words.value))


def _envelope(
    row: Contact | SafetyAttempt, subject: str, recipient: str, words: Register, known: Known, now: datetime
) -> Envelope:
    return _sealed(row.key, Channel(row.channel), subject, recipient, words, known, now)


def _sealed(
    key: str, channel: Channel, subject: str, recipient: str, words: Register, known: Known, now: datetime
) -> Envelope:
    name, address = _name_and_address(known, subject, recipient, channel)
    if channel == Channel.LETTER:
        return Envelope(key, "", words, now, name, tuple(address.splitlines()))
    return Envelope(key, address, words, now)


def _name_and_address(known: Known, subject: str, recipient: str, channel: Channel) -> tuple[str, str]:
    kind, one = NEEDS.get(channel), known.found[subject]
    if recipient == PERSON:
        name, address = one.person.identity.name, one.person.address(kind) if kind else None
    else:
        acting = next(found for found in one.acting if party_of(found.id) == recipient)
        name, address = acting.mandate.name, acting.mandate.address(kind) if kind else None
    return name if kind == POST else "", address or ""
