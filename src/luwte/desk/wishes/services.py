"""What can be done with wishes and pauses; one function per act, one transaction each.

Each takes the lock of the person's wish book. A contact that is being handed over holds the same lock, so
that after a withdrawal or a pause has returned nothing leaves any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.rules import Done
from luwte.desk.wishes import checks, models
from luwte.desk.wishes.errors import QuietUnknown, WishImpossible
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
HARM = timedelta(days=365)
"""How long telling stands still after a sign of harm, when no human lifts it before."""
BY_PERSON = "self"


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

    `assessment`: from which individual assessment it follows; the first wish to be told needs one.
    Raises `WishImpossible`.
    """
    checks.check_choice(source, choice, now)
    book = _changed(subject)
    checks.check_setting(wishes([subject]), choice, by, (set_by, conversation), assessment)
    if source != Source.SAFETY:
        checks.check_room([choice], quiets([subject]), now)
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
    named = {"source": row.source, "parties": ",".join(row.by)}
    DESK.record(Act.WISH_SET, now, by=actor(), about=subject, version=row.version, told=row.told, **named)
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


def versions(subject: str) -> list[models.Wish]:
    """Return the rows of every version of `subject`, by source and version: also who set it, and where."""
    return list(models.Wish.objects.filter(book_id=subject).order_by("source", "version"))


@transaction.atomic
def pause(subject: str, now: datetime, lasts: timedelta = PAUSE) -> datetime:
    """Pause everything for `subject`, who gives no reason; return when it ends. Works at once."""
    book = _changed(subject)
    ends = now + lasts
    _hold(book, HoldKind.PERSON, BY_PERSON, "", now, ends)
    return ends


@transaction.atomic
def hold(subject: str, *, set_by: str, reason: str, ends: datetime, now: datetime) -> None:
    """Pause everything for `subject` on behalf of a care worker, who gives a reason and an end.

    Raises `WishImpossible`.
    """
    checks.check_text("A pause by a care worker needs a name.", set_by)
    checks.check_text("A pause by a care worker needs a reason.", reason, checks.LONGEST_REASON)
    if ends <= now:
        raise WishImpossible("This pause ends before it begins. Give an end date that is still to come.")
    _hold(_changed(subject), HoldKind.CARE, set_by, reason, now, ends)


@transaction.atomic
def harm(subject: str, now: datetime, *, set_by: str = BY_PERSON, reason: str = "") -> datetime:
    """Pause everything for `subject` after a sign of harm (T15) until a human lifts it; return when it ends.

    A sign that comes while such a pause stands makes it last longer.
    """
    book, ends = _changed(subject), now + HARM
    standing = models.Hold.objects.filter(book=book, kind=HoldKind.HARM.value, lifted=None, ends__gt=now)
    if (before := standing.first()) is None:
        _hold(book, HoldKind.HARM, set_by, reason, now, ends)
    else:
        standing.update(ends=ends)
        DESK.record(Act.PAUSED, now, by=actor(), about=subject, hold=before.id)
    return ends


@transaction.atomic
def resume(subject: str, now: datetime, kind: HoldKind = HoldKind.PERSON) -> int:
    """Lift the pauses of `kind`, those that the person set unless said otherwise; return how many."""
    _changed(subject)
    standing = models.Hold.objects.filter(book_id=subject, lifted=None, ends__gt=now, kind=kind.value)
    DESK.record_all([Done(Act.RESUMED, actor(), subject, {"hold": row.id}) for row in standing], now)
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


@transaction.atomic
def add_quiet(quiet: Quiet, *, set_by: str, now: datetime) -> str:
    """Add a quiet period of its subject; return the id. Raises `WishImpossible`, also when no day is left."""
    checks.check_quiet(quiet, now)
    checks.check_text("A quiet period needs who set it.", set_by)
    book = _changed(quiet.subject)
    known = wishes([quiet.subject])
    newest = [latest(known, source, now) for source in Source if source != Source.SAFETY]
    standing = [wish.choice for wish in newest if wish]
    checks.check_room(standing, [*quiets([quiet.subject]), quiet], now)
    row = models.Quiet.objects.create(
        book=book,
        kind=quiet.kind.value,
        first=quiet.first,
        last=quiet.last,
        yearly=quiet.yearly,
        set_by=set_by,
        since=now,
    )
    DESK.record(Act.QUIET_ADDED, now, by=actor(), about=quiet.subject, quiet=row.id)
    return row.id


@transaction.atomic
def lift_quiet(quiet_id: str, now: datetime) -> None:
    """Take a quiet period away; it stays on record. Raises `QuietUnknown`, also when it was lifted before."""
    row = models.Quiet.objects.filter(pk=quiet_id, lifted=None).first()
    if row is None:
        raise QuietUnknown(quiet_id)
    _changed(row.book_id)
    row.lifted = now
    row.save()
    DESK.record(Act.QUIET_LIFTED, now, by=actor(), about=row.book_id, quiet=row.id)


def quiet_periods(subject: str) -> list[tuple[str, Quiet]]:
    """Return the quiet periods of `subject` that stand, each with its id, the first one first."""
    rows = models.Quiet.objects.filter(book_id=subject, lifted=None).order_by("first", "id")
    return [(row.id, _quiet_of(row)) for row in rows]


def quiets(subjects: Iterable[str] | None = None) -> list[Quiet]:
    """Return the quiet periods of `subjects` (None: of everyone) that stand."""
    rows = models.Quiet.objects.filter(lifted=None).order_by("first", "id")
    if subjects is not None:
        rows = rows.filter(book_id__in=list(subjects))
    return [_quiet_of(row) for row in rows]


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


def _changed(subject: str) -> models.WishBook:
    """The locked book, which the planner must look at again."""
    book = lock(subject)
    if not book.changed:
        book.changed = True
        book.save()
    return book


def _hold(
    book: models.WishBook, kind: HoldKind, set_by: str, reason: str, now: datetime, ends: datetime
) -> None:
    """The record does not say of which kind it is, nor why: its readers are more than those of the row."""
    row = models.Hold.objects.create(
        book=book, kind=kind.value, set_by=set_by, reason=reason, starts=now, ends=ends
    )
    DESK.record(Act.PAUSED, now, by=actor(), about=book.pk, hold=row.id)


def _quiet_of(row: models.Quiet) -> Quiet:
    return Quiet(row.book_id, row.first, row.last, row.yearly, QuietKind(row.kind))
