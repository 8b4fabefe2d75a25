"""What is left of people who were erased: rows under their pseudonym, and envelopes that nothing opens."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from luwte.desk.cases.models import CaseStep, Dismissal, Event, VictimStatus
from luwte.desk.findings.models import Finding, SeriesLink, Touched
from luwte.desk.money.models import Award, Ceiling, Loss, Payment, Payout
from luwte.desk.telling.models import (
    Agenda,
    CareTask,
    Contact,
    ContactItem,
    CoverageStatement,
    Decision,
    FirstContact,
    Remembered,
    SafetyAlert,
    SafetyAttempt,
    StoppedChannel,
)
from luwte.desk.telling.values import OPEN
from luwte.desk.vault.models import (
    Address,
    Assessment,
    BreakGlass,
    Draft,
    Factor,
    LookUp,
    Person,
    PersonKey,
    Representative,
    SignInLink,
)
from luwte.desk.wishes.models import Hold, Quiet, Wish, WishBook

_BY_SUBJECT: tuple[Any, ...] = (
    SafetyAlert, CareTask, Decision, Contact, Event, Finding, SeriesLink, Touched, Agenda, StoppedChannel,
    CoverageStatement, Remembered, CaseStep, VictimStatus, Payment, Payout, Award, Ceiling, Loss,
)  # fmt: skip


def left_in_register(subjects: Collection[str]) -> set[str]:
    """Return those pseudonyms of which the register still holds a row."""
    found = set(WishBook.objects.filter(pk__in=list(subjects)).values_list("pk", flat=True))
    for table in _BY_SUBJECT:
        found.update(table.objects.filter(subject__in=list(subjects)).values_list("subject", flat=True))
    return found


def left_in_vault(people: Collection[str]) -> set[str]:
    """Return those ids of which the vault still holds a row."""
    return set(Person.objects.filter(pk__in=list(people)).values_list("pk", flat=True))


def register_rows(subjects: Collection[str]) -> list[QuerySet[Any]]:
    """Return all that the register holds of pseudonyms, in an order in which it can be deleted."""
    mine = {"subject__in": list(subjects)}
    books = {"book__in": list(subjects)}
    carried = Q(contact__subject__in=list(subjects)) | Q(finding__subject__in=list(subjects))
    return [
        SafetyAttempt.objects.filter(alert__subject__in=list(subjects)),
        SafetyAlert.objects.filter(**mine),
        FirstContact.objects.filter(task__subject__in=list(subjects)),
        CareTask.objects.filter(**mine),
        Decision.objects.filter(**mine),
        ContactItem.objects.filter(carried | Q(event__subject__in=list(subjects))),
        Contact.objects.filter(**mine),
        Event.objects.filter(**mine),
        Finding.objects.filter(**mine),
        SeriesLink.objects.filter(**mine),
        Touched.objects.filter(**mine),
        Agenda.objects.filter(**mine),
        StoppedChannel.objects.filter(**mine),
        CoverageStatement.objects.filter(**mine),
        Remembered.objects.filter(**mine),
        Payment.objects.filter(**mine),
        Payout.objects.filter(**mine),
        Award.objects.filter(**mine),
        Ceiling.objects.filter(**mine),
        Loss.objects.filter(**mine),
        Dismissal.objects.filter(step__subject__in=list(subjects)),
        CaseStep.objects.filter(**mine),
        VictimStatus.objects.filter(**mine),
        Wish.objects.filter(**books),
        Hold.objects.filter(**books),
        Quiet.objects.filter(**books),
        WishBook.objects.filter(pk__in=list(subjects)),
    ]


def vault_rows(people: Collection[str]) -> list[QuerySet[Any]]:
    """Return all that the vault holds of ids, in an order in which it can be deleted."""
    mine = {"person__in": list(people)}
    return [
        SignInLink.objects.filter(**mine),
        Factor.objects.filter(**mine),
        BreakGlass.objects.filter(**mine),
        Draft.objects.filter(pk__in=list(people)),
        Assessment.objects.filter(**mine),
        Address.objects.filter(**mine),
        Representative.objects.filter(**mine),
        LookUp.objects.filter(**mine),
        PersonKey.objects.filter(**mine),
        Person.objects.filter(pk__in=list(people)),
    ]


def on_their_way(subjects: Collection[str]) -> set[str]:
    """Return those with a contact that the outbox did not bring to its end yet."""
    waiting = Contact.objects.filter(subject__in=list(subjects), state__in=[state.value for state in OPEN])
    return set(waiting.values_list("subject", flat=True))
