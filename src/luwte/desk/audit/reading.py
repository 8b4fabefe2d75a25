"""Reading a record: which acts were done, by whom, about what. Who reads it is recorded first.

An act's row holds when, what and about whom; who did it stands in its content, which may be forgotten. So a
search by actor reads contents, and no more than `MOST_READ` of them at once: it says where it stopped and
goes on there.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.audit.rules import Done
from luwte.desk.audit.tables import LeafRow

ROWS = 50
MOST_READ = 5_000
MOST_COUNTED = 20_000
LOOKS = (
    Act.DOSSIER_VIEWED,
    Act.LIST_VIEWED,
    Act.PERSON_VIEWED,
    Act.PEOPLE_LISTED,
    Act.LOOKED_UP,
    Act.GLASS_OPENED,
)
"""Acts of looking at people."""
_ACCOUNT = "(?:staff|casework):[0-9]{1,18}"
_ROLES = "person|representative|telling|retention|visitor|link|broker|command"
ACTORS = re.compile(f"{_ACCOUNT}|client:[0-9a-f]{{32}}|{_ROLES}|[0-9a-f]{{32}}")
ABOUT = re.compile(f"{_ACCOUNT}|[0-9a-f]{{8,64}}")
"""Whom a search may name: ids and pseudonyms, so that no name comes into the record."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; what is empty or None is not looked at. `since` counts, `until` does not."""

    acts: tuple[Act, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    about: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """An act as it stands in the record. `place` is None while it waits for one.

    `by` and `details` are empty when the content was forgotten.
    """

    number: int
    at: datetime
    act: str
    about: str
    by: str
    details: tuple[tuple[str, str], ...]
    place: int | None
    forgotten: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Acts, newest first. `older`: the number below which the search goes on, None when it is through."""

    acts: tuple[Read, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class Looker:
    """How often somebody looked at people, by kind of act, and when last."""

    by: str
    counts: Mapping[str, int]
    last: datetime


def search(log: Log, wanted: Wanted, now: datetime, *, before: int | None = None) -> Found:
    """Return the acts of `log` that fit, at most `ROWS`, and record that somebody read them.

    `before`: only those with a smaller number, as `Found.older` said.
    """
    _record(log, wanted, now)
    rows = _fitting(log, wanted, before)
    last: int | None = None
    fitting: list[LeafRow] = []
    for row in rows[: MOST_READ if wanted.by else ROWS].iterator(_CHUNK):
        last = row.id
        if not wanted.by or _body(row).get("by") == wanted.by:
            fitting.append(row)
        if len(fitting) == ROWS:
            break
    more = last is not None and rows.filter(id__lt=last).exists()
    return Found(_read(log, fitting), last if more else None)


def lookers(logs: Iterable[Log], since: datetime, now: datetime) -> list[Looker]:
    """Return who looked at people from `since` on, by actor, and record that somebody asked.

    Of each log the newest `MOST_COUNTED` such acts count.
    """
    counts: dict[str, Counter[str]] = {}
    last: dict[str, datetime] = {}
    for log in logs:
        wanted = Wanted(LOOKS, since)
        _record(log, wanted, now)
        for row in _fitting(log, wanted, None)[:MOST_COUNTED].iterator(_CHUNK):
            by = str(_body(row).get("by", ""))
            counts.setdefault(by, Counter())[row.act] += 1
            last[by] = max(row.at, last.get(by, row.at))
    return [Looker(by, dict(counts[by]), last[by]) for by in sorted(counts)]


@transaction.atomic
def _record(log: Log, wanted: Wanted, now: datetime) -> None:
    details: dict[str, str | int] = {"log": log.name}
    if wanted.acts:
        details["act"] = wanted.acts[0].value if len(wanted.acts) == 1 else "looks"
    details |= {name: value for name in ("by", "about") if (value := getattr(wanted, name))}
    details |= {
        name: value.isoformat() for name in ("since", "until") if (value := getattr(wanted, name)) is not None
    }
    if wanted.place is not None:
        details["place"] = wanted.place
    DESK.record_all([Done(Act.RECORD_SEARCHED, actor(), details=details)], now)


def _fitting(log: Log, wanted: Wanted, before: int | None) -> QuerySet[LeafRow]:
    rows = log.leaf.objects.order_by("-id")
    if wanted.acts:
        rows = rows.filter(act__in=[act.value for act in wanted.acts])
    if wanted.about:
        rows = rows.filter(about=wanted.about)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.place is not None:
        rows = rows.filter(id__in=log.place.objects.filter(place=wanted.place).values("leaf"))
    return rows if before is None else rows.filter(id__lt=before)


def _read(log: Log, rows: list[LeafRow]) -> tuple[Read, ...]:
    numbers = [row.id for row in rows]
    places = dict(log.place.objects.filter(leaf__in=numbers).values_list("leaf", "place"))
    return tuple(_one(row, places.get(row.id)) for row in rows)


def _one(row: LeafRow, place: int | None) -> Read:
    body = _body(row)
    details = body.get("details")
    pairs = sorted(details.items()) if isinstance(details, dict) else []
    told = tuple((str(name), str(value)) for name, value in pairs)
    by, forgotten = str(body.get("by", "")), row.content is None
    return Read(row.id, row.at, row.act, row.about, by, told, place, forgotten)


def _body(row: LeafRow) -> dict[str, object]:
    """What the content says; nothing for one that was forgotten, or that somebody changed."""
    try:
        found = json.loads(bytes(row.content or b""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
