"""The work list: what a human must do, most pressing first, and everyone with the reason why or why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.staff import words
from luwte.desk.telling import tasks
from luwte.desk.telling.outbox import UNKNOWN_OUTCOME
from luwte.desk.telling.reading import PersonOverview, Task
from luwte.desk.telling.tasks import CallTask
from luwte.desk.telling.values import Outcome


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do: about whom, why, since when if known.

    `call`: the call, which may be with `to`, who acts for the person; `mine`: you accepted it.
    """

    person_id: str
    name: str
    why: str
    since: datetime | None
    call: CallTask | None = None
    to: str = ""
    mine: bool = False


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


def work(people: Iterable[PersonOverview], by: str) -> list[Work]:
    """Return all that a human must do: the calls as the queue has them, then the other tasks by age.

    A call joins the queue with the round of telling that asks for it; `by`: who reads this.
    """
    found = list(people)
    by_call = {call.id: (person, call) for person in found for call in person.calls}
    calls = [_call(*by_call[one.id], by) for one in tasks.queue() if one.id in by_call]
    others = sorted(
        ((task.made, person.person.identity.name, person, task) for person in found for task in person.tasks),
        key=lambda row: row[:2],
    )
    return [*calls, *(_task(person, task) for _, _, person, task in others)]


def lines(people: Iterable[PersonOverview], chosen: Filter) -> list[Line]:
    """Return a line for each of `people` that the filter takes."""
    return [_line(person) for person in people if chosen.takes(person)]


def _call(person: PersonOverview, call: CallTask, by: str) -> Work:
    return Work(
        person.person.id,
        person.person.identity.name,
        words.call(call),
        call.made,
        call,
        next((one.known.mandate.name for one in person.acting if one.party == call.recipient), ""),
        mine=call.accepted_by == by,
    )


def _task(person: PersonOverview, task: Task) -> Work:
    return Work(person.person.id, person.person.identity.name, words.tasks()[task.kind], task.made)


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
