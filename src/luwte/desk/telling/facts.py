"""What the rules need to know, read from both databases, for some people or for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.findings import models as register
from luwte.desk.telling.models import Contact, ContactItem, StoppedChannel
from luwte.desk.telling.rules import plan
from luwte.desk.telling.subjects import people_behind, subject_of
from luwte.desk.telling.values import (
    Authority,
    Born,
    Conflict,
    Decision,
    Finding,
    Life,
    Limits,
    Recipient,
    State,
    Told,
)
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import EMAIL, Identity
from luwte.desk.vault.services import KnownPerson
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Channel, Source

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Known:
    """People by pseudonym: the working memory of one act of telling."""

    people: Mapping[str, KnownPerson]

    @classmethod
    def everyone(cls) -> Known:
        """Return everyone in the vault."""
        return cls({subject_of(person.id): person for person in vault.people()})

    @classmethod
    def one(cls, person_id: str) -> Known:
        """Return one person. Raises `PersonUnknown`."""
        return cls({subject_of(person_id): vault.person(person_id)})

    @classmethod
    def behind(cls, subject: str) -> Known:
        """Return the person behind a pseudonym as the vault knows them now; nobody when erased."""
        return cls({one: vault.person(person) for one, person in people_behind([subject]).items()})


def decide(known: Known, subjects: Iterable[str], now: datetime, without: str = "") -> list[Decision]:
    """Return what the rules decide at `now` for `subjects`, as if the contact `without` did not exist."""
    wanted = sorted(subjects)
    recipients = recipients_of(known, wanted)
    return plan(
        wishes.wishes(wanted),
        findings_of(wanted),
        [],
        [told for told in history_of(wanted) if told.id != without],
        wishes.holds(wanted),
        recipients,
        LIMITS,
        now,
    )


def findings_of(subjects: list[str]) -> list[Finding]:
    """Return the findings of `subjects` as the rules see them."""
    rows = register.Finding.objects.filter(subject__in=subjects)
    return [
        Finding(
            row.id,
            row.subject,
            Source(row.source),
            row.identical,
            row.near,
            row.confirmed,
            row.registered,
            row.quarantined,
        )
        for row in rows
    ]


def history_of(subjects: list[str]) -> list[Told]:
    """Return every contact of `subjects`, whatever became of it."""
    rows = Contact.objects.filter(subject__in=subjects)
    carried: dict[str, list[tuple[str, str]]] = {}
    items = ContactItem.objects.filter(contact__subject__in=subjects)
    for contact, finding, source in items.values_list("contact_id", "finding_id", "finding__source"):
        carried.setdefault(contact, []).append((finding, source))
    return [_told(row, carried.get(row.id, [])) for row in rows]


def _told(row: Contact, carried: list[tuple[str, str]]) -> Told:
    return Told(
        row.id,
        row.subject,
        row.recipient,
        row.handed or row.decided,
        State(row.state),
        frozenset(finding for finding, _ in carried),
        frozenset(Source(source) for _, source in carried),
        row.asked,
    )


def recipients_of(known: Known, subjects: list[str]) -> list[Recipient]:
    """Return who may be reached for `subjects`: the person alone, on channels that are there and work."""
    stopped: dict[str, set[Channel]] = {}
    rows = StoppedChannel.objects.filter(subject__in=subjects, solved=None)
    for subject, channel in rows.values_list("subject", "channel"):
        stopped.setdefault(subject, set()).add(Channel(channel))
    for subject in subjects:
        if known.people[subject].address(EMAIL) is None:
            stopped.setdefault(subject, set()).add(Channel.EMAIL)
    return [
        Recipient(
            subject,
            known.people[subject].identity.zone,
            stopped=frozenset(stopped.get(subject, set())),
            life=_life(known.people[subject].identity),
            informed=known.people[subject].identity.informed,
            conflict=Conflict(known.people[subject].identity.conflict),
        )
        for subject in subjects
    ]


def _life(identity: Identity) -> Life:
    born = Born(identity.born_from, identity.born_to)
    return Life(born, Authority(identity.authority), identity.deceased)
