"""Put into words what a person chose, and what they chose to read: coarse bands, or each investigation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luwte.desk.pages.choice_words import own_register
from luwte.desk.telling.messages import AlertMessage, MessageItem, PortalMessage, Searched
from luwte.desk.telling.values import Band
from luwte.desk.wishes.rules import Detail, Quiet, Source, Wish
from luwte.desk.wishes.summary import summary


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: its name and its value, both in the reader's language."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message or of what was chosen: its title, its rows, and sentences below them."""

    title: str
    rows: list[Row]
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertText:
    """An event of safety in words: what, on which day, and whether the person confirmed it."""

    id: str
    text: str
    day: datetime
    confirmed: bool


def parts(message: PortalMessage) -> list[Part]:
    """Return the parts of a message: a summary in bands, each finding chosen in full, each event."""
    full = [item for item in message.items if item.detail == Detail.EVERYTHING and item.news is None]
    found = [Part(_title(place, len(full)), full_rows(item)) for place, item in enumerate(full, 1)]
    if message.band and message.files and len(full) < sum(item.news is None for item in message.items):
        found.insert(0, Part(_("What we know"), band_rows(message.band, message.files)))
    return found + [Part(_("News"), news_rows(item)) for item in message.items if _says_more(item)]


def call_lists(items: Iterable[MessageItem]) -> list[list[Row]]:
    """Return what may be told in a call: one list for each item of which more than its being may be told."""
    lists = []
    for item in items:
        if _says_more(item):
            lists.append(news_rows(item))
        elif item.detail == Detail.EVERYTHING:
            lists.append(full_rows(item))
        elif item.band is not None:
            lists.append([Row(_("How often"), bands()[item.band])])
    return lists


def news_rows(item: MessageItem) -> list[Row]:
    """Return what is known of one event: what sort, or which; when, in which case; until when it counts."""
    if item.news is None:
        return []
    kind = kinds()[item.news.kind] if item.news.kind else sources()[item.source]
    rows = [Row(_("What it is about"), kind)]
    if item.news.at:
        rows.append(Row(_("Day"), _day(item.news.at)))
    if item.case:
        rows.append(Row(_("Number of the case"), item.case))
    if item.news.lapses:
        rows.append(Row(_("You can use it until"), _day(item.news.lapses)))
    return rows


def alerts(found: Iterable[AlertMessage]) -> list[AlertText]:
    """Return the events of safety in words."""
    return [
        AlertText(one.id, safety()[one.kind], timezone.localtime(one.at), one.confirmed is not None)
        for one in found
    ]


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


def chosen(
    wishes: Iterable[Wish], quiets: Iterable[Quiet], zone: ZoneInfo, names: Mapping[str, str]
) -> list[Part]:
    """Return what was chosen for each source and each quiet period, in the words that the person reads back.

    `names`: who may be told too, by pseudonym.
    """
    known = list(wishes)
    read_back = summary(known, quiets, own_register(known), zone, names)
    named = [one.partition(": ") for one in read_back[: len(Source)]]
    quiet = [Part(_("When it is quiet"), [], tuple(read_back[len(Source) :]))]
    return [Part(title, [], (text,)) for title, _colon, text in named] + (quiet if quiet[0].sentences else [])


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


def sources() -> dict[Source, str]:
    """Return the words for each source of news."""
    return {
        Source.CASE: _("Investigations by the police"),
        Source.INTERNET: _("The internet"),
        Source.EVENTS: _("Steps in a criminal case"),
        Source.RIGHTS: _("Your rights"),
        Source.TAKEDOWN: _("Taking away from the internet"),
        Source.SAFETY: _("Your safety"),
    }


def kinds() -> dict[str, str]:
    """Return the words for each kind of event that is not of safety."""
    return {
        "charge": _("someone is being prosecuted"),
        "no_prosecution": _("nobody will be prosecuted"),
        "hearing": _("a hearing in court"),
        "hearing_moved": _("the hearing is on another day"),
        "hearing_cancelled": _("the hearing is off"),
        "verdict": _("the court has decided"),
        "final": _("the decision of the court stands"),
        "appeal": _("a higher court looks at the case"),
        "information": _("the right to be kept informed"),
        "claim": _("the right to ask for money for the damage"),
        "statement": _("the right to speak in court"),
        "file_access": _("the right to read the file"),
        "complaint": _("the right to complain that nobody is prosecuted"),
        "restitution": _("the right to get things back"),
        "advance": _("the right to get the money in advance"),
        "seen": _("somebody here looked up who you are, outside their usual work"),
        "requested": _("we asked to take something away"),
        "removed": _("something was taken away"),
        "back": _("something is there again"),
    }


def roles() -> dict[str, str]:
    """Return the word for each role of a representative."""
    return {
        "parent": _("parent"),
        "guardian": _("guardian"),
        "curator": _("curator"),
        "lawyer": _("lawyer"),
        "care worker": _("care worker"),
    }


def safety() -> dict[str, str]:
    """Return the sentence for each kind of event of safety."""
    return {
        "release": _("Someone from your case is released from prison."),
        "leave": _("Someone from your case has leave from prison."),
        "escape": _("Someone from your case has escaped from prison."),
        "transfer": _("Someone from your case goes to another prison."),
    }


def _title(place: int, number: int) -> str:
    return _("What we know") if number == 1 else _("Investigation %d") % place


def _says_more(item: MessageItem) -> bool:
    return item.news is not None and item.detail != Detail.SOMETHING


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")
