"""Who may be reached for a person, as the rules see them: the person, and who acts for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from luwte.desk.telling.models import CareTask, Contact, StoppedChannel
from luwte.desk.telling.subjects import party_of
from luwte.desk.telling.values import NEVER_LEFT, Authority, Born, Conflict, Kind, Life, Mandate, Recipient
from luwte.desk.telling.ways import BY_PEOPLE
from luwte.desk.vault.batches import Opened
from luwte.desk.vault.rules import EMAIL, PHONE, POST, Reach, newest
from luwte.desk.vault.services import KnownPerson, KnownRepresentative
from luwte.desk.wishes.rules import PERSON, Channel

NEEDS = {Channel.EMAIL: EMAIL, Channel.SMS: PHONE, Channel.LETTER: POST}
"""The kind of address that a channel needs."""

_Stopped = Mapping[tuple[str, str], set[Channel]]


def recipients_of(
    found: Mapping[str, Opened], subjects: Iterable[str], ways: frozenset[Channel]
) -> list[Recipient]:
    """Return the recipients of `subjects`: of each the person, then who acts for them, by first day.

    A channel is stopped for whom it failed, for whom it has no address, and for all when not in `ways`.
    """
    wanted = [subject for subject in subjects if subject in found]
    stopped, seen = _stopped(wanted), _seen(wanted)
    absent = frozenset(Channel) - ways - BY_PEOPLE
    return [
        recipient
        for subject in wanted
        for recipient in _around(subject, found[subject], stopped, absent, seen.get(subject))
    ]


def household(one: Opened) -> set[str]:
    """Return the ids, of the person and who acts for them, that live where someone in certain conflict does.

    T5: who shares a postal address with a suspect or convict is in doubt at least, whatever the role says.
    """
    homes: dict[str, set[str]] = defaultdict(set)
    certain = set()
    for name, reaches, conflict in _circle(one):
        home = _home(reaches)
        if home:
            homes[home].add(name)
            certain |= {home} if conflict == Conflict.CERTAIN else set()
    return {name for home in certain for name in homes[home]}


def _circle(one: Opened) -> Iterable[tuple[str, tuple[Reach, ...], str]]:
    yield one.person.id, one.person.reaches, one.person.identity.conflict
    for acting in one.acting:
        yield acting.id, acting.mandate.reaches, acting.mandate.conflict


def _home(reaches: tuple[Reach, ...]) -> str:
    """Spelling, spaces and line ends do not make another house of it."""
    return "".join(char for char in (newest(reaches, POST) or "").casefold() if char.isalnum())


def _around(
    subject: str, one: Opened, stopped: _Stopped, absent: frozenset[Channel], seen: datetime | None
) -> Iterable[Recipient]:
    doubtful = household(one)
    yield _person(subject, one.person, stopped, absent, seen, one.person.id in doubtful)
    for acting in one.acting:
        yield _acting(subject, one.person, acting, stopped, absent, acting.id in doubtful)


def _person(
    subject: str,
    person: KnownPerson,
    stopped: _Stopped,
    absent: frozenset[Channel],
    seen: datetime | None,
    doubtful: bool,
) -> Recipient:
    identity = person.identity
    unreached = {channel for channel, kind in NEEDS.items() if person.address(kind) is None}
    return Recipient(
        subject,
        identity.zone,
        PERSON,
        absent | unreached | stopped.get((subject, PERSON), set()),
        Life(
            Born(identity.born_from, identity.born_to),
            Authority(identity.authority),
            identity.deceased,
            seen,
        ),
        informed=identity.informed,
        conflict=_conflict(identity.conflict, doubtful),
    )


def _acting(
    subject: str,
    person: KnownPerson,
    acting: KnownRepresentative,
    stopped: _Stopped,
    absent: frozenset[Channel],
    doubtful: bool,
) -> Recipient:
    mandate, party = acting.mandate, party_of(acting.id)
    unreached = {channel for channel, kind in NEEDS.items() if mandate.address(kind) is None}
    return Recipient(
        subject,
        person.identity.zone,
        party,
        absent | unreached | stopped.get((subject, party), set()),
        mandate=Mandate(
            Kind(mandate.role),
            mandate.begins,
            mandate.ends,
            Channel(mandate.channel),
            mandate.holder,
            mandate.standing,
        ),
        informed=mandate.informed,
        conflict=_conflict(mandate.conflict, doubtful),
    )


def _conflict(said: str, doubtful: bool) -> Conflict:
    return Conflict.DOUBT if doubtful and said == Conflict.NONE else Conflict(said)


def _stopped(subjects: list[str]) -> _Stopped:
    found: defaultdict[tuple[str, str], set[Channel]] = defaultdict(set)
    rows = StoppedChannel.objects.filter(subject__in=subjects, solved=None)
    for subject, recipient, channel in rows.values_list("subject", "recipient", "channel"):
        found[subject, recipient].add(Channel(channel))
    return found


def _seen(subjects: list[str]) -> dict[str, datetime]:
    """T15: a message that was opened, something asked for, and a call that reached the person."""
    found: dict[str, datetime] = {}
    contacts = Contact.objects.filter(subject__in=subjects, recipient=PERSON)
    rows = [
        contacts.filter(opened__isnull=False).values_list("subject", "opened"),
        contacts.filter(asked=True, handed__isnull=False).values_list("subject", "handed"),
        contacts.filter(channel=Channel.CARE_WORKER.value, handed__isnull=False)
        .exclude(state__in=NEVER_LEFT)
        .values_list("subject", "handed"),
        CareTask.objects.filter(
            subject__in=subjects, recipient=PERSON, kind="call", outcome="reached", done__isnull=False
        ).values_list("subject", "done"),
    ]
    for subject, moment in (row for one in rows for row in one):
        if moment is not None:
            found[subject] = max(moment, found.get(subject, moment))
    return found
