"""What is over its term, and what of it is still needed: the dry run. Nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from luwte.base.chunks import chunks
from luwte.desk.retention import casefile, contacts, letters, people
from luwte.desk.retention.casefile import CaseFile
from luwte.desk.retention.kinds import BY_MODEL
from luwte.desk.retention.needed import HOLD, RUNNING, erased_people, held_subjects
from luwte.desk.retention.rules import CASE, CONTACT, LETTERS, PERSON, Row, Then


@dataclass(frozen=True, slots=True)
class Line:
    """What is over the term of a `row`: how many would go, from when the oldest is, and how many are `kept`.

    `kept`: by the word for what still needs them (docs/retention.md).
    """

    row: Row
    count: int = 0
    oldest: datetime | None = None
    kept: Mapping[str, int] = field(default_factory=dict)


def survey(rows: Mapping[str, Row], now: datetime) -> list[Line]:
    """Return a line for each row of the table, in its order."""
    return [_line(row, now) for row in rows.values()]


def _line(row: Row, now: datetime) -> Line:
    if row.then not in (Then.DELETE, Then.FORGET):
        return Line(row)
    before = row.before(now)
    if row.model == CASE:
        return _cases(row, before, now)
    if row.model == CONTACT:
        return _contacts(row, before, now)
    if row.model == PERSON:
        return _people(row, before)
    if row.model == LETTERS:
        found = letters.over(before)
        return Line(row, len(found), min((one.written for one in found), default=None))
    kind = BY_MODEL[row.model]
    return Line(row, kind.over(before).count(), kind.oldest(before))


def _cases(row: Row, before: datetime, now: datetime) -> Line:
    kept: Counter[str] = Counter()
    free: list[datetime] = []
    files = [(one.opened, CaseFile.of(one)) for one in casefile.over(before)]
    files += [(one.registered, CaseFile(None, [one])) for one in casefile.notices(before)]
    for since, found in files:
        if word := found.needed(now):
            kept[word] += 1
        else:
            free.append(since)
    return Line(row, len(free), min(free, default=None), kept)


def _contacts(row: Row, before: datetime, now: datetime) -> Line:
    found = list(contacts.over(before))
    free = [one for some in chunks(found) for one in contacts.free(some, now)]
    oldest = min((one.closed for one in free if one.closed), default=None)
    return Line(row, len(free), oldest, _kept(RUNNING, len(found) - len(free)))


def _people(row: Row, before: datetime) -> Line:
    held = held_subjects()
    count = kept = 0
    oldest: datetime | None = None
    for some in chunks(erased_people(before)):
        vault = people.left_in_vault([one.id for one in some])
        register = people.left_in_register([one.subject for one in some])
        for one in some:
            waits = one.subject in held
            if one.id in vault or (one.subject in register and not waits):
                count += 1
                oldest = min(one.at, oldest or one.at)
            kept += waits and one.subject in register
    return Line(row, count, oldest, _kept(HOLD, kept))


def _kept(word: str, count: int) -> dict[str, int]:
    return {word: count} if count else {}
