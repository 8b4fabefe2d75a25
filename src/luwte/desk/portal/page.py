"""What every page of the portal shows around its own text: who is signed in, and a pause that holds."""

from __future__ import annotations

from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from luwte.desk.pages.moment import now
from luwte.desk.portal import visit
from luwte.desk.portal.standing import standing
from luwte.desk.wishes import services as wishes

_scripted = csp_update({"script-src": [SELF]})
"""Scripts of our own: the exit, a word before a visit ends, passkeys. Every page works without them."""


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Return the page that `template` makes of `context`."""
    visitor = visit.visitor_of(request)
    own = visitor is not None and visitor.own
    stands = standing(visitor.subject, now()) if visitor is not None and own else None
    frame = {
        "signed_in": visitor is not None,
        "own": own,
        "pause": stands.pause if stands else None,
        "tells": stands.told if stands else False,
        "pause_months": round(wishes.PAUSE.days / 30),
        "scripted": True,
        "stay": visit.stay(request) if visitor is not None else None,
        "youth": True,
        "broker": settings.BROKER if settings.BROKER and settings.BROKER.offered else None,
    }
    answer = _scripted(lambda asked: render(asked, template, frame | context, status=status))(request)
    answer["Content-Language"] = translation.get_language()[:2]
    return cast("HttpResponse", answer)
