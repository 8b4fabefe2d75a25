"""The work list: what a human must do, most pressing first, and everyone with the reason why or why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.staff import words
from luwte.desk.telling.outbox import UNKNOWN_OUTCOME
from luwte.desk.telling.reading import PersonOverview, Task
from luwte.desk.telling.values import Outcome, Reason

_PRESSING = (Reason.CALL_CHOSEN, Reason.WISH_ENDED, Reason.NEVER_ASKED)


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do: for whom, why, since when if known; `task` when it is one of the record."""

    person_id: str
    name: str
    why: str
    since: datetime | None
    task: Task | None = None


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

    def takes(self, person: PersonOverview) -> bool:
        """Return whether `person` stays on the list."""
        named = self.name.strip().casefold() in person.person.identity.name.casefold()
        return named and (not self.outcome or self.outcome in {found.outcome for found in person.reasons})


def work(people: Iterable[PersonOverview]) -> list[Work]:
    """Return all that a care worker must do: tasks of the record by age, then calls by their reason."""
    found = list(people)
    tasks = [(task.made, _task(person, task)) for person in found for task in person.tasks]
    calls = [
        (_PRESSING.index(one.reason), person.person.identity.name, _call(person, one.reason))
        for person in found
        for one in person.reasons
        if one.outcome == Outcome.CALL
    ]
    by_age = [line for _, line in sorted(tasks, key=lambda pair: pair[0])]
    return by_age + [line for _, _, line in sorted(calls, key=lambda row: row[:2])]


def lines(people: Iterable[PersonOverview], chosen: Filter) -> list[Line]:
    """Return a line for each of `people` that the filter takes."""
    return [_line(person) for person in people if chosen.takes(person)]


def _task(person: PersonOverview, task: Task) -> Work:
    return Work(person.person.id, person.person.identity.name, words.tasks()[task.kind], task.made, task)


def _call(person: PersonOverview, reason: Reason) -> Work:
    return Work(person.person.id, person.person.identity.name, words.reasons()[reason], None)


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
