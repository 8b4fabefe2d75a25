"""What follows when somebody came in, by a link or on their own: a fresh session, in their language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from luwte.desk.portal import visit
from luwte.desk.portal.visit import Visitor
from luwte.desk.telling.subjects import party_of, subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.services import SignedIn


def entered(request: HttpRequest, found: SignedIn, place: str) -> HttpResponse:
    """Begin the visit of whoever came in, and lead to `place`."""
    identity, subject = vault.person(found.person_id).identity, subject_of(found.person_id)
    if found.representative_id is None:
        visitor, language = Visitor(subject), identity.language
    else:
        visitor = Visitor(subject, party_of(found.representative_id))
        language = vault.representative(found.representative_id).mandate.language
    visit.begin(request, visitor, identity.zone, found.visit)
    return _speaking(language, redirect(place))


def _speaking(language: str, response: HttpResponse) -> HttpResponse:
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response
