"""The report: what a scan found and how much it searched. It crosses the wall, so it is a white list.

The file is JSON that a person can read. The signature stands before the body and is over the body's exact
bytes. A report holds entry ids, series, counts, clusters and coverage; no path, no file name, no fingerprint.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from luwte.base.errors import Failure
from luwte.base.files import write_bytes
from luwte.crypto.identity import PublicIdentity, SignatureWrong
from luwte.exchange.documents import parse_object, read_bounded
from luwte.exchange.errors import Unusable, damaged, newer, unknown_signer
from luwte.exchange.home import Home
from luwte.exchange.report_checks import adds_up, clusters_fit, rule_stated
from luwte.exchange.report_model import (
    CarrierCoverage,
    CarrierProblem,
    ClusterFinding,
    Coverage,
    EntryFinding,
    Report,
    SeriesFinding,
    Thresholds,
    list_document,
    report_document,
    report_from,
)
from luwte.exchange.report_shape import FORMAT, SCHEMA, body, case_number
from luwte.exchange.shapes import ShapeWrong
from luwte.exchange.statement import parse_statement

__all__ = [
    "CarrierCoverage",
    "CarrierProblem",
    "ClusterFinding",
    "Coverage",
    "EntryFinding",
    "Report",
    "SeriesFinding",
    "Thresholds",
    "case_number",
    "read_report",
    "report_document",
    "write_report",
]

LIMIT = 128 * 2**20
_HEAD = re.compile(
    rb'\{"format":"luwte-report","schema":([1-9][0-9]{0,8}),'
    rb'"signer":"([0-9a-f]{16})","signature":"([0-9a-f]{128})","body":\n'
)
_TAIL = b"\n}\n"


def write_report(path: Path, report: Report, home: Home) -> None:
    """Write `report`, signed by `home`, to `path`. Reasons are reduced to what may cross the wall.

    Raises `Failure` when the report is too large, and `ValueError` when a value has no place in a report.
    """
    document = report_document(report)
    body(document, "report")
    content = json.dumps(document, indent=1, ensure_ascii=False).encode()
    if len(content) > LIMIT // 2:
        raise Failure(
            f"The report for {path} is larger than {LIMIT // 2} bytes. Scan fewer carriers at once."
        )
    signature = home.identity.sign(content).hex()
    signer = home.identity.public.id
    head = {"format": FORMAT, "schema": report.schema, "signer": signer, "signature": signature}
    opening = json.dumps(head, separators=(",", ":")).removesuffix("}").encode()
    write_bytes(path, opening + b',"body":\n' + content + _TAIL)


def read_report(path: Path, trusted: Iterable[PublicIdentity]) -> Report:
    """Return the report in `path`; one of `trusted` signed it, and one of them signed its list.

    Raises `BadInput` in one sentence when it is no report, of a newer schema, by an unknown signer, changed,
    cut off, or says anything that has no place in a report.
    """
    known = list(trusted)
    content = read_bounded(path, LIMIT)
    head = _HEAD.match(content)
    if head is None:
        raise Unusable(
            f"{path} is not a report of a scan. Give the file that `luwte scan` wrote as report.lwreport."
        )
    if int(head[1]) > SCHEMA:
        raise newer(path, int(head[1]))
    signed, signer = content[head.end() : -len(_TAIL)], head[2].decode()
    identity = next((identity for identity in known if identity.id == signer), None)
    if identity is None:
        raise unknown_signer(path, signer)
    try:
        identity.verify(bytes.fromhex(head[3].decode()), signed)
    except SignatureWrong:
        raise damaged(path, "the signature does not fit") from None
    if not content.endswith(_TAIL):
        raise damaged(path, "its end differs")
    document = parse_object(signed, path)
    if document.get("schema") != int(head[1]):
        raise damaged(path, "its schema differs")
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
