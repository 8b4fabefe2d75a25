"""Who is signed in at the portal: pseudonyms in the session, so that the session table names no one.

A visit ends after half an hour without a request (SESSION_COOKIE_AGE), after some hours in any case, when a
newer link for the same recipient is made or used, when they come in again, and when somebody ends all visits
about the person. The vault counts the visits of each; the session holds only the number, by which nobody is
known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from luwte.desk.audit import restored
from luwte.desk.pages.moment import now
from luwte.desk.telling.facts import Known
from luwte.desk.telling.recipients import recipients_of
from luwte.desk.telling.subjects import person_of, representative_of
from luwte.desk.telling.values import Conflict, Mandate, Recipient
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.wishes.rules import PERSON

SUBJECT = "subject"
RECIPIENT = "recipient"
ZONE = "zone"
PUT_OFF = "put_off"
NUMBER = "visit"
SINCE = "since"
LONGEST = timedelta(hours=4)
"""Time to read everything and to talk it over; whoever stays longer asks for another link."""

FRESH = timedelta(minutes=15)
"""So long after coming in somebody may change how they come in."""

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


def begin(request: HttpRequest, visitor: Visitor, zone: ZoneInfo, number: int) -> None:
    """Sign `visitor` in with a fresh session, whoever was signed in before; `number`: of this visit."""
    request.session.flush()
    request.session[SUBJECT] = visitor.subject
    request.session[RECIPIENT] = visitor.recipient
    request.session[ZONE] = zone.key
    request.session[NUMBER] = number
    request.session[SINCE] = now().timestamp()


@dataclass(frozen=True, slots=True)
class Stay:
    """Until when the visit lasts without another request, in seconds too; whether one makes it longer.

    `place`: the address of this page, or of the first one when this answers a form.
    """

    until: datetime
    seconds: int
    longer: bool
    place: str


def stay(request: HttpRequest) -> Stay | None:
    """Return how long the visit lasts from this request on, None when there is none (WCAG 2.2, 2.2.1)."""
    since = request.session.get(SINCE)
    if since is None:
        return None
    ends = datetime.fromtimestamp(since, UTC) + LONGEST
    quiet = now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    until = min(ends, quiet)
    if until <= now():
        return None
    place = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return Stay(until, int((until - now()).total_seconds()), quiet < ends, place)


def fresh(request: HttpRequest) -> bool:
    """Return whether the visitor came in only just."""
    since = float(request.session.get(SINCE, 0))
    return 0 <= now().timestamp() - since < FRESH.total_seconds()


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
        if not _holds(request, visitor):
            request.session.flush()
            return redirect("portal:home")
        with timezone.override(ZoneInfo(request.session[ZONE])):
            return view(request, visitor, *args, **kwargs)

    return guarded


def _holds(request: HttpRequest, visitor: Visitor) -> bool:
    """Whether the visit still is one; of one that began later than now the clock ran ahead."""
    lasted = now().timestamp() - request.session.get(SINCE, 0)
    if not 0 <= lasted < LONGEST.total_seconds():
        return False
    return visitor.may_read() and _number_of(visitor) == request.session.get(NUMBER, -1)


def _number_of(visitor: Visitor) -> int | None:
    try:
        acting = None if visitor.own else representative_of(visitor.recipient)
        return vault.visit_of(person_of(visitor.subject), acting)
    except PersonUnknown:
        return None


def by_person(view: SignedInView) -> SignedInView:
    """Give `view` the pseudonym of the person; nobody else acts or asks for them, nor reads their choices."""

    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, *args: object, **kwargs: object) -> HttpResponse:
        if not visitor.own:
            return redirect("portal:home")
        return view(request, visitor.subject, *args, **kwargs)

    return signed_in(guarded)
