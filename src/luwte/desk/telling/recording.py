"""Writing decisions down, and the contacts and calls that follow: always while the wish books are locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.rules import Done
from luwte.desk.cases.models import Event
from luwte.desk.findings.models import Finding
from luwte.desk.telling import calls, taken_back, unreached, values
from luwte.desk.telling.agenda import look_again
from luwte.desk.telling.models import CareTask, Contact, ContactItem, Decision, StoppedChannel
from luwte.desk.telling.remembering import numbers_before
from luwte.desk.telling.subjects import contact_key
from luwte.desk.telling.values import Outcome, State
from luwte.desk.wishes.rules import PERSON, Channel, Register, Source


def record(subject: str, decisions: Iterable[values.Decision], now: datetime) -> list[Decision]:
    """Record `decisions` for `subject`; return the new ones. See `record_all`."""
    return record_all({subject: list(decisions)}, now)


def record_all(decided: Mapping[str, list[values.Decision]], now: datetime) -> list[Decision]:
    """Record all decisions of each subject; one that stands already is not written again.

    Return the new ones. A decision that tells makes a planned contact; one that asks for a call opens a task,
    and so does one that finds no way to the recipient.
    """
    standing: defaultdict[str, dict[tuple[object, ...], Decision]] = defaultdict(dict)
    for row in Decision.objects.filter(subject__in=list(decided), replaced=None):
        standing[row.subject][_same(row)] = row
    gone: list[str] = []
    fresh: list[Decision] = []
    contacts: list[tuple[Decision, values.Decision]] = []
    for subject, decisions in decided.items():
        wanted = {_same(row): (row, one) for one in decisions for row in [_row(one, now)]}
        gone += [row.id for same, row in standing[subject].items() if same not in wanted]
        new = [pair for same, pair in wanted.items() if same not in standing[subject]]
        fresh += [row for row, _ in new]
        contacts += [(row, one) for row, one in new if one.outcome == Outcome.TELL]
    Decision.objects.filter(id__in=gone).update(replaced=now)
    for (row, _), contact in zip(contacts, plan_contacts([one for _, one in contacts], now), strict=True):
        row.contact = contact
    Decision.objects.bulk_create(fresh)
    DESK.record_all(map(_done, fresh), now)
    calls.keep_open(decided, now)
    unreached.keep_open(decided, now)
    taken_back.keep_open(decided, now)
    return fresh


def _done(row: Decision) -> Done:
    details = {"decision": row.id, "outcome": row.outcome, "reason": row.reason, "recipient": row.recipient}
    return Done(Act.DECIDED, "telling", row.subject, details | {"items": len(row.items)})


def plan_contacts(
    decisions: list[values.Decision], now: datetime, state: State = State.PLANNED
) -> list[Contact]:
    """Make the contacts that `decisions` ask for, with the counts of their findings as they are now."""
    if not decisions:
        return []
    numbers = _newest_numbers({decision.subject for decision in decisions})
    contacts = []
    for decision in decisions:
        numbers[decision.subject] += 1
        contacts.append(_contact(decision, numbers[decision.subject], now, state))
    Contact.objects.bulk_create(contacts)
    ContactItem.objects.bulk_create(_items(list(zip(contacts, decisions, strict=True))))
    return contacts


def plan_contact(decision: values.Decision, now: datetime, state: State = State.PLANNED) -> Contact:
    """Make the one contact that `decision` asks for."""
    return plan_contacts([decision], now, state)[0]


def close(contact: Contact, state: State, now: datetime, text: str) -> None:
    """Bring `contact` to its end `state`. What certainly never left is free to be told again."""
    contact.state, contact.closed, contact.receipt = state, now, text[:500]
    contact.lease, contact.lease_until = "", None
    contact.save()
    if state in values.NEVER_LEFT:
        contact.items.update(live=False)
    look_again([contact.subject], now)


def end(contact: Contact, state: State, now: datetime, text: str) -> None:
    """Bring `contact` to its end `state` apart from a hand-over, and record that."""
    close(contact, state, now, text)
    ended(contact, Act.CONTACT_ENDED, now, state=state)


def ended(contact: Contact, act: Act, now: datetime, **details: str) -> None:
    """Record what became of `contact`."""
    named = {"contact": contact.id, "channel": contact.channel, "recipient": contact.recipient}
    DESK.record(act, now, by=actor(), about=contact.subject, **named, **details)


def sources_of(items: Iterable[str]) -> frozenset[Source]:
    """Return the sources of findings and events, by their ids."""
    ids = list(items)
    findings = Finding.objects.filter(id__in=ids).values_list("source", flat=True)
    events = Event.objects.filter(id__in=ids).values_list("source", flat=True)
    return frozenset(map(Source, {*findings, *events}))


def stop_channel(
    subject: str, channel: str, now: datetime, cause: str = "refused", recipient: str = PERSON
) -> None:
    """Let nothing go through `channel` to a recipient until a care worker solved why it fails."""
    _, new = StoppedChannel.objects.get_or_create(
        subject=subject,
        recipient=recipient,
        channel=channel,
        solved=None,
        defaults={"stopped": now, "cause": cause},
    )
    if new:
        details = {"channel": channel, "recipient": recipient, "cause": cause}
        DESK.record(Act.WAY_STOPPED, now, by=actor(), about=subject, **details)
    look_again([subject], now)


def ask_human(contact: Contact, kind: str, now: datetime, reason: str = "") -> None:
    """Put `contact` on the care workers' list, once for each `kind`."""
    CareTask.objects.get_or_create(
        subject=contact.subject,
        recipient=contact.recipient,
        contact=contact,
        kind=kind,
        done=None,
        defaults={"made": now, "reason": reason},
    )


def _newest_numbers(subjects: set[str]) -> defaultdict[str, int]:
    found: defaultdict[str, int] = defaultdict(int, numbers_before(subjects))
    for subject, number in Contact.objects.filter(subject__in=subjects).values_list("subject", "number"):
        found[subject] = max(found[subject], number)
    return found


def _contact(decision: values.Decision, number: int, now: datetime, state: State) -> Contact:
    return Contact(
        subject=decision.subject,
        number=number,
        key=contact_key(decision.subject, number),
        recipient=decision.recipient,
        channel=decision.channel or Channel.PORTAL,
        detail=decision.detail or "",
        words=decision.words or Register.DUTCH,
        sources=sorted(decision.sources),
        reason=decision.reason,
        state=state,
        decided=now,
    )


def _items(planned: list[tuple[Contact, values.Decision]]) -> list[ContactItem]:
    """An id is that of a finding or that of an event."""
    ids = [item for _, decision in planned for item in decision.items]
    findings = Finding.objects.in_bulk(ids)
    events = Event.objects.in_bulk([one for one in ids if one not in findings])
    return [
        ContactItem(
            contact=contact,
            finding=findings.get(item),
            event=events.get(item),
            recipient=decision.recipient,
            identical=findings[item].counted.identical if item in findings else 0,
            confirmed=findings[item].counted.confirmed if item in findings else 0,
        )
        for contact, decision in planned
        for item in decision.items
        if item in findings or item in events
    ]


def _row(decision: values.Decision, now: datetime) -> Decision:
    return Decision(
        subject=decision.subject,
        recipient=decision.recipient,
        outcome=decision.outcome,
        reason=decision.reason,
        channel=decision.channel or "",
        items=sorted(decision.items),
        next_at=decision.next_at,
        decided=now,
    )


def _same(row: Decision) -> tuple[object, ...]:
    """A decision to tell is taken when nothing is on its way: it is never the one that stands."""
    if row.outcome == Outcome.TELL:
        return (row.id,)
    return row.recipient, row.outcome, row.reason, row.channel, tuple(row.items), row.next_at
