"""Contacts that told nothing, or nothing any more: covers, and what certainly never left."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from luwte.desk.retention import alike
from luwte.desk.retention.casefile import remember_numbers
from luwte.desk.retention.needed import busy, erased, held_subjects
from luwte.desk.retention.taking import Taking
from luwte.desk.telling.models import CareTask, Contact, ContactItem, Decision
from luwte.desk.telling.values import NEVER_LEFT


def over(before: datetime) -> QuerySet[Contact]:
    """Return those that were closed before a moment and of which no decision that stands tells."""
    carried = ContactItem.objects.filter(contact=OuterRef("pk"))
    stands = Decision.objects.filter(contact=OuterRef("pk"), replaced=None)
    nothing = Q(state__in=[state.value for state in NEVER_LEFT]) & ~Exists(carried.filter(live=True))
    rows = Contact.objects.filter(~Exists(carried) | nothing, closed__lt=before).exclude(Exists(stands))
    if held := held_subjects():
        rows = rows.exclude(subject__in=held)
    return rows.order_by("closed", "pk")


def free(contacts: Collection[Contact], now: datetime) -> list[Contact]:
    """Return those that no running matter needs, and without which the rules decide the same."""
    subjects = {one.subject for one in contacts}
    here = subjects - erased(subjects)
    needed = busy(here)
    here -= needed
    needed |= alike.unlike(here, (), [one.pk for one in contacts], now)
    return [one for one in contacts if one.subject not in needed]


def clear(contacts: Collection[Contact], taking: Taking) -> None:
    """Delete them, with the decisions that made them and the tasks about them."""
    ids = [one.pk for one in contacts]
    remember_numbers(ids)
    taking.delete(CareTask.objects.filter(contact__in=ids))
    taking.delete(Decision.objects.filter(contact__in=ids))
    taking.delete(ContactItem.objects.filter(contact__in=ids))
    taking.delete(Contact.objects.filter(pk__in=ids))
