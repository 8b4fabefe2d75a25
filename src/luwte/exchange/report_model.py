"""The parts of a report, and the JSON document that they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from luwte.exchange.documents import moment_from, moment_text
from luwte.exchange.report_shape import FORMAT, plain_reasons, plain_system
from luwte.exchange.statement import Statement


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

    `classes` counts each file once, under the names in `report_shape.CLASSES`: together they are `files`.
    """

    files: int
    bytes: int
    pictures: int
    videos: int
    other: int
    unreadable: int
    reasons: dict[str, int]
    identical: int
    near: int
    unknown: int
    classes: dict[str, int]
    complete: bool
    started: datetime
    ended: datetime
    carriers: tuple[CarrierCoverage, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryFinding:
    """How many files were identical to or near one entry (id of 32 hex)."""

    entry: str
    identical: int
    near: int


@dataclass(frozen=True, slots=True)
class SeriesFinding:
    """How many files were identical to or near pictures of one series, and of which of its entries."""

    series: str
    identical: int
    near: int
    entries: tuple[EntryFinding, ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counted as near: PDQ distance at most `pdq_radius` bits, quality at least `pdq_quality`.

    `film_share` is the percentage of the frames of a video, or of what is compared with it, that must have a
    near one; None where the list has no videos.
    """

    pdq_radius: int = 31
    pdq_quality: int = 50
    film_share: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One scan's report. `id` is 32 hex; `signer` is the key id that signed it, set when it is read."""

    id: str
    made: datetime
    case: str | None
    tool: str
    list: Statement
    thresholds: Thresholds
    coverage: Coverage
    findings: tuple[SeriesFinding, ...]
    signer: str = ""

    @property
    def schema(self) -> int:
        """The schema that this report needs of its reader."""
        return 1 if self.thresholds.film_share is None else 2


def report_document(report: Report) -> dict[str, Any]:
    """Return the body of `report` as JSON values: what `luwte report show --json` prints."""
    return {
        "format": FORMAT,
        "schema": report.schema,
        "id": report.id,
        "made": moment_text(report.made),
        "case": report.case,
        "tool": report.tool,
        "list": list_document(report.list),
        "thresholds": _thresholds_document(report.thresholds),
        "coverage": _coverage_document(report.coverage),
        "findings": [_finding_document(finding) for finding in report.findings],
    }


def _thresholds_document(thresholds: Thresholds) -> dict[str, int]:
    found = {"pdq_radius": thresholds.pdq_radius, "pdq_quality": thresholds.pdq_quality}
    return found if thresholds.film_share is None else found | {"film_share": thresholds.film_share}


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
    found = {name: getattr(coverage, name) for name in Coverage.__slots__}
    return found | {
        "reasons": plain_reasons(coverage.reasons),
        "started": moment_text(coverage.started),
        "ended": moment_text(coverage.ended),
        "carriers": [_carrier_document(carrier) for carrier in coverage.carriers],
    }


def _carrier_document(carrier: CarrierCoverage) -> dict[str, Any]:
    tally: dict[str, int] = {}
    for problem in carrier.problems:
        tally[problem.reason] = tally.get(problem.reason, 0) + problem.count
    return {name: getattr(carrier, name) for name in CarrierCoverage.__slots__} | {
        "file_systems": [plain_system(name) for name in carrier.file_systems],
        "problems": [{"reason": reason, "count": count} for reason, count in plain_reasons(tally).items()],
    }


def _finding_document(finding: SeriesFinding) -> dict[str, Any]:
    return {
        "series": finding.series,
        "counts": {"identical": finding.identical, "near": finding.near},
        "entries": [
            {"entry": found.entry, "identical": found.identical, "near": found.near}
            for found in finding.entries
        ],
    }


def report_from(document: dict[str, Any], statement: Statement, signer: str) -> Report:
    """Return the report in `document`, whose form was checked, on the list of `statement`."""
    return Report(
        id=document["id"],
        made=moment_from(document["made"]),
        case=document["case"],
        tool=document["tool"],
        list=statement,
        thresholds=Thresholds(**document["thresholds"]),
        coverage=_coverage_from(document["coverage"]),
        findings=tuple(_finding_from(finding) for finding in document["findings"]),
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


def _finding_from(document: dict[str, Any]) -> SeriesFinding:
    entries = tuple(EntryFinding(**entry) for entry in document["entries"])
    return SeriesFinding(document["series"], **document["counts"], entries=entries)
