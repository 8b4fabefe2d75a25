"""Looking people up without opening everyone: digests under a key of the ring (a blind index).

Whoever has the vault without its ring sees which people share a value, and nothing else. `services` keeps the
digests up to date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from luwte.crypto.keyring import KeyRing
from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.audit.acts import Act
from luwte.desk.audit.rules import Done
from luwte.desk.vault import sealing
from luwte.desk.vault.errors import LookUpImpossible
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.models import Address, LookUp, Person
from luwte.desk.vault.normal import BROKER, IDENTITY, identity_value, normal_name, reach_value, values_of
from luwte.desk.vault.rows import identity_of
from luwte.desk.vault.rules import EMAIL, PHONE, Reach

Wanted = tuple[str, str]
"""A kind and a digest."""


def refresh(person: Person, key: bytes, ring: KeyRing) -> None:
    """Bring the digests of `person` in line with what is sealed; only inside a transaction."""
    refresh_all([(person, key)], ring)


def refresh_all(people: Sequence[tuple[Person, bytes]], ring: KeyRing) -> None:
    """Do that for people with their data keys, in few statements. A ring of version 1 makes no digests."""
    if ring.current not in ring.index:
        return
    ids = [person.pk for person, _ in people]
    addresses: defaultdict[str, list[Address]] = defaultdict(list)
    for row in Address.objects.filter(person__in=ids):
        addresses[row.person_id].append(row)
    wanted = {
        (person.pk, *digest)
        for person, key in people
        for digest in _digests(person, addresses[person.pk], key, ring)
    }
    there = {
        (one.person_id, one.kind, one.digest): one
        for one in LookUp.objects.filter(person__in=ids, version=ring.current)
    }
    gone = [row.pk for digest, row in there.items() if digest not in wanted]
    LookUp.objects.filter(pk__in=gone).delete()
    LookUp.objects.filter(person__in=ids).exclude(version=ring.current).delete()
    LookUp.objects.bulk_create(
        LookUp(person_id=person, kind=kind, version=ring.current, digest=digest)
        for person, kind, digest in sorted(wanted - there.keys())
    )


def find(
    *,
    by: str,
    now: datetime,
    name: str | None = None,
    born: date | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> list[str]:
    """Return the ids of those to whom all that is given belongs, sorted; several may share an address.

    A name needs a day of birth; who was born on an unknown day is found by any day that can be. That somebody
    looked is recorded, once for each person found. Raises `LookUpImpossible` or `PersonImpossible`.
    """
    asked = _asked(name, born, email, phone)
    ring = sealing.key_ring()
    with transaction.atomic(using="vault"):
        found = [_with(kind, values, ring) for kind, values in asked]
        ids = sorted(one for one in set.intersection(*found) if born is None or _can_be(one, born))
        kinds = ",".join(kind for kind, _ in asked)
        VAULT.record_all([Done(Act.LOOKED_UP, by, one, {"by_what": kinds}) for one in ids or [""]], now)
    return ids


def with_account(mark: str) -> list[str]:
    """Return the ids of those who have the account at the broker with this `mark`, sorted."""
    return sorted(_with(BROKER, [mark], sealing.key_ring()))


def _asked(
    name: str | None, born: date | None, email: str | None, phone: str | None
) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    if name is not None or born is not None:
        if name is None or born is None or not normal_name(name):
            raise LookUpImpossible(
                "Give a name together with a day of birth: one alone finds too many people."
            )
        found.append((IDENTITY, (identity_value(name, born), identity_value(name, None))))
    if email is not None:
        found.append((EMAIL, (reach_value(Reach(EMAIL, email)),)))
    if phone is not None:
        found.append((PHONE, (reach_value(Reach(PHONE, phone)),)))
    if not found:
        raise LookUpImpossible(
            "Say whom you look for: a name with a day of birth, an e-mail address or a number."
        )
    return found


def _with(kind: str, values: Iterable[str], ring: KeyRing) -> set[str]:
    """Under every key of the ring: while it is rotated, some rows are still under an old one."""
    digests = [_digest(key, kind, value) for key in ring.index.values() for value in values]
    rows: QuerySet[LookUp] = LookUp.objects.filter(kind=kind, digest__in=digests, person__key__isnull=False)
    return set(rows.values_list("person_id", flat=True))


def _can_be(person_id: str, born: date) -> bool:
    row, key = Person.objects.get(pk=person_id), sealing.data_key(person_id)
    identity = identity_of(row, key)
    first, last = identity.born_from, identity.born_to
    return (first is None or first <= born) and (last is None or born <= last)


def _digests(person: Person, addresses: Iterable[Address], key: bytes, ring: KeyRing) -> set[Wanted]:
    identity = identity_of(person, key)
    reaches = [Reach(**sealing.open_row(row, key)) for row in addresses]
    values = values_of(identity.name, identity.born_from, identity.born_to, reaches, identity.account)
    return {(kind, _digest(ring.index[ring.current], kind, value)) for kind, value in values}


def _digest(key: bytes, kind: str, value: str) -> str:
    return pseudonym(key, value, purpose=f"look-up {kind}")
