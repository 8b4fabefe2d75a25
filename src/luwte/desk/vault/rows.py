"""From rows of the vault to what is known of people, and back. Only the services use it."""

from __future__ import annotations

from luwte.desk.vault import sealing
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.models import Person, Representative
from luwte.desk.vault.rules import Identity, Mandate, Reach


def person_and_key(person_id: str) -> tuple[Person, bytes]:
    """Return the row of a person and the data key. Raises `PersonUnknown`, also when erased."""
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise PersonUnknown(person_id)
    return found, sealing.data_key(person_id)


def locked(person_id: str) -> tuple[Person, bytes]:
    """Do the same for a change: the row is locked and counts as changed. Only inside a transaction."""
    if not Person.objects.filter(pk=person_id).update(changed=True):
        raise PersonUnknown(person_id)
    return person_and_key(person_id)


def lock_person(person_id: str) -> None:
    """Lock the row of a person, as every change of one does first; only inside a transaction."""
    Person.objects.select_for_update().filter(pk=person_id).first()


def identity_of(row: Person, key: bytes) -> Identity:
    """Return who the person of `row` is."""
    content = sealing.open_row(row, key)
    born = {bound: sealing.day(content[bound]) for bound in ("born_from", "born_to")}
    return Identity(**{**content, **born})


def mandate_of(row: Representative, key: bytes) -> Mandate:
    """Return the mandate in `row`."""
    content = sealing.open_row(row, key)
    days = {bound: sealing.day(content[bound]) for bound in ("begins", "ends")}
    reaches = tuple(Reach(**reach) for reach in content["reaches"])
    return Mandate(**{**content, **days, "reaches": reaches})
