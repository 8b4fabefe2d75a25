"""When someone cannot be reached: that way stops, a human finds out why, no other way is taken."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luwte.desk.telling import outbox, tasks
from luwte.desk.telling.agenda import look_again
from luwte.desk.telling.errors import CauseUnknown, TaskUnknown
from luwte.desk.telling.models import CareTask, Contact, StoppedChannel
from luwte.desk.telling.recording import ask_human, end, stop_channel
from luwte.desk.telling.subjects import subject_of
from luwte.desk.telling.values import State
from luwte.desk.vault import services as vault
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON, Channel

CAUSES = ("bounced", "refused", "returned", "moved", "not_subscribed")
DECEASED = "deceased"
_MAY_COME_BACK = (State.DONE, State.HANDED, State.UNKNOWN)


@transaction.atomic
def undeliverable(
    person_id: str, channel: Channel, cause: str, recipient: str = PERSON, *, now: datetime
) -> None:
    """Record that `channel` does not reach a recipient of a person, and why; it stays stopped until solved.

    Raises `PersonUnknown`, or `CauseUnknown` unless `cause` is one of `CAUSES`.
    """
    if cause not in CAUSES:
        raise CauseUnknown(cause, CAUSES)
    vault.person(person_id)
    subject = subject_of(person_id)
    wishes.lock(subject)
    stop_channel(subject, channel.value, now, cause, recipient)
    _task(subject, recipient, outbox.ADDRESS_FAILS, cause, now)


def deceased(person_id: str, now: datetime) -> None:
    """Record that a person died: nothing leaves any more, and a human talks with the next of kin.

    Raises `PersonUnknown`.
    """
    vault.change_person(person_id, now=now, deceased=True)
    subject = subject_of(person_id)
    with transaction.atomic():
        wishes.lock(subject)
        withhold_waiting(subject, now, "the person died")
        _task(subject, PERSON, DECEASED, "", now)
        look_again([subject], now)


def secret_address(person_id: str, now: datetime) -> None:
    """Record that a person's postal address is secret: no letter leaves any more. Raises `PersonUnknown`."""
    vault.change_person(person_id, now=now, secret_address=True)
    with transaction.atomic():
        look_again([subject_of(person_id)], now)


@transaction.atomic
def solve_channel(task_id: str, by: str, now: datetime) -> None:
    """Record that a care worker solved why a channel failed; it may be used again. Raises `TaskUnknown`."""
    task = open_task(task_id)
    wishes.lock(task.subject)
    stopped = StoppedChannel.objects.filter(subject=task.subject, recipient=task.recipient, solved=None)
    if task.contact is not None:
        stopped = stopped.filter(channel=task.contact.channel)
    stopped.update(solved=now)
    finish(task, by, "solved", now)
    look_again([task.subject], now)


@transaction.atomic
def bounced(key: str, now: datetime, cause: str = "bounced") -> bool:
    """Record that the contact with this idempotency key came back; return False when there is no such one.

    What it carried is told again later, unless the recipient has opened it in the portal meanwhile.
    """
    contact = Contact.objects.filter(key=key).first()
    if contact is None:
        return False
    wishes.lock(contact.subject)
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if contact.state not in _MAY_COME_BACK:
        return False
    if contact.opened is None:
        end(contact, State.REFUSED, now, "it came back")
    stop_channel(contact.subject, contact.channel, now, cause, contact.recipient)
    ask_human(contact, outbox.ADDRESS_FAILS, now, cause)
    return True


def withhold_waiting(subject: str, now: datetime, why: str, recipient: str | None = None) -> None:
    """Withhold contacts that wait in the outbox; one that is being handed over is let be."""
    waiting = Contact.objects.filter(subject=subject, state__in=(State.PLANNED, State.LEASED))
    if recipient is not None:
        waiting = waiting.filter(recipient=recipient)
    for contact in waiting.select_for_update().order_by("number"):
        end(contact, State.WITHHELD, now, why)


def open_task(task_id: str) -> CareTask:
    """Return a task that is not done, locked. Raises `TaskUnknown`."""
    task = CareTask.objects.select_for_update().filter(pk=task_id, done=None).first()
    if task is None:
        raise TaskUnknown
    return task


def finish(task: CareTask, by: str, outcome: str, now: datetime) -> None:
    """Record what came of a task."""
    task.done, task.done_by, task.outcome = now, by, outcome
    task.save()
    tasks.recorded(task, outcome.replace(" ", "_"), now)


def _task(subject: str, recipient: str, kind: str, reason: str, now: datetime) -> None:
    CareTask.objects.get_or_create(
        subject=subject,
        recipient=recipient,
        kind=kind,
        reason=reason,
        contact=None,
        done=None,
        defaults={"made": now},
    )
