"""Links that sign someone in once; only the SHA-256 of a token is kept. `services` is the face of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import models, transaction

from luwte.desk.audit.acts import Act
from luwte.desk.vault.errors import LinkSpent, MayNotRead, PersonDied, PersonUnknown
from luwte.desk.vault.log import COMMAND, VAULT
from luwte.desk.vault.mandates import representative
from luwte.desk.vault.models import Person, SignInLink
from luwte.desk.vault.rows import identity_of, person_and_key

SIGN_IN_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in: the person, or a representative of the person."""

    person_id: str
    representative_id: str | None = None


@transaction.atomic(using="vault")
def sign_in_link(
    person_id: str, now: datetime, lasts: timedelta = SIGN_IN_LASTS, *, by: str = COMMAND
) -> str:
    """Return a fresh token (256 random bits) that signs the person in once, within `lasts` after `now`.

    `by`: who gives it, for the record.

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
    """Return a token that signs a representative in once.

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
    """Use up `token` and return who signs in with it.

    Raises `LinkSpent` when it is unknown, used or too old, the person was erased or has died, or the
    representative may see nothing any more.
    """
    return _redeem(SignInLink.objects.all(), token, now)


@transaction.atomic(using="vault")
def redeem(token: str, now: datetime) -> str:
    """Use up the `token` of a person and return the id. Raises `LinkSpent`, also for a representative's."""
    return _redeem(SignInLink.objects.filter(representative=None), token, now).person_id


def _redeem(links: models.QuerySet[SignInLink], token: str, now: datetime) -> SignedIn:
    if not links.filter(token=_hash(token), used=None, expires__gt=now).update(used=now):
        raise LinkSpent
    link = links.get(token=_hash(token))
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
    return SignedIn(link.person_id, link.representative_id)


def _may_read(representative_id: str, now: datetime) -> bool:
    """By the person's calendar, as the rules of telling do it."""
    found = representative(representative_id)
    row, key = person_and_key(found.person_id)
    identity = identity_of(row, key)
    return not identity.deceased and found.mandate.may_read(now.astimezone(identity.zone).date())


def _link(person: Person, representative_id: str | None, expires: datetime, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    SignInLink.objects.filter(expires__lt=now).delete()
    SignInLink.objects.create(
        token=_hash(token), person=person, representative_id=representative_id, expires=expires
    )
    return token


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
