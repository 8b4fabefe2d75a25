"""What can be done about telling; one function per act. Here alone a person and a finding are joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from luwte.base.clock import Clock
from luwte.desk.audit import restored
from luwte.desk.audit.actors import acting
from luwte.desk.audit.acts import Act
from luwte.desk.cases import services as cases
from luwte.desk.findings import services as findings
from luwte.desk.telling import announced, leaving, outbox, planner, safety_outbox, steps, values
from luwte.desk.telling.after_restore import check_free
from luwte.desk.telling.agenda import look_again
from luwte.desk.telling.channels.port import ChannelPort, Fate
from luwte.desk.telling.errors import NothingToCall
from luwte.desk.telling.facts import Known, decide
from luwte.desk.telling.following import follow
from luwte.desk.telling.harm import distress
from luwte.desk.telling.models import Contact, Decision
from luwte.desk.telling.outbox import Outbox
from luwte.desk.telling.recording import end, ended, plan_contact, sources_of
from luwte.desk.telling.safety_outbox import confirm_alert
from luwte.desk.telling.subjects import party_of, person_of, subject_of
from luwte.desk.telling.troubles import (
    bounced,
    deceased,
    finish,
    open_task,
    secret_address,
    solve_channel,
    undeliverable,
    withhold_waiting,
)
from luwte.desk.telling.values import Kind, Outcome, Reason, State
from luwte.desk.telling.ways import channels
from luwte.desk.vault import services as vault
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.checks import LONGEST_REASON, check_parties, check_text
from luwte.desk.wishes.rules import PERSON, Channel, Choice, HoldKind, Source, Wish

__all__ = [
    "FAULT_POINTS",
    "Round",
    "ask",
    "bounced",
    "channels",
    "confirm_alert",
    "deceased",
    "distress",
    "hold",
    "link_series",
    "pause",
    "plan_all",
    "record_call",
    "record_event",
    "resume",
    "secret_address",
    "set_wish",
    "settle",
    "solve_channel",
    "tell",
    "to_call",
    "undeliverable",
    "unlink_series",
]

TELLING = "telling"
"""Who acted, where a round of telling did."""
FAULT_POINTS = (*planner.FAULT_POINTS, *outbox.FAULT_POINTS, *safety_outbox.FAULT_POINTS)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of telling did: people by reason of their decisions, contacts by what became of them.

    `alerts`: how many alerts of safety were handed over.
    """

    people: int
    reasons: Mapping[Reason, int]
    contacts: Mapping[State, int]
    alerts: int = 0


@acting(lambda: TELLING)
def tell(clock: Clock, ways: Mapping[Channel, ChannelPort] | None = None) -> Round:
    """Decide for whom something is new or due, hand over what may be told, and return what was done.

    Who asked to be erased and let the days go by is erased first. Raises `TellingHeld` after a restore, until
    telling was resumed.
    """
    check_free()
    leaving.erase_due(clock.now())
    ways = channels() if ways is None else ways
    follow(ways, clock.now())
    announced.spread(clock.now())
    steps.spread_steps(clock.now())
    alerts = safety_outbox.SafetyOutbox(ways, clock).send_due()
    findings.heed_acceptance()
    planner.notice(clock.now())
    people = planner.plan_due(clock.now(), ways)
    handled = Outbox(ways, clock).hand_over_all()
    states = Contact.objects.filter(id__in=handled).values_list("state", flat=True)
    return Round(people, _standing(), Counter(State(state) for state in states), alerts)


def plan_all(known: Known, now: datetime) -> None:
    """Decide for all people of `known`, whether or not something is due, and record it."""
    planner.plan_now(known.found, now)


def _standing() -> dict[Reason, int]:
    """How many decisions stand for each reason, counted by the database."""
    rows = Decision.objects.filter(replaced=None).order_by("reason").values_list("reason")
    return {Reason(reason): number for reason, number in rows.annotate(Count("id"))}


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


def hold(person_id: str, kind: HoldKind, *, set_by: str, reason: str, ends: datetime, now: datetime) -> None:
    """Pause everything for a person: at their own wish, on behalf of a care worker, or for a sign of harm.

    A sign of harm also asks for a call; its pause stands until a human ends it, whatever `ends` says. Raises
    `PersonUnknown`, or `WishImpossible` for a care worker's pause without a name, a reason or an end.
    """
    vault.person(person_id)
    subject = subject_of(person_id)
    if kind == HoldKind.PERSON:
        wishes.pause(subject, now, ends - now)
    elif kind == HoldKind.HARM:
        check_text("A sign of harm needs who saw it.", set_by)
        check_text("A sign of harm needs what was seen.", reason, LONGEST_REASON)
        distress(subject, now, set_by=set_by, reason=reason)
    else:
        wishes.hold(subject, set_by=set_by, reason=reason, ends=ends, now=now)


@transaction.atomic
def record_event(
    person_id: str,
    case: str,
    source: Source,
    kind: str,
    *,
    at: datetime,
    lapses: datetime | None = None,
    now: datetime,
) -> str:
    """Record that something happens in a person's case; return the id of the event. Tells nobody by itself.

    An event of safety becomes an alert (T14). Raises `PersonUnknown`, `CaseUnknown`, `EventImpossible` or
    `EventDiffers`.
    """
    vault.person(person_id)
    subject = subject_of(person_id)
    event, _ = cases.record_event(subject, case, source.value, kind, at=at, lapses=lapses, now=now)
    if source == Source.SAFETY:
        safety_outbox.raise_alert(event, now)
    else:
        look_again([subject], now)
    return event.id


@transaction.atomic
def ask(subject: str, now: datetime) -> Contact | None:
    """Give the person who asks all that waits for a source they want to hear of, in the portal, now.

    A pause does not stand in the way of asking, nor does a rhythm; a wish must hold (T1), and what nobody
    confirmed stays untold (T12). What was planned and did not leave yet is given now instead (T4). Returns
    None when there is nothing. Asking does not count as a contact (T2). Raises `TellingHeld` after a restore.
    """
    check_free()
    wishes.lock(subject)
    known = Known.one(person_of(subject))
    withhold_waiting(subject, now, "asked for in the portal before it left", PERSON)
    waits = {Reason.DUE, Reason.PAUSED, Reason.HELD_BY_CARE, Reason.ONLY_WHEN_ASKED, Reason.CHANNEL_STOPPED}
    waits |= {Reason.RHYTHM, Reason.CEILING, Reason.OTHER_CHANNEL, Reason.CALL_CHOSEN, Reason.ON_ITS_WAY}
    waits |= {Reason.QUIET, Reason.HOURS}
    found = [one for one in decide(known, [subject], now) if one.recipient == PERSON and one.reason in waits]
    items = tuple(item for decision in found for item in decision.items)
    if not items:
        return None
    told = replace(found[0], items=items, channel=Channel.PORTAL, sources=sources_of(items))
    contact = plan_contact(told, now, State.DONE)
    contact.asked, contact.handed, contact.closed = True, now, now
    contact.receipt = "asked for in the portal"
    contact.save()
    ended(contact, Act.HANDED_OVER, now, fate=Fate.DELIVERED)
    look_again([subject], now)
    return contact


def to_call(person_id: str, now: datetime, recipient: str = PERSON) -> tuple[str, ...]:
    """Return the ids of what a call to a recipient may tell now: nothing while telling is held.

    Raises `PersonUnknown`.
    """
    if restored.held():
        return ()
    call = _call(person_id, recipient, now)
    return call.items if call else ()


@transaction.atomic
def record_call(
    person_id: str,
    by: str,
    now: datetime,
    told: Collection[str] | None = None,
    recipient: str = PERSON,
) -> Contact:
    """Record that a care worker called and told the items `told` (None: all that may be told now).

    What came in after the care worker looked was not told, and waits (T3). Raises `NothingToCall`, or
    `TellingHeld` after a restore.
    """
    check_free()
    wishes.lock(subject_of(person_id))
    call = _call(person_id, recipient, now)
    items = tuple(item for item in call.items if told is None or item in told) if call else ()
    if call is None or not items:
        raise NothingToCall
    contact = plan_contact(replace(call, items=items, sources=sources_of(items)), now, State.DONE)
    contact.handed = contact.closed = now
    contact.receipt = f"called by {by}"[:500]
    contact.save()
    ended(contact, Act.HANDED_OVER, now, fate=Fate.DELIVERED)
    planner.plan_now([contact.subject], now)
    return contact


@transaction.atomic
def settle(task_id: str, arrived: bool, by: str, now: datetime) -> None:
    """Record what a care worker found out about an unknown outcome. What did not arrive is planned anew."""
    task = open_task(task_id)
    wishes.lock(task.subject)
    contact = task.contact
    if contact is not None and contact.state == State.UNKNOWN:
        state = State.DONE if arrived else State.WITHHELD
        end(contact, state, now, f"{'arrived' if arrived else 'did not arrive'}, found out by {by}")
    finish(task, by, "arrived" if arrived else "not arrived", now)


def _call(person_id: str, recipient: str, now: datetime) -> values.Decision | None:
    known = Known.one(person_id)
    chosen = {Reason.CALL_CHOSEN, Reason.RIGHT_LAPSES}
    return next(
        (
            one
            for one in decide(known, known.found, now)
            if one.outcome == Outcome.CALL and one.reason in chosen and one.recipient == recipient
        ),
        None,
    )
