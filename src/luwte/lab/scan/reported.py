"""Whether a folder holds the results of a fast pass, whose deep pass is still to come to its end.

The ledger names the reports that are made of it. Where that of its fast pass stands in the folder, the scan
is not finished, and goes on; where its last one does, what else it left is not needed any more; where another
one does, it is the report of another scan, which is finished.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from luwte.base.errors import BadInput
from luwte.crypto.identity import PublicIdentity
from luwte.exchange.report import read_report
from luwte.lab.scan.folder import REPORT, clear_leftovers
from luwte.lab.scan.ledger import NAME as LEDGER
from luwte.lab.scan.ledger import Ledger
from luwte.lab.scan.notes import NAME as NOTES
from luwte.lab.scan.partial import remove_logs, remove_partial
from luwte.lab.scan.sameness import Same

_OF = "SELECT about.key, outdated, ended FROM reported JOIN about WHERE report = ?"


class _Named(NamedTuple):
    """What a ledger says of a report: the scan that it is of, and whether it is outdated or the last one."""

    of: Same
    outdated: bool
    ended: bool


def report_as(ledger: Ledger, report: str) -> None:
    """Note in `ledger` that the report with this id is made of what the fast pass found.

    One from before may stand in the folder until it is written.
    """
    with ledger.writing() as database:
        database.execute("UPDATE reported SET outdated = 1")
        database.execute("INSERT INTO reported (report) VALUES (?)", (report,))


def end_with(ledger: Ledger, report: str) -> None:
    """Note in `ledger` that its scan is at its end once the report with this id stands in the folder."""
    with ledger.writing() as database:
        database.execute("INSERT INTO reported (report, ended) VALUES (?, 1)", (report,))


def is_reported(folder: Path, this: Same, trusted: Sequence[PublicIdentity]) -> bool:
    """Return whether the report in `folder` says all that the fast pass of `this` scan found."""
    named = _named(folder, trusted)
    return named is not None and named.of == this and not named.outdated and not named.ended


def take_up(
    folder: Path, this: Same, trusted: Sequence[PublicIdentity], *, replace: bool, deep: bool
) -> None:
    """Make `folder` ready for `this` scan, which goes on from its fast pass if it is `deep`.

    Removes what a finished scan was killed before it removed. Raises `BadInput` when there is a report that
    is not one to go on from, unless `replace` is asked; then what is left of its scan is removed, too.
    """
    named = _named(folder, trusted)
    if named is not None and named.ended:
        _remove(folder)
        named = None
    clear_leftovers(folder)
    for name in (LEDGER, NOTES):
        remove_logs(folder / name)
    mine = named is not None and named.of == this
    if not (folder / REPORT).exists() or (mine and deep):
        return
    if not replace:
        done = "fast pass. Leave --fast-only out to look closely now, name" if mine else "scan. Name"
        raise BadInput(f"{folder} holds the report of a finished {done} another folder, or add --replace.")
    if mine:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove notes and ledger, that last: it says that neither is needed."""
    for name in (NOTES, LEDGER):
        remove_partial(folder / name)


def _named(folder: Path, trusted: Sequence[PublicIdentity]) -> _Named | None:
    """Return what the ledger in `folder` says of the report there, None where it does not know it."""
    ledger = folder / LEDGER
    if not ledger.is_file():
        return None
    try:
        report = read_report(folder / REPORT, trusted).id
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=rw", uri=True)) as database:
            found = database.execute(_OF, (report,)).fetchone()
            carriers = tuple(path for (path,) in database.execute("SELECT path FROM carrier ORDER BY id"))
    except (sqlite3.Error, BadInput):
        return None
    if found is None:
        return None
    key, outdated, ended = found
    return _Named(Same(key, carriers), bool(outdated), bool(ended))
