"""Decisions: what reviewers found clusters of files to be. They go from a desk to the labs it works with.

A decision names a cluster and an entry by opaque ids, no file and no person. Only the lab that made the
cluster can tell which files are in it; it joins them by its worklist.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from luwte.base.clock import Clock, SystemClock
from luwte.base.errors import Failure
from luwte.base.locks import exclusive
from luwte.crypto.identity import PublicIdentity
from luwte.exchange.documents import moment_from, moment_text
from luwte.exchange.errors import Unusable
from luwte.exchange.home import Home
from luwte.exchange.shapes import HEX32, MOMENT_TEXT, ShapeWrong, exactly, items, one_of, record
from luwte.exchange.signed import Sort, read_signed, write_signed

Verdict = Literal["confirmed", "rejected", "open"]
"""Open: what was decided before was taken back, and nothing else is decided."""

SORT: Final = Sort(
    format="luwte-decisions",
    schema=1,
    limit=512 * 2**20,
    name="decisions",
    wanted="a file of decisions. Give the file that `luwte desk review` wrote.",
)
MOST = 1_000_000
"""How many decisions one file may hold."""
AHEAD = timedelta(days=1)
"""How far another clock may be ahead: a decision of the future would win over all that come after it."""
KNOWN = "decisions.json"
"""The file in a home that keeps the newest decision on each cluster, whichever file it came in."""

_BODY = record(
    format=exactly(SORT.format),
    schema=exactly(SORT.schema),
    decisions=items(
        record(cluster=HEX32, entry=HEX32, verdict=one_of("confirmed", "rejected", "open"), made=MOMENT_TEXT),
        MOST,
    ),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the files of `cluster` (32 hex) are: those of `entry` (32 hex), not, or open. `made`: when."""

    cluster: str
    entry: str
    verdict: Verdict
    made: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """The decisions that hold, one a cluster, and how many clusters are decided two ways at one moment."""

    decisions: tuple[Decision, ...]
    contradicting: int


def write_decisions(path: Path, decisions: Iterable[Decision], home: Home) -> None:
    """Write `decisions`, signed by `home`, to `path`. Give all that hold: a lab takes the newest of each.

    Raises `Failure` when there are too many for one file, and `ValueError` when an id has the wrong form.
    """
    document: dict[str, Any] = {
        "format": SORT.format,
        "schema": SORT.schema,
        "decisions": [_document(one) for one in decisions],
    }
    if len(document["decisions"]) > MOST:
        raise Failure(f"{path} was not written: one file holds {MOST} decisions at most. Split them.")
    _BODY(document, "decisions")
    write_signed(path, SORT, document, home, "Leave out those that every lab has.")


def _document(one: Decision) -> dict[str, str]:
    return {"cluster": one.cluster, "entry": one.entry, "verdict": one.verdict, "made": moment_text(one.made)}


def read_decisions(
    path: Path, trusted: Iterable[PublicIdentity], clock: Clock | None = None
) -> list[Decision]:
    """Return the decisions in `path`, which one of `trusted` signed, in the order that they stand in.

    Raises `BadInput` in one sentence when it is no such file, of a newer schema, by an unknown signer,
    changed, cut off, or says anything that has no place in it, as a decision of the future.
    """
    found = _read(path, trusted)
    last = max((one.made for one in found), default=None)
    if last is not None and last > (clock or SystemClock()).now() + AHEAD:
        raise Unusable(
            f"{path} has a decision of {moment_text(last)}, which is in the future. "
            "Set the clocks here and at the desk right, and ask the desk to write it again."
        )
    return found


def with_known(given: Iterable[Decision], home: Home) -> list[Decision]:
    """Return the newest decisions on the clusters of `given`, also of files that `home` was given before.

    They are kept in `home` first, so that an older file that comes later brings nothing old back. Beyond
    `MOST` clusters the oldest are forgotten. Raises `BadInput` when what was kept is damaged.
    """
    file, given = home.path / KNOWN, list(given)
    with exclusive(home.path):
        before = _read(file, [home.identity.public]) if file.exists() else []
        newest = _newest((*before, *given))
        kept = sorted(itertools.chain.from_iterable(newest.values()), key=lambda one: (one.made, one.cluster))
        if kept != before:
            write_decisions(file, kept[-MOST:], home)
    return [one for cluster in dict.fromkeys(one.cluster for one in given) for one in newest[cluster]]


def _read(path: Path, trusted: Iterable[PublicIdentity]) -> list[Decision]:
    document, _ = read_signed(path, SORT, trusted)
    try:
        _BODY(document, "decisions")
    except ShapeWrong as error:
        raise Unusable(
            f"{path} says what decisions may not say ({error}). Ask the desk to write it again."
        ) from None
    return [Decision(**one | {"made": moment_from(one["made"])}) for one in document["decisions"]]


def settled(decisions: Iterable[Decision]) -> Settled:
    """Return which of `decisions` hold: of each cluster the newest, whatever the order they come in.

    Where the newest are two that contradict each other, made in one second, neither holds: a cluster that
    nobody decided is asked again, which is safer than either.
    """
    newest = _newest(decisions)
    return Settled(
        tuple(standing[0] for _, standing in sorted(newest.items()) if len(standing) == 1),
        sum(len(standing) > 1 for standing in newest.values()),
    )


def _newest(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Return by cluster the newest decision; more than one where they were made in one second."""
    newest: dict[str, list[Decision]] = {}
    for one in decisions:
        standing = newest.setdefault(one.cluster, [one])
        if one.made > standing[0].made:
            newest[one.cluster] = [one]
        elif one.made == standing[0].made and one not in standing:
            standing.append(one)
    return newest
