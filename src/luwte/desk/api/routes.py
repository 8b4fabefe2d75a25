"""The resources of the interface: each reads a request, lets a service do the act, and says what was done."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, Any, cast
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from luwte.base.errors import BadInput
from luwte.desk.api import case_events, case_steps, notices, reports, tokens
from luwte.desk.api.access import JSON, Allowed
from luwte.desk.api.bodies import Body, pieces, whole
from luwte.desk.api.middleware import VERSION
from luwte.desk.api.problems import Refused, problem
from luwte.desk.api.repeats import Done, key_of
from luwte.desk.api.scopes import Scope
from luwte.desk.api.shapes import (
    LARGEST,
    REPORT_ID,
    CaseEvent,
    CaseEventStatus,
    Notices,
    ReportStatus,
    TokenGiven,
)
from luwte.desk.api.step_shapes import CaseStepGiven, CaseStepStatus, ChargeGaps, CountGiven
from luwte.desk.api.tokens import Caller
from luwte.desk.pages import moment
from luwte.exchange.documents import parse_object

TITLE = "Luwte"
REPORT = "application/vnd.luwte.report+json"
FORM = Body("application/x-www-form-urlencoded", 8 * 1024)
DOCUMENT = Body(JSON, 16 * 1024)
SHEET = Body(JSON, 512 * 1024)
"""A step of a case, with the entries of its charge sheet."""
FILE = Body(REPORT, reports.LIMIT)
_SAID = {"missing": "is missing", "extra_forbidden": "is not known here"}
_WRONG = "has not the form that the description asks for"
_PLACES = {*CaseEvent.model_fields, *CaseStepGiven.model_fields, *CountGiven.model_fields, "after", "limit"}


class Strict(Parser):
    """Reads JSON as everything from strangers is read here: bounded in depth, no key twice, no NaN."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the JSON object. Raises `BadInput`."""
        return parse_object(whole(request), "the request")


api = NinjaAPI(
    title=TITLE,
    version=VERSION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=Strict(),
)


@api.post("/tokens", operation_id="getToken", response=TokenGiven, summary="Get a token")
def get_token(request: HttpRequest) -> HttpResponse:
    """Give a token to a client that shows its secret (OAuth 2.0, client credentials)."""
    FORM.check(request)
    token, scopes = tokens.issue(request, _form(whole(request)), moment.now())
    lasts = int(tokens.LASTS.total_seconds())
    given = {"access_token": token, "token_type": "Bearer", "expires_in": lasts, "scope": " ".join(scopes)}
    return _said(200, given)


@api.post(
    "/reports",
    auth=Allowed((Scope.REPORTS,), FILE),
    operation_id="deliverReport",
    response={200: ReportStatus, 201: ReportStatus},
    by_alias=True,
    summary="Deliver a report",
)
def deliver_report(request: HttpRequest) -> HttpResponse:
    """Register a report as a lab signed it; the same one twice changes nothing."""
    begun = time.monotonic()
    done = reports.deliver(_who(request), key_of(request), pieces(request), moment.now())
    _wait(begun)
    return _done(done)


@api.get(
    "/reports/{reportId}",
    auth=Allowed((Scope.REPORTS, Scope.EVENTS)),
    operation_id="getReport",
    response=ReportStatus,
    by_alias=True,
    summary="Ask what became of a report",
)
def get_report(
    request: HttpRequest, report_id: Annotated[str, Path(alias="reportId", pattern=REPORT_ID)]
) -> HttpResponse:
    """Say what became of a report that this client delivered, or that a notice pointed at."""
    return _said(200, reports.status(_who(request), report_id))


@api.post(
    "/case-events",
    auth=Allowed((Scope.CASES,), DOCUMENT),
    operation_id="deliverCaseEvent",
    response={200: CaseEventStatus, 201: CaseEventStatus},
    summary="Deliver an event of a case",
)
def deliver_case_event(request: HttpRequest, event: CaseEvent) -> HttpResponse:
    """Keep that something happens in a case; the same event twice changes nothing."""
    fingerprint = sha256(b"POST /case-events\n" + whole(request)).hexdigest()
    done = case_events.deliver(_who(request), key_of(request), fingerprint, event, moment.now())
    return _done(done)


@api.get(
    "/case-events/{eventId}",
    auth=Allowed((Scope.CASES, Scope.EVENTS)),
    operation_id="getCaseEvent",
    response=CaseEventStatus,
    summary="Ask what is kept of an event",
)
def get_case_event(
    request: HttpRequest, event_id: Annotated[str, Path(alias="eventId", pattern=REPORT_ID)]
) -> HttpResponse:
    """Say what is kept of an event that this client delivered, or that a notice pointed at."""
    return _said(200, case_events.status(_who(request), event_id))


@api.post(
    "/case-steps",
    auth=Allowed((Scope.CASES,), SHEET),
    operation_id="deliverCaseStep",
    response={200: CaseStepStatus, 201: CaseStepStatus},
    by_alias=True,
    summary="Deliver a step of a case",
)
def deliver_case_step(request: HttpRequest, step: CaseStepGiven) -> HttpResponse:
    """Keep a step of a case, a correction or a charge sheet; the same step twice changes nothing."""
    fingerprint = sha256(b"POST /case-steps\n" + whole(request)).hexdigest()
    return _done(case_steps.deliver(_who(request), key_of(request), fingerprint, step, moment.now()))


@api.get(
    "/case-steps/{stepId}",
    auth=Allowed((Scope.CASES, Scope.EVENTS)),
    operation_id="getCaseStep",
    response=CaseStepStatus,
    by_alias=True,
    summary="Ask how a step stands",
)
def get_case_step(
    request: HttpRequest, step_id: Annotated[str, Path(alias="stepId", pattern=REPORT_ID)]
) -> HttpResponse:
    """Say how a step stands that this client delivered, or that a notice pointed at."""
    return _said(200, case_steps.status(_who(request), step_id))


@api.get(
    "/charge-gaps",
    auth=Allowed((Scope.GAPS,)),
    operation_id="listChargeGaps",
    response=ChargeGaps,
    by_alias=True,
    summary="Ask what stands on no charge sheet",
)
def list_charge_gaps(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=case_steps.GAPS_AT_ONCE)] = case_steps.GAPS_AT_ONCE,
) -> HttpResponse:
    """Give, for cases whose steps this client delivers, the entries found there that nobody charged."""
    return _said(200, case_steps.charge_gaps(_who(request), after, limit, moment.now()))


@api.get(
    "/events",
    auth=Allowed((Scope.EVENTS,)),
    operation_id="listEvents",
    response=Notices,
    summary="Ask what came in",
)
def list_events(
    request: HttpRequest,  # noqa: ARG001 - the framework knows it by its name
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=notices.PAGE)] = notices.PAGE,
) -> HttpResponse:
    """Give the notices that came after the one with this number, oldest first."""
    found = notices.after(after, limit)
    events = [notices.document(one) for one in found]
    return _said(200, {"events": events, "next": found[-1].pk if found else after})


@api.exception_handler(Refused)
def _on_refused(_request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(cast(Refused, error))


@api.exception_handler(HttpError)
def _on_unreadable(_request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(Refused(cast(HttpError, error).status_code))


@api.exception_handler(BadInput)
def _on_bad_input(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(Refused(400))


@api.exception_handler(ValidationError)
def _on_invalid(_request: HttpRequest, error: Exception) -> HttpResponse:
    """ADR /core/error-handling/invalid-input and /all-errors: 400, and every fault at once."""
    found = cast(ValidationError, error).errors
    if any(one["loc"][0] == "path" for one in found):
        return problem(Refused(404))
    faults = {(_place(one["loc"]), _SAID.get(one["type"], _WRONG)) for one in found}
    return problem(
        Refused(400, "Some of the request cannot be used; `errors` says what.", faults=sorted(faults))
    )


def _place(where: Iterable[object]) -> str:
    """Names that we gave alone: what else stands in a request is never repeated."""
    return next((str(one) for one in reversed(list(where)) if one in _PLACES), "body")


def _who(request: HttpRequest) -> Caller:
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


def _form(content: bytes) -> dict[str, str]:
    """RFC 6749, section 3.2: no parameter more than once."""
    try:
        found = parse_qsl(content.decode("ascii"), strict_parsing=True, max_num_fields=10, errors="strict")
    except ValueError:
        raise Refused(400, error="invalid_request") from None
    if len(dict(found)) != len(found):
        raise Refused(400, error="invalid_request")
    return dict(found)


def _said(status: int, document: object) -> HttpResponse:
    return HttpResponse(json.dumps(document), status=status, content_type=JSON)


def _done(done: Done) -> HttpResponse:
    answer = _said(done.status, done.document)
    answer["Location"] = done.location
    return answer


def _wait(begun: float) -> None:
    """A report about people who are known here takes longer to register; whole steps of time hide that."""
    if step := float(settings.ANSWER_SECONDS):
        taken = time.monotonic() - begun
        time.sleep(math.ceil(taken / step) * step - taken)
