"""People who are not added yet: what a care worker has written so far, sealed, to go on with after a break.

The id and the data key of a draft become those of the person. So whoever is erased later can be read in no
copy of the draft either. Only the worker who began a draft can open it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from luwte.crypto.envelope import new_key
from luwte.crypto.keyring import KeyRing
from luwte.desk.audit.acts import Act
from luwte.desk.vault import sealing
from luwte.desk.vault.assessed import Assessed, check_assessed
from luwte.desk.vault.assessments import add_assessment
from luwte.desk.vault.errors import DraftTooLarge, DraftUnknown
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.mandates import add_representative
from luwte.desk.vault.models import Draft, Person, PersonKey
from luwte.desk.vault.rules import Identity, Mandate, Reach, check_identity, normal_reach
from luwte.desk.vault.services import fill

MOST = 40
"""Drafts that one worker can have open."""
LARGEST = 48_000
"""Characters of all that a draft holds."""

Part = Mapping[str, Sequence[str]]
"""What one step of the conversation gave: the values of each field."""


@dataclass(frozen=True, slots=True)
class KnownDraft:
    """A draft: the id that will be the person's, what each step gave, since when, and when it changed."""

    id: str
    parts: Mapping[str, Part]
    begun: datetime
    changed: datetime


@transaction.atomic(using="vault")
def begin(*, by: str, now: datetime) -> str:
    """Begin a draft and return its id. Raises `DraftTooLarge` when the worker has too many."""
    if number(by) >= MOST:
        raise DraftTooLarge(f"You have {MOST} conversations open. Finish or drop one of them first.")
    row, ring, key = Draft(owner=by, begun=now, changed=now, sealed=b""), sealing.key_ring(), new_key()
    row.wrapped, row.version = ring.wrap(key, sealing.key_place(row.id)), ring.current
    sealing.seal_row(row, key, {})
    row.save(force_insert=True)
    VAULT.record(Act.DRAFT_KEPT, now, by=by, about=row.id)
    return row.id


@transaction.atomic(using="vault")
def keep(draft_id: str, step: str, part: Part, *, by: str, now: datetime) -> None:
    """Put what a `step` gave in place of what it gave before. Raises `DraftUnknown` or `DraftTooLarge`."""
    row = _locked(draft_id, by)
    key = _key(row)
    parts = sealing.open_row(row, key) | {step: {name: list(values) for name, values in part.items()}}
    if _size(parts.values()) > LARGEST:
        raise DraftTooLarge("This is too much text for one conversation. Make it shorter.")
    sealing.seal_row(row, key, parts)
    row.changed = now
    row.save()
    VAULT.record(Act.DRAFT_KEPT, now, by=by, about=row.id, step=step)


@transaction.atomic(using="vault")
def drop(draft_id: str, *, by: str, now: datetime) -> None:
    """Forget a draft. Raises `DraftUnknown`."""
    row = _locked(draft_id, by)
    row.delete()
    VAULT.record(Act.DRAFT_DROPPED, now, by=by, about=draft_id)


@transaction.atomic(using="vault")
def finish(
    draft_id: str,
    identity: Identity,
    reaches: Sequence[Reach],
    mandates: Sequence[Mandate],
    said: Assessed,
    *,
    by: str,
    now: datetime,
) -> str:
    """Add the person of a draft, who acts for them and the assessment, and forget the draft; return the id.

    All of it or nothing, and once: raises `DraftUnknown` for a draft that was finished. Raises
    `PersonImpossible`.
    """
    check_identity(identity, now.date())
    check_assessed(said)
    row = _locked(draft_id, by)
    key = _key(row)
    person = Person(id=row.id, sealed=b"")
    person.save(force_insert=True)
    PersonKey.objects.create(person=person, wrapped=bytes(row.wrapped), version=row.version)
    fill(person, key, identity, [normal_reach(reach) for reach in reaches], by=by, now=now)
    for mandate in mandates:
        add_representative(person.id, mandate, by=by, now=now)
    add_assessment(person, key, said, by=by, now=now)
    row.delete()
    return person.id


def draft(draft_id: str, *, by: str) -> KnownDraft:
    """Return a draft of `by`. Raises `DraftUnknown`, also for one of somebody else."""
    row = Draft.objects.filter(pk=draft_id, owner=by).first()
    if row is None:
        raise DraftUnknown
    return _known(row)


def drafts(by: str) -> list[KnownDraft]:
    """Return the drafts of `by`, the one that changed last first."""
    return [_known(row) for row in Draft.objects.filter(owner=by).order_by("-changed", "id")[:MOST]]


def number(by: str) -> int:
    """Return how many drafts `by` has, opening none."""
    return Draft.objects.filter(owner=by).count()


def rewrap(ring: KeyRing) -> int:
    """Wrap the keys of all drafts under the current key of `ring`; return of how many. In a transaction."""
    rows = Draft.objects.select_for_update().exclude(version=ring.current).order_by("id")
    for row in rows:
        key = ring.unwrap(bytes(row.wrapped), sealing.key_place(row.id))
        row.wrapped, row.version = ring.wrap(key, sealing.key_place(row.id)), ring.current
        row.save(update_fields=["wrapped", "version"])
    return len(rows)


def _locked(draft_id: str, by: str) -> Draft:
    row = Draft.objects.select_for_update().filter(pk=draft_id, owner=by).first()
    if row is None:
        raise DraftUnknown
    return row


def _key(row: Draft) -> bytes:
    return sealing.key_ring().unwrap(bytes(row.wrapped), sealing.key_place(row.id))


def _known(row: Draft) -> KnownDraft:
    return KnownDraft(row.id, sealing.open_row(row, _key(row)), row.begun, row.changed)


def _size(parts: Iterable[Part]) -> int:
    return sum(len(value) for part in parts for values in part.values() for value in values)
