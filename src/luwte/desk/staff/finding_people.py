"""Looking somebody up exactly: by name and day of birth, e-mail address or telephone number.

What is typed comes by POST and goes nowhere else: no address, no session, no log. The record says who looked
and by what; the answer shows no more than is needed to be sure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from luwte.desk.accounts.entry import for_staff
from luwte.desk.pages.moment import now
from luwte.desk.staff import asking, enrol_words
from luwte.desk.staff.asking import DAY, Ask
from luwte.desk.vault import batches
from luwte.desk.vault.errors import LookUpImpossible, PersonImpossible, SearchesSpent
from luwte.desk.vault.rules import EMAIL, PHONE
from luwte.desk.vault.searching import search

ASKS = (
    Ask("name"),
    Ask("born", DAY),
    Ask("email", check=asking.reach(EMAIL)),
    Ask("phone", check=asking.reach(PHONE)),
)
SHOWN = 20
"""People that an answer shows: who shares an address with more is found by another thing."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who was found: name, day of birth where it is known, and who keeps contact."""

    person_id: str
    name: str
    born: date | None
    care_worker: str


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def find(request: HttpRequest) -> HttpResponse:
    """Ask whom to look for; the answer to the form shows who fits, and keeps nothing of what was typed."""
    if request.method != "POST":
        return _page(request, {})
    given = asking.read(ASKS, request.POST.getlist)
    faults = asking.faults(ASKS, given)
    if faults:
        return _page(
            request, given, [enrol_words.fault(name, wrong) for name, wrong in faults.items()], faults
        )
    try:
        found = search(
            by=f"staff:{request.user.pk}",
            now=now(),
            name=asking.one(given, "name") or None,
            born=asking.day(given, "born"),
            email=asking.one(given, "email") or None,
            phone=asking.one(given, "phone") or None,
        )
    except SearchesSpent:
        return _page(request, given, [enrol_words.spent()])
    except (LookUpImpossible, PersonImpossible):
        return _page(request, given, [enrol_words.too_little()])
    return _page(request, given, found=hits(found))


def hits(person_ids: Iterable[str]) -> list[Hit]:
    """Return who they are, by name; at most `SHOWN`."""
    opened = batches.opened(sorted(person_ids)[:SHOWN]).values()
    found = [_hit(one) for one in opened]
    return sorted(found, key=lambda one: (one.name, one.person_id))


def _hit(one: batches.Opened) -> Hit:
    identity = one.person.identity
    known = identity.born_from if identity.born_from == identity.born_to else None
    return Hit(one.person.id, identity.name, known, identity.care_worker)


def _page(
    request: HttpRequest,
    given: asking.Given,
    faults: list[str] | None = None,
    fields: asking.Faults | None = None,
    found: list[Hit] | None = None,
) -> HttpResponse:
    shown = enrol_words.shown(ASKS, given, fields or {})
    return render(request, "staff/find.html", {"fields": shown, "faults": faults or [], "found": found})
