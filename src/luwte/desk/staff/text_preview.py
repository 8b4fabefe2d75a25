"""A text as it arrives, with invented values in its gaps: what stands around it, and its paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luwte.desk.telling.channels.email import EmailChannel
from luwte.desk.telling.channels.port import Envelope
from luwte.desk.telling.ways import channels
from luwte.desk.wishes.rules import Channel, Register
from luwte.desk.words.registry import Template, template

EMAIL, LETTER = "contact.email", "contact.letter"
_TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Around:
    """A line around a text: what it is, and what stands there."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as it arrives; `language`: of the text."""

    around: tuple[Around, ...]
    paragraphs: tuple[str, ...]
    language: str


def shown(one: Template, now: datetime) -> Shown:
    """Return `one` as it arrives: an e-mail by what hands it over, if this version is the one that leaves."""
    way = channels().get(Channel.EMAIL)
    if one.id == EMAIL and isinstance(way, EmailChannel) and template(one.id, one.words) == one:
        return _email(way, one, now)
    text = one.fill(**{name: value for name, value in _values(one, now).items() if name in one.variables})
    heads = {EMAIL: _("Subject line"), LETTER: _("Above the text")}
    around = (Around(heads.get(one.id, _("Title")), text.subject),) if text.subject else ()
    return Shown(around, _paragraphs(text.body), one.words[:2])


def _email(way: EmailChannel, one: Template, now: datetime) -> Shown:
    message = way.message(Envelope(_TRIAL, "anna@example.org", Register(one.words), now))
    around = (
        Around(_("Sent by"), str(message["From"])),
        Around(_("Sent to"), str(message["To"])),
        Around(_("Subject line"), str(message["Subject"])),
    )
    return Shown(around, _paragraphs(message.get_content()), one.words[:2])


def _values(one: Template, now: datetime) -> dict[str, str]:
    with translation.override(one.words[:2]):
        day, worker = date_format(now, "j F Y"), _("a care worker")
    return {"url": settings.PORTAL_URL, "worker": worker, "number": "12", "day": day}


def _paragraphs(body: str) -> tuple[str, ...]:
    return tuple(part for part in body.strip().split("\n\n") if part)
