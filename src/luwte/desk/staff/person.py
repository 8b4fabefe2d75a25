"""The page of one person: the calls and what they may tell, the other tasks, who acts, what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from luwte.desk.audit import restored
from luwte.desk.pages import wording
from luwte.desk.staff import enrol_form, enrol_words, words
from luwte.desk.telling import reading, services
from luwte.desk.telling.first import standing
from luwte.desk.telling.harm import LIFTED
from luwte.desk.telling.leaving import LEAVING
from luwte.desk.telling.outbox import ADDRESS_FAILS, SERVER_SILENT, UNKNOWN_OUTCOME
from luwte.desk.telling.reading import Acting, PersonOverview, Task
from luwte.desk.telling.tasks import CallTask
from luwte.desk.vault.assessments import assessments
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Channel, Source, latest

_ANSWERS = {UNKNOWN_OUTCOME: "unknown", LEAVING: "kept"} | dict.fromkeys(
    (ADDRESS_FAILS, SERVER_SILENT, LIFTED), "solved"
)

SAFE = tuple(
    ask
    for ask in (*enrol_form.STEPS["safe"], *enrol_form.STEPS["needs"])
    if ask.name not in ("conflict", "needs")
)
"""What somebody who is about to call wants to know."""


@dataclass(frozen=True, slots=True)
class CallCard:
    """A call: why, with whom if not the person, whether it is yours; only then what it may tell.

    `told`: the ids of what it may tell; `lists`: that in words; `alerts`: events of safety. `undecided`: two
    people decide first whether to call at all (T9).
    """

    call: CallTask
    why: str
    last: str
    to: str
    mine: bool
    told: tuple[str, ...] = ()
    lists: tuple[list[wording.Row], ...] = ()
    alerts: tuple[wording.AlertText, ...] = ()
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """A task that is no call: what it asks, and which answers it takes (unknown, solved, kept or done)."""

    id: str
    text: str
    cause: str
    made: datetime
    answers: str

    @classmethod
    def of(cls, task: Task) -> Todo:
        """Return it in words."""
        answers = _ANSWERS.get(task.kind, "done")
        return cls(task.id, words.tasks()[task.kind], words.causes().get(task.cause, ""), task.made, answers)


@dataclass(frozen=True, slots=True)
class Around:
    """Someone who acts for the person: role, way to reach them, days, what holds today, why told or not."""

    id: str
    name: str
    role: str
    way: str
    begins: date
    ends: date | None
    state: str
    may_read: bool
    standing: bool
    reasons: tuple[str, ...]


def cards(found: PersonOverview, by: str, now: datetime) -> list[CallCard]:
    """Return the open calls about a person; what they may tell only to `by`, who took them."""
    names = {one.party: one.known.mandate.name for one in found.acting}
    return [_card(call, found, by, names.get(call.recipient, ""), now) for call in found.calls]


def around(one: Acting, today: date) -> Around:
    """Return in words who acts for the person, on the person's `today`."""
    mandate = one.known.mandate
    return Around(
        one.known.id,
        mandate.name,
        wording.roles()[mandate.role],
        words.channels()[Channel(mandate.channel)],
        mandate.begins,
        mandate.ends,
        words.mandate(mandate, today),
        mandate.may_read(today),
        mandate.standing,
        tuple(dict.fromkeys(words.reasons()[found.reason] for found in one.reasons)),
    )


def chosen(subject: str, found: PersonOverview, now: datetime) -> list[wording.Part]:
    """Return what was chosen for each source and when it is quiet, as the person reads it back."""
    given = wishes.wishes([subject])
    standing = [wish for source in Source if (wish := latest(given, source, now)) is not None]
    quiets = [quiet for _, quiet in wishes.quiet_periods(subject)]
    names = {one.party: one.known.mandate.name for one in found.acting}
    return wording.chosen(standing, quiets, found.person.identity.zone, names) if standing or quiets else []


def safe_contact(person_id: str) -> list[wording.Row]:
    """Return what the newest assessment says of safe contact, to read before anybody calls."""
    found = assessments(person_id)
    if not found:
        return []
    given = {name: _values(getattr(found[0].said, name)) for name in (ask.name for ask in SAFE)}
    return enrol_words.said(SAFE, given)


def _values(value: str | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) and value else list(value)


def _card(call: CallTask, found: PersonOverview, by: str, to: str, now: datetime) -> CallCard:
    why, last = words.call(call), words.outcome_of_call(call.last)
    if call.accepted_by != by:
        decided = standing([call.id]).get(call.id)
        undecided = call.first and not (decided is not None and decided.lets_call())
        return CallCard(call, why, last, to, mine=False, undecided=undecided)
    if restored.held():
        return CallCard(call, why, last, to, True)
    if call.safety:
        alerts = tuple(wording.alerts(reading.alerts_for_care(call.subject)))
        return CallCard(call, why, last, to, True, tuple(one.id for one in alerts), alerts=alerts)
    # The ids first: whatever comes in meanwhile is on the page perhaps, and not recorded as told.
    told = services.to_call(found.person.id, now, call.recipient)
    lists = wording.call_lists(reading.to_tell_in_call(found.person.id, now, call.recipient))
    return CallCard(call, why, last, to, True, told, tuple(lists))
