"""Whose the lists are that a key signs: the authority's own or foreign, and changed by two people.

A series that is foreign whoever signs it is declared by a command: its name may be that of a person.
"""

from __future__ import annotations

from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luwte.desk.casework import second, words
from luwte.desk.casework.entry import for_role
from luwte.desk.casework.roles import Role
from luwte.desk.findings.models import Origin, ReportReceipt
from luwte.desk.findings.provenance import Of
from luwte.desk.review.proposals import LONGEST_SOURCE, OF_SIGNERS, Change

_DIGITS = frozenset("0123456789abcdef")
_LENGTH = 16


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.LIST_MANAGER)
def signer(request: HttpRequest, signer: str) -> HttpResponse:
    """Show what came with lists that a key signs; ask that they count as foreign, or as own."""
    if len(signer) != _LENGTH or not _DIGITS.issuperset(signer) or not _came(signer)["reports"]:
        raise Http404
    if request.method != "POST":
        return _page(request, signer)
    act, source = request.POST.get("act", ""), " ".join(request.POST.get("source", "").split())
    if act not in OF_SIGNERS:
        return HttpResponse(status=400)
    if (act == Change.OWN) != bool(_source(signer)):
        return redirect("staff:signer", signer)
    reason = " ".join(request.POST.get("reason", "").split())
    named = source if act == Change.FOREIGN else ""
    asked = second.asked(request, Change(act), signer, reason, source=named)
    return asked or _page(request, signer, source=source, fault=True)


def _page(request: HttpRequest, signer: str, *, source: str = "", fault: bool = False) -> HttpResponse:
    held = _source(signer)
    change = Change.OWN if held else Change.FOREIGN
    context = {
        "signer": signer,
        "came": _came(signer),
        "held": held,
        "act": change,
        "asks": words.changes()[change],
        "would_follow": words.follows()[change],
        "source": source[:LONGEST_SOURCE],
        "faults": [_fault(change)] if fault else [],
        **second.context(request, signer),
    }
    return render(request, "casework/signer.html", context, status=400 if fault else 200)


def _fault(change: Change) -> str:
    if change == Change.OWN:
        return _("Say in a few words why.")
    return _("Say in a few words why, and name whose lists they are.")


def _source(signer: str) -> str:
    rows = Origin.objects.filter(of=Of.SIGNER, name=signer)
    return rows.values_list("source", flat=True).first() or ""


def _came(signer: str) -> dict[str, object]:
    """How many reports were made with its lists, in how many cases, from when until when."""
    rows = ReportReceipt.objects.filter(list_version__endswith=f"-{signer}")
    return rows.aggregate(
        reports=Count("pk"), cases=Count("case", distinct=True), first=Min("made"), last=Max("made")
    )
