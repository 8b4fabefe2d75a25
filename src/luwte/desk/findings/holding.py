"""Which entries are held: nobody is told of a file that only they know, nor asked to review one."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Count, Min

from luwte.base.chunks import chunks
from luwte.desk.findings.models import EntrySource, Objection, Quarantine
from luwte.desk.findings.quality import vouched_for


class Holding:
    """The entries that are held now: quarantined, disputed, withdrawn, or foreign with one source alone."""

    def __init__(self) -> None:
        quarantined = Quarantine.objects.exclude(verdict="released").values_list("entry", flat=True)
        against = Objection.objects.filter(closed=None).values_list("entry", flat=True)
        self._firm = frozenset(quarantined) | frozenset(against)
        self._foreign = EntrySource.objects.exists()

    def among(self, entries: Iterable[str]) -> frozenset[str]:
        """Return those of `entries` that are held."""
        wanted = set(entries)
        held = self._firm & wanted
        return held | _alone(wanted - held) if self._foreign else held


def _alone(entries: Collection[str]) -> frozenset[str]:
    """Return the foreign ones (a list itself says what they are) that too few sources vouch for."""
    found: set[str] = set()
    for some in chunks(sorted(entries)):
        rows = EntrySource.objects.filter(entry__in=some).values("entry")
        for row in rows.annotate(sources=Count("pk"), list=Min("said_by")):
            if row["list"] == "" and not vouched_for(row["sources"]):
                found.add(row["entry"])
    return frozenset(found)
