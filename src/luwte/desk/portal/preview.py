"""What a mail, text message, letter or call will look like: made by what hands it over, word for word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from luwte.desk.pages.wording import Row
from luwte.desk.telling.addressing import may_leave, trial_envelope
from luwte.desk.telling.channels.email import EmailChannel
from luwte.desk.telling.channels.letter import LetterChannel
from luwte.desk.telling.channels.port import Envelope
from luwte.desk.telling.channels.postal import block
from luwte.desk.telling.channels.print_folder import PrintFolderChannel
from luwte.desk.telling.facts import Known
from luwte.desk.telling.ways import channels
from luwte.desk.wishes.rules import Channel, Choice, Register, Rhythm, Source
from luwte.desk.words.registry import Text, text

CALL = ("call.opener", "call.other", "call.talk")
"""What a care worker says: first, to somebody else who answers, and when the person can talk freely."""


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of text: when it is said (empty where it is all there is), and its paragraphs."""

    when: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """One contact as it arrives: title, what stands around the text, the text; `language`: of the text.

    `ready`: whether the text may leave the house already.
    """

    title: str
    rows: tuple[Row, ...]
    said: tuple[Said, ...]
    language: str
    ready: bool = True
    call: bool = False


def preview(subject: str, source: Source, choice: Choice, now: datetime) -> Preview | None:
    """Return what arrives when `choice` holds for `source`; None when nothing arrives from outside."""
    if not choice.told or (choice.rhythm == Rhythm.ON_REQUEST and source != Source.SAFETY):
        return None
    known = Known.behind(subject)
    if choice.channel == Channel.CARE_WORKER:
        return _call(known.found[subject].person.identity.care_worker, choice.words)
    if choice.channel not in _MAKERS or choice.channel not in known.ways:
        return None
    return _MAKERS[choice.channel](trial_envelope(subject, choice.channel, choice.words, known, now))


def _email(envelope: Envelope) -> Preview:
    way = channels()[Channel.EMAIL]
    if not isinstance(way, EmailChannel):
        raise TypeError("E-mail goes by another way than it can be shown.")
    message = way.message(envelope)
    rows = (
        Row(_("Sent by"), str(message["From"])),
        Row(_("Sent to"), str(message["To"])),
        Row(_("Subject line"), str(message["Subject"])),
    )
    return _whole(Channel.EMAIL, _("The e-mail"), envelope, rows, message.get_content())


def _sms(envelope: Envelope) -> Preview:
    rows = (Row(_("Sent to"), envelope.address),)
    return _whole(
        Channel.SMS, _("The text message"), envelope, rows, text("contact.sms", envelope.words).body
    )


def _letter(envelope: Envelope) -> Preview:
    way = channels()[Channel.LETTER]
    if not isinstance(way, LetterChannel | PrintFolderChannel):
        raise TypeError("Letters go by another way than can be shown.")
    words: Text = text("contact.letter", envelope.words, url=way.url)
    address = block(envelope.name, envelope.lines) or (envelope.name, *envelope.lines)
    rows = [Row(_("Sent to"), ", ".join(address)), Row(_("Above the text"), words.subject)]
    if isinstance(way, PrintFolderChannel):
        rows.insert(0, Row(_("Sent by"), way.spool.sender))
    return _whole(Channel.LETTER, _("The letter"), envelope, rows, words.body)


_MAKERS = {Channel.EMAIL: _email, Channel.SMS: _sms, Channel.LETTER: _letter}


def _whole(channel: Channel, title: str, envelope: Envelope, rows: Iterable[Row], body: str) -> Preview:
    said = (Said("", paragraphs(body)),)
    return Preview(title, tuple(rows), said, envelope.words[:2], may_leave(channel, envelope.words))


def _call(worker: str, words: Register) -> Preview:
    with translation.override(words[:2]):
        name = worker or _("a care worker")
    when = (_("What you hear first"), _("When somebody else answers"), _("When you can talk"))
    values = [{"worker": name} if one != "call.talk" else {} for one in CALL]
    said = tuple(
        Said(title, paragraphs(text(one, words, **filled).body))
        for title, one, filled in zip(when, CALL, values, strict=True)
    )
    rows = (Row(_("Who calls"), worker or _("a care worker")),)
    return Preview(_("The call"), rows, said, words[:2], call=True)


def paragraphs(body: str) -> tuple[str, ...]:
    """Return the paragraphs of a text; lines inside one stay lines."""
    return tuple(part for part in body.strip().split("\n\n") if part)
