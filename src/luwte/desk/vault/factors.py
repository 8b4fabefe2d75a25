"""Ways to come into the portal without a link: an app that shows codes, passkeys, and codes on paper.

They belong to one recipient: the person, or somebody who acts for them. Each is a row sealed under the
person's data key, so that erasure destroys it. With the first one comes a number to come in by, which says
nothing of anybody, and recovery codes. `services` is the face of it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from luwte.crypto.one_time import is_secret, new_number, new_recovery_codes, plain, step_shown
from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.audit.acts import Act
from luwte.desk.vault import sealing
from luwte.desk.vault.errors import WayImpossible
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.models import Factor
from luwte.desk.vault.rows import lock_person, person_and_key

NUMBER, APP, CODES, PASSKEY = "number", "app", "codes", "passkey"
WAYS = (APP, PASSKEY)
MOST_PASSKEYS = 5
LONGEST_CREDENTIAL = 4_096
"""Bytes of the id and the public key of a passkey (WebAuthn allows 1,023 for the id)."""
PERSON, REPRESENTATIVE = "person", "representative"
"""Who acts, for the record; who acts for a person has no pseudonym in the vault."""


@dataclass(frozen=True, slots=True)
class Whose:
    """The recipient whose ways they are: a person, or a representative of that person."""

    person_id: str
    representative_id: str | None = None

    @property
    def named(self) -> str:
        """How the record names who acts."""
        return PERSON if self.representative_id is None else REPRESENTATIVE


@dataclass(frozen=True, slots=True)
class Way:
    """An app or a passkey (`kind`), since when it is there; of a passkey its id and public key."""

    id: str
    kind: str
    made: datetime
    credential: bytes = b""


@dataclass(frozen=True, slots=True)
class WaysIn:
    """By what a recipient can come in: the number ("" when there is none), ways, how many codes are left."""

    number: str = ""
    ways: tuple[Way, ...] = ()
    codes: int = 0

    @property
    def app(self) -> bool:
        """Whether an app is among them."""
        return any(one.kind == APP for one in self.ways)

    @property
    def full(self) -> bool:
        """Whether there are as many passkeys as there may be."""
        return sum(one.kind == PASSKEY for one in self.ways) >= MOST_PASSKEYS


def ways_in(whose: Whose) -> WaysIn:
    """Return by what a recipient can come in without a link. Raises `PersonUnknown`."""
    _, key = person_and_key(whose.person_id)
    number, codes, ways = "", 0, []
    for row in rows_of(whose).order_by("id"):
        content = sealing.open_row(row, key)
        if row.kind == NUMBER:
            number = content["number"]
        elif row.kind == CODES:
            codes = len(content["left"])
        else:
            credential = base64.b64decode(content.get("credential", ""))
            ways.append(Way(row.pk, row.kind, datetime.fromisoformat(content["made"]), credential))
    return WaysIn(number, tuple(sorted(ways, key=lambda one: (one.made, one.kind))), codes)


@transaction.atomic(using="vault")
def add_app(whose: Whose, secret: str, code: str, now: datetime) -> list[str]:
    """Add the app with `secret`, which shows `code` now; return the recovery codes when they are new.

    Raises `WayImpossible` ("code" or "taken"), `PersonUnknown`.
    """
    lock_person(whose.person_id)
    step = step_shown(secret, plain(code), now, after=0) if is_secret(secret) else None
    if step is None:
        raise WayImpossible("code")
    if ways_in(whose).app:
        raise WayImpossible("taken")
    return _add(whose, APP, {"secret": secret, "last": step, "made": now.isoformat()}, None, now)


@transaction.atomic(using="vault")
def add_passkey(
    whose: Whose, credential_id: bytes, credential: bytes, count: int, now: datetime
) -> list[str]:
    """Add a passkey: its id, its id with its public key (FIDO2), its counter. Return new recovery codes.

    Raises `WayImpossible` ("taken": somebody has it, "many", "code": too long), `PersonUnknown`.
    """
    lock_person(whose.person_id)
    digest = digest_of(PASSKEY, credential_id)
    if len(credential) > LONGEST_CREDENTIAL:
        raise WayImpossible("code")
    if Factor.objects.filter(digest=digest).exists():
        raise WayImpossible("taken")
    if ways_in(whose).full:
        raise WayImpossible("many")
    content = {
        "credential": base64.b64encode(credential).decode(),
        "count": count,
        "made": now.isoformat(),
    }
    return _add(whose, PASSKEY, content, digest, now)


@transaction.atomic(using="vault")
def new_codes(whose: Whose, now: datetime) -> list[str]:
    """Make new recovery codes in place of those that are left, and return them.

    Raises `WayImpossible` ("none") without a way that they could stand in for, or `PersonUnknown`.
    """
    lock_person(whose.person_id)
    _, key = person_and_key(whose.person_id)
    if not rows_of(whose).filter(kind__in=WAYS).exists():
        raise WayImpossible("none")
    return _make_codes(whose, key, now)


@transaction.atomic(using="vault")
def remove_way(whose: Whose, way_id: str, now: datetime) -> bool:
    """Take one way in away, and with the last one the number and the codes; return whether it was there."""
    lock_person(whose.person_id)
    row = rows_of(whose).filter(pk=way_id, kind__in=WAYS).first()
    if row is None:
        return False
    row.delete()
    if not rows_of(whose).filter(kind__in=WAYS).exists():
        rows_of(whose).delete()
    _record(Act.WAY_IN_REMOVED, whose, now, kind=row.kind)
    return True


@transaction.atomic(using="vault")
def remove_ways(whose: Whose, now: datetime) -> int:
    """Take all ways in of a recipient away, with number and codes; return how many there were."""
    lock_person(whose.person_id)
    gone = rows_of(whose).filter(kind__in=WAYS).count()
    rows_of(whose).delete()
    if gone:
        _record(Act.WAY_IN_REMOVED, whose, now, kind="all")
    return gone


def end_ways(person_id: str) -> int:
    """Take the ways in of a person, and of all who act for them, away; return how many there were.

    Only inside the transaction of an act that is recorded.
    """
    gone = Factor.objects.filter(person=person_id)
    count = gone.filter(kind__in=WAYS).count()
    gone.delete()
    return count


def rows_of(whose: Whose) -> QuerySet[Factor]:
    """Return the rows of a recipient."""
    return Factor.objects.filter(person=whose.person_id, representative=whose.representative_id)


def digest_of(kind: str, value: str | bytes) -> str:
    """Return the digest by which a number, or a passkey by its id, is found (32 hex); keyed by the ring."""
    return pseudonym(sealing.key_ring().link, value, purpose=f"way {kind}")


def code_digest(row_id: str, code: str) -> str:
    """Return what is kept of a recovery code, without dashes, in the row with this id (64 hex)."""
    return sha256(f"{row_id}|{code}".encode()).hexdigest()


def open_again(whose: Whose) -> None:
    """Count the wrong codes for a recipient's number anew; only inside a transaction."""
    rows_of(whose).filter(kind=NUMBER).update(failed=0)


def _add(whose: Whose, kind: str, content: dict[str, Any], digest: str | None, now: datetime) -> list[str]:
    _, key = person_and_key(whose.person_id)
    first = not rows_of(whose).filter(kind=NUMBER).exists()
    _put(whose, key, kind, content, digest)
    _record(Act.WAY_IN_ADDED, whose, now, kind=kind)
    if not first:
        return []
    number = new_number()
    _put(whose, key, NUMBER, {"number": number}, digest_of(NUMBER, number))
    return _make_codes(whose, key, now)


def _make_codes(whose: Whose, key: bytes, now: datetime) -> list[str]:
    rows_of(whose).filter(kind=CODES).delete()
    made = new_recovery_codes()
    row = _put(whose, key, CODES, {"left": []}, None)
    keep_codes(row, key, (code_digest(row.pk, plain(one)) for one in made))
    _record(Act.RECOVERY_MADE, whose, now)
    return made


def keep_codes(row: Factor, key: bytes, left: Iterable[str]) -> None:
    """Write the digests of the codes that are left."""
    sealing.seal_row(row, key, {"left": list(left)})
    row.save(update_fields=["sealed"])


def _put(whose: Whose, key: bytes, kind: str, content: dict[str, Any], digest: str | None) -> Factor:
    row = Factor(
        person_id=whose.person_id, representative_id=whose.representative_id, kind=kind, digest=digest
    )
    sealing.seal_row(row, key, content)
    row.save(force_insert=True)
    return row


def _record(act: Act, whose: Whose, now: datetime, **details: str) -> None:
    VAULT.record(
        act,
        now,
        by=whose.named,
        about=whose.person_id,
        representative=whose.representative_id or "",
        **details,
    )
