"""Where a person of the vault and a pseudonym of the register are tied: only here, stored nowhere.

The pseudonyms of people and of those who act for them lead back under the link key of the ring, each in one
step. Whether there still is someone at the end is asked of the vault.
"""

from __future__ import annotations

from luwte.crypto.pseudonyms import pseudonym, unveiled, veiled
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.mandates import representatives
from luwte.desk.vault.models import PersonKey, Representative
from luwte.desk.vault.sealing import key_ring

_SUBJECT = "subject"
_PARTY = "party"


def subject_of(person_id: str) -> str:
    """Return the pseudonym under which the register knows a person. Raises `PersonUnknown` for no id."""
    try:
        return veiled(key_ring().link, person_id, purpose=_SUBJECT)
    except ValueError:
        raise PersonUnknown(person_id) from None


def person_of(subject: str) -> str:
    """Return the id of the person behind a pseudonym. Raises `PersonUnknown`, also when erased."""
    person_id = _behind(subject, _SUBJECT)
    if person_id is None or not PersonKey.objects.filter(pk=person_id).exists():
        raise PersonUnknown(subject)
    return person_id


def known_subject(person_id: str) -> str:
    """Return the pseudonym of a person who is here. Raises `PersonUnknown`, also when erased."""
    subject = subject_of(person_id)
    if not PersonKey.objects.filter(pk=person_id).exists():
        raise PersonUnknown(person_id)
    return subject


def people_behind(subjects: list[str]) -> dict[str, str]:
    """Return pseudonym -> person id for those of `subjects` who are still here (a few hundred at a time)."""
    found = {subject: _behind(subject, _SUBJECT) for subject in subjects}
    here = set(
        PersonKey.objects.filter(pk__in=[one for one in found.values() if one]).values_list("pk", flat=True)
    )
    return {subject: one for subject, one in found.items() if one is not None and one in here}


def party_of(representative_id: str) -> str:
    """Return the pseudonym of someone who acts for a person. Raises `PersonUnknown` for no id."""
    try:
        return veiled(key_ring().link, representative_id, purpose=_PARTY)
    except ValueError:
        raise PersonUnknown(representative_id) from None


def representative_of(party: str) -> str:
    """Return the id of the representative behind a pseudonym. Raises `PersonUnknown`, also when erased."""
    found = _behind(party, _PARTY)
    here = Representative.objects.filter(pk=found, person__key__isnull=False)
    if found is None or not here.exists():
        raise PersonUnknown(party)
    return found


def acting_names(person_id: str) -> dict[str, str]:
    """Return pseudonym -> name of everyone who acts for a person. Raises `PersonUnknown`."""
    return {party_of(one.id): one.mandate.name for one in representatives(person_id)}


def mark_of_assessment(assessment_id: str) -> str:
    """Return what names an assessment of the vault in the register: not its id, which would tie the two."""
    return pseudonym(key_ring().link, assessment_id, purpose="assessment")


def mark_of_series(series: str) -> str:
    """Return what stands for the name of a series once whom it shows was erased; keyed by the ring."""
    return pseudonym(key_ring().link, series, purpose="series")


def contact_key(subject: str, number: int) -> str:
    """Return the idempotency key of the `number`th contact of a person: always the same, and opaque."""
    return pseudonym(key_ring().link, f"{subject}|{number}", purpose="contact")


def alert_key(alert: str, number: int) -> str:
    """Return the idempotency key of the `number`th attempt of a safety alert: always the same, and opaque."""
    return pseudonym(key_ring().link, f"{alert}|{number}", purpose="alert")


def _behind(found: str, purpose: str) -> str | None:
    try:
        return unveiled(key_ring().link, found, purpose=purpose)
    except ValueError:
        return None
