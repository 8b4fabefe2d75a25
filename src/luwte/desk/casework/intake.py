"""Reports of labs: sent in by a form, taken in behind it, and what came of each. No script is needed."""

from __future__ import annotations

from threading import Thread
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, connections
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.base.errors import Failure
from luwte.base.files import make_folder
from luwte.desk.cases.errors import CaseUnknown
from luwte.desk.cases.rules import case_number
from luwte.desk.casework import words
from luwte.desk.casework.entry import for_role, who
from luwte.desk.casework.receiving import FIELD, Receiving
from luwte.desk.casework.roles import Role
from luwte.desk.casework.uploads import Uploads
from luwte.desk.pages import moment
from luwte.desk.pages.moment import now
from luwte.desk.pages.pagination import numbers, some
from luwte.exchange.home import Home

SENDERS = (Role.EXAMINER, Role.CASE_OFFICER)


def uploads() -> Uploads:
    """Return what was sent in here."""
    return Uploads(settings.UPLOADS)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(*SENDERS)
def intake(request: HttpRequest) -> HttpResponseBase:
    """Show what came in and the form, or take a file: who sends it is known before any of it is read.

    The form's own token is looked at behind that, as it stands in what is read.
    """
    if request.method == "POST":
        receiving = Receiving(make_folder(settings.UPLOADS))
        request.upload_handlers = [receiving]
        answer: HttpResponseBase = csrf_protect(_receive)(request, receiving)
        return answer
    go_on()
    return _page(request)


@require_safe
@for_role(*SENDERS)
def upload(request: HttpRequest, digest: str) -> HttpResponse:
    """Show how far a report is, and what came of it."""
    go_on()
    found = uploads().one(digest)
    if found is None:
        raise Http404
    return render(
        request, "casework/upload.html", {"found": found, "refused": words.refused().get(found.why)}
    )


@require_POST
@for_role(*SENDERS)
def again(_request: HttpRequest, digest: str) -> HttpResponse:
    """Try a report again that met a fault of ours."""
    uploads().again(digest)
    go_on()
    return redirect("staff:upload", digest)


def go_on() -> None:
    """Let what waits be taken in behind the pages, unless some process does so already."""
    if uploads().waits():
        Thread(target=work_off, name="intake", daemon=True).start()


def work_off() -> None:
    """Take in what waits, in a thread of its own; what cannot be done now goes on waiting."""
    try:
        uploads().work_off(lambda: Home.open().trusted(), moment.clock)
    except (Failure, DatabaseError):
        return
    finally:
        connections.close_all()


def _receive(request: HttpRequest, receiving: Receiving) -> HttpResponse:
    case = " ".join(request.POST.get("case", "").split())
    file = request.FILES.get(FIELD)
    if receiving.no_room:
        return _page(request, fault=_no_room())
    if receiving.too_large or file is None or file.file is None or not file.size:
        return _page(request, fault=words.refused()["large" if receiving.too_large else "empty"])
    try:
        case = case_number(case) or ""
        uploads().keep(file.file, receiving.digest, by=who(request), case=case, now=now())
    except CaseUnknown:
        return _page(request, fault=_("This cannot be the number of a case. Check it."))
    except Failure:
        return _page(request, fault=_no_room())
    messages.success(request, _("The report came in. It is taken in now; load this page again to see."))
    go_on()
    return redirect("staff:upload", receiving.digest)


def _no_room() -> str:
    return _("The report could not be kept: the disk may be full. Try it later.")


def _page(request: HttpRequest, fault: str = "") -> HttpResponse:
    shown = some(request, uploads().all(now()))
    context: dict[str, Any] = {"shown": shown, "numbers": numbers(shown), "faults": [fault] if fault else []}
    context["refused"] = words.refused()
    return render(request, "casework/intake.html", context, status=400 if fault else 200)
