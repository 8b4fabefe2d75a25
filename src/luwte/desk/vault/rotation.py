"""Rotating the key ring: a fresh current key, every data key wrapped anew in small steps, old keys retired.

Each step is a transaction of its own, so a kill loses at most one, and whoever runs it again goes on. Two at
once do no harm: a row that is done is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections, router, transaction

from luwte.base.faults import fault_point
from luwte.crypto.keyring import KeyRing
from luwte.crypto.providers import KeyHolder
from luwte.desk.audit.acts import Act
from luwte.desk.vault import drafts, look_ups, sealing
from luwte.desk.vault.erased import reach
from luwte.desk.vault.errors import KeysNeeded
from luwte.desk.vault.log import COMMAND, VAULT
from luwte.desk.vault.models import Draft, Person, PersonKey
from luwte.desk.vault.ring import change_ring

ROTATION_POINTS = ("keys.made", "keys.rewrapped", "keys.retired")
STEP = 500
"""People in one transaction: others who write wait for one step at most."""
SETTLED = timedelta(hours=1)
"""So long after the last rotation no process can still be writing under the key before."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What `rotate` did: the id of the current key, whether it is new, how many people were wrapped anew."""

    current: str
    new: bool
    people: int


def rotate(
    now: datetime,
    *,
    by: str = COMMAND,
    token: KeyHolder | None = None,
    step: int = STEP,
    shown: Callable[[int, int], object] = lambda done, of: None,
) -> Rotated:
    """Give the ring a fresh current key and wrap every data key under it; `shown` is told how far it is.

    A rotation that was cut off is finished instead, under the key that it made. With a `token` the key is
    made there. Raises `RingNotInFile`.
    """
    started = sealing.key_ring()
    moved = token is None or started.current in started.held
    unfinished = started.complete and moved and waiting(started) > 0
    ring = started if unfinished else change_ring(lambda found: _fresh(found, started.current, now, token))
    _record_made(ring, by, now)
    fault_point("keys.made")
    people = rewrap(now, by=by, step=step, shown=shown)
    return Rotated(ring.current, ring.current != started.current, people)


def rewrap(
    now: datetime,
    *,
    by: str = COMMAND,
    step: int = STEP,
    shown: Callable[[int, int], object] = lambda done, of: None,
) -> int:
    """Wrap every data key, and make every digest, under the ring's current key; return for how many people.

    Also what a desk of an earlier version needs once: its people had no digests.
    """
    ring = sealing.key_ring()
    of, done, last = waiting(ring), 0, ""
    while some := _next(ring, last, step):
        done, last = done + _step(some, ring, by, now), some[-1]
        fault_point("keys.rewrapped")
        shown(done, of)
    with transaction.atomic(using="vault"):
        drafts.rewrap(ring)
    return done


def waiting(ring: KeyRing) -> int:
    """Return how many data keys, of people and of drafts, are under another than the ring's current key."""
    keys = (PersonKey.objects, Draft.objects)
    return sum(rows.exclude(version=ring.current).count() for rows in keys)


def retire(now: datetime, *, by: str = COMMAND) -> list[str]:
    """Drop the old keys of the ring, in the token too, and return their ids. It cannot be undone.

    What was wrapped under them can be opened by nobody any more: backups of before the last rotation are
    lost with them. Raises `KeysNeeded` while somebody's data key is under one, or just was, and
    `RingNotInFile`.
    """

    def without(ring: KeyRing) -> KeyRing:
        _check_unneeded(ring, _old(ring), now)
        return ring.without(old)

    ring = change_ring(lambda found: found)
    old = _old(ring)
    _check_unneeded(ring, old, now)
    if old:
        # On record first: what is dropped cannot be had back, so it is never dropped unrecorded.
        with transaction.atomic(using="vault"):
            VAULT.record(Act.KEYS_RETIRED, now, by=by, keys=",".join(old))
        change_ring(without)
    fault_point("keys.retired")
    reach(now)
    return old


def _record_made(ring: KeyRing, by: str, now: datetime) -> None:
    """Record each key of the ring once; one that was made when the process died, by the next rotation."""
    known = set(VAULT.leaf.objects.filter(act=Act.KEYS_MADE).values_list("about", flat=True))
    with transaction.atomic(using="vault"):
        for name in sorted(ring.names - known):
            made = ring.made.get(name)
            VAULT.record(Act.KEYS_MADE, now, by=by, about=name, made=made.isoformat() if made else "")


def _fresh(ring: KeyRing, known: str, now: datetime, token: KeyHolder | None) -> KeyRing:
    """Two who begin at once make one key."""
    return ring.rotated(now, token) if ring.current == known else ring


def _old(ring: KeyRing) -> list[str]:
    return sorted(ring.names - {ring.current})


def _check_unneeded(ring: KeyRing, old: list[str], now: datetime) -> None:
    if not old:
        return
    if needed := waiting(ring):
        raise KeysNeeded(
            f"{needed} people still need an old key of the ring. Run `luwte keys rotate` to its end first."
        )
    made = ring.made.get(ring.current)
    if made is None or now < made + SETTLED:
        raise KeysNeeded(
            "The ring was rotated within the last hour, and somebody may still be writing under the key "
            "before. Retire it later."
        )


def _next(ring: KeyRing, last: str, step: int) -> list[str]:
    rows = PersonKey.objects.exclude(version=ring.current).filter(person_id__gt=last)
    return list(rows.order_by("person_id").values_list("person_id", flat=True)[:step])


@transaction.atomic(using="vault")
def _step(person_ids: list[str], ring: KeyRing, by: str, now: datetime) -> int:
    """People are locked in order, as everyone does, so that no digest is made of what changes meanwhile."""
    people = Person.objects.select_for_update().filter(pk__in=person_ids).order_by("pk")
    by_id = {one.pk: one for one in people}
    rows = PersonKey.objects.filter(pk__in=list(by_id)).exclude(version=ring.current)
    keys = list(rows.order_by("person_id"))
    look_ups.refresh_all([(by_id[one.person_id], _again(one, ring)) for one in keys], ring)
    _save(keys)
    VAULT.record(Act.KEYS_ROTATED, now, by=by, key=ring.current, people=len(keys))
    return len(keys)


def _save(keys: list[PersonKey]) -> None:
    """As `bulk_update` does, without an expression for each value: those took most of the time."""
    values = [(bytes(one.wrapped), one.version, one.person_id) for one in keys]
    with connections[router.db_for_write(PersonKey)].cursor() as cursor:
        cursor.executemany(
            "UPDATE vault_personkey SET wrapped = %s, version = %s WHERE person_id = %s", values
        )


def _again(stored: PersonKey, ring: KeyRing) -> bytes:
    place = sealing.key_place(stored.person_id)
    key = ring.unwrap(bytes(stored.wrapped), place)
    stored.wrapped, stored.version = ring.wrap(key, place), ring.current
    return key
