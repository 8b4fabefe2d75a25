"""Signing in with an account elsewhere, through a broker such as one for DigiD.

What the broker says of someone, a service number or a pseudonym, is never stored and never recorded. Of it
is made a *mark*: a digest under the link key of the ring. It is sealed with the rest of the person, and
looked up by a digest of its own (`look_ups`), so that a rotation of the ring needs nobody to sign in again.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.audit.acts import Act
from luwte.desk.vault import look_ups
from luwte.desk.vault.errors import AccountTaken, PersonUnknown
from luwte.desk.vault.links import SignedIn, next_visit
from luwte.desk.vault.log import COMMAND, VAULT
from luwte.desk.vault.rows import identity_of, person_and_key
from luwte.desk.vault.sealing import key_ring
from luwte.desk.vault.services import change_person

BY = "broker"
"""How the record names who signs in so."""


def mark(issuer: str, claim: str, value: str) -> str:
    """Return what stands for the account that the broker `issuer` names by `value` in this `claim`."""
    return pseudonym(key_ring().link, "\n".join((issuer, claim, value)), purpose="broker account")


@transaction.atomic(using="vault")
def connect(person_id: str, account: str, now: datetime, *, by: str = COMMAND) -> None:
    """Let the person sign in with the account that `account` marks, in place of any other.

    Raises `PersonUnknown`, or `AccountTaken` when it is somebody else's here.
    """
    if set(look_ups.with_account(account)) - {person_id}:
        raise AccountTaken
    change_person(person_id, by=by, now=now, account=account)


@transaction.atomic(using="vault")
def disconnect(person_id: str, now: datetime, *, by: str = COMMAND) -> bool:
    """Let the person sign in with no account elsewhere; return whether there was one.

    Raises `PersonUnknown`.
    """
    if not identity_of(*person_and_key(person_id)).account:
        return False
    change_person(person_id, by=by, now=now, account="")
    return True


@transaction.atomic(using="vault")
def sign_in(account: str, now: datetime) -> SignedIn | None:
    """Return who signs in with the account that `account` marks; their earlier links and visits are over.

    None for somebody who has nothing here, and just so for who may not come in by themselves: who does not
    know yet (T9), stands in a conflict or may (T5), or has died. The record says whom it was, or nobody.
    """
    found = [one for one in look_ups.with_account(account) if _may(one)]
    person_id = found[0] if len(found) == 1 else ""
    VAULT.record(Act.BROKER_USED, now, by=BY, about=person_id)
    return SignedIn(person_id, None, next_visit(person_id, None)) if person_id else None


def _may(person_id: str) -> bool:
    try:
        identity = identity_of(*person_and_key(person_id))
    except PersonUnknown:  # erased at this moment
        return False
    return identity.informed and identity.conflict == "none" and not identity.deceased
