"""The work list: what a human must do, most pressing first; and people with the reason why or why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.staff import words
from luwte.desk.telling.first import standing
from luwte.desk.telling.lists import Waiting
from luwte.desk.telling.outbox import UNKNOWN_OUTCOME
from luwte.desk.telling.reading import PersonOverview
from luwte.desk.telling.tasks import CallTask
from luwte.desk.telling.values import Outcome

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do: about whom, why, since when if known.

    `call`: the call, which may be with `to`, who acts for the person; `mine`: you accepted it. `decided`: two
    people agreed to call somebody who does not know yet (T9).
    """

    person_id: str
    name: str
    why: str
    since: datetime | None
    call: CallTask | None = None
    to: str = ""
    mine: bool = False
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list: the outcomes that stand, the reasons for them, when last told."""

    person_id: str
    name: str
    care_worker: str
    outcomes: tuple[str, ...]
    reasons: tuple[str, ...]
    last_told: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Part of a name, and one outcome; each empty for everyone."""

    name: str = ""
    outcome: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filter | None:
        """Return what was asked for, or None where nothing was."""
        if not {"name", "outcome"} & asked.keys():
            return None
        return cls(asked.get("name", "")[:LONGEST_NAME].strip(), asked.get("outcome", ""))


def work(waiting: Iterable[Waiting], by: str) -> list[Work]:
    """Return in words what a human must do; `by`: who reads this."""
    found = list(waiting)
    stands = standing([one.task.id for one in found])
    agreed = {task for task, decided in stands.items() if decided.lets_call()}
    return [_work(one, by, one.task.id in agreed) for one in found]


def lines(people: Iterable[PersonOverview]) -> list[Line]:
    """Return a line for each of `people`."""
    return [_line(person) for person in people]


def _work(one: Waiting, by: str, decided: bool) -> Work:
    person, task = one.person.id, one.task
    name = one.person.identity.name
    if isinstance(task, CallTask):
        return Work(person, name, words.call(task), task.made, task, one.to, task.accepted_by == by, decided)
    return Work(person, name, words.tasks()[task.kind], task.made)


def _line(person: PersonOverview) -> Line:
    return Line(
        person.person.id,
        person.person.identity.name,
        person.person.identity.care_worker,
        _outcomes(person),
        tuple(dict.fromkeys(words.reason(one.reason, told=_told(person)) for one in person.reasons)),
        person.last_told,
        min((found.next_at for found in person.reasons if found.next_at), default=None),
    )


def _outcomes(person: PersonOverview) -> tuple[str, ...]:
    """Someone who was told and of whom nothing is open reads "told", not "nothing new"."""
    open_now = [found.outcome for found in person.reasons if found.outcome != Outcome.NOTHING]
    told = [words.told(unsure=_unsure(person))] if person.last_told else []
    rest = [words.outcomes()[outcome] for outcome in dict.fromkeys(open_now)]
    return (*told, *rest) or (words.outcomes()[Outcome.NOTHING],)


def _unsure(person: PersonOverview) -> bool:
    return any(task.kind == UNKNOWN_OUTCOME for task in person.tasks)


def _told(person: PersonOverview) -> bool:
    return person.last_told is not None and not _unsure(person)
