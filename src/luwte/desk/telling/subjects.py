"""Where a person of the vault and a pseudonym of the register are tied: only here, only in memory."""

from __future__ import annotations

from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.sealing import key_ring


def subject_of(person_id: str) -> str:
    """Return the pseudonym under which the register knows a person."""
    return pseudonym(key_ring().link, person_id, purpose="subject")


def directory() -> dict[str, str]:
    """Return pseudonym -> person id for everyone; it is never stored."""
    link = key_ring().link
    return {pseudonym(link, person_id, purpose="subject"): person_id for person_id in vault.person_ids()}


def person_of(subject: str) -> str:
    """Return the id of the person behind a pseudonym. Raises `PersonUnknown`."""
    found = directory().get(subject)
    if found is None:
        raise PersonUnknown(subject)
    return found


def contact_key(subject: str, number: int) -> str:
    """Return the idempotency key of the `number`th contact of a person: always the same, and opaque."""
    return pseudonym(key_ring().link, f"{subject}|{number}", purpose="contact")
