"""Putting the files of a scan that need a decision into clusters, from what its ledger holds at the end."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from luwte.exchange.report import ClusterFinding
from luwte.exchange.report_shape import MOST_HELD
from luwte.lab.recognition.clusters import Member, cluster_id, clusters, held_ids
from luwte.lab.scan.ledger import Ledger

# An identical file needs no decision, and another photo of the same scene is no finding.
_MATCHED = """
SELECT entry, carrier, root, place, rank, coalesce(sha256, sha1, md5, pdq),
  CASE WHEN kind = 'video' THEN NULL ELSE pdq END
FROM match JOIN file USING (carrier, root, place) WHERE match.verdict IN ('same_picture', 'near')
ORDER BY entry
"""
# What is likely of one of them is likely of its copies; but what is only near is never told unseen.
_CLUSTERS = """
SELECT cluster, entry, series,
  CASE WHEN min(verdict = 'same_picture') THEN 'same_picture' ELSE 'near' END,
  count(*), coalesce(max(likelihood), 0)
FROM match JOIN clustered USING (carrier, root, place, rank)
GROUP BY cluster, entry, series ORDER BY series, entry, cluster
"""
_HELD = "SELECT DISTINCT cluster, held FROM clustered WHERE held IS NOT NULL ORDER BY cluster, held"


def mark_clusters(ledger: Ledger, key: bytes) -> None:
    """Write into `ledger` which of its matches belong to one cluster, under ids that `key` makes.

    What was written so before is replaced. Raises `Failure` when it cannot be written.
    """
    with ledger.reading() as database:
        ledger.write_clusters(_marked(database, key))


def cluster_findings(ledger: Ledger) -> tuple[ClusterFinding, ...]:
    """Return the clusters that were marked in `ledger`, for its report.

    A cluster is the same picture where each of its files is, else near; its likelihood is that of the
    likeliest, 0 where nothing judged any. Raises `Failure` when the ledger cannot be read.
    """
    with ledger.reading() as database:
        held: defaultdict[str, list[str]] = defaultdict(list)
        for cluster, other in database.execute(_HELD):
            held[cluster].append(other)
        found = [ClusterFinding(*row) for row in database.execute(_CLUSTERS)]
        return tuple(replace(one, holds=tuple(held[one.cluster])) for one in found)


def _marked(database: sqlite3.Connection, key: bytes) -> Iterator[tuple[int, int, int, int, str, str | None]]:
    """Give the place of each match with the id of its cluster, and what it held, one entry after another."""
    for entry, found in groupby(database.execute(_MATCHED), lambda row: str(row[0])):
        rows = list(found)
        members = [Member(*row[5:]) for row in rows]
        for cluster in clusters(members):
            its = [members[place] for place in cluster]
            name, held = cluster_id(key, entry, its), held_ids(key, entry, its, MOST_HELD)
            yield from ((*rows[place][1:5], name, held.get(members[place].name)) for place in cluster)
