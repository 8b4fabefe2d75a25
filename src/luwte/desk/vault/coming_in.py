"""Coming into the portal without a link, by a number with a code or by a passkey alone.

Whether a number is anybody's can be seen from nothing: the same is asked of the database whatever is wrong.
Everything of one try is one transaction under the lock of the person, so that no code counts twice, also not
for two processes at once. `services` is the face of it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from luwte.base.ids import new_id
from luwte.crypto.one_time import DIGITS, plain, step_shown
from luwte.desk.audit.acts import Act
from luwte.desk.vault import sealing
from luwte.desk.vault.errors import NoWayIn
from luwte.desk.vault.factors import (
    APP,
    CODES,
    NUMBER,
    PASSKEY,
    Whose,
    code_digest,
    digest_of,
    open_again,
)
from luwte.desk.vault.links import SignedIn, next_visit
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.models import Factor, Person, PersonKey, Representative
from luwte.desk.vault.rows import identity_of, mandate_of

IN_A_ROW = 5
"""After so many wrong codes in a row for one number, from wherever, each next one waits."""
WAITS = timedelta(minutes=15)
MOST = 50
"""After so many in a row the number lets nobody in, until its owner came in by a link or a passkey. NIST SP
800-63B, 5.2.2, allows 100."""

Check = Callable[[bytes], int | None]
"""Given the id and the public key of a passkey: its counter now, None when the signature is not its own."""
_Fits = Callable[["_Door"], tuple[Factor, dict[str, Any]] | None]
"""The row that let somebody in, and what it holds from now on."""


@dataclass(frozen=True, slots=True)
class _Door:
    """The rows of a recipient who may come in now, the one that was asked for, and what opens them."""

    found: Factor
    rows: tuple[Factor, ...]
    key: bytes

    def of(self, kind: str) -> tuple[Factor, dict[str, Any]] | None:
        """Return the row of a `kind` and what it holds."""
        return next(((row, self.opened(row)) for row in self.rows if row.kind == kind), None)

    def opened(self, row: Factor) -> dict[str, Any]:
        """Return what a row holds."""
        return sealing.open_row(row, self.key)


def enter_by_code(number: str, code: str, now: datetime) -> SignedIn:
    """Return who comes in by a number with a code of their app, or with a recovery code, which is used up.

    Their earlier visits are over. Raises `NoWayIn`, whatever was wrong: one of the two, the code was used
    before, too many were wrong, or who it is may see nothing today.
    """
    typed = plain(code)
    return _enter(digest_of(NUMBER, plain(number)), lambda door: _by_code(door, typed, now), now)


def enter_by_passkey(credential_id: bytes, check: Check, now: datetime) -> SignedIn:
    """Return who comes in by the passkey with this id, of which `check` looks at the signature.

    Raises `NoWayIn` as `enter_by_code` does, also when the counter of the passkey did not go up: then there
    are two of it (WebAuthn level 2, 6.1.1).
    """
    return _enter(digest_of(PASSKEY, credential_id), lambda door: _by_passkey(door, check), now)


def _enter(digest: str, fits: _Fits, now: datetime) -> SignedIn:
    found = _tried(digest, fits, now)
    if found is None:
        raise NoWayIn
    return found


@transaction.atomic(using="vault")
def _tried(digest: str, fits: _Fits, now: datetime) -> SignedIn | None:
    """A try that failed is counted, so it ends its transaction well too."""
    door = _door(digest, now)
    way = fits(door) if door else None
    if door is None or way is None:
        counted = door.found.pk if door else ""
        Factor.objects.filter(pk=counted, kind=NUMBER).update(failed=F("failed") + 1, tried=now)
        return None
    row, content = way
    sealing.seal_row(row, door.key, content)
    row.save(update_fields=["sealed"])
    whose = Whose(row.person_id, row.representative_id)
    open_again(whose)
    representative = whose.representative_id or ""
    VAULT.record(
        Act.CAME_IN, now, by=whose.named, about=whose.person_id, representative=representative, way=row.kind
    )
    visit = next_visit(whose.person_id, whose.representative_id)
    return SignedIn(whose.person_id, whose.representative_id, visit)


def _door(digest: str, now: datetime) -> _Door | None:
    """For nobody the same is asked as for somebody, about a person who is not there."""
    asked = Factor.objects.filter(digest=digest).first()
    person_id = asked.person_id if asked else new_id()
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    stored = PersonKey.objects.filter(pk=person_id).first()
    rows = list(Factor.objects.filter(person=person_id).order_by("id"))
    acting = list(Representative.objects.filter(person=person_id).order_by("id"))
    found = next((row for row in rows if row.digest == digest), None)
    if found is None or person is None or stored is None:
        return None
    key = sealing.unwrap(stored)
    if _shut(found, now) or not _may_come(found, person, acting, key, now):
        return None
    mine = tuple(row for row in rows if row.representative_id == found.representative_id)
    return _Door(found, mine, key)


def _shut(found: Factor, now: datetime) -> bool:
    if found.failed >= MOST:
        return True
    if found.tried is None or not found.failed or found.failed % IN_A_ROW:
        return False
    return timedelta() <= now - found.tried < WAITS


def _may_come(found: Factor, person: Person, acting: list[Representative], key: bytes, now: datetime) -> bool:
    """As a link does it: nobody in the name of someone who died, no representative who may see nothing."""
    identity = identity_of(person, key)
    if identity.deceased or found.representative_id is None:
        return not identity.deceased
    today = now.astimezone(identity.zone).date()
    return any(mandate_of(row, key).may_read(today) for row in acting if row.pk == found.representative_id)


def _by_code(door: _Door, typed: str, now: datetime) -> tuple[Factor, dict[str, Any]] | None:
    if len(typed) != DIGITS:
        return _by_recovery_code(door, typed)
    if (app := door.of(APP)) is None:
        return None
    row, content = app
    step = step_shown(content["secret"], typed, now, after=content["last"])
    return None if step is None else (row, content | {"last": step})


def _by_recovery_code(door: _Door, typed: str) -> tuple[Factor, dict[str, Any]] | None:
    if (codes := door.of(CODES)) is None:
        return None
    row, content = codes
    digest = code_digest(row.pk, typed)
    left = [one for one in content["left"] if one != digest]
    return None if len(left) == len(content["left"]) else (row, {"left": left})


def _by_passkey(door: _Door, check: Check) -> tuple[Factor, dict[str, Any]] | None:
    """A passkey that several devices share counts nothing: its counter stays zero."""
    content = door.opened(door.found)
    count = check(base64.b64decode(content["credential"]))
    before = content["count"]
    if count is None or ((count or before) and count <= before):
        return None
    return door.found, content | {"count": count}
