"""The report: what a scan found and how much it searched. It crosses the wall, so it is a white list.

The file is JSON that a person can read. The signature stands before the body and is over the body's exact
bytes. A report holds entry ids, series, counts, clusters and coverage; no path, no file name, no fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from luwte.crypto.identity import PublicIdentity
from luwte.exchange.errors import Unusable, damaged
from luwte.exchange.home import Home
from luwte.exchange.report_checks import adds_up, clusters_fit, rule_stated
from luwte.exchange.report_model import (
    CarrierCoverage,
    CarrierProblem,
    ClusterFinding,
    Coverage,
    EntryFinding,
    Pass,
    RememberedFiles,
    Report,
    SeriesFinding,
    Thresholds,
    list_document,
    report_document,
    report_from,
)
from luwte.exchange.report_shape import FORMAT, SCHEMA, body, case_number
from luwte.exchange.shapes import ShapeWrong
from luwte.exchange.signed import Sort, read_signed, write_signed
from luwte.exchange.statement import parse_statement

__all__ = [
    "CarrierCoverage",
    "CarrierProblem",
    "ClusterFinding",
    "Coverage",
    "EntryFinding",
    "Pass",
    "RememberedFiles",
    "Report",
    "SeriesFinding",
    "Thresholds",
    "case_number",
    "read_report",
    "report_document",
    "write_report",
]

SORT: Final = Sort(
    format=FORMAT,
    schema=SCHEMA,
    limit=128 * 2**20,
    name="report",
    wanted="a report of a scan. Give the file that `luwte scan` wrote as report.lwreport.",
)


def write_report(path: Path, report: Report, home: Home) -> None:
    """Write `report`, signed by `home`, to `path`. Reasons are reduced to what may cross the wall.

    Raises `Failure` when the report is too large, and `ValueError` when a value has no place in a report.
    """
    document = report_document(report)
    body(document, "report")
    write_signed(path, SORT, document, home, "Scan fewer carriers at once.")


def read_report(path: Path, trusted: Iterable[PublicIdentity]) -> Report:
    """Return the report in `path`; one of `trusted` signed it, and one of them signed its list.

    Raises `BadInput` in one sentence when it is no report, of a newer schema, by an unknown signer, changed,
    cut off, or says anything that has no place in a report.
    """
    known = list(trusted)
    document, signer = read_signed(path, SORT, known)
    return _report_from(document, signer, known, path)


def _report_from(document: dict[str, Any], signer: str, trusted: list[PublicIdentity], path: Path) -> Report:
    try:
        body(document, "report")
    except ShapeWrong as error:
        raise Unusable(
            f"{path} says what a report may not say ({error}). Ask the lab to make it again."
        ) from None
    listed = document["list"]
    statement = parse_statement(listed["statement"].encode(), bytes.fromhex(listed["signature"]), path)
    statement.check(trusted, f"The list that {path} was made with")
    if list_document(statement) != listed:
        raise damaged(path, "its list is not the list that was signed")
    report = report_from(document, statement, signer)
    _check(report, path)
    return report


def _check(report: Report, path: Path) -> None:
    if not adds_up(report):
        raise Unusable(f"{path} has counts that do not add up. Ask the lab to make the report again.")
    if not clusters_fit(report):
        raise Unusable(
            f"{path} has clusters that do not fit its findings. Ask the lab to make the report again."
        )
    if not rule_stated(report):
        raise Unusable(
            f"{path} does not say by which model and thresholds it judged. "
            "Ask the lab to make the report again."
        )
