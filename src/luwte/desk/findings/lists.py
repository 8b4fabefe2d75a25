"""What can be done about the quality of a list: foreign, vouched for, disputed, withdrawn.

Each act is one transaction that counts the findings anew. What is planned on them alone is not told; what
was told and does not stand any more is put before a care worker with the next round of telling.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from luwte.base.faults import fault_point
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.findings import provenance
from luwte.desk.findings.counting import linked, recount
from luwte.desk.findings.errors import (
    EntryNotForeign,
    EntryUnusable,
    ObjectionUnknown,
    OriginUnknown,
    SourceKnown,
)
from luwte.desk.findings.gate import enter
from luwte.desk.findings.models import EntrySource, Objection, Origin
from luwte.desk.findings.provenance import Of
from luwte.desk.findings.quarantine import findings_with
from luwte.desk.findings.values import Fell, name_mark
from luwte.desk.findings.withdrawn import WITHDRAWAL

DISPUTE = "dispute"
WRONG, SOUND, BACK = "wrong", "sound", "reinstated"
LIST_POINTS = ("lists.disputed", "lists.withdrawn", "lists.declared")
_ENTRY = re.compile(r"[0-9a-f]{32}")


@transaction.atomic
def declare_foreign(of: Of, name: str, source: str, by: str, now: datetime) -> int:
    """Say that what a key signs, or a series, is of the foreign `source`; return how many entries that is.

    Of each of them nobody is told until a second source vouches for it. Reports that came earlier count too.
    """
    enter()
    Origin.objects.filter(of=of.value, name=name).delete()
    Origin.objects.create(of=of.value, name=name, source=_one_name(source), since=now, declared_by=by)
    _declared(of, name, foreign=True, now=now)
    return _counted_anew(of, name, now)


@transaction.atomic
def declare_own(of: Of, name: str, now: datetime) -> int:
    """Take back that a signer or a series is foreign; return how many entries that is.

    Those that another foreign signer or series brought as well stay foreign.
    Raises `OriginUnknown`.
    """
    enter()
    if not Origin.objects.filter(of=of.value, name=name).delete()[0]:
        raise OriginUnknown(f"{name!r} is not said to be foreign. `luwte desk lists show` shows what is.")
    _declared(of, name, foreign=False, now=now)
    return _counted_anew(of, name, now)


@transaction.atomic
def vouch(entry: str, source: str, by: str, now: datetime) -> int:
    """Record that another, independent `source` says the same of a foreign entry; return how many do.

    Raises `EntryUnusable`, `EntryNotForeign`, or `SourceKnown` for a source that says so already.
    """
    enter()
    known = check_vouch(entry, source)
    provenance.vouch(entry, _one_name(source), by, now)
    DESK.record(Act.VOUCHED, now, by=actor(), about=entry, sources=known + 1)
    recount(findings_with({entry}), now)
    return known + 1


def check_vouch(entry: str, source: str) -> int:
    """Return how many sources say what an entry is, when `source` can be one more. Raises as `vouch` does."""
    rows = EntrySource.objects.filter(entry=check_entry(entry))
    known = set(rows.values_list("source", flat=True))
    if not rows.filter(said_by="").exists():
        raise EntryNotForeign(f"Entry {entry} is not of a foreign list: it needs no second source.")
    if _one_name(source) in known:
        raise SourceKnown(f"{source!r} vouches for entry {entry} already. Two sources must be independent.")
    return len(known)


@transaction.atomic
def dispute(entry: str, by: str, reason: str, now: datetime) -> bool:
    """Record that somebody says an entry is wrong: it is held meanwhile. Return False when that was so.

    Raises `EntryUnusable`.
    """
    enter()
    new = _object(check_entry(entry), DISPUTE, by, reason, now)
    fault_point("lists.disputed")
    return new


@transaction.atomic
def settle_dispute(entry: str, wrong: bool, by: str, now: datetime) -> None:
    """Close the dispute of an entry: it is withdrawn when `wrong`, else it counts again.

    Raises `ObjectionUnknown` when none is open.
    """
    enter()
    row = _close(entry, DISPUTE, WRONG if wrong else SOUND, by, now)
    if wrong:
        _object(entry, WITHDRAWAL, by, row.reason, now, Fell.WITHDRAWN)
    else:
        recount(findings_with({entry}), now)


@transaction.atomic
def withdraw(entry: str, by: str, reason: str, now: datetime) -> bool:
    """Withdraw an entry, with all that followed from it; return False when it was withdrawn already.

    Raises `EntryUnusable`.
    """
    enter()
    new = _object(check_entry(entry), WITHDRAWAL, by, reason, now, Fell.WITHDRAWN)
    fault_point("lists.withdrawn")
    return new


@transaction.atomic
def reinstate(entry: str, by: str, now: datetime) -> None:
    """Take a withdrawal back: the entry counts again. Raises `ObjectionUnknown`."""
    enter()
    _close(entry, WITHDRAWAL, BACK, by, now)
    recount(findings_with({entry}), now)


def _object(entry: str, kind: str, by: str, reason: str, now: datetime, fell: Fell | None = None) -> bool:
    row, new = Objection.objects.get_or_create(
        entry=entry,
        kind=kind,
        closed=None,
        defaults={"reason": reason, "opened": now, "opened_by": by},
    )
    if new:
        DESK.record(Act.OBJECTED, now, by=actor(), about=entry, objection=row.pk, kind=kind)
        recount(findings_with({entry}), now, fell)
    return new


def _close(entry: str, kind: str, result: str, by: str, now: datetime) -> Objection:
    row = Objection.objects.filter(entry=entry, kind=kind, closed=None).first()
    if row is None:
        raise ObjectionUnknown(
            f"There is no open {kind} of entry {entry!r}. `luwte desk lists show` shows those that are open."
        )
    row.closed, row.closed_by, row.result = now, by, result
    row.save()
    DESK.record(Act.OBJECTION_CLOSED, now, by=actor(), about=entry, objection=row.pk, result=result)
    return row


def _declared(of: Of, name: str, *, foreign: bool, now: datetime) -> None:
    DESK.record(Act.LIST_DECLARED, now, by=actor(), of=of.value, name=name_mark(name), foreign=foreign)


def _counted_anew(of: Of, name: str, now: datetime) -> int:
    """Count the findings anew that a signer's list or a series is in; return of how many entries."""
    found = provenance.entries_from(of, name)
    entries = {entry for some, _ in found.values() for entry in some}
    provenance.restate(found.keys(), now)
    recount({(subject, case) for subject, series in linked(found) for case in found[series][1]}, now)
    fault_point("lists.declared")
    return len(entries)


def check_entry(entry: str) -> str:
    """Return `entry` when it can be the id of one. Raises `EntryUnusable`."""
    if not _ENTRY.fullmatch(entry):
        raise EntryUnusable(f"{entry!r} is no id of an entry. Give the 32 digits that the desk shows.")
    return entry


def _one_name(source: str) -> str:
    """Two ways to write one name are one source."""
    return " ".join(source.split()).casefold()
