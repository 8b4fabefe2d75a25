"""Legal holds: while one stands on a case, nothing of it, and of those it is about, is deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.alone import Lock, alone
from luwte.desk.audit.desk import DESK
from luwte.desk.cases.errors import HoldImpossible
from luwte.desk.cases.models import Case, LegalHold
from luwte.desk.cases.services import known_case

LONGEST_NAME, LONGEST_REASON = 200, 500


@transaction.atomic
def hold(number: str, reason: str, by: str, now: datetime) -> str:
    """Let nothing of a case be deleted; return the id of the hold. Raises `CaseUnknown`, `HoldImpossible`."""
    case = _case(number)
    _check(reason, by)
    if LegalHold.objects.filter(case=case, ended=None).exists():
        raise HoldImpossible(
            f"Case {case.number} is held already. `luwte desk retention holds` shows since when and why."
        )
    row = LegalHold.objects.create(case=case, reason=reason.strip(), since=now, set_by=by.strip())
    DESK.record(Act.CASE_HELD, now, by=actor(), about=case.id, hold=row.id)
    return row.id


@transaction.atomic
def release(number: str, reason: str, by: str, now: datetime) -> None:
    """End the hold on a case; what is over its term may be deleted again.

    Raises `CaseUnknown`, `HoldImpossible`.
    """
    case = _case(number)
    _check(reason, by)
    row = LegalHold.objects.select_for_update().filter(case=case, ended=None).first()
    if row is None:
        raise HoldImpossible(f"Case {case.number} is not held. `luwte desk retention holds` shows which are.")
    row.ended, row.ended_by, row.ended_why = now, by.strip(), reason.strip()
    row.save()
    DESK.record(Act.CASE_RELEASED, now, by=actor(), about=case.id, hold=row.id)


def holds() -> list[LegalHold]:
    """Return the holds that stand, oldest first, with their cases."""
    return list(LegalHold.objects.filter(ended=None).select_related("case").order_by("since", "id"))


def _case(number: str) -> Case:
    """Alone, so that a case which is being deleted is not held meanwhile, nor the other way round."""
    alone(DESK.using, Lock.RETENTION)
    return known_case(number)


def _check(reason: str, by: str) -> None:
    for what, text, longest in (("reason", reason, LONGEST_REASON), ("name", by, LONGEST_NAME)):
        if not text.strip() or len(text) > longest or not text.isprintable():
            raise HoldImpossible(
                f"The {what} is empty, too long or not printable. Give at most {longest} characters."
            )
