"""Who answered what of clusters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from django.db.models import Q

from luwte.desk.review.models import Look
from luwte.desk.review.rules import Answer
from luwte.desk.review.values import Answers

ANSWERS = tuple(one.value for one in Answer)


def answers(clusters: Q) -> Mapping[str, Answers]:
    """Return the answers on the clusters of which `clusters` holds (asked of their looks), by id."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    looks = Look.objects.filter(clusters, undone=None, answer__in=ANSWERS)
    for cluster, said in looks.values_list("cluster", "answer").iterator():
        found[cluster][said] += 1
    return {
        cluster: Answers(said[Answer.CONFIRMED], said[Answer.REJECTED], said[Answer.CANNOT_TELL])
        for cluster, said in found.items()
    }
