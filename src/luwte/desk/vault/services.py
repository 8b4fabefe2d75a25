"""What can be done in the vault; one function per act, one transaction each.

A person is known here by an opaque id. No function takes or gives a pseudonym: tying the two together is
the work of `luwte.desk.telling.subjects` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from luwte.base.clock import SystemClock
from luwte.base.faults import fault_point
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.vault import look_ups, sealing
from luwte.desk.vault.coming_in import enter_by_code, enter_by_passkey
from luwte.desk.vault.erased import ERASURE_POINTS, erase
from luwte.desk.vault.factors import (
    Way,
    WaysIn,
    Whose,
    add_app,
    add_passkey,
    new_codes,
    remove_way,
    remove_ways,
    ways_in,
)
from luwte.desk.vault.links import (
    SignedIn,
    end_visits,
    redeem,
    redeem_link,
    sign_in_link,
    sign_in_link_for,
    visit_of,
)
from luwte.desk.vault.log import COMMAND, VAULT
from luwte.desk.vault.mandates import (
    KnownRepresentative,
    add_representative,
    change_representative,
    end_mandate,
    representative,
    representatives,
)
from luwte.desk.vault.models import Address, Person, PersonKey
from luwte.desk.vault.rows import identity_of, locked, person_and_key
from luwte.desk.vault.rules import POST, Identity, Reach, check_identity, newest, normal_reach

__all__ = [
    "COMMAND",
    "VAULT_POINTS",
    "KnownPerson",
    "KnownRepresentative",
    "SignedIn",
    "Way",
    "WaysIn",
    "Whose",
    "add_app",
    "add_passkey",
    "add_person",
    "add_representative",
    "change_address",
    "change_person",
    "change_representative",
    "changed_people",
    "end_mandate",
    "end_visits",
    "enter_by_code",
    "enter_by_passkey",
    "erase",
    "new_codes",
    "people",
    "person",
    "person_ids",
    "redeem",
    "redeem_link",
    "remove_address",
    "remove_way",
    "remove_ways",
    "representative",
    "representatives",
    "settle",
    "sign_in_link",
    "sign_in_link_for",
    "view",
    "visit_of",
    "ways_in",
]


VAULT_POINTS = ("vault.added", "vault.changed", *ERASURE_POINTS)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as the vault knows them: the opaque `id`, who they are, and how they can be reached."""

    id: str
    identity: Identity
    reaches: tuple[Reach, ...]

    def address(self, kind: str) -> str | None:
        """Return the newest address of this `kind`, or None; a secret postal address is given to nobody."""
        if kind == POST and self.identity.secret_address:
            return None
        return newest(self.reaches, kind)


@transaction.atomic(using="vault")
def add_person(
    identity: Identity,
    *reaches: Reach,
    today: date | None = None,
    by: str = COMMAND,
    now: datetime | None = None,
) -> str:
    """Add a person with a data key of their own and return the id. Raises `PersonImpossible`.

    `today`: the day on which this is said; without it, today by the machine's clock. `by`: who says it
    (`staff:7`), for the record; `now`: when.
    """
    moment = now or SystemClock().now()
    check_identity(identity, today or moment.date())
    reaches = tuple(normal_reach(reach) for reach in reaches)
    person = Person(sealed=b"")
    person.save()
    key = sealing.make_data_key(person)
    fill(person, key, identity, reaches, by=by, now=moment)
    fault_point("vault.added")
    return person.id


def fill(
    person: Person, key: bytes, identity: Identity, reaches: Sequence[Reach], *, by: str, now: datetime
) -> None:
    """Seal who a fresh `person` is under `key`, with addresses in their normal form, and record it.

    Only inside a transaction; whether it can be is the caller's to check.
    """
    sealing.seal_row(person, key, asdict(identity))
    person.save()
    for reach in reaches:
        _add_address(person, key, reach)
    look_ups.refresh(person, key, sealing.key_ring())
    VAULT.record(Act.PERSON_ADDED, now, by=by, about=person.id, addresses=len(reaches))


@transaction.atomic(using="vault")
def change_person(
    person_id: str,
    today: date | None = None,
    *,
    by: str = COMMAND,
    now: datetime | None = None,
    **changes: Any,
) -> Identity:
    """Change fields of a person's `Identity` and return it. Raises `PersonUnknown` or `PersonImpossible`.

    `by`: who says it, for the record, which names the fields and not what they hold.
    """
    moment = now or SystemClock().now()
    person, key = locked(person_id)
    identity = replace(identity_of(person, key), **changes)
    check_identity(identity, today or moment.date())
    sealing.seal_row(person, key, asdict(identity))
    person.save()
    _changed(Act.PERSON_CHANGED, person, key, moment, by, fields=",".join(sorted(changes)))
    return identity


@transaction.atomic(using="vault")
def change_address(person_id: str, reach: Reach, *, by: str = COMMAND, now: datetime | None = None) -> None:
    """Make `reach` the person's only address of its kind. Raises `PersonUnknown` or `PersonImpossible`."""
    reach = normal_reach(reach)
    person, key = locked(person_id)
    _drop_addresses(person, key, reach.kind)
    _add_address(person, key, reach)
    _changed(Act.ADDRESS_CHANGED, person, key, now, by, kind=reach.kind)


@transaction.atomic(using="vault")
def remove_address(person_id: str, kind: str, *, by: str = COMMAND, now: datetime | None = None) -> int:
    """Forget the person's addresses of this `kind`; return how many there were. Raises `PersonUnknown`."""
    person, key = locked(person_id)
    gone = _drop_addresses(person, key, kind)
    _changed(Act.ADDRESS_REMOVED, person, key, now, by, kind=kind, count=gone)
    return gone


def person(person_id: str) -> KnownPerson:
    """Return a person. Raises `PersonUnknown` when there is none, or the person was erased."""
    found, key = person_and_key(person_id)
    return _known(found, key, list(Address.objects.filter(person=found)))


def view(person_id: str, now: datetime | None = None) -> KnownPerson:
    """Return a person to somebody who looks, which is recorded. Raises `PersonUnknown`."""
    found = person(person_id)
    _viewed(Act.PERSON_VIEWED, now, person_id)
    return found


def people(now: datetime | None = None) -> list[KnownPerson]:
    """Return everyone who was not erased, by name; that somebody looked is recorded."""
    addresses: dict[str, list[Address]] = {}
    for address in Address.objects.all():
        addresses.setdefault(address.person_id, []).append(address)
    stored = PersonKey.objects.select_related("person")
    found = [_known(one.person, sealing.unwrap(one), addresses.get(one.person_id, [])) for one in stored]
    _viewed(Act.PEOPLE_LISTED, now, people=len(found))
    return sorted(found, key=lambda known: (known.identity.name, known.id))


def person_ids() -> list[str]:
    """Return the ids of everyone who was not erased, opening nothing."""
    return list(PersonKey.objects.order_by("person_id").values_list("person_id", flat=True))


def changed_people(limit: int) -> list[str]:
    """Return the ids of at most `limit` people of whom something is new since they were settled."""
    changed = Person.objects.filter(changed=True, key__isnull=False).order_by("id")
    return list(changed.values_list("id", flat=True)[:limit])


def settle(person_ids: Iterable[str]) -> None:
    """Count nothing of these people as new. What changes from now on is: settle first, then look."""
    Person.objects.filter(pk__in=list(person_ids)).update(changed=False)


def _changed(
    act: Act, person: Person, key: bytes, now: datetime | None, by: str, **details: str | int
) -> None:
    """What follows every change: how the person is looked up, and the record of it."""
    look_ups.refresh(person, key, sealing.key_ring())
    VAULT.record(act, now or SystemClock().now(), by=by, about=person.id, **details)
    fault_point("vault.changed")


@transaction.atomic(using="vault")
def _viewed(act: Act, now: datetime | None, about: str = "", **details: int) -> None:
    VAULT.record(act, now or SystemClock().now(), by=actor(), about=about, **details)


def _drop_addresses(person: Person, key: bytes, kind: str) -> int:
    rows = [
        row for row in Address.objects.filter(person=person) if sealing.open_row(row, key)["kind"] == kind
    ]
    for row in rows:
        row.delete()
    return len(rows)


def _add_address(person: Person, key: bytes, reach: Reach) -> None:
    row = Address(person=person)
    sealing.seal_row(row, key, asdict(reach))
    row.save()


def _known(found: Person, key: bytes, addresses: list[Address]) -> KnownPerson:
    reaches = tuple(Reach(**sealing.open_row(row, key)) for row in addresses)
    return KnownPerson(found.id, identity_of(found, key), reaches)
