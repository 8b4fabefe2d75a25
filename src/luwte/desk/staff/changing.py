"""What is known of a person, changed on their page: who they are, addresses, who acts for them, assessments.

The forms are those of the conversation in which somebody is added. Each change is a service of the vault,
which records it by account; only what differs is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from luwte.desk.accounts.entry import for_staff
from luwte.desk.pages.moment import now
from luwte.desk.staff import asking, enrol_form, enrol_words
from luwte.desk.staff.asking import CONTACT, ONE, Ask, Given, one
from luwte.desk.telling import services as telling
from luwte.desk.vault import services as vault
from luwte.desk.vault.assessed import SEEN, Assessed
from luwte.desk.vault.assessments import assess, assessments
from luwte.desk.vault.errors import PersonUnknown, RepresentativeUnknown
from luwte.desk.vault.rules import AUTHORITIES, CONFLICTS, Mandate, newest
from luwte.desk.vault.services import KnownPerson

WHO = (
    *(ask for ask in enrol_form.STEPS["who"] if ask.name != "seen"),
    Ask("conflict", ONE, CONFLICTS, needed=True),
    Ask("authority", ONE, AUTHORITIES, needed=True),
    Ask("care_worker"),
)
ASSESSMENT = (
    Ask("seen", ONE, SEEN, needed=True),
    *(ask for ask in enrol_form.STEPS["acting"] if ask.name == "basis"),
    *(ask for ask in enrol_form.STEPS["safe"] if ask.name != "conflict"),
    *enrol_form.STEPS["needs"],
)
Wrong = dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def who(request: HttpRequest, person_id: str) -> HttpResponse:
    """Change who somebody is."""
    known = _person(person_id)

    def keep(given: Given) -> None:
        changes = {
            name: value for name, value in _identity(given).items() if value != getattr(known.identity, name)
        }
        if changes:
            vault.change_person(person_id, now().date(), by=_by(request), now=now(), **changes)

    today = now().date()
    return _form(
        request, known, _("Who is it?"), WHO, _of_identity(known), keep,
        lambda given: enrol_form.wrong_birth(given, today),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def contact(request: HttpRequest, person_id: str) -> HttpResponse:
    """Change the addresses of a person; an empty one is forgotten."""
    known = _person(person_id)
    asks = (*CONTACT, Ask("secret", ONE, enrol_form.KNOWS, needed=True))
    filled = {kind.name: [newest(known.reaches, kind.name) or ""] for kind in CONTACT}
    filled |= {"secret": ["yes" if known.identity.secret_address else "no"]}
    return _form(
        request, known, enrol_words.titles()["contact"], asks, filled,
        lambda given: _keep_contact(known, given, _by(request), now()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def acting(request: HttpRequest, person_id: str, representative_id: str = "") -> HttpResponse:
    """Change the mandate of somebody who acts for a person, or add somebody."""
    known = _person(person_id)
    standing = _mandate(person_id, representative_id) if representative_id else None

    def keep(given: Given) -> None:
        mandate, by = enrol_form.mandate_of(given), _by(request)
        if standing is None:
            vault.add_representative(person_id, mandate, by=by, now=now())
        elif changes := _changes(standing, mandate):
            vault.change_representative(representative_id, by=by, now=now(), **changes)

    filled = enrol_form.given_of(standing) if standing else enrol_form.DEFAULTS
    title = enrol_words.titles()["someone"]
    return _form(
        request, known, title, enrol_form.SOMEONE_ASKS, filled, keep, enrol_form.wrong_mandate
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def assessment(request: HttpRequest, person_id: str) -> HttpResponse:
    """Keep an individual assessment beside the earlier ones; the newest fills the form in."""
    known, earlier = _person(person_id), assessments(person_id)
    filled = _of_assessed(earlier[0].said) if earlier else enrol_form.DEFAULTS

    def keep(given: Given) -> None:
        assess(person_id, enrol_form.assessed_of(given), by=_by(request), now=now())

    return _form(request, known, _("Individual assessment"), ASSESSMENT, filled, keep)


def _form(
    request: HttpRequest,
    known: KnownPerson,
    title: str,
    asks: Sequence[Ask],
    filled: Given,
    keep: Callable[[Given], object],
    wrong: Callable[[Given], Wrong] = lambda given: {},
) -> HttpResponse:
    """Ask, with what is `filled` in; `keep` what is answered well, and go back to the person."""
    given, faults = filled, Wrong()
    if request.method == "POST":
        given = asking.read(asks, request.POST.getlist)
        faults = asking.faults(asks, given) or wrong(given)
        if not faults:
            keep(given)
            messages.success(request, _("It is kept."))
            return redirect("staff:person", known.id)
    context = {
        "person": known,
        "title": title,
        "fields": enrol_words.shown(asks, given, faults),
        "faults": [enrol_words.fault(name, fault) for name, fault in faults.items()],
    }
    return render(request, "staff/change.html", context)


def _keep_contact(known: KnownPerson, given: Given, by: str, moment: datetime) -> None:
    wanted = {reach.kind: reach for reach in asking.reaches(given)}
    for kind in (ask.name for ask in CONTACT):
        before, after = newest(known.reaches, kind), wanted.get(kind)
        if after is None and before is not None:
            vault.remove_address(known.id, kind, by=by, now=moment)
        elif after is not None and after.value != before:
            vault.change_address(known.id, after, by=by, now=moment)
    secret = one(given, "secret") == "yes"
    if secret and not known.identity.secret_address:
        telling.secret_address(known.id, moment)
    elif not secret and known.identity.secret_address:
        vault.change_person(known.id, by=by, now=moment, secret_address=False)


def _identity(given: Given) -> dict[str, Any]:
    first, last = enrol_form.born(given)
    return {
        "name": one(given, "name"), "born_from": first, "born_to": last, "language": one(given, "language"),
        "words": one(given, "words"), "informed": one(given, "knows") == "yes",
        "conflict": one(given, "conflict"), "authority": one(given, "authority"),
        "care_worker": one(given, "care_worker"),
    }  # fmt: skip


def _of_identity(known: KnownPerson) -> Given:
    identity = known.identity
    first, last = identity.born_from, identity.born_to
    days = {"born": first} if first == last else {"born_from": first, "born_to": last}
    said = {
        "name": identity.name, "language": identity.language, "words": identity.words,
        "knows": "yes" if identity.informed else "no", "conflict": identity.conflict,
        "authority": identity.authority, "care_worker": identity.care_worker,
    }  # fmt: skip
    said |= {name: found.isoformat() for name, found in days.items() if found}
    return {name: [value] for name, value in said.items() if value}


def _of_assessed(said: Assessed) -> Given:
    return {
        name: [value] if isinstance(value, str) else list(value)
        for name, value in asdict(said).items()
        if value
    }


def _changes(before: Mandate, after: Mandate) -> dict[str, Any]:
    names = Mandate.__dataclass_fields__
    return {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}


def _mandate(person_id: str, representative_id: str) -> Mandate:
    try:
        found = vault.representative(representative_id)
    except (PersonUnknown, RepresentativeUnknown) as error:
        raise Http404 from error
    if found.person_id != person_id:
        raise Http404
    return found.mandate


def _person(person_id: str) -> KnownPerson:
    try:
        return vault.view(person_id, now())
    except PersonUnknown as error:
        raise Http404 from error


def _by(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"
