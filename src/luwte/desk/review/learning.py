"""What this desk learned: what became of the clusters that were answered last, those alike together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Max, Q

from luwte.base.chunks import chunks
from luwte.desk.findings.models import Cluster
from luwte.desk.findings.places import of_clusters
from luwte.desk.review.answers import ANSWERS, answers
from luwte.desk.review.beliefs import RECENT, Prior, fit
from luwte.desk.review.models import Look
from luwte.desk.review.surroundings import company_of, found_at
from luwte.desk.review.values import Answers, showed


def prior() -> Prior:
    """Return what became of the clusters that were answered last, by band and company.

    One that was rejected once counts as rejected: below the floor nobody may ever look again, and what is
    believed in would rise if only decided ones counted.
    """
    last = Look.objects.filter(undone=None, answer__in=ANSWERS).values("cluster")
    order = last.annotate(at=Max("ended")).order_by("-at", "cluster")
    ids = [row["cluster"] for row in order[:RECENT]]
    cases = of_clusters(ids)
    known = list(_known(ids))
    found = found_at({(row.series, case) for row, _ in known for case in cases[row.id]})
    return fit((row.likelihood, company_of(row, cases[row.id], found), one) for row, one in known)


def _known(ids: Iterable[str]) -> Iterator[tuple[Cluster, bool]]:
    """Give those clusters of which it is known whether they show their entry."""
    for some in chunks(sorted(ids)):
        said = answers(Q(cluster__in=some))
        for row in Cluster.objects.filter(pk__in=some):
            known = showed(row.outcome, said.get(row.id, Answers()))
            if known is not None:
                yield row, known
