"""The names of series, which may be a person's: what stays of a name when it shows nobody any more.

Nothing is lost by it: a receipt is found again by who knows the name and the mark for it, and a report that
names a cluster again brings its series with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from luwte.base.chunks import chunks
from luwte.desk.findings.models import Cluster, SeriesLink, SeriesReceipt


def names_of(subjects: Collection[str]) -> set[str]:
    """Return the names of the series that show any of `subjects`."""
    found: set[str] = set()
    for some in chunks(sorted(subjects)):
        found.update(SeriesLink.objects.filter(subject__in=some).values_list("series", flat=True))
    return found


def forget_unlinked(names: Collection[str], mark: Callable[[str], str]) -> int:
    """Forget those of `names` that show nobody: receipts keep a `mark`, clusters without files nothing.

    Return how many rows changed. Reports keep the name until their case goes. Only while the gate is held.
    """
    changed = 0
    for some in chunks(sorted(names)):
        linked = set(SeriesLink.objects.filter(series__in=some).values_list("series", flat=True))
        gone = [name for name in some if name not in linked]
        changed += sum(_veiled(name, mark(name)) for name in gone)
        changed += forget_without_files(Cluster.objects.filter(series__in=gone).values_list("pk", flat=True))
    return changed


def forget_without_files(clusters: Collection[str]) -> int:
    """Forget of which series those of `clusters` are of which no report tells any more; return how many."""
    changed = 0
    for some in chunks(sorted(clusters)):
        rows = Cluster.objects.filter(pk__in=some, found=None).exclude(series="")
        changed += Cluster.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(series="")
    return changed


def _veiled(name: str, mark: str) -> int:
    """Without the veil nobody who guesses a name can see whether it is the right one."""
    return SeriesReceipt.objects.filter(series=name).update(series=mark, veil="")
