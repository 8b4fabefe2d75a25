"""Who is signed in at the portal: pseudonyms in the session, so that the session table names no one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from luwte.desk.audit import restored
from luwte.desk.pages.moment import now
from luwte.desk.telling.facts import Known
from luwte.desk.telling.recipients import recipients_of
from luwte.desk.telling.values import Conflict, Mandate, Recipient
from luwte.desk.wishes.rules import PERSON

SUBJECT = "subject"
RECIPIENT = "recipient"
ZONE = "zone"
PUT_OFF = "put_off"

SignedInView = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who reads: the person `subject`, or as `recipient` someone who acts for them."""

    subject: str
    recipient: str = PERSON

    @property
    def own(self) -> bool:
        """Whether it is the person."""
        return self.recipient == PERSON

    def may_read(self) -> bool:
        """Return whether the visitor may see anything today (T5, T9).

        It ends for all when the person was erased or has died, for a representative with the mandate too.
        After a restore a mandate may have ended unknown to the desk, so then no representative may.
        """
        if not self.own and restored.held():
            return False
        known = Known.behind(self.subject)
        if self.subject not in known.found:
            return False
        around = {one.id: one for one in recipients_of(known.found, [self.subject], known.ways)}
        life, me = around[PERSON].life, around.get(self.recipient)
        if me is None or life is None or life.deceased:
            return False
        return me.mandate is None or _acts(me, me.mandate)


def _acts(one: Recipient, mandate: Mandate) -> bool:
    today = now().astimezone(one.zone).date()
    return mandate.holds(today) and one.informed and one.conflict == Conflict.NONE


def begin(request: HttpRequest, visitor: Visitor, zone: ZoneInfo) -> None:
    """Sign `visitor` in with a fresh session, whoever was signed in before."""
    request.session.flush()
    request.session[SUBJECT] = visitor.subject
    request.session[RECIPIENT] = visitor.recipient
    request.session[ZONE] = zone.key


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Return who is signed in, or None."""
    subject = request.session.get(SUBJECT)
    return Visitor(subject, request.session.get(RECIPIENT, PERSON)) if isinstance(subject, str) else None


def signed_in(view: SignedInView) -> SignedInView:
    """Give `view` the visitor and set the person's time zone; send others to the first page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        visitor = visitor_of(request)
        if visitor is None:
            return redirect("portal:home")
        if not visitor.may_read():
            request.session.flush()
            return redirect("portal:home")
        with timezone.override(ZoneInfo(request.session[ZONE])):
            return view(request, visitor, *args, **kwargs)

    return guarded


def by_person(view: SignedInView) -> SignedInView:
    """Give `view` the pseudonym of the person; nobody else acts or asks for them, nor reads their choices."""

    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, *args: object, **kwargs: object) -> HttpResponse:
        if not visitor.own:
            return redirect("portal:home")
        return view(request, visitor.subject, *args, **kwargs)

    return signed_in(guarded)
