"""The review desk: one question at a time, four answers, and a stop at any moment. No picture is here.

Reviewers look at the files in their own forensic tool, where they find them by the id of the cluster.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luwte.desk.casework import effects, words
from luwte.desk.casework.entry import account, for_role
from luwte.desk.casework.roles import Role
from luwte.desk.pages.moment import now
from luwte.desk.review import authority, services
from luwte.desk.review.errors import LookOver, NothingToUndo, ReviewerUnknown
from luwte.desk.review.hours import NotNow
from luwte.desk.review.kept import stakes
from luwte.desk.review.rules import Answer
from luwte.desk.review.services import Question

NEXT, OTHER, REST = "next", "other", "rest"
LONGEST_REASON = 500


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.REVIEWER)
def review(request: HttpRequest) -> HttpResponse:
    """Show what is before the reviewer, or why nothing is; do what a button says."""
    name = account(request).username
    if request.method == "POST":
        return _act(request, name)
    try:
        found = services.before(name, now())
    except ReviewerUnknown:
        return render(request, "casework/review.html", {"unknown": True})
    return _page(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.REVIEWER)
def undo(request: HttpRequest) -> HttpResponse:
    """Show what falls with the answers on a cluster, and take them back when that was seen."""
    cluster = (request.POST if request.method == "POST" else request.GET).get("cluster", "").strip()[:32]
    context: dict[str, object] = {"cluster": cluster}
    found = effects.of_undo(cluster) if cluster else None
    reason = " ".join(request.POST.get("reason", "").split())
    if request.method == "POST" and found is not None:
        if 0 < len(reason) <= LONGEST_REASON and reason.isprintable():
            return _undo(request, cluster, reason)
        context["faults"] = [_("Say in a few words why you take it back.")]
    if found is None and cluster:
        context["faults"] = [_("Of this cluster nobody has answered anything. Check the id.")]
    context |= {"found": found, "outcome": words.outcomes()[found.outcome] if found else ""}
    if found is not None:
        context["answers"] = [(words.answers()[Answer(said)], count) for said, count in found.answers.items()]
    return render(request, "casework/undo.html", context, status=400 if "faults" in context else 200)


def _act(request: HttpRequest, name: str) -> HttpResponse:
    act, cluster = request.POST.get("act", ""), request.POST.get("cluster", "")
    if act not in {NEXT, OTHER, REST, *Answer}:
        return HttpResponse(status=400)
    try:
        if act == NEXT:
            found = services.next_for(name, stakes, now())
            return _page(request, found) if isinstance(found, NotNow) else redirect("staff:review")
        messages.success(request, _done(act, name, cluster))
    except (LookOver, ReviewerUnknown):
        messages.info(request, _("This is not before you any more: its time was over. Nothing was recorded."))
    return redirect("staff:review")


def _done(act: str, name: str, cluster: str) -> str:
    """Do it, and return the sentence that says so."""
    if act == REST:
        services.stop(name, now())
        return _("You stopped. Nobody asks why. What was before you goes to somebody else.")
    if act == OTHER:
        services.refuse(name, cluster, now())
        return _("Somebody else gets it. You do not see it again.")
    decided = services.answer(name, cluster, Answer(act), now())
    if decided is None:
        return _("Recorded. Somebody else looks at it too, and does not see your answer.")
    return _("Recorded, and now it is decided: two people agree, or three differ.")


def _page(request: HttpRequest, found: Question | NotNow | None) -> HttpResponse:
    context: dict[str, object] = {"limits": authority.limits()}
    if isinstance(found, NotNow):
        context |= {"stop": words.not_now()[found.why], "until": found.until}
    elif found is not None:
        context |= {"question": found, "verdict": words.verdicts()[found.verdict]}
        context["likely"] = found.likelihood / 10
    return render(request, "casework/review.html", context)


def _undo(request: HttpRequest, cluster: str, reason: str) -> HttpResponse:
    try:
        services.undo(cluster, account(request).username, reason, now())
    except NothingToUndo:
        messages.info(request, _("Somebody took it back before you. Nothing changed."))
    else:
        messages.success(request, _("Taken back. It is asked anew, of others too."))
    return redirect("staff:undo")
