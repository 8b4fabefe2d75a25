"""Steps of cases as the police, the prosecution or a court tells them: of a case, never of a named person.

They may come in any order, late, twice or corrected: what stands is worked out from all of them.
"""

from __future__ import annotations

from datetime import datetime

from luwte.base.errors import BadInput
from luwte.desk.api import notices
from luwte.desk.api.models import Delivery
from luwte.desk.api.problems import Refused
from luwte.desk.api.repeats import Done, once
from luwte.desk.api.scopes import Scope
from luwte.desk.api.step_shapes import CaseStepGiven
from luwte.desk.api.tokens import Caller
from luwte.desk.cases import register
from luwte.desk.cases.book import Book, open_book
from luwte.desk.cases.errors import PartyImpossible, StepDiffers, StepImpossible
from luwte.desk.cases.given import Count, Given
from luwte.desk.cases.models import CaseStep
from luwte.desk.cases.vocabulary import CHARGES
from luwte.desk.findings.uncharged import Gap, gaps
from luwte.exchange.documents import moment_text

ROOT = "/api/v1/case-steps"
REGISTERED = "nl.luwte.case-step-registered.v1"
GAPS_AT_ONCE = 100
_DIFFERS = (
    "A step with this reference was delivered before, and it said something else. What was delivered stays; "
    "deliver a correction, with a reference of its own."
)


def deliver(caller: Caller, key: str | None, fingerprint: str, step: CaseStepGiven, now: datetime) -> Done:
    """Keep a step of a case, once; return what is answered. Raises `Refused`."""
    return once(caller.client, key, fingerprint, lambda: _tell(step, caller, now), now)


def status(caller: Caller, step: str) -> dict[str, object]:
    """Return how a step stands now. Raises `Refused` (404), also for one that another client delivered."""
    row = CaseStep.objects.select_related("case").filter(pk=step).first()
    mine = Delivery.objects.filter(client=caller.client, resource=f"{ROOT}/{step}").exists()
    if row is None or not (mine or Scope.EVENTS in caller.scopes):
        raise Refused(404)
    return _document(row, open_book(row.case))


def charge_gaps(caller: Caller, after: int, limit: int, now: datetime) -> dict[str, object]:
    """Return the gaps of the cases whose steps this client delivered: the nearest hearing first.

    All that was found there and is on no charge sheet, of whomever: nothing is said of who is known.
    """
    mine = CaseStep.objects.filter(told_by=f"client:{caller.client}")
    charged = CaseStep.objects.filter(case__in=mine.values("case"), step__in=[one.value for one in CHARGES])
    cases = set(charged.values_list("case", flat=True))
    found = gaps(cases, register.today(now), of_findings=False)
    shown = found[after : after + limit]
    return {"gaps": [_gap(one) for one in shown], "next": after + len(shown)}


def _tell(step: CaseStepGiven, caller: Caller, now: datetime) -> Done:
    try:
        kept = register.tell_step(step.case, _given(step, caller), now)
    except StepDiffers:
        raise Refused(409, _DIFFERS, name="step-differs") from None
    except (StepImpossible, PartyImpossible) as error:
        raise Refused(400, str(error), name="step-impossible") from None
    except BadInput:
        raise Refused(400) from None
    location = f"{ROOT}/{kept.row.id}"
    Delivery.objects.get_or_create(client_id=caller.client, resource=location, defaults={"received": now})
    if kept.new:
        notices.add(REGISTERED, location, now)
    return Done(201 if kept.new else 200, _document(kept.row, open_book(kept.row.case)), location)


def _given(step: CaseStepGiven, caller: Caller) -> Given:
    corrects = ""
    if step.corrects is not None:
        corrects = register.step_id(step.case, f"client:{caller.client}", step.corrects)
    counts = tuple(
        Count(one.article, one.offence, one.first, one.last, tuple(one.entries)) for one in step.counts
    )
    return Given(
        step.step,
        step.occurred,
        step.known,
        step.reference,
        step.defendant or "",
        step.hearing or "",
        corrects,
        step.series or "",
        said=step.said,
        counts=counts,
    )


def _document(row: CaseStep, book: Book) -> dict[str, object]:
    waits = book.judged.waiting.get(row.id)
    return {
        "id": row.id,
        "state": state(row, book),
        "waitsFor": waits.value if waits else None,
        "reference": row.reference,
        "step": row.step,
        "occurred": row.occurred.isoformat(),
        "known": row.known.isoformat(),
        "received": moment_text(row.received),
    }


def state(row: CaseStep, book: Book) -> str:
    """Return how a step stands: `standing`, `corrected`, `waiting` or `dismissed`."""
    if row.id not in book.rows:
        return "dismissed"
    if row.id in book.judged.waiting:
        return "waiting"
    return "standing" if row.id in book.judged.chains else "corrected"


def _gap(one: Gap) -> dict[str, object]:
    day = one.hearing.isoformat() if one.hearing else None
    return {"case": one.number, "hearing": day, "entries": list(one.entries)}
