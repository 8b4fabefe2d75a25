"""The register of cases: agencies, steps, charge sheets and the status of victims; one function per act.

Rows only come. What stands, what was corrected and what waits is worked out anew each time from all steps of
a case, so that no order of arrival and no process that dies can leave a case half applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from luwte.base.faults import fault_point
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.alone import Lock, alone
from luwte.desk.audit.desk import DESK
from luwte.desk.cases.book import Book, open_book
from luwte.desk.cases.errors import CaseUnknown, NothingWaits, PartyImpossible, StepDiffers, StepImpossible
from luwte.desk.cases.given import Count, Given, check_given
from luwte.desk.cases.happens import EVENTS, moment_of
from luwte.desk.cases.judging import Why
from luwte.desk.cases.models import Case, CaseAgency, CaseStep, Dismissal, VictimStatus
from luwte.desk.cases.parties import check_agency, check_status
from luwte.desk.cases.rules import case_number
from luwte.desk.cases.services import case_for
from luwte.desk.cases.vocabulary import Step

STEP_POINTS = ("cases.step-kept", "cases.step-recorded")
MOST_STEPS = 5000
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A step that is kept; whether it is `new`, and why it `waits` (None: it stands or was corrected)."""

    row: CaseStep
    new: bool
    waits: Why | None


def step_id(number: str, told_by: str, reference: str) -> str:
    """Return the id (32 hex) of the step that `told_by` calls `reference` in a case, kept or not."""
    return sha256("\n".join((number, told_by, reference)).encode()).hexdigest()[:32]


@transaction.atomic
def tell_step(number: str, given: Given, now: datetime) -> Kept:
    """Keep a step of a case, as told by whoever acts; the same one twice changes nothing.

    One that came before what it rests on waits, and is applied by itself. Raises `CaseUnknown`,
    `PartyImpossible`, `StepDiffers`, or `StepImpossible` for what no later step can make possible.
    """
    step = check_given(given, today(now))
    case = _alone(number, now)
    wanted = _row(case, step, given, now)
    found = CaseStep.objects.filter(pk=wanted.id).first()
    if found is not None:
        if _content(found) != _content(wanted):
            raise StepDiffers
        return Kept(found, False, open_book(case).judged.waiting.get(found.id))
    before = open_book(case)
    after = before.with_row(wanted)
    _check_fits(before, after, wanted)
    wanted.save(force_insert=True)
    fault_point("cases.step-kept")
    waits = after.judged.waiting.get(wanted.id)
    _recorded(wanted, waits, len(before.judged.waiting.keys() - after.judged.waiting.keys()), now)
    fault_point("cases.step-recorded")
    return Kept(wanted, True, waits)


@transaction.atomic
def dismiss(step: str, reason: str, now: datetime) -> None:
    """Say that a step which waits will never count, and why. Raises `NothingWaits` or `StepImpossible`."""
    if not reason.strip() or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise StepImpossible("why")
    alone(DESK.using, Lock.CASES)
    row = CaseStep.objects.select_related("case").filter(pk=step).first()
    if row is None or row.id not in open_book(row.case).judged.waiting:
        raise NothingWaits
    Dismissal.objects.create(step=row, reason=reason.strip(), by=actor(), at=now)
    DESK.record(Act.STEP_DISMISSED, now, by=actor(), about=row.id, case=row.case_id)


@transaction.atomic
def name_agency(number: str, agency: str, jurisdiction: str, reference: str, now: datetime) -> CaseAgency:
    """Say that an agency works on a case, under which law, and what it calls it; twice changes nothing.

    Raises `CaseUnknown` or `PartyImpossible`.
    """
    check_agency(agency, jurisdiction, reference)
    case = _alone(number, now)
    row, new = CaseAgency.objects.get_or_create(
        case=case,
        agency=agency,
        reference=reference,
        jurisdiction=jurisdiction,
        defaults={"told_by": actor(), "received": now},
    )
    if new:
        DESK.record(Act.AGENCY_NAMED, now, by=actor(), about=case.id, agency=row.id)
    return row


@transaction.atomic
def set_status(
    number: str,
    status: str,
    source: str,
    *,
    decided: date,
    known: date,
    subject: str = "",
    series: str = "",
    now: datetime,
) -> VictimStatus:
    """Add a version of whether somebody is a victim in a case, by `source`; the same twice changes nothing.

    Raises `CaseUnknown` or `PartyImpossible`.
    """
    held = check_status(status, source, decided, known, today(now))
    if bool(subject) == bool(series) or len(series) > 200 or not series.isprintable():
        raise PartyImpossible("whom")
    case = _alone(number, now)
    row, new = VictimStatus.objects.get_or_create(
        case=case,
        subject=subject,
        series=series,
        status=held.value,
        source=source,
        decided=decided,
        defaults={"known": known, "told_by": actor(), "received": now},
    )
    if new:
        DESK.record(Act.STATUS_SET, now, by=actor(), about=subject or row.id, case=case.id, status=held.value)
    return row


def today(now: datetime) -> date:
    """Return the day that it is in the zone of the desk."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _alone(number: str, now: datetime) -> Case:
    """The case, with nobody else at work on any until the transaction ends."""
    if case_number(number) is None:
        raise CaseUnknown("No case is named. Give the number of the case.")
    alone(DESK.using, Lock.CASES)
    return case_for(number, now)


def _row(case: Case, step: Step, given: Given, now: datetime) -> CaseStep:
    zone = ZoneInfo(settings.TIME_ZONE)
    return CaseStep(
        id=step_id(case.number, actor(), given.reference),
        case=case,
        reference=given.reference,
        step=step.value,
        occurred=given.occurred,
        known=given.known,
        defendant=given.defendant,
        hearing=given.hearing,
        corrects=given.corrects,
        series=given.series,
        subject=given.subject,
        said=dict(given.said),
        counts=[_written(one) for one in given.counts],
        tells=EVENTS.get(step, ""),
        at=moment_of(step, given.occurred, given.said.get("time"), zone),
        told_by=actor(),
        received=now,
    )


def _written(count: Count) -> dict[str, Any]:
    days = {"first": count.first.isoformat(), "last": count.last.isoformat()}
    return {
        "article": count.article,
        "offence": count.offence,
        **days,
        "entries": sorted(count.entries),
    }


def _content(row: CaseStep) -> tuple[object, ...]:
    whom = (row.defendant, row.hearing, row.corrects, row.series, row.subject)
    return (row.step, row.occurred, row.known, *whom, row.said, row.counts)


def _check_fits(before: Book, after: Book, row: CaseStep) -> None:
    """Raise `StepImpossible` for what contradicts the case as it is, whatever may still come."""
    if len(before.rows) >= MOST_STEPS:
        raise StepImpossible("too_many")
    if row.id in after.corrected_by(row):
        raise StepImpossible("circle")
    early = after.before_the_offence()
    if early is not None and before.before_the_offence() is None:
        raise StepImpossible("before_offence")


def _recorded(row: CaseStep, waits: Why | None, applied: int, now: datetime) -> None:
    details: dict[str, Any] = {"case": row.case_id, "step": row.step}
    if row.corrects:
        details["corrects"] = row.corrects
    if waits is not None:
        details["waits"] = waits.value
    if applied:
        details["applied"] = applied
    DESK.record(Act.STEP_TOLD, now, by=actor(), about=row.id, **details)
