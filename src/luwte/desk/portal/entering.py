"""Letting somebody in: the visit begins, and the pages speak the language and register that suit them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from luwte.desk.pages.moment import now
from luwte.desk.portal import visit
from luwte.desk.portal.visit import Visitor
from luwte.desk.telling.ages import age
from luwte.desk.telling.facts import LIMITS
from luwte.desk.telling.subjects import party_of, subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Identity
from luwte.desk.vault.services import SignedIn
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Register


def let_in(request: HttpRequest, found: SignedIn) -> None:
    """Begin the visit of who signed in, and speak as suits them from here on."""
    identity, subject = vault.person(found.person_id).identity, subject_of(found.person_id)
    if found.representative_id is None:
        visitor, language = Visitor(subject), _suits(identity, subject, now())
    else:
        visitor = Visitor(subject, party_of(found.representative_id))
        language = vault.representative(found.representative_id).mandate.language
    visit.begin(request, visitor, identity.zone, found.visit)
    translation.activate(language)


def entered(request: HttpRequest, found: SignedIn, place: str) -> HttpResponse:
    """Let in who came by a link or on their own, and lead to `place`."""
    let_in(request, found)
    return speaking(redirect(place))


def speaking(response: HttpResponse) -> HttpResponse:
    """Return the answer, which tells the browser what the pages speak now."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        translation.get_language(),
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _suits(identity: Identity, subject: str, moment: datetime) -> str:
    """The wording for young people suits who chose it, and who is under 18 for sure; anyone can change it."""
    chose = any(one.choice.words == Register.YOUTH for one in wishes.wishes([subject]))
    if identity.language != "nl":
        return identity.language
    young = chose or identity.words == Register.YOUTH or _minor(identity, moment)
    return Register.YOUTH.value if young else identity.language


def _minor(identity: Identity, moment: datetime) -> bool:
    if identity.born_from is None:
        return False
    day = moment.astimezone(identity.zone).date()
    return age(identity.born_from, day, early=True) < LIMITS.ladder.adult
