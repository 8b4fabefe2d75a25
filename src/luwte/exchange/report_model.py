"""The parts of a report, and the JSON document that they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from luwte.exchange.documents import moment_from, moment_text
from luwte.exchange.report_older import newer, older
from luwte.exchange.report_shape import FORMAT, SCHEMA, plain_reasons, plain_system
from luwte.exchange.statement import Statement

Pass = Literal["fast", "deep"]
ClusterVerdict = Literal["same_picture", "near"]


@dataclass(frozen=True, slots=True)
class CarrierProblem:
    """What kept a carrier from being read whole: a reason in plain words, and how often it arose."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class CarrierCoverage:
    """How much of one carrier was read. `size` and `bytes` are bytes; `kind` as the carrier calls itself.

    `image_hash` is matches, differs, absent or not checked: the stored hash of the whole image.
    """

    kind: str
    size: int | None
    files: int
    bytes: int
    complete: bool
    image_hash: str = "not checked"
    file_systems: tuple[str, ...] = ()
    problems: tuple[CarrierProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was searched, in files; `reasons` counts why files were unreadable.

    `identical` to `unknown` count each file once, under its best verdict. `classes` counts each once, too,
    under the names in `report_shape.CLASSES`: together they are `files`. `closely` counts what the fast pass
    left unknown, or near, and the deep one looked at, and `not_closely` why not the others.
    """

    files: int
    bytes: int
    pictures: int
    videos: int
    other: int
    unreadable: int
    reasons: dict[str, int]
    identical: int
    same_picture: int
    near: int
    same_scene: int
    unknown: int
    classes: dict[str, int]
    complete: bool
    started: datetime
    ended: datetime
    carriers: tuple[CarrierCoverage, ...] = ()
    closely: int = 0
    not_closely: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RememberedFiles:
    """Files that are identical to an entry only because they are to one that reviewers confirmed to be it.

    `clusters`: the ids of those in one of which that was decided, ascending, at most `MOST_CONFIRMED`. Where
    none of these decisions stands any more, the files are identical to nothing.
    """

    clusters: tuple[str, ...]
    files: int


@dataclass(frozen=True, slots=True)
class EntryFinding:
    """How many files were identical to, the same picture as, or near one entry (id of 32 hex).

    `remembered` are among the identical ones.
    """

    entry: str
    identical: int
    same_picture: int
    near: int
    remembered: tuple[RememberedFiles, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesFinding:
    """How many files were identical to, the same as, or near pictures of one series, and of which entries."""

    series: str
    identical: int
    same_picture: int
    near: int
    entries: tuple[EntryFinding, ...]


@dataclass(frozen=True, slots=True)
class ClusterFinding:
    """Files that one decision is enough for: all match `entry`, and they are within reach of each other.

    `cluster` is an opaque id (32 hex), the same in each report on the same files by one lab; `files` are
    those that need a look, never identical ones; `likelihood` is in per mille, that of the likeliest of them,
    0 where nothing judged any.
    `holds`: ids that clusters of some of its other files would have, at most `MOST_HELD`. One of them may be
    in an earlier report: then it is this cluster, before more files were found.
    """

    cluster: str
    entry: str
    series: str
    verdict: ClusterVerdict
    files: int
    likelihood: int
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counted as near: PDQ distance at most `pdq_radius` bits, quality at least `pdq_quality`.

    `film_share` is the percentage of the frames of a video, or of what is compared with it, that must have a
    near one; None where the list has no videos. `model` is the version (16 hex) of the model that judged by
    likelihood, and `same_picture` and `near` are the likelihoods in per mille from which it says so; all
    three are None where no model judged.
    """

    pdq_radius: int = 31
    pdq_quality: int = 50
    film_share: int | None = None
    model: str | None = None
    same_picture: int | None = None
    near: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One scan's report. `id` is 32 hex; `signer` is the key id that signed it, set when it is read.

    `depth` says which pass it is of: the fast one, or the deep one, which counts all that the fast one found
    too. `schema` is what it was written in: an older report stays in its own, and says what it always said.
    """

    id: str
    made: datetime
    case: str | None
    tool: str
    list: Statement
    thresholds: Thresholds
    coverage: Coverage
    findings: tuple[SeriesFinding, ...]
    depth: Pass = "fast"
    clusters: tuple[ClusterFinding, ...] = ()
    schema: int = SCHEMA
    signer: str = ""


def report_document(report: Report) -> dict[str, Any]:
    """Return the body of `report` as JSON values: what `luwte report show --json` prints."""
    document = {
        "format": FORMAT,
        "schema": report.schema,
        "id": report.id,
        "made": moment_text(report.made),
        "case": report.case,
        "tool": report.tool,
        "list": list_document(report.list),
        "thresholds": _fields(report.thresholds),
        "pass": report.depth,
        "coverage": _coverage_document(report.coverage),
        "findings": [_finding_document(finding) for finding in report.findings],
        "clusters": [_fields(cluster) | {"holds": list(cluster.holds)} for cluster in report.clusters],
    }
    return document if report.schema >= SCHEMA else older(document)


def list_document(statement: Statement) -> dict[str, Any]:
    """Return what a report says of the list that was searched for."""
    return {
        "version": statement.version,
        "made": moment_text(statement.made),
        "signer": statement.signer,
        "entries": statement.entries,
        "statement": statement.text,
        "signature": statement.signature.hex(),
    }


def _coverage_document(coverage: Coverage) -> dict[str, Any]:
    return _fields(coverage) | {
        "reasons": plain_reasons(coverage.reasons),
        "not_closely": plain_reasons(coverage.not_closely),
        "started": moment_text(coverage.started),
        "ended": moment_text(coverage.ended),
        "carriers": [_carrier_document(carrier) for carrier in coverage.carriers],
    }


def _carrier_document(carrier: CarrierCoverage) -> dict[str, Any]:
    tally: dict[str, int] = {}
    for problem in carrier.problems:
        tally[problem.reason] = tally.get(problem.reason, 0) + problem.count
    return _fields(carrier) | {
        "file_systems": [plain_system(name) for name in carrier.file_systems],
        "problems": [{"reason": reason, "count": count} for reason, count in plain_reasons(tally).items()],
    }


def _finding_document(finding: SeriesFinding) -> dict[str, Any]:
    tally = {"identical": finding.identical, "same_picture": finding.same_picture, "near": finding.near}
    entries = [_entry_document(entry) for entry in finding.entries]
    return {"series": finding.series, "counts": tally, "entries": entries}


def _entry_document(entry: EntryFinding) -> dict[str, Any]:
    remembered = [{"clusters": list(one.clusters), "files": one.files} for one in entry.remembered]
    return _fields(entry) | {"remembered": remembered}


def _fields(part: Any) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def report_from(document: dict[str, Any], statement: Statement, signer: str) -> Report:
    """Return the report in `document`, whose form was checked, on the list of `statement`."""
    newest = document if document["schema"] >= SCHEMA else newer(document)
    return Report(
        id=newest["id"],
        made=moment_from(newest["made"]),
        case=newest["case"],
        tool=newest["tool"],
        list=statement,
        thresholds=Thresholds(**newest["thresholds"]),
        coverage=_coverage_from(newest["coverage"]),
        findings=tuple(_finding_from(finding) for finding in newest["findings"]),
        depth=newest["pass"],
        clusters=tuple(_cluster_from(cluster) for cluster in newest["clusters"]),
        schema=document["schema"],
        signer=signer,
    )


def _coverage_from(document: dict[str, Any]) -> Coverage:
    return Coverage(
        **document
        | {
            "started": moment_from(document["started"]),
            "ended": moment_from(document["ended"]),
            "carriers": tuple(_carrier_from(carrier) for carrier in document["carriers"]),
        }
    )


def _carrier_from(document: dict[str, Any]) -> CarrierCoverage:
    problems = tuple(CarrierProblem(**problem) for problem in document["problems"])
    return CarrierCoverage(
        **document | {"file_systems": tuple(document["file_systems"]), "problems": problems}
    )


def _cluster_from(document: dict[str, Any]) -> ClusterFinding:
    return ClusterFinding(**document | {"holds": tuple(document["holds"])})


def _finding_from(document: dict[str, Any]) -> SeriesFinding:
    entries = tuple(_entry_from(entry) for entry in document["entries"])
    return SeriesFinding(document["series"], **document["counts"], entries=entries)


def _entry_from(document: dict[str, Any]) -> EntryFinding:
    remembered = tuple(
        RememberedFiles(tuple(one["clusters"]), one["files"]) for one in document["remembered"]
    )
    return EntryFinding(**document | {"remembered": remembered})
