"""Putting the files of a scan that need a decision into clusters, from what its ledger holds at the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby

from luwte.exchange.report import ClusterFinding
from luwte.lab.recognition.clusters import Member, cluster_id, clusters
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
        return tuple(ClusterFinding(*row) for row in database.execute(_CLUSTERS))


def _marked(database: sqlite3.Connection, key: bytes) -> Iterator[tuple[int, int, int, int, str]]:
    """Give the place of each match with the id of its cluster, one entry after another."""
    for entry, found in groupby(database.execute(_MATCHED), lambda row: str(row[0])):
        rows = list(found)
        members = [Member(*row[5:]) for row in rows]
        for cluster in clusters(members):
            name = cluster_id(key, entry, [members[place] for place in cluster])
            yield from ((*rows[place][1:5], name) for place in cluster)
