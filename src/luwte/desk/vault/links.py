"""Links that sign someone in once, and the visit that follows; only the SHA-256 of a token is kept.

Each recipient (a person, or who acts for one) has one visit at a time. It has a number, and a new link, or
its use, moves the number on: earlier links and visits are over then. `services` is the face of it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import models, transaction
from django.db.models import F

from luwte.desk.audit.acts import Act
from luwte.desk.vault.errors import LinkSpent, MayNotRead, PersonDied, PersonUnknown
from luwte.desk.vault.factors import Whose, end_ways, open_again
from luwte.desk.vault.log import COMMAND, VAULT
from luwte.desk.vault.mandates import representative
from luwte.desk.vault.models import Person, Representative, SignInLink
from luwte.desk.vault.rows import identity_of, lock_person, person_and_key

SIGN_IN_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in: the person, or a representative of the person; `visit`: the number of this visit."""

    person_id: str
    representative_id: str | None = None
    visit: int = 0


@transaction.atomic(using="vault")
def sign_in_link(
    person_id: str, now: datetime, lasts: timedelta = SIGN_IN_LASTS, *, by: str = COMMAND
) -> str:
    """Return a fresh token (256 random bits) that signs the person in once, within `lasts` after `now`.

    The person's earlier links and visits are over. `by`: who gives it, for the record.

    Raises `PersonUnknown`, or `PersonDied`: who finds the link would read in their name.
    """
    found, key = person_and_key(person_id)
    if identity_of(found, key).deceased:
        raise PersonDied
    VAULT.record(Act.LINK_MADE, now, by=by, about=person_id)
    return _link(found, None, now + lasts, now)


@transaction.atomic(using="vault")
def sign_in_link_for(
    representative_id: str, now: datetime, lasts: timedelta = SIGN_IN_LASTS, *, by: str = COMMAND
) -> str:
    """Return a token that signs a representative in once; their earlier links and visits are over.

    Raises `RepresentativeUnknown`; `MayNotRead` when the mandate does not hold today, or in conflict, when
    the representative does not know yet (T5, T9), or the person has died.
    """
    found, _ = person_and_key(representative(representative_id).person_id)
    if not _may_read(representative_id, now):
        raise MayNotRead
    VAULT.record(Act.LINK_MADE, now, by=by, about=found.id, representative=representative_id)
    return _link(found, representative_id, now + lasts, now)


@transaction.atomic(using="vault")
def redeem_link(token: str, now: datetime) -> SignedIn:
    """Use up `token` and return who signs in with it; their earlier visits are over.

    Raises `LinkSpent` when it is unknown, used or too old, the person was erased or has died, or the
    representative may see nothing any more.
    """
    return _redeem(SignInLink.objects.all(), token, now)


@transaction.atomic(using="vault")
def redeem(token: str, now: datetime) -> str:
    """Use up the `token` of a person and return the id. Raises `LinkSpent`, also for a representative's."""
    return _redeem(SignInLink.objects.filter(representative=None), token, now).person_id


@transaction.atomic(using="vault")
def end_visits(person_id: str, now: datetime, *, by: str = COMMAND) -> None:
    """End every visit about a person, also of those who act for them; void links, take ways in away.

    Raises `PersonUnknown`.
    """
    found, _ = person_and_key(person_id)
    next_visit(found.id, None)
    for one in Representative.objects.filter(person=found).order_by("id").values_list("id", flat=True):
        next_visit(found.id, one)
    VAULT.record(Act.VISITS_ENDED, now, by=by, about=person_id, ways=end_ways(found.id))


def visit_of(person_id: str, representative_id: str | None = None) -> int | None:
    """Return the number of the only visit of a person, or of a representative, that may still stand."""
    return _numbers(person_id, representative_id).values_list("visit", flat=True).first()


def _redeem(links: models.QuerySet[SignInLink], token: str, now: datetime) -> SignedIn:
    """A link that ends later than any made now could was made by a clock that ran ahead."""
    live = links.filter(token=_hash(token), used=None, expires__gt=now, expires__lte=now + SIGN_IN_LASTS)
    link = live.first()
    if link is None:
        raise LinkSpent
    lock_person(link.person_id)
    if not live.update(used=now):
        raise LinkSpent
    try:
        died = identity_of(*person_and_key(link.person_id)).deceased
    except PersonUnknown:
        raise LinkSpent from None
    if died:
        raise LinkSpent
    if link.representative_id is not None and not _may_read(link.representative_id, now):
        raise LinkSpent
    VAULT.record(
        Act.LINK_USED, now, by="link", about=link.person_id, representative=link.representative_id or ""
    )
    open_again(Whose(link.person_id, link.representative_id))
    visit = next_visit(link.person_id, link.representative_id)
    return SignedIn(link.person_id, link.representative_id, visit)


def _may_read(representative_id: str, now: datetime) -> bool:
    """By the person's calendar, as the rules of telling do it."""
    found = representative(representative_id)
    row, key = person_and_key(found.person_id)
    identity = identity_of(row, key)
    return not identity.deceased and found.mandate.may_read(now.astimezone(identity.zone).date())


def _link(person: Person, representative_id: str | None, expires: datetime, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    next_visit(person.id, representative_id)
    SignInLink.objects.filter(expires__lt=now).delete()
    SignInLink.objects.create(
        token=_hash(token), person=person, representative_id=representative_id, expires=expires
    )
    return token


def next_visit(person_id: str, representative_id: str | None) -> int:
    """Void the links and the visit of one recipient; return the number of the next visit.

    Only inside a transaction. The person is locked first, so that no change writes an older number back.
    """
    lock_person(person_id)
    SignInLink.objects.filter(person=person_id, representative=representative_id, used=None).delete()
    _numbers(person_id, representative_id).update(visit=F("visit") + 1)
    return visit_of(person_id, representative_id) or 0


def _numbers(
    person_id: str, representative_id: str | None
) -> models.QuerySet[Person] | models.QuerySet[Representative]:
    if representative_id is None:
        return Person.objects.filter(pk=person_id)
    return Representative.objects.filter(pk=representative_id, person=person_id)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
