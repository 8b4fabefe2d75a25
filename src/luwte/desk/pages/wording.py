"""Put into words what a person chose, and what they chose to read: coarse bands, or each investigation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luwte.desk.telling.reading import MessageItem, PortalMessage, Searched
from luwte.desk.telling.values import Band
from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: its name and its value, both in the reader's language."""

    name: str
    value: str


def message_lists(message: PortalMessage) -> list[list[Row]]:
    """Return the lists of a message: none, one summary in bands, and one for each item chosen in full."""
    lists = [full_rows(item) for item in message.items if item.detail == Detail.EVERYTHING]
    if any(item.detail == Detail.BANDS for item in message.items) and message.band and message.files:
        lists.insert(0, band_rows(message.band, message.files))
    return lists


def call_lists(items: Iterable[MessageItem]) -> list[list[Row]]:
    """Return what may be told in a call: one list for each item of which more than its being may be told."""
    lists = []
    for item in items:
        if item.detail == Detail.EVERYTHING:
            lists.append(full_rows(item))
        elif item.band is not None:
            lists.append([Row(_("How often"), bands()[item.band])])
    return lists


def band_rows(findings: Band, files: Band) -> list[Row]:
    """Return the coarse summary: in how many investigations, and how often."""
    return [
        Row(_("In how many investigations"), bands()[findings]),
        Row(_("How often"), bands()[files]),
    ]


def full_rows(item: MessageItem) -> list[Row]:
    """Return what is known of one finding: number, count and how much was searched for it."""
    rows = [Row(_("Number of the investigation"), item.case or "")]
    if item.files is not None:
        rows.append(Row(_("How often"), _("at least %d") % item.files))
    return rows + [Row(_("How many files were searched"), searched(one)) for one in item.searched]


def searched(found: Searched) -> str:
    """Return how much was searched, until when, and what could not be read (T13)."""
    day = date_format(timezone.localtime(datetime.fromisoformat(found.ended)), "j F Y")
    text = _("%(files)s, up to and including %(day)s.") % {"files": found.files, "day": day}
    if found.unreadable:
        text += " " + _("%d of them could not be read.") % found.unreadable
    return text if found.complete else text + " " + _("The search did not reach the end.")


def bands() -> dict[Band, str]:
    """Return the words for each band."""
    return {Band.ONE: "1", Band.FEW: _("2 to 5"), Band.MANY: _("more than 5")}


def choice_rows(choice: Choice) -> list[Row]:
    """Return what was chosen, read back in plain words."""
    if not choice.told:
        return [Row(_("Messages"), _("You chose to get no messages."))]
    rows = [
        Row(_("Messages"), _("You chose to get messages.")),
        Row(_("When"), rhythms()[choice.rhythm]),
        Row(_("In what way"), ways()[choice.channel]),
        Row(_("How much you read"), details()[choice.detail]),
    ]
    if choice.until:
        rows.append(Row(_("Up to and including"), date_format(choice.until, "j F Y")))
    return rows


def rhythms() -> dict[Rhythm, str]:
    """Return the words for each rhythm."""
    return {
        Rhythm.EACH: _("when there is something, at most once a week"),
        Rhythm.WEEKLY: _("at most once a week"),
        Rhythm.MONTHLY: _("at most once a month"),
        Rhythm.QUARTERLY: _("at most once in three months"),
        Rhythm.YEARLY: _("at most once a year"),
        Rhythm.ON_REQUEST: _("only when you ask"),
    }


def ways() -> dict[Channel, str]:
    """Return the words for each way to be reached."""
    return {
        Channel.PORTAL: _("only here on this website"),
        Channel.EMAIL: _("here, and a short e-mail that does not say what it is about"),
        Channel.SMS: _("here, and a short text message that does not say what it is about"),
        Channel.LETTER: _("here, and a letter that does not say what it is about"),
        Channel.CARE_WORKER: _("your care worker calls you"),
        Channel.LAWYER: _("through your lawyer"),
    }


def details() -> dict[Detail, str]:
    """Return the words for each level of detail."""
    return {
        Detail.SOMETHING: _("only that there is something"),
        Detail.BANDS: _("roughly how much it is"),
        Detail.EVERYTHING: _("what we know about it"),
    }


def choices_in(items: Iterable[MessageItem]) -> str:
    """Return the level of detail of a message that waits, for its announcement."""
    levels = list(Detail)
    return details()[max((item.detail for item in items), key=levels.index, default=Detail.SOMETHING)]
