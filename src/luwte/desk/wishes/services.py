"""What can be done with wishes and pauses; one function per act, one transaction each.

Each takes the lock of the person's wish book. A contact that is being handed over holds the same lock, so
that after a withdrawal or a pause has returned nothing leaves any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from luwte.desk.wishes import models
from luwte.desk.wishes.errors import WishImpossible
from luwte.desk.wishes.rules import (
    PERSON,
    Channel,
    Choice,
    Detail,
    Hold,
    HoldKind,
    Quiet,
    QuietKind,
    Register,
    Rhythm,
    Source,
    Wish,
    latest,
)

PAUSE = timedelta(days=90)
BY_PERSON = "self"
LONGEST = 200
"""Characters of who set a wish, and of the conversation."""


@transaction.atomic
def set_wish(
    subject: str,
    source: Source,
    choice: Choice,
    *,
    set_by: str,
    conversation: str,
    now: datetime,
    by: frozenset[str] = frozenset({PERSON}),
    assessment: str = "",
) -> Wish:
    """Add a version of what the parties `by` chose for `subject` and `source`; return it.

    Raises `WishImpossible`.
    """
    _check(choice, set_by, conversation, now)
    book = lock(subject)
    newest = models.Wish.objects.filter(book=book, source=source).order_by("-version").first()
    row = models.Wish(
        book=book,
        source=source.value,
        version=newest.version + 1 if newest else 1,
        told=choice.told,
        rhythm=choice.rhythm.value,
        channel=choice.channel.value,
        detail=choice.detail.value,
        until=choice.until,
        weekday=choice.weekday,
        from_hour=choice.hours[0],
        to_hour=choice.hours[1],
        forward=choice.forward,
        cover=choice.cover,
        others=sorted(choice.others),
        words=choice.words.value,
        by=sorted(by),
        assessment=assessment,
        set_by=set_by,
        conversation=conversation,
        since=now,
    )
    row.save()
    return wish_of(row)


@transaction.atomic
def withdraw(subject: str, *, set_by: str = BY_PERSON, conversation: str = "portal", now: datetime) -> int:
    """Add a version "not told" for each source that has a wish; return for how many. Works at once."""
    lock(subject)
    standing = [latest(wishes([subject]), source, now) for source in Source]
    told = [wish for wish in standing if wish and wish.choice.told]
    for wish in told:
        choice = Choice(False, wish.choice.rhythm, wish.choice.channel, wish.choice.detail)
        set_wish(subject, wish.source, choice, set_by=set_by, conversation=conversation, now=now)
    return len(told)


def wishes(subjects: Iterable[str] | None = None) -> list[Wish]:
    """Return every version of the wishes of `subjects` (None: of everyone), oldest first."""
    rows = models.Wish.objects.order_by("book_id", "source", "version")
    if subjects is not None:
        rows = rows.filter(book_id__in=list(subjects))
    return [wish_of(row) for row in rows]


@transaction.atomic
def pause(subject: str, now: datetime, lasts: timedelta = PAUSE) -> datetime:
    """Pause everything for `subject`, who gives no reason; return when it ends. Works at once."""
    book = lock(subject)
    ends = now + lasts
    models.Hold.objects.create(book=book, kind=HoldKind.PERSON.value, set_by=BY_PERSON, starts=now, ends=ends)
    return ends


@transaction.atomic
def hold(subject: str, *, set_by: str, reason: str, ends: datetime, now: datetime) -> None:
    """Pause everything for `subject` on behalf of a care worker, who gives a reason and an end."""
    if not reason.strip() or not set_by.strip():
        raise WishImpossible("A pause by a care worker needs a name and a reason. Give both.")
    if ends <= now:
        raise WishImpossible("This pause ends before it begins. Give an end date that is still to come.")
    book = lock(subject)
    kind = HoldKind.CARE.value
    models.Hold.objects.create(book=book, kind=kind, set_by=set_by, reason=reason, starts=now, ends=ends)


@transaction.atomic
def resume(subject: str, now: datetime, kind: HoldKind = HoldKind.PERSON) -> int:
    """Lift the pauses of `kind`, those that the person set unless said otherwise; return how many."""
    lock(subject)
    standing = models.Hold.objects.filter(book_id=subject, lifted=None, ends__gt=now, kind=kind.value)
    return standing.update(lifted=now)


def holds(subjects: Iterable[str] | None = None) -> list[Hold]:
    """Return every pause of `subjects` (None: of everyone); a lifted one ends when it was lifted."""
    rows = models.Hold.objects.order_by("starts", "id")
    if subjects is not None:
        rows = rows.filter(book_id__in=list(subjects))
    return [
        Hold(row.book_id, row.starts, min(row.ends, row.lifted or row.ends), HoldKind(row.kind), row.reason)
        for row in rows
    ]


def quiets(subjects: Iterable[str] | None = None) -> list[Quiet]:
    """Return the quiet periods of `subjects` (None: of everyone) that stand."""
    rows = models.Quiet.objects.filter(lifted=None).order_by("first", "id")
    if subjects is not None:
        rows = rows.filter(book_id__in=list(subjects))
    return [Quiet(row.book_id, row.first, row.last, row.yearly, QuietKind(row.kind)) for row in rows]


def lock(subject: str) -> models.WishBook:
    """Return the locked wish book of `subject`, made when it is new. Only inside a transaction."""
    models.WishBook.objects.get_or_create(pk=subject)
    return models.WishBook.objects.select_for_update().get(pk=subject)


def wish_of(row: models.Wish) -> Wish:
    """Return the value that the rules read, from its row."""
    choice = Choice(
        row.told,
        Rhythm(row.rhythm),
        Channel(row.channel),
        Detail(row.detail),
        row.until,
        row.weekday,
        (row.from_hour, row.to_hour),
        row.forward,
        row.cover,
        frozenset(row.others),
        Register(row.words),
    )
    return Wish(row.book_id, Source(row.source), row.version, row.since, choice, frozenset(row.by))


def _check(choice: Choice, set_by: str, conversation: str, now: datetime) -> None:
    for text in (set_by, conversation):
        if not text.strip() or len(text) > LONGEST or not text.isprintable():
            raise WishImpossible(
                "A wish needs who set it and in which conversation. "
                f"Give both in at most {LONGEST} printable characters."
            )
    if choice.until is not None and choice.until < now.date():
        raise WishImpossible("The last day of this wish is over. Give a day that is still to come, or none.")
