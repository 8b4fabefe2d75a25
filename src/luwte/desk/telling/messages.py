"""What a recipient may read: the messages told to them, each with as much as was chosen and no more.

After a restore no wish can be trusted until somebody looked: what was withdrawn or lowered since the backup
is not known. Until then only what certainly was told can be read, and of that no more than that it is there.

`reading` is the face of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from luwte.desk.audit import restored
from luwte.desk.cases.models import Event
from luwte.desk.findings.models import Finding, ReportReceipt
from luwte.desk.telling.agenda import look_again
from luwte.desk.telling.errors import MessageUnknown
from luwte.desk.telling.models import Contact, ContactItem, SafetyAlert, SafetyAttempt
from luwte.desk.telling.safety_outbox import BEGUN, HUMAN, OPEN, STOPPED
from luwte.desk.telling.values import Band, State, band_of
from luwte.desk.wishes.rules import PERSON, Channel, Detail, Source, Wish, latest
from luwte.desk.wishes.services import wishes

LEADS_TO_PORTAL = (Channel.PORTAL, Channel.EMAIL, Channel.SMS, Channel.LETTER)
"""The channels of which the message itself is read in the portal."""

_SETTLED = (State.HANDED, State.DONE)
_MAY_HAVE_ARRIVED = (State.HANDING, State.UNKNOWN)
_LEVELS = list(Detail)


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched in a case: files read and not read, whether all was read, and when it ended."""

    files: int
    unreadable: int
    complete: bool
    ended: str


@dataclass(frozen=True, slots=True)
class News:
    """An event in a message; what was not chosen to be read is None. `lapses`: until when a right counts."""

    kind: str | None
    at: datetime | None
    lapses: datetime | None


@dataclass(frozen=True, slots=True)
class MessageItem:
    """One finding or event (`news`) in a message; what was not chosen to be read is None."""

    source: Source
    detail: Detail
    band: Band | None = None
    files: int | None = None
    case: str | None = None
    searched: tuple[Searched, ...] = ()
    news: News | None = None


@dataclass(frozen=True, slots=True)
class PortalMessage:
    """A contact as its recipient may read it; `opened`: first read; how many findings and files, in bands."""

    id: str
    at: datetime
    opened: datetime | None
    band: Band | None
    files: Band | None
    items: tuple[MessageItem, ...]


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """An event of safety that was sent to the person (T14): what, when, and when they confirmed it."""

    id: str
    kind: str
    at: datetime
    confirmed: datetime | None


def messages(subject: str, now: datetime, recipient: str = PERSON) -> list[PortalMessage]:
    """Return what was told to `recipient` about `subject`, newest first, each with as much as was chosen."""
    chosen = _trusted(subject)
    rows = Contact.objects.filter(subject=subject, recipient=recipient, channel__in=LEADS_TO_PORTAL)
    return [_message(row, chosen, now) for row in rows.order_by("-decided") if _visible(row, chosen, now)]


def _trusted(subject: str) -> list[Wish] | None:
    """Return what was chosen; None after a restore, until telling was resumed."""
    chosen = wishes([subject])
    return None if restored.held() else chosen


def open_message(subject: str, message_id: str, now: datetime, recipient: str = PERSON) -> PortalMessage:
    """Return one message and remember that it was opened. Raises `MessageUnknown`."""
    found = next((one for one in messages(subject, now, recipient) if one.id == message_id), None)
    if found is None:
        raise MessageUnknown
    with transaction.atomic():
        if Contact.objects.filter(pk=message_id, opened=None).update(opened=now):
            look_again([subject], now)
    return found


def alerts(subject: str, now: datetime) -> list[AlertMessage]:
    """Return the events of safety that were sent to the person and are still wanted, newest first."""
    wish = latest(wishes([subject]), Source.SAFETY, now)
    if wish is None or not wish.choice.told:
        return []
    unsent = (STOPPED, BEGUN) if restored.held() else (STOPPED,)
    sent = SafetyAttempt.objects.exclude(state__in=unsent).values("alert")
    return _alerts(SafetyAlert.objects.filter(subject=subject, recipient=PERSON, pk__in=sent))


def alerts_for_care(subject: str) -> list[AlertMessage]:
    """Return the events of safety that nobody confirmed yet, newest first, for who must call about them."""
    return _alerts(SafetyAlert.objects.filter(subject=subject, state__in=(OPEN, HUMAN)))


def _alerts(rows: QuerySet[SafetyAlert]) -> list[AlertMessage]:
    return [
        AlertMessage(row.id, row.event.kind, row.event.at, row.confirmed)
        for row in rows.select_related("event").order_by("-made", "id")
    ]


def items_of(ids: Iterable[str], subject: str, now: datetime) -> tuple[MessageItem, ...]:
    """Return the findings and events of `ids` with as much as is chosen now, for a call."""
    wanted, chosen = list(ids), wishes([subject])
    found = Finding.objects.filter(id__in=wanted).select_related("case").order_by("registered", "id")
    events = Event.objects.filter(id__in=wanted).select_related("case").order_by("at", "id")
    return (
        *(_finding(one, _certain(one), _chosen(one.source, chosen, now)) for one in found),
        *(_event(one, _chosen(one.source, chosen, now)) for one in events),
    )


def _certain(finding: Finding) -> int:
    """How many of its files may be told (T12)."""
    return finding.counted.identical + finding.counted.confirmed


def _chosen(source: str, chosen: list[Wish], now: datetime) -> Detail:
    """The level chosen now; without one (a right that lapses, told by mandate) in bands."""
    wish = latest(chosen, Source(source), now)
    return wish.choice.detail if wish is not None and wish.choice.told else Detail.BANDS


def _visible(row: Contact, chosen: list[Wish] | None, now: datetime) -> bool:
    """What left is there to read. What may have left is there too, unless it is not wanted any more."""
    if row.state in _SETTLED:
        return True
    if chosen is None or row.state not in _MAY_HAVE_ARRIVED or row.channel == Channel.PORTAL:
        return False
    standing = [latest(chosen, source, now) for source in _sources(row)]
    return all(wish is not None and wish.choice.told for wish in standing)


def _sources(row: Contact) -> set[Source]:
    pairs = row.items.values_list("finding__source", "event__source")
    return {Source(finding or event) for finding, event in pairs}


def _message(row: Contact, chosen: list[Wish] | None, now: datetime) -> PortalMessage:
    carried = row.items.select_related("finding__case", "event__case").order_by(
        "finding__registered", "finding__case__number", "event__at", "id"
    )
    items = [(one, _item(one, row, chosen, now)) for one in carried]
    counted = [one for one, item in items if one.finding and item.detail != Detail.SOMETHING]
    files = sum(one.identical + one.confirmed for one in counted)
    return PortalMessage(
        row.id,
        row.handed or row.decided,
        row.opened,
        band_of(len(counted)) if counted else None,
        band_of(files) if counted else None,
        tuple(item for _, item in items),
    )


def _item(one: ContactItem, row: Contact, chosen: list[Wish] | None, now: datetime) -> MessageItem:
    if one.finding is not None:
        level = _level(one.finding.source, row, chosen, now)
        return _finding(one.finding, one.identical + one.confirmed, level)
    if one.event is None:
        raise ValueError("An item of a contact carries a finding or an event.")
    return _event(one.event, _level(one.event.source, row, chosen, now))


def _level(source: str, row: Contact, chosen: list[Wish] | None, now: datetime) -> Detail:
    """The level that is chosen now; after a withdrawal the level at which it was told.

    A representative never reads more than was told to them.
    """
    if chosen is None:
        return Detail.SOMETHING
    told = Detail(row.detail) if row.detail else Detail.SOMETHING
    wish = latest(chosen, Source(source), now)
    if wish is None or not wish.choice.told:
        return told
    return wish.choice.detail if row.recipient == PERSON else min(told, wish.choice.detail, key=_LEVELS.index)


def _finding(finding: Finding, files: int, detail: Detail) -> MessageItem:
    everything = detail == Detail.EVERYTHING
    return MessageItem(
        Source(finding.source),
        detail,
        None if detail == Detail.SOMETHING else band_of(files),
        files if everything else None,
        finding.case.number if everything else None,
        _searched(finding.case_id) if everything else (),
    )


def _event(event: Event, detail: Detail) -> MessageItem:
    """In bands: what sort of news, and until when a right counts; in full: which, when and in which case."""
    everything = detail == Detail.EVERYTHING
    news = News(
        event.kind if everything else None,
        event.at if everything else None,
        None if detail == Detail.SOMETHING else event.lapses,
    )
    return MessageItem(
        Source(event.source), detail, case=event.case.number if everything else None, news=news
    )


def _searched(case_id: str) -> tuple[Searched, ...]:
    receipts = ReportReceipt.objects.filter(case_id=case_id).order_by("made", "id")
    return tuple(
        Searched(found["files"], found["unreadable"], found["complete"], found["ended"])
        for found in receipts.values_list("coverage", flat=True)
    )
