"""Counting what a ledger holds at the end of a scan, and the report that comes of it."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Final, Literal

from luwte import __version__
from luwte.base.ids import new_id
from luwte.exchange.report import (
    CarrierCoverage,
    CarrierProblem,
    Coverage,
    EntryFinding,
    Pass,
    RememberedFiles,
    Report,
    SeriesFinding,
    Thresholds,
)
from luwte.exchange.report_checks import FOUND
from luwte.exchange.report_shape import CLASSES, OTHER_REASON
from luwte.exchange.shapes import LARGEST_COUNT
from luwte.exchange.statement import Statement
from luwte.lab.carriers import Kind as CarrierKind
from luwte.lab.recognition.films import FILM_SHARE
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS
from luwte.lab.scan.closely import Rule
from luwte.lab.scan.clustering import cluster_findings
from luwte.lab.scan.deep_ledger import Closely
from luwte.lab.scan.ledger import Ledger

ImageHash = Literal["matches", "differs", "absent", "not checked"]

TOOL = f"luwte {__version__}"
NOT_CARVED: Final = "pictures in free space and inside other files were not looked for"
_REASONS = 1000  # hostile bytes may make each file's reason another; the report must not grow with them
_CARRIERS = """
SELECT id, kind, size, whole AND space AND NOT broke AND verified IS NOT 0, checked, verified, systems
FROM carrier ORDER BY id
"""
_FILES = """
SELECT count(*), count(error),
  total(size) FILTER (WHERE error IS NULL OR coalesce(md5, sha1, sha256) IS NOT NULL)
FROM file WHERE ?1 IS NULL OR carrier = ?1
"""
_PROBLEMS = "SELECT reason, total(count) FROM problem WHERE carrier = ? GROUP BY reason ORDER BY reason"
_FOUND = """
SELECT series, entry, count(*) FILTER (WHERE verdict = 'identical'),
  count(*) FILTER (WHERE verdict = 'same_picture'), count(*) FILTER (WHERE verdict = 'near')
FROM match WHERE verdict IN ('identical', 'same_picture', 'near')
GROUP BY series, entry ORDER BY series, entry
"""
_REMEMBERED = """
SELECT series, entry, remembered, count(*) FROM match WHERE verdict = 'identical' AND remembered != ''
GROUP BY series, entry, remembered ORDER BY series, entry, remembered
"""


def report_on(
    ledger: Ledger,
    case: str | None,
    statement: Statement,
    started: datetime,
    ended: datetime,
    *,
    carve: bool,
    closely: Closely | None = None,
    rule: Rule | None = None,
) -> Report:
    """Return the report on all that `ledger` holds: what was searched with the list of `statement`, and what
    was found. Without `carve` each carrier says that it was not. Raises `Failure` when the ledger cannot be
    read.

    A file counts under its best verdict; one that could not be read or decoded counts as unreadable besides.
    Of a deep pass, `closely` says what it looked at; `rule` says how matches were judged.
    """
    with ledger.reading() as database:
        carriers = _carriers(database)
        if not carve:
            carriers = tuple(_not_carved(carrier) for carrier in carriers)
        kinds, verdicts = _counted(database, "kind"), _counted(database, "verdict")
        classes = _counted(database, "counted_as")
        files, unreadable, size = database.execute(_FILES, (None,)).fetchone()
        coverage = Coverage(
            files=files,
            bytes=_bounded(size),
            pictures=kinds["picture"],
            videos=kinds["video"],
            other=kinds["other"],
            unreadable=unreadable,
            reasons=_reasons(database),
            identical=verdicts["identical"],
            same_picture=verdicts["same_picture"],
            near=verdicts["near"],
            same_scene=verdicts["same_scene"],
            unknown=verdicts["unknown"],
            classes={name: classes[name] for name in CLASSES},
            complete=all(carrier.complete for carrier in carriers),
            started=started,
            ended=ended,
            carriers=carriers,
            closely=0 if closely is None else closely.looked,
            not_closely={} if closely is None else closely.reasons,
        )
        found = _findings(database)
    film_share = FILM_SHARE if statement.schema > 1 else None
    radius = PDQ_RADIUS if rule is None else rule.radius
    judged = (None, None, None) if rule is None else (rule.model, rule.same_picture, rule.near)
    thresholds = Thresholds(radius, PDQ_QUALITY, film_share, *judged)
    depth: Pass = "fast" if closely is None else "deep"
    # Clusters have likelihoods, and a report that has them names the model that they come from.
    clusters = cluster_findings(ledger) if thresholds.model is not None else ()
    return Report(new_id(), ended, case, TOOL, statement, thresholds, coverage, found, depth, clusters)


def _carriers(database: sqlite3.Connection) -> tuple[CarrierCoverage, ...]:
    return tuple(_carrier(database, *row) for row in database.execute(_CARRIERS).fetchall())


def _not_carved(carrier: CarrierCoverage) -> CarrierCoverage:
    if carrier.kind == "list":
        return carrier
    return replace(carrier, problems=(*carrier.problems, CarrierProblem(NOT_CARVED, 1)))


def _carrier(
    database: sqlite3.Connection,
    number: int,
    kind: CarrierKind,
    size: int | None,
    complete: int,
    checked: int,
    verified: int | None,
    systems: str,
) -> CarrierCoverage:
    files, _, read = database.execute(_FILES, (number,)).fetchone()
    problems = database.execute(_PROBLEMS, (number,))
    return CarrierCoverage(
        kind,
        size,
        files,
        _bounded(read),
        bool(complete),
        _image_hash(kind, checked, verified),
        tuple(json.loads(systems)),
        tuple(CarrierProblem(reason, _bounded(count)) for reason, count in problems),
    )


def _image_hash(kind: str, checked: int, verified: int | None) -> ImageHash:
    """Return how the hash stored in a carrier compares with its content; only an E01 image stores one."""
    if verified is not None:
        return "matches" if verified else "differs"
    return "absent" if checked and kind == "ewf" else "not checked"


def _counted(database: sqlite3.Connection, column: str) -> defaultdict[str, int]:
    rows = database.execute(f"SELECT {column}, count(*) FROM file GROUP BY 1")  # noqa: S608 - a column that this file names
    return defaultdict(int, rows.fetchall())


def _reasons(database: sqlite3.Connection) -> dict[str, int]:
    """Return how often each reason occurs, by name; beyond the first many they count as one."""
    query = "SELECT error, count(*) FROM file WHERE error IS NOT NULL GROUP BY 1 ORDER BY 1"
    found: dict[str, int] = {}
    for reason, count in database.execute(query):
        name = reason if len(found) < _REASONS else OTHER_REASON
        found[name] = found.get(name, 0) + count
    return dict(sorted(found.items()))


def _findings(database: sqlite3.Connection) -> tuple[SeriesFinding, ...]:
    remembered: defaultdict[tuple[str, str], list[RememberedFiles]] = defaultdict(list)
    for series, entry, clusters, files in database.execute(_REMEMBERED):
        remembered[series, entry].append(RememberedFiles(tuple(clusters.split()), files))
    found = []
    for series, rows in groupby(database.execute(_FOUND), key=lambda row: str(row[0])):
        entries = [EntryFinding(*row[1:]) for row in rows]
        found.append(
            _series(
                series, [replace(one, remembered=tuple(remembered[series, one.entry])) for one in entries]
            )
        )
    return tuple(found)


def _series(series: str, entries: Sequence[EntryFinding]) -> SeriesFinding:
    tally = {verdict: sum(getattr(entry, verdict) for entry in entries) for verdict in FOUND}
    return SeriesFinding(series, **tally, entries=tuple(entries))


def _bounded(size: float) -> int:
    """Return what a report can hold of a sum; lists of hashes and readers that lie claim more."""
    return min(LARGEST_COUNT, int(size))
