"""Erasing people so that no backup brings them back (docs/decisions/0036-erasure-and-backups.md).

A person's wrapped data key is deleted, and what could open any copy of it is destroyed in the key ring. The
ids of who was erased also stand in a file beside the ring, which no backup of the databases holds: `apply`
heeds both after a restore, before anybody reads.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from luwte.base.chunks import chunks
from luwte.base.clock import SystemClock
from luwte.base.faults import fault_point
from luwte.base.files import write_bytes, write_failure
from luwte.crypto.keyring import KeyRing
from luwte.desk.audit.acts import Act
from luwte.desk.vault import sealing
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.log import COMMAND, VAULT
from luwte.desk.vault.models import (
    Assessment,
    BreakGlass,
    Draft,
    Erasure,
    Factor,
    LookUp,
    Person,
    PersonKey,
    SignInLink,
)
from luwte.desk.vault.ring import RingNotInFile, change_ring, ring_file
from luwte.exchange.errors import unreadable
from luwte.exchange.home import default_path

ERASURE_POINTS = ("vault.erased", "vault.listed", "vault.punctured")
LIST_FILE = "erased.list"
MANY = 1_000
_LISTED = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` did: how many people a restored backup had brought back, and how many were made
    unreadable in every backup only now. `waiting`: how many wait for a ring that can be changed."""

    destroyed: int
    reached: int
    waiting: int


@transaction.atomic(using="vault")
def erase(person_id: str, *, by: str = COMMAND, now: datetime | None = None) -> None:
    """Destroy a person's data key, and when that is committed, what opens its copies in backups.

    Raises `PersonUnknown`. When the disk is full after the first step, the second raises `Failure`: erasing
    the same person again, or anyone, or `apply`, goes on with it.
    """
    moment = now or SystemClock().now()
    # The row of the person is locked first, as every change does.
    Person.objects.filter(pk=person_id).update(changed=True)
    if PersonKey.objects.filter(person_id=person_id).exists():
        _destroy([person_id], by, moment, restored=False)
    elif not Erasure.objects.filter(pk=person_id, reached=None).exists():
        raise PersonUnknown(person_id)
    fault_point("vault.erased")
    transaction.on_commit(partial(reach, moment), using="vault")


def reach(now: datetime) -> int:
    """Make everyone who was erased unreadable in every backup, and return for how many that was done.

    Nothing is done with a ring in the environment, which cannot be changed, nor with one that has a key of
    before version 2, until that is retired. Only outside a transaction.
    """
    waiting = list(Erasure.objects.filter(reached=None).order_by("at").values_list("pk", flat=True))
    if not waiting:
        return 0
    _list(waiting)
    fault_point("vault.listed")
    try:
        ring = change_ring(lambda ring: ring.punctured(sealing.key_place(one) for one in waiting))
    except RingNotInFile:
        return 0
    fault_point("vault.punctured")
    if not ring.names <= ring.trees.keys():
        return 0
    return sum(Erasure.objects.filter(pk__in=some).update(reached=now) for some in chunks(waiting, MANY))


def apply(now: datetime, *, by: str = COMMAND) -> Applied:
    """Erase again whom a restored backup brought back, and reach backups for whoever still waits.

    To be called after every restore, before anybody reads, with the key ring and the list of the erased as
    they were before the restore. Twice is fine.
    """
    destroyed = destroy_again(now, by=by)
    reached = reach(now)
    return Applied(destroyed, reached, Erasure.objects.filter(reached=None).count())


def destroy_again(now: datetime, *, by: str = COMMAND) -> int:
    """Erase again whom a restored backup brought back, as far as the databases go; return how many.

    May be part of a transaction; after its end `reach` does the rest.
    """
    ring, listed = sealing.key_ring(), listed_ids()
    destroyed = 0
    for ids in chunks(listed, MANY):
        Draft.objects.filter(pk__in=ids).delete()
    rows = PersonKey.objects.order_by("person_id").values_list("person_id", "wrapped").iterator(MANY)
    back = (one for one, wrapped in rows if one in listed or _gone(ring, one, bytes(wrapped)))
    for some in chunks(back, MANY):
        with transaction.atomic(using="vault"):
            Person.objects.filter(pk__in=some).update(changed=True)
            _destroy(some, by, now, restored=True)
        destroyed += len(some)
    return destroyed


def reached(person_id: str) -> bool:
    """Return whether no backup can be read any more, with this ring, for someone who was erased."""
    return Erasure.objects.filter(pk=person_id, reached__isnull=False).exists()


def listed_ids() -> frozenset[str]:
    """Return the ids in the list beside the ring; a line that a power cut left half, or damaged, is none.

    Raises `BadInput` for a list that cannot be read.
    """
    file = list_file()
    try:
        with file.open(encoding="ascii", errors="replace") as lines:
            return frozenset(line.strip() for line in lines if _LISTED.fullmatch(line.strip()))
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise unreadable(file, error) from None


def begin_list() -> None:
    """Make the list of a new vault, empty: one that is not there is lost, not empty."""
    if not (file := list_file()).exists():
        write_bytes(file, b"")


def list_file() -> Path:
    """Return the file with the ids of who was erased: beside the ring, or in the folder of the desk."""
    ring = ring_file()
    return (ring.parent if ring else default_path() / "desk") / LIST_FILE


def _gone(ring: KeyRing, person_id: str, wrapped: bytes) -> bool:
    return ring.destroyed(wrapped, sealing.key_place(person_id))


def _destroy(person_ids: list[str], by: str, now: datetime, *, restored: bool) -> None:
    """Delete keys, digests, reasons, links and ways in, and record it; only inside a transaction."""
    for table in (PersonKey, LookUp, BreakGlass, SignInLink, Factor, Assessment):
        table._default_manager.filter(person__in=person_ids).delete()
    for one in person_ids:
        Erasure.objects.update_or_create(pk=one, defaults={"at": now, "reached": None})
        VAULT.record(Act.ERASED, now, by=by, about=one, restored=restored)


def _list(person_ids: Collection[str]) -> None:
    """Add ids to the list and sync it; a line of their own each, also after one that was cut off."""
    known, file = listed_ids(), list_file()
    text = "".join(f"\n{one}\n" for one in person_ids if one not in known)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "ab") as lines:
            lines.write(text.encode())
            lines.flush()
            os.fsync(handle)
    except OSError as error:
        raise write_failure(file, error) from error
