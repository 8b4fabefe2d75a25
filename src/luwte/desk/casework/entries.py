"""Entries: in quarantine, disputed, withdrawn, foreign; what hangs on each, and what two people decide."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luwte.desk.casework import effects, second, words
from luwte.desk.casework.entry import for_role, who
from luwte.desk.casework.roles import Role
from luwte.desk.findings import lists as acts
from luwte.desk.findings.errors import EntryUnusable
from luwte.desk.findings.models import (
    CommittedList,
    EntrySource,
    Objection,
    Origin,
    Quarantine,
    ReportReceipt,
)
from luwte.desk.findings.provenance import Of
from luwte.desk.pages.moment import now
from luwte.desk.pages.pagination import ROWS, numbers, some
from luwte.desk.review.proposals import LONGEST_SOURCE, Change

LONGEST_REASON = 500
DISPUTE = "dispute"


@require_safe
@for_role(Role.LIST_MANAGER)
def quarantine(request: HttpRequest) -> HttpResponse:
    """Show the entries that wait for a human, the oldest first, and behind a link those that were judged."""
    judged = "judged" in request.GET
    rows = Quarantine.objects.exclude(verdict="") if judged else Quarantine.objects.filter(verdict="")
    shown = some(request, rows.order_by("-since" if judged else "since", "entry"))
    context = {"shown": shown, "numbers": numbers(shown), "judged": judged}
    context["verdicts"] = words.verdicts_of_quarantine()
    return render(request, "casework/quarantine.html", context)


@require_safe
@for_role(Role.LIST_MANAGER)
def lists(request: HttpRequest) -> HttpResponse:
    """Show the lists that reports were made with: their signer, whose they are; and what is disputed.

    Series are not shown: their names may be those of people.
    """
    rows = ReportReceipt.objects.values("list_version").annotate(
        reports=Count("pk"), first=Min("made"), last=Max("made")
    )
    shown = some(request, rows.order_by("-last", "list_version"))
    signers = dict(Origin.objects.filter(of=Of.SIGNER).values_list("name", "source"))
    receipts = frozenset(CommittedList.objects.values_list("version", flat=True))
    found = [
        {
            **row,
            "signer": (signer := row["list_version"].rpartition("-")[2]),
            "source": signers.get(signer, ""),
            "receipts": row["list_version"] in receipts,
        }
        for row in shown.object_list
    ]
    context = {
        "shown": shown,
        "found": found,
        "numbers": numbers(shown),
        "series": Origin.objects.filter(of=Of.SERIES).values("source").annotate(number=Count("pk")),
        "objections": Objection.objects.filter(closed=None).order_by("opened", "id")[:ROWS],
        "kinds": words.kinds(),
    }
    return render(request, "casework/lists.html", context)


@require_safe
@for_role(Role.LIST_MANAGER)
def find(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the entry whose id was typed."""
    return redirect("staff:entry", request.GET.get("entry", "").strip()[:64] or "-")


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.LIST_MANAGER)
def entry(request: HttpRequest, entry_id: str) -> HttpResponse:
    """Show one entry with all that hangs on it; dispute it, or ask for what two people do."""
    try:
        acts.check_entry(entry_id)
    except EntryUnusable:
        raise Http404 from None
    if request.method == "POST":
        return _act(request, entry_id)
    return _page(request, entry_id)


def _act(request: HttpRequest, entry_id: str) -> HttpResponse:
    act, reason = request.POST.get("act", ""), " ".join(request.POST.get("reason", "").split())
    if act == DISPUTE:
        return _dispute(request, entry_id, reason)
    if act not in _possible(entry_id):
        messages.info(request, _("That is not possible any more. See how it is now."))
        return redirect("staff:entry", entry_id)
    source = request.POST.get("source", "") if act == Change.VOUCH else ""
    asked = second.asked(request, Change(act), entry_id, reason, source=source)
    return asked or _page(request, entry_id, fault=True, source=source)


def _dispute(request: HttpRequest, entry_id: str, reason: str) -> HttpResponse:
    """One alone says that an entry is wrong: it holds people's news back, and tells nobody anything."""
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        return _page(request, entry_id, fault=True)
    new = acts.dispute(entry_id, who(request), reason, now())
    held = _("Nobody is told of this entry until the dispute is settled.")
    messages.success(request, held if new else _("It was disputed before. Nothing changed."))
    return redirect("staff:entry", entry_id)


def _page(request: HttpRequest, entry_id: str, *, fault: bool = False, source: str = "") -> HttpResponse:
    objections = list(Objection.objects.filter(entry=entry_id).order_by("opened", "id"))
    context: dict[str, Any] = {
        "entry": entry_id,
        "row": Quarantine.objects.filter(pk=entry_id).first(),
        "effect": effects.of_entry(entry_id),
        "objections": objections,
        "sources": EntrySource.objects.filter(entry=entry_id).order_by("since", "id"),
        "possible": [(one, words.follows()[one], words.changes()[one]) for one in _possible(entry_id)],
        "may_dispute": not any(one.closed is None for one in objections),
        "kinds": words.kinds(),
        "results": words.results(),
        "verdicts": words.verdicts_of_quarantine(),
        "foreign": _foreign(entry_id),
        "source": source[:LONGEST_SOURCE],
        "faults": [_fault(source)] if fault else [],
        **second.context(request, entry_id),
    }
    return render(request, "casework/entry.html", context, status=400 if fault else 200)


def _fault(source: str) -> str:
    if source:
        return _("Say in a few words why, and name a source that does not say so already.")
    return _("Say in a few words why.")


def _foreign(entry_id: str) -> bool:
    """Whether a foreign list brought the entry, so that a second source can be named."""
    return EntrySource.objects.filter(entry=entry_id, said_by="").exists()


def _possible(entry_id: str) -> list[Change]:
    """What may be asked for now."""
    row = Quarantine.objects.filter(pk=entry_id).first()
    opened = set(Objection.objects.filter(entry=entry_id, closed=None).values_list("kind", flat=True))
    found: list[Change] = []
    if row is not None:
        found += [Change.RELEASE] if row.verdict != "released" else []
        found += [Change.KEEP] if row.verdict != "kept" else []
    if DISPUTE in opened:
        found += [Change.WRONG, Change.SOUND]
    found += [Change.VOUCH] if _foreign(entry_id) else []
    found.append(Change.REINSTATE if "withdrawal" in opened else Change.WITHDRAW)
    return found
