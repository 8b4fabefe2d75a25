"""A desk for tests: a key ring, people, reports, and a channel that keeps what it is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from luwte.base.ids import new_id
from luwte.crypto.identity import Identity as HouseIdentity
from luwte.crypto.keyring import KeyRing
from luwte.desk.telling import services as telling
from luwte.desk.telling.channels.port import Envelope, Fate, Receipt
from luwte.desk.telling.channels.portal import PortalChannel
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import EMAIL, Identity, Reach
from luwte.desk.wishes.rules import Channel, Choice, Source
from luwte.exchange.report import EntryFinding, RememberedFiles, Report, SeriesFinding
from luwte.exchange.report_model import ClusterFinding, ClusterVerdict
from luwte.exchange.statement import make_statement
from tests.support import exchange

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SERIES = Mapping[str, Mapping[str, tuple[int, int] | tuple[int, int, int]]]

_HOUSE = HouseIdentity.generate()


def make_keys(home: Path) -> KeyRing:
    """Give the desk in `home` a key ring."""
    folder = home / "desk"
    folder.mkdir(parents=True, exist_ok=True)
    ring = KeyRing.generate()
    ring.write(folder / "keys.json")
    return ring


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of a test: the id in the vault and the pseudonym in the register."""

    id: str
    subject: str


def someone(
    name: str = "Noor",
    *,
    series: str | None = None,
    choice: Choice | None = None,
    email: str | None = "noor@example.org",
    now: datetime = NOON,
    time_zone: str = "Europe/Amsterdam",
    born: date | None = date(1990, 5, 1),
) -> Someone:
    """Add an adult (or someone `born` then) with a series and, if `choice` is given, a wish about cases."""
    reaches = [Reach(EMAIL, email)] if email else []
    person_id = vault.add_person(Identity(name, born, born, time_zone=time_zone), *reaches, now=now)
    if series is not None:
        telling.link_series(person_id, series, now)
    if choice is not None:
        wish(person_id, choice, now)
    return Someone(person_id, subject_of(person_id))


def wish(person_id: str, choice: Choice, now: datetime = NOON) -> None:
    """Record what a person chose about cases."""
    telling.set_wish(
        person_id,
        Source.CASE,
        choice,
        set_by="Wim",
        conversation="gesprek",
        now=now,
        assessment="beoordeling",
    )


def report(
    found: SERIES,
    case: str | None = "C-1",
    report_id: str | None = None,
    house: HouseIdentity = _HOUSE,
    **changes: object,
) -> Report:
    """Return a report: series -> entry -> (identical, near) files, or (identical, near, same picture)."""
    statement = make_statement(house, "ab" * 16, exchange.NOON, [house.public], 1, (10, "cd" * 32), 1)
    findings = tuple(
        SeriesFinding(
            series,
            sum(pair[0] for pair in entries.values()),
            sum(pair[2] for pair in entries.values() if len(pair) > 2),
            sum(pair[1] for pair in entries.values()),
            tuple(_entry(entry, *pair) for entry, pair in entries.items()),
        )
        for series, entries in found.items()
    )
    return exchange.report(statement, id=report_id or new_id(), case=case, findings=findings, **changes)


def _entry(name: str, identical: int, near: int, same_picture: int = 0) -> EntryFinding:
    return EntryFinding(entry_id(name), identical, same_picture, near)


def remembering(one: Report, entry: str, files: int, *clusters: str) -> Report:
    """Return report `one` with so many of the identical files of an entry, by its short name, so only because
    they were confirmed in one of `clusters` (short names)."""
    part = RememberedFiles(tuple(sorted(map(cluster_id, clusters))), files)
    findings = tuple(
        replace(
            found,
            entries=tuple(
                replace(each, remembered=(*each.remembered, part)) if each.entry == entry_id(entry) else each
                for each in found.entries
            ),
        )
        for found in one.findings
    )
    return replace(one, findings=findings)


def cluster_id(name: str) -> str:
    """Return the id of a cluster (32 hex) for a short name."""
    return f"c{name}".encode().hex().rjust(32, "0")


def cluster(
    name: str,
    entry: str,
    files: int = 1,
    *,
    series: str = "s-1",
    likelihood: int = 700,
    same: bool = False,
    holds: tuple[str, ...] = (),
) -> ClusterFinding:
    """Return a cluster of files near an entry of a series, or the same picture; `holds` are short names."""
    verdict: ClusterVerdict = "same_picture" if same else "near"
    held = tuple(cluster_id(one) for one in holds)
    return ClusterFinding(cluster_id(name), entry_id(entry), series, verdict, files, likelihood, held)


def entry_id(name: str) -> str:
    """Return an entry id (32 hex) for a short name."""
    return name.encode().hex().rjust(32, "0")


@dataclass
class KeepingChannel:
    """A channel that keeps every envelope and answers with `fate`; not idempotent unless told so."""

    fate: Fate = Fate.DELIVERED
    idempotent: bool = False
    kept: list[Envelope] = field(default_factory=list)

    def deliver(self, envelope: Envelope) -> Receipt:
        """Keep `envelope` and answer."""
        self.kept.append(envelope)
        return Receipt(self.fate, "kept")


def ways(mail: KeepingChannel) -> dict[Channel, KeepingChannel | PortalChannel]:
    """Return the portal, and `mail` for e-mail."""
    return {Channel.PORTAL: PortalChannel(), Channel.EMAIL: mail}
