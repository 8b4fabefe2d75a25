"""Some people at once: who they are, how they can be reached and who acts for them, in three look-ups.

Of everyone at once only the names, which take one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from luwte.crypto.keyring import KeyRing
from luwte.desk.vault import sealing
from luwte.desk.vault.mandates import KnownRepresentative
from luwte.desk.vault.models import Address, PersonKey, Representative
from luwte.desk.vault.rows import identity_of, mandate_of
from luwte.desk.vault.rules import Reach
from luwte.desk.vault.services import KnownPerson


@dataclass(frozen=True, slots=True)
class Opened:
    """A person, and who acts for them, by id."""

    person: KnownPerson
    acting: tuple[KnownRepresentative, ...]


def opened(person_ids: Iterable[str]) -> dict[str, Opened]:
    """Return the people of `person_ids` who were not erased, by id. All of them are in memory at once."""
    keys = list(PersonKey.objects.filter(pk__in=list(person_ids)).select_related("person"))
    here = [one.person_id for one in keys]
    addresses: defaultdict[str, list[Address]] = defaultdict(list)
    for address in Address.objects.filter(person__in=here):
        addresses[address.person_id].append(address)
    acting: defaultdict[str, list[Representative]] = defaultdict(list)
    for row in Representative.objects.filter(person__in=here).order_by("id"):
        acting[row.person_id].append(row)
    ring = sealing.key_ring()
    return {one.person_id: _open(one, addresses[one.person_id], acting[one.person_id], ring) for one in keys}


def names(only: Collection[str] | None = None) -> dict[str, str]:
    """Return the names by id of all who were not erased, or of `only` those; nothing else is opened."""
    stored = PersonKey.objects.select_related("person")
    wanted = [one for one in stored if only is None or one.person_id in only]
    ring = sealing.key_ring()
    return {one.person_id: identity_of(one.person, sealing.unwrap(one, ring)).name for one in wanted}


def _open(stored: PersonKey, addresses: list[Address], acting: list[Representative], ring: KeyRing) -> Opened:
    key = sealing.unwrap(stored, ring)
    reaches = tuple(Reach(**sealing.open_row(row, key)) for row in addresses)
    known = KnownPerson(stored.person_id, identity_of(stored.person, key), reaches)
    found = [KnownRepresentative(row.id, mandate_of(row, key), stored.person_id) for row in acting]
    return Opened(known, tuple(sorted(found, key=lambda one: (one.mandate.begins, one.id))))
