"""Whether a folder holds the results of a fast pass, whose deep pass is still to come to its end.

The ledger names the report that is made of it. Where a report of that id stands in the folder, the scan is
not finished, and goes on; where another one does, that of a deep pass among them, it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from luwte.base.errors import BadInput
from luwte.crypto.identity import PublicIdentity
from luwte.exchange.report import read_report
from luwte.lab.scan.folder import REPORT
from luwte.lab.scan.ledger import NAME, Ledger

_OF = "SELECT outdated FROM reported JOIN about WHERE about.key = ? AND report = ?"


def report_as(ledger: Ledger, report: str) -> None:
    """Note in `ledger` that the report with this id is made of what the fast pass found.

    One from before may stand in the folder until it is written.
    """
    with ledger.writing() as database:
        database.execute("UPDATE reported SET outdated = 1")
        database.execute("INSERT INTO reported (report) VALUES (?)", (report,))


def is_reported(folder: Path, key: str, trusted: Sequence[PublicIdentity]) -> bool:
    """Return whether the report in `folder` says all that the fast pass of the scan with this `key` found."""
    return _reported(folder, key, trusted) == 0


def goes_on(folder: Path, key: str, trusted: Sequence[PublicIdentity]) -> bool:
    """Return whether `folder` has the report of the fast pass of a scan with this `key`, not finished."""
    return _reported(folder, key, trusted) is not None


def _reported(folder: Path, key: str, trusted: Sequence[PublicIdentity]) -> int | None:
    """Return whether that report is outdated, None where there is none of that scan."""
    ledger = folder / NAME
    if not ledger.is_file():
        return None
    try:
        report = read_report(folder / REPORT, trusted).id
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=rw", uri=True)) as database:
            found = database.execute(_OF, (key, report)).fetchone()
    except (sqlite3.Error, BadInput):
        return None
    return None if found is None else int(found[0])
