"""What was told and does not stand any more is put before a care worker; nothing is sent by itself.

Reviewers may take back what they confirmed, an entry may be withdrawn, a series unlinked. Then the finding
has fewer files than a contact told. No message mends that: a human talks with the person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from luwte.desk.findings.models import Finding
from luwte.desk.findings.values import Fell
from luwte.desk.telling.calls import NOT_NEEDED
from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.telling.values import State

__all__ = ["TAKEN_BACK", "Fell", "keep_open"]

TAKEN_BACK = "taken_back"
"""The kind of the task; its reason is a `Fell`."""
_MAY_HAVE_LEFT = (State.HANDED.value, State.DONE.value, State.UNKNOWN.value)


def keep_open(subjects: Collection[str], now: datetime) -> None:
    """Open a task for each contact of `subjects` that told more than what stands; close those needless now.

    One that was done answers what fell before it.
    """
    wanted = {contact.id: (contact, finding) for contact, finding in _told_too_much(subjects)}
    answered: set[str] = set()
    for task in CareTask.objects.filter(subject__in=list(subjects), kind=TAKEN_BACK):
        found = wanted.get(task.contact_id or "")
        if found is not None and _answers(task, found[1]):
            answered.add(found[0].id)
        elif found is None and task.done is None:
            task.done, task.outcome = now, NOT_NEEDED
            task.save()
    CareTask.objects.bulk_create(
        CareTask(
            subject=contact.subject,
            recipient=contact.recipient,
            contact=contact,
            kind=TAKEN_BACK,
            reason=finding.fell,
            made=now,
        )
        for contact, finding in wanted.values()
        if contact.id not in answered
    )


def _told_too_much(subjects: Collection[str]) -> Iterator[tuple[Contact, Finding]]:
    """Give each contact that left, or may have, with a finding of which it told more files than stand."""
    fallen = Finding.objects.filter(subject__in=list(subjects)).exclude(fell="").order_by("id")
    for finding in fallen:
        stands = finding.counted.identical + finding.counted.confirmed
        items = finding.told_in.filter(live=True, contact__state__in=_MAY_HAVE_LEFT)
        for item in items.select_related("contact").order_by("id"):
            if item.identical + item.confirmed > stands:
                yield item.contact, finding


def _answers(task: CareTask, finding: Finding) -> bool:
    """Whether a task stands, or was done by a human after the files fell."""
    if task.done is None:
        return True
    return task.outcome != NOT_NEEDED and finding.fell_at is not None and task.done >= finding.fell_at
