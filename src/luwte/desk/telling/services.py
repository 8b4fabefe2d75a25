"""What can be done about telling; one function per act. Here alone a person and a finding are joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from luwte.base.clock import Clock
from luwte.base.faults import fault_point
from luwte.desk.findings import services as findings
from luwte.desk.telling import outbox, values
from luwte.desk.telling.channels.email import EmailChannel, mail_server
from luwte.desk.telling.channels.port import ChannelPort
from luwte.desk.telling.channels.portal import PortalChannel
from luwte.desk.telling.errors import NothingToCall, TaskUnknown
from luwte.desk.telling.facts import Known, decide
from luwte.desk.telling.models import CareTask, Contact, Decision, StoppedChannel
from luwte.desk.telling.outbox import Outbox
from luwte.desk.telling.recording import ask_human, close, plan_contact, record, stop_channel
from luwte.desk.telling.subjects import party_of, person_of, subject_of
from luwte.desk.telling.values import Kind, Reason, State
from luwte.desk.vault import services as vault
from luwte.desk.wishes import models as wish_tables
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.checks import check_parties
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Source, Wish

BATCH = 200
FAULT_POINTS = ("telling.record", "telling.recorded", *outbox.FAULT_POINTS)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of telling did: people by reason of their decisions, contacts by what became of them."""

    people: int
    reasons: Mapping[Reason, int]
    contacts: Mapping[State, int]


def channels() -> dict[Channel, ChannelPort]:
    """Return the channels that the settings name."""
    mail = EmailChannel(mail_server(settings.MAIL), settings.PORTAL_URL)
    return {Channel.PORTAL: PortalChannel(), Channel.EMAIL: mail}


def tell(clock: Clock, ways: Mapping[Channel, ChannelPort] | None = None) -> Round:
    """Decide for everyone, record it, hand over what may be told, and return what was done."""
    known, ways = Known.everyone(), channels() if ways is None else ways
    outbox.take_up_again(ways, clock.now())
    plan_all(known, clock.now())
    handled = Outbox(ways, clock).hand_over_all()
    states = Contact.objects.filter(id__in=handled).values_list("state", flat=True)
    standing = Decision.objects.filter(subject__in=list(known.people), replaced=None)
    reasons = Counter(Reason(reason) for reason in standing.values_list("reason", flat=True))
    return Round(len(known.people), reasons, Counter(State(state) for state in states))


def plan_all(known: Known, now: datetime) -> None:
    """Decide for all people of `known` and record it, some hundreds in a transaction."""
    subjects = sorted(known.people)
    for start in range(0, len(subjects), BATCH):
        _plan(known, subjects[start : start + BATCH], now)
        fault_point("telling.recorded")


@transaction.atomic
def _plan(known: Known, subjects: list[str], now: datetime) -> None:
    books = [wish_tables.WishBook(subject=subject) for subject in subjects]
    wish_tables.WishBook.objects.bulk_create(books, ignore_conflicts=True)
    list(wish_tables.WishBook.objects.select_for_update().filter(pk__in=subjects).order_by("pk"))
    by_subject: dict[str, list[values.Decision]] = {subject: [] for subject in subjects}
    for decision in decide(known, subjects, now):
        by_subject[decision.subject].append(decision)
    for subject, decisions in by_subject.items():
        record(subject, decisions, now)
    fault_point("telling.record")


def link_series(person_id: str, series: str, now: datetime) -> int:
    """Say that `series` shows a person; return in how many cases it stands."""
    vault.person(person_id)
    return findings.link_series(subject_of(person_id), series, now)


def unlink_series(person_id: str, series: str, now: datetime) -> int:
    """Take back that `series` shows a person; return in how many cases it stands. Raises `LinkUnknown`."""
    vault.person(person_id)
    return findings.unlink_series(subject_of(person_id), series, now)


def set_wish(
    person_id: str,
    source: Source,
    choice: Choice,
    *,
    set_by: str,
    conversation: str,
    now: datetime,
    by: frozenset[str] = frozenset({PERSON}),
    assessment: str = "",
) -> Wish:
    """Record what the parties `by` chose for a person. Raises `PersonUnknown` or `WishImpossible`."""
    today = now.astimezone(vault.person(person_id).identity.zone).date()
    acting = [one for one in vault.representatives(person_id) if one.mandate.holds(today)]
    lawyers = [party_of(one.id) for one in acting if one.mandate.role == Kind.LAWYER]
    check_parties(choice, by, [party_of(one.id) for one in acting], lawyers)
    return wishes.set_wish(
        subject_of(person_id),
        source,
        choice,
        set_by=set_by,
        conversation=conversation,
        now=now,
        by=by,
        assessment=assessment,
    )


def pause(person_id: str, now: datetime, lasts: timedelta = wishes.PAUSE) -> datetime:
    """Pause everything for a person, who gives no reason; return when the pause ends. Works at once."""
    vault.person(person_id)
    return wishes.pause(subject_of(person_id), now, lasts)


def resume(person_id: str, now: datetime) -> int:
    """Lift the pauses that the person set; return how many."""
    return wishes.resume(subject_of(person_id), now)


@transaction.atomic
def ask(subject: str, now: datetime) -> Contact | None:
    """Give the person who asks all that waits for a source they want to hear of, in the portal, now.

    A pause does not stand in the way of asking, nor does a rhythm; a wish must hold (T1), and what nobody
    confirmed stays untold (T12). What was planned and did not leave yet is given now instead (T4). Returns
    None when there is nothing. Asking does not count as a contact (T2).
    """
    wishes.lock(subject)
    known = Known.one(person_of(subject))
    _take_back(subject, now)
    waits = {Reason.DUE, Reason.PAUSED, Reason.HELD_BY_CARE, Reason.ONLY_WHEN_ASKED, Reason.CHANNEL_STOPPED}
    waits |= {Reason.RHYTHM, Reason.CEILING, Reason.OTHER_CHANNEL, Reason.CALL_CHOSEN, Reason.ON_ITS_WAY}
    found = [one for one in decide(known, [subject], now) if one.reason in waits]
    items = tuple(item for decision in found for item in decision.items)
    if not items:
        return None
    contact = plan_contact(replace(found[0], items=items, channel=Channel.PORTAL), now, State.DONE)
    contact.asked, contact.handed, contact.closed = True, now, now
    contact.receipt = "asked for in the portal"
    contact.save()
    return contact


def to_call(person_id: str, now: datetime) -> tuple[str, ...]:
    """Return the ids of the findings that a call may tell now. Raises `PersonUnknown`."""
    call = _call(person_id, now)
    return call.items if call else ()


@transaction.atomic
def record_call(person_id: str, by: str, now: datetime, told: Collection[str] | None = None) -> Contact:
    """Record that a care worker called and told the findings `told` (None: all that may be told now).

    What came in after the care worker looked was not told, and waits (T3). Raises `NothingToCall`.
    """
    wishes.lock(subject_of(person_id))
    call = _call(person_id, now)
    items = tuple(item for item in call.items if told is None or item in told) if call else ()
    if call is None or not items:
        raise NothingToCall
    contact = plan_contact(replace(call, items=items), now, State.DONE)
    contact.handed = contact.closed = now
    contact.receipt = f"called by {by}"[:500]
    contact.save()
    return contact


@transaction.atomic
def settle(task_id: str, arrived: bool, by: str, now: datetime) -> None:
    """Record what a care worker found out about an unknown outcome. What did not arrive is planned anew."""
    task = _open_task(task_id)
    wishes.lock(task.subject)
    contact = task.contact
    if contact is not None and contact.state == State.UNKNOWN:
        state = State.DONE if arrived else State.WITHHELD
        close(contact, state, now, f"{'arrived' if arrived else 'did not arrive'}, found out by {by}")
    _finish(task, by, "arrived" if arrived else "not arrived", now)


@transaction.atomic
def solve_channel(task_id: str, by: str, now: datetime) -> None:
    """Record that a care worker solved why a channel failed; it may be used again."""
    task = _open_task(task_id)
    if task.contact is not None:
        stopped = StoppedChannel.objects.filter(
            subject=task.subject, channel=task.contact.channel, solved=None
        )
        stopped.update(solved=now)
    _finish(task, by, "solved", now)


@transaction.atomic
def bounced(key: str, now: datetime) -> bool:
    """Record that the contact with this idempotency key came back; return False when there is no such one.

    What it carried is told again later, unless the person has opened it in the portal meanwhile.
    """
    contact = Contact.objects.select_for_update().filter(key=key).first()
    if contact is None or contact.state not in (State.DONE, State.HANDED, State.UNKNOWN):
        return False
    if contact.opened is None:
        close(contact, State.REFUSED, now, "it came back")
    stop_channel(contact.subject, contact.channel, now)
    ask_human(contact, outbox.ADDRESS_FAILS, now)
    return True


def _take_back(subject: str, now: datetime) -> None:
    """Withhold contacts that wait in the outbox; one that is being handed over is let be."""
    waiting = Contact.objects.filter(subject=subject, state__in=(State.PLANNED, State.LEASED))
    for contact in waiting.select_for_update():
        close(contact, State.WITHHELD, now, "asked for in the portal before it left")


def _call(person_id: str, now: datetime) -> values.Decision | None:
    known = Known.one(person_id)
    found = decide(known, known.people, now)
    return next((decision for decision in found if decision.reason == Reason.CALL_CHOSEN), None)


def _open_task(task_id: str) -> CareTask:
    task = CareTask.objects.select_for_update().filter(pk=task_id, done=None).first()
    if task is None:
        raise TaskUnknown
    return task


def _finish(task: CareTask, by: str, outcome: str, now: datetime) -> None:
    task.done, task.done_by, task.outcome = now, by, outcome
    task.save()
