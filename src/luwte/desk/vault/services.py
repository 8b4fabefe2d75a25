"""What can be done in the vault; one function per act, one transaction each.

A person is known here by an opaque id. No function takes or gives a pseudonym: tying the two together is
the work of `luwte.desk.telling.subjects` alone.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction

from luwte.desk.vault import sealing
from luwte.desk.vault.errors import LinkSpent, PersonUnknown
from luwte.desk.vault.models import Address, Person, PersonKey, Representative, SignInLink
from luwte.desk.vault.rules import (
    Identity,
    Mandate,
    Reach,
    check_identity,
    check_mandate,
    check_reach,
)

SIGN_IN_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as the vault knows them: the opaque `id`, who they are, and how they can be reached."""

    id: str
    identity: Identity
    reaches: tuple[Reach, ...]

    def address(self, kind: str) -> str | None:
        """Return the newest address of this `kind`, or None."""
        found = [reach.value for reach in self.reaches if reach.kind == kind]
        return found[-1] if found else None


@transaction.atomic(using="vault")
def add_person(identity: Identity, *reaches: Reach) -> str:
    """Add a person with a data key of their own and return the id. Raises `PersonImpossible`."""
    check_identity(identity)
    for reach in reaches:
        check_reach(reach)
    person = Person(sealed=b"")
    person.save()
    key = sealing.make_data_key(person)
    sealing.seal_row(person, key, asdict(identity))
    person.save()
    for reach in reaches:
        _add_address(person, key, reach)
    return person.id


@transaction.atomic(using="vault")
def change_person(person_id: str, **changes: Any) -> None:
    """Change fields of a person's `Identity`. Raises `PersonUnknown` or `PersonImpossible`."""
    person, key = _person_and_key(person_id)
    identity = replace(_identity(sealing.open_row(person, key)), **changes)
    check_identity(identity)
    sealing.seal_row(person, key, asdict(identity))
    person.save()


@transaction.atomic(using="vault")
def change_address(person_id: str, reach: Reach) -> None:
    """Make `reach` the person's only address of its kind. Raises `PersonUnknown` or `PersonImpossible`."""
    check_reach(reach)
    person, key = _person_and_key(person_id)
    for row in Address.objects.filter(person=person):
        if sealing.open_row(row, key)["kind"] == reach.kind:
            row.delete()
    _add_address(person, key, reach)


@transaction.atomic(using="vault")
def add_representative(person_id: str, mandate: Mandate) -> str:
    """Add someone who acts for a person and return the id of the row. Raises `PersonImpossible`."""
    check_mandate(mandate)
    person, key = _person_and_key(person_id)
    row = Representative(person=person)
    sealing.seal_row(row, key, asdict(mandate))
    row.save()
    return row.id


def representatives(person_id: str) -> list[Mandate]:
    """Return the mandates given for a person, also those that ended or did not begin."""
    person, key = _person_and_key(person_id)
    rows = Representative.objects.filter(person=person)
    return sorted((_mandate(sealing.open_row(row, key)) for row in rows), key=lambda found: found.begins)


def person(person_id: str) -> KnownPerson:
    """Return a person. Raises `PersonUnknown` when there is none, or the person was erased."""
    found, key = _person_and_key(person_id)
    return _known(found, key, list(Address.objects.filter(person=found)))


def people() -> list[KnownPerson]:
    """Return everyone who was not erased, by name."""
    addresses: dict[str, list[Address]] = {}
    for address in Address.objects.all():
        addresses.setdefault(address.person_id, []).append(address)
    stored = PersonKey.objects.select_related("person")
    found = [_known(one.person, sealing.unwrap(one), addresses.get(one.person_id, [])) for one in stored]
    return sorted(found, key=lambda known: (known.identity.name, known.id))


def person_ids() -> list[str]:
    """Return the ids of everyone who was not erased, opening nothing."""
    return list(PersonKey.objects.order_by("person_id").values_list("person_id", flat=True))


@transaction.atomic(using="vault")
def erase(person_id: str) -> None:
    """Destroy a person's data key: what was sealed under it cannot be read any more, in no backup either."""
    if not PersonKey.objects.filter(person_id=person_id).delete()[0]:
        raise PersonUnknown(person_id)


@transaction.atomic(using="vault")
def sign_in_link(person_id: str, now: datetime, lasts: timedelta = SIGN_IN_LASTS) -> str:
    """Return a fresh token (256 random bits) that signs the person in once, within `lasts` after `now`."""
    found, _ = _person_and_key(person_id)
    token = secrets.token_urlsafe(32)
    SignInLink.objects.filter(expires__lt=now).delete()
    SignInLink.objects.create(token=_hash(token), person=found, expires=now + lasts)
    return token


@transaction.atomic(using="vault")
def redeem(token: str, now: datetime) -> str:
    """Use up `token` and return the person's id. Raises `LinkSpent` when unknown, used, too old or erased."""
    usable = SignInLink.objects.filter(token=_hash(token), used=None, expires__gt=now)
    if not usable.update(used=now):
        raise LinkSpent
    person_id = SignInLink.objects.get(token=_hash(token)).person_id
    if not PersonKey.objects.filter(person_id=person_id).exists():
        raise LinkSpent
    return person_id


@transaction.atomic(using="vault")
def rewrap_keys() -> int:
    """Wrap every data key under the ring's current key, after the ring was rotated; return how many."""
    ring = sealing.key_ring()
    stored = list(PersonKey.objects.select_for_update())
    for one in stored:
        place = f"{PersonKey._meta.db_table}.wrapped|{one.person_id}"
        one.wrapped = ring.wrap(ring.unwrap(bytes(one.wrapped), place), place)
        one.save()
    return len(stored)


def _person_and_key(person_id: str) -> tuple[Person, bytes]:
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise PersonUnknown(person_id)
    return found, sealing.data_key(person_id)


def _add_address(person: Person, key: bytes, reach: Reach) -> None:
    row = Address(person=person)
    sealing.seal_row(row, key, asdict(reach))
    row.save()


def _known(found: Person, key: bytes, addresses: list[Address]) -> KnownPerson:
    reaches = tuple(Reach(**sealing.open_row(row, key)) for row in addresses)
    return KnownPerson(found.id, _identity(sealing.open_row(found, key)), reaches)


def _identity(content: dict[str, Any]) -> Identity:
    born = content["birth_date"]
    return Identity(**{**content, "birth_date": date.fromisoformat(born) if born else None})


def _mandate(content: dict[str, Any]) -> Mandate:
    ends = content["ends"]
    begins = date.fromisoformat(content["begins"])
    return Mandate(**{**content, "begins": begins, "ends": date.fromisoformat(ends) if ends else None})


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
