"""Writing decisions down, and the contacts that follow from them. Always inside the lock of the wish book."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from luwte.desk.findings.models import Finding
from luwte.desk.telling import values
from luwte.desk.telling.models import CareTask, Contact, ContactItem, Decision, StoppedChannel
from luwte.desk.telling.subjects import contact_key
from luwte.desk.telling.values import Outcome, State
from luwte.desk.wishes.rules import Channel


def record(subject: str, decisions: Iterable[values.Decision], now: datetime) -> list[Decision]:
    """Record `decisions` for `subject`; one that stands already is not written again. Return the new ones.

    A decision that tells makes a planned contact.
    """
    standing = {_same(row): row for row in Decision.objects.filter(subject=subject, replaced=None)}
    wanted = {_same(_row(decision, now)): decision for decision in decisions}
    gone = [row.id for same, row in standing.items() if same not in wanted]
    Decision.objects.filter(id__in=gone).update(replaced=now)
    fresh = []
    for same, decision in wanted.items():
        if same not in standing:
            row = _row(decision, now)
            if decision.outcome == Outcome.TELL:
                row.contact = plan_contact(decision, now)
            row.save()
            fresh.append(row)
    return fresh


def plan_contact(decision: values.Decision, now: datetime, state: State = State.PLANNED) -> Contact:
    """Make the contact that `decision` asks for, with the counts of its findings as they are now."""
    newest = Contact.objects.filter(subject=decision.subject).order_by("-number").first()
    number = newest.number + 1 if newest else 1
    contact = Contact.objects.create(
        subject=decision.subject,
        number=number,
        key=contact_key(decision.subject, number),
        recipient=decision.recipient,
        channel=decision.channel or Channel.PORTAL,
        detail=decision.detail or "",
        state=state,
        decided=now,
    )
    findings = Finding.objects.filter(id__in=decision.items)
    ContactItem.objects.bulk_create(
        ContactItem(
            contact=contact,
            finding=finding,
            recipient=decision.recipient,
            identical=finding.identical,
            confirmed=finding.confirmed,
        )
        for finding in findings
    )
    return contact


def close(contact: Contact, state: State, now: datetime, text: str) -> None:
    """Bring `contact` to its end `state`. What certainly never left is free to be told again."""
    contact.state, contact.closed, contact.receipt = state, now, text[:500]
    contact.lease, contact.lease_until = "", None
    contact.save()
    if state in values.NEVER_LEFT:
        contact.items.update(live=False)


def stop_channel(subject: str, channel: str, now: datetime) -> None:
    """Let nothing go through `channel` to `subject` until a care worker solved why it fails."""
    StoppedChannel.objects.get_or_create(
        subject=subject, channel=channel, solved=None, defaults={"stopped": now}
    )


def ask_human(contact: Contact, kind: str, now: datetime) -> None:
    """Put `contact` on the care workers' list, once for each `kind`."""
    CareTask.objects.get_or_create(
        subject=contact.subject, contact=contact, kind=kind, done=None, defaults={"made": now}
    )


def _row(decision: values.Decision, now: datetime) -> Decision:
    return Decision(
        subject=decision.subject,
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
    return row.outcome, row.reason, row.channel, tuple(row.items), row.next_at
