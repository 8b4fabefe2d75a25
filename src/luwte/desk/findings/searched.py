"""What the record says of one search, for whoever is shown later that it was made; no person, no case.

The case and the report stand in it under a salt that the register keeps: it can show later which they were,
and nobody can guess.
"""

from __future__ import annotations

from hashlib import sha256

from luwte.desk.audit.rules import Detail
from luwte.desk.findings.models import ReportReceipt
from luwte.exchange.documents import compact, moment_text
from luwte.exchange.report import Report


def sealed(receipt: ReportReceipt) -> str:
    """Return what stands for a report and its case in the record (64 hex)."""
    said = {"case": receipt.case.number, "report": receipt.id, "content": receipt.content}
    return sha256(bytes(receipt.salt) + compact(said)).hexdigest()


def details(report: Report) -> dict[str, Detail]:
    """Return who searched with which list, by which rule, when, and how much: alike for all whom it concerns.

    Nothing here depends on what was found.
    """
    rule, coverage = report.thresholds, report.coverage
    said: dict[str, Detail | None] = {
        "lab": report.signer,
        "list": report.list.version,
        "commitment": report.list.commitment,
        "tool": report.tool,
        "pass": report.depth,
        "began": moment_text(coverage.started),
        "ended": moment_text(coverage.ended),
        "files": coverage.files,
        "unreadable": coverage.unreadable,
        "whole": coverage.complete,
        "radius": rule.pdq_radius,
        "quality": rule.pdq_quality,
        "share": rule.film_share,
        "model": rule.model,
        "same": rule.same_picture,
        "near": rule.near,
    }
    return {name: value for name, value in said.items() if value is not None}
