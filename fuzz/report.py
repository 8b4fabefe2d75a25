"""Reports: the file as it is, and its body signed anew, so that what the signature guards is reached."""

from __future__ import annotations

from contextlib import suppress

from fuzz.scratch import written
from fuzz.signing import KNOWN, document
from luwte.base.errors import BadInput, Failure
from luwte.exchange.report import read_report, report_document
from luwte.exchange.report_shape import FORMAT, SCHEMA


def one(data: bytes) -> None:
    """Read `data` as a report, and as the body of one. What is taken can be written down again."""
    for content in (data, signed(data)):
        with suppress(BadInput, Failure):
            report_document(read_report(written("report.lwreport", content), [KNOWN]))


def signed(body: bytes) -> bytes:
    """Return a report with that body, signed by the maker whom the target trusts."""
    named = next((schema for schema in range(1, SCHEMA) if b'"schema": %d' % schema in body), SCHEMA)
    return document(FORMAT, named, body)
