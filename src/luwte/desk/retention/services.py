"""Letting go what is over its term: in steps that are short, recorded, and each a transaction of its own.

A step looks again at what it is about to delete, alone: two processes at once do each step once. After a kill
whoever comes next goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction

from luwte.base.chunks import chunks
from luwte.base.clock import Clock
from luwte.base.faults import fault_point
from luwte.desk.audit import forgetting, restored
from luwte.desk.audit.alone import Lock, alone
from luwte.desk.audit.clearing import clearing
from luwte.desk.findings import gate, names
from luwte.desk.retention import casefile, clock, contacts, letters, people
from luwte.desk.retention.casefile import CaseFile
from luwte.desk.retention.errors import RestoreNotLookedAt
from luwte.desk.retention.kinds import BY_MODEL
from luwte.desk.retention.needed import ErasedPerson, erased_people, held_subjects
from luwte.desk.retention.rules import CASE, CONTACT, LETTERS, PERSON, Row, Then
from luwte.desk.retention.taking import PEOPLE, REGISTER, Book, Taking
from luwte.desk.telling.channels.spool import Letter
from luwte.desk.telling.subjects import mark_of_series
from luwte.desk.wishes.models import WishBook

__all__ = ["apply", "take_letters_of_the_erased"]
STEP = 200
"""Rows of a kind, contacts or people in one step; of cases it is one."""
Said = Callable[[Row, int], None]


def apply(
    rows: Mapping[str, Row],
    time: Clock,
    today: date | None = None,
    said: Said = lambda _row, _count: None,
) -> int:
    """Delete what is over its term; return how many rows went. `said` hears of each step.

    `today`: the day (UTC) as whoever runs this knows it. Raises `ClockWrong`, or
    `RestoreNotLookedAt` after a restore until telling was resumed, before anything is deleted.
    """
    now = time.now()
    if restored.held() is not None:
        raise RestoreNotLookedAt
    clock.check(now, today)
    gone = 0
    for row in _order(rows):
        for count in _steps(row, now, time):
            fault_point("retention.step")
            said(row, count)
            gone += count
    return gone


def _order(rows: Mapping[str, Row]) -> list[Row]:
    """Cases first: with them goes most; acts last, when no statement shows them any more."""
    terms = [row for row in rows.values() if row.then in (Then.DELETE, Then.FORGET)]
    return sorted(terms, key=lambda row: (row.then == Then.FORGET, row.model != CASE))


def _steps(row: Row, now: datetime, time: Clock) -> Iterator[int]:
    """Do one step after the other, and give how many rows went in each."""
    before = row.before(now)
    if row.model == CASE:
        counts = _cases(row, before, time)
    elif row.model == CONTACT:
        found = contacts.over(before).values_list("pk", flat=True)
        counts = (_contacts(row, some, before, time) for some in chunks(found, STEP))
    elif row.model == PERSON:
        counts = _people(row, before, time)
    elif row.model == LETTERS:
        counts = (_letters(row, some, before, time) for some in chunks(letters.over(before), STEP))
    else:
        counts = iter(lambda: _kind(row, before, time), 0)
    return (count for count in counts if count)


def _cases(row: Row, before: datetime, time: Clock) -> Iterator[int]:
    for case in list(casefile.over(before).values_list("pk", flat=True)):
        yield _case(row, case, before, time)
    for notice in list(casefile.notices(before).values_list("pk", flat=True)):
        yield _notice(row, notice, before, time)


def _people(row: Row, before: datetime, time: Clock) -> Iterator[int]:
    for some in chunks(erased_people(before), STEP):
        yield _register(row, some, before, time)
        yield _vault(row, some, before, time)


@contextmanager
def _step(book: Book) -> Iterator[Taking]:
    """Let rows go in one transaction, in which nobody else deletes."""
    using = book.log.using
    with clearing() if book is REGISTER else transaction.atomic(using=using):
        alone(using, Lock.RETENTION)
        yield Taking()


def _case(row: Row, case: str, before: datetime, time: Clock) -> int:
    with _step(REGISTER) as taking:
        gate.enter()
        found = casefile.over(before).filter(pk=case).first()
        if found is None:
            return 0
        return _clear(CaseFile.of(found), row, before, time, taking)


def _notice(row: Row, notice: str, before: datetime, time: Clock) -> int:
    with _step(REGISTER) as taking:
        found = casefile.notices(before).filter(pk=notice).select_related("case").first()
        return 0 if found is None else _clear(CaseFile(None, [found]), row, before, time, taking)


def _clear(file: CaseFile, row: Row, before: datetime, time: Clock, taking: Taking) -> int:
    _lock(file.subjects)
    if file.needed(time.now()):
        return 0
    file.clear(taking)
    return taking.record(REGISTER, row, before, time.now(), about=file.case.pk if file.case else "")


def _contacts(row: Row, some: Collection[str], before: datetime, time: Clock) -> int:
    with _step(REGISTER) as taking:
        over = contacts.over(before).filter(pk__in=list(some))
        _lock(set(over.values_list("subject", flat=True)))
        free = contacts.free(list(over), time.now())
        if not free:
            return 0
        contacts.clear(free, taking)
        return taking.record(REGISTER, row, before, time.now())


def _letters(row: Row, some: Collection[Letter], before: datetime, time: Clock) -> int:
    """Recorded first: after a kill the files are there, and go with the next run."""
    with _step(REGISTER) as taking:
        taking.note(LETTERS, [one.key for one in some])
        count = taking.record(REGISTER, row, before, time.now())
    letters.take(some)
    return count


def take_letters_of_the_erased(rows: Mapping[str, Row], time: Clock) -> int:
    """Take away, at once, letters to people who were erased; return how many letters went."""
    now, found = time.now(), letters.to_erased()
    return sum(_letters(rows[LETTERS], some, now, time) for some in chunks(found, STEP))


def _register(row: Row, some: list[ErasedPerson], before: datetime, time: Clock) -> int:
    with _step(REGISTER) as taking:
        gate.enter()
        subjects = people.left_in_register([one.subject for one in some]) - held_subjects()
        subjects -= people.on_their_way(subjects)
        _lock(subjects)
        series = names.names_of(subjects)
        gone = _delete(
            people.register_rows(subjects) if subjects else [], taking, REGISTER, row, before, time
        )
        names.forget_unlinked(series, mark_of_series)
        return gone


def _vault(row: Row, some: list[ErasedPerson], before: datetime, time: Clock) -> int:
    with _step(PEOPLE) as taking:
        left = people.left_in_vault([one.id for one in some])
        return _delete(people.vault_rows(left) if left else [], taking, PEOPLE, row, before, time)


def _kind(row: Row, before: datetime, time: Clock) -> int:
    kind = BY_MODEL[row.model]
    with _step(kind.book) as taking:
        table = kind.over(before).model
        first = list(kind.over(before).order_by("pk").values_list("pk", flat=True)[:STEP])
        rows = table._default_manager.filter(pk__in=first)
        named = forgetting.named(rows) if kind.forget else {}
        if kind.forget and taking.forget(rows, content=None):
            return taking.record(kind.book, row, before, time.now(), done="forgotten", named=named)
        return 0 if kind.forget else _delete([rows], taking, kind.book, row, before, time)


def _delete(found: list[Any], taking: Taking, book: Book, row: Row, before: datetime, time: Clock) -> int:
    for rows in found:
        taking.delete(rows)
    return taking.record(book, row, before, time.now()) if taking.rows else 0


def _lock(subjects: Collection[str]) -> None:
    """Nobody is told, and nobody chooses, meanwhile: what the rules say holds until this is done."""
    list(WishBook.objects.select_for_update().filter(pk__in=sorted(subjects)).order_by("pk"))
