"""The lists of the care workers: what waits for them, and the people whom they look for.

First it is known what is on a list, by pseudonym or id; then the people of one page are opened, which is
recorded. So whoever is not on the page stays closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from luwte.desk.telling import tasks
from luwte.desk.telling.facts import Known
from luwte.desk.telling.models import CareTask, Decision
from luwte.desk.telling.reading import Task, list_viewed
from luwte.desk.telling.subjects import party_of, people_behind
from luwte.desk.telling.tasks import CALLS, CallTask
from luwte.desk.telling.values import Outcome
from luwte.desk.vault import batches
from luwte.desk.vault.batches import Opened
from luwte.desk.vault.services import KnownPerson
from luwte.desk.wishes.rules import PERSON

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Open:
    """A task or a call that nobody did yet, and the pseudonym of whom it is about."""

    subject: str
    task: Task | CallTask


@dataclass(frozen=True, slots=True)
class Waiting:
    """The same with the person; `to`: the name of who acts for them, where the call is with that one."""

    person: KnownPerson
    task: Task | CallTask
    to: str = ""


def waiting() -> list[Open]:
    """Return what a human must do: the calls as the queue has them, then the other tasks, oldest first.

    A call joins the queue with the round of telling that asks for it. Nobody is opened, and who was erased is
    not there.
    """
    rows = CareTask.objects.filter(done=None).exclude(kind__in=CALLS).order_by("made", "id")
    found = [Open(call.subject, call) for call in tasks.queue()]
    found += [Open(row.subject, Task(row.id, row.kind, row.made, row.reason)) for row in rows]
    here = dict(_behind(dict.fromkeys(one.subject for one in found)))
    return [one for one in found if one.subject in here]


def opened(page: Iterable[Open], now: datetime) -> list[Waiting]:
    """Return the people of one page of what waits, in its order. Whose dossiers were seen is recorded."""
    wanted = list(page)
    known = Known.of(dict.fromkeys(one.subject for one in wanted))
    list_viewed(known, now)
    return [_waiting(one.task, known.found[one.subject]) for one in wanted if one.subject in known.found]


def search(name: str = "", outcome: str = "") -> list[str]:
    """Return the ids of those with `name` as a part of their name, by name; names alone are opened for it.

    `outcome`: only those for whom it stands since the last round of telling, and has not left yet; nobody for
    one that does not exist.
    """
    if outcome and outcome not in set(Outcome):
        return []
    only = set(dict(_behind(_decided(outcome))).values()) if outcome else None
    part = name.strip().casefold()
    found = ((called, found) for found, called in batches.names(only).items() if part in called.casefold())
    return [person_id for _, person_id in sorted(found)]


def _decided(outcome: str) -> Iterable[str]:
    rows = Decision.objects.filter(recipient=PERSON, replaced=None, outcome=outcome)
    if outcome == Outcome.TELL:
        rows = rows.filter(contact__handed=None)
    return rows.order_by("subject").values_list("subject", flat=True).distinct()


def _behind(subjects: Iterable[str]) -> Iterator[tuple[str, str]]:
    left = iter(subjects)
    while some := list(islice(left, _AT_ONCE)):
        yield from people_behind(some).items()


def _waiting(task: Task | CallTask, one: Opened) -> Waiting:
    with_ = task.recipient if isinstance(task, CallTask) else PERSON
    names = (acting.mandate.name for acting in one.acting if party_of(acting.id) == with_)
    return Waiting(one.person, task, next(names, ""))
