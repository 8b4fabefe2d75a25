"""Who is signed in at the portal: a pseudonym in the session, so that the session table names no one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

SUBJECT = "subject"
ZONE = "zone"
PUT_OFF = "put_off"

SignedInView = Callable[..., HttpResponse]


def begin(request: HttpRequest, subject: str, zone: ZoneInfo) -> None:
    """Sign `subject` in with a fresh session, whoever was signed in before."""
    request.session.flush()
    request.session[SUBJECT] = subject
    request.session[ZONE] = zone.key


def subject_of(request: HttpRequest) -> str | None:
    """Return the pseudonym of who is signed in, or None."""
    subject = request.session.get(SUBJECT)
    return subject if isinstance(subject, str) else None


def signed_in(view: SignedInView) -> SignedInView:
    """Give `view` the pseudonym and set the person's time zone; send others to the first page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        subject = subject_of(request)
        if subject is None:
            return redirect("portal:home")
        with timezone.override(ZoneInfo(request.session[ZONE])):
            return view(request, subject, *args, **kwargs)

    return guarded
