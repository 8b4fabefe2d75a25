"""Decision memory: what reviewers decided becomes part of the list, so that nobody is asked again.

A decision names a cluster, and the worklist of the scan that made it names the files in it. Each confirmed
file becomes an entry of the series, found from then on as any other is, under the id of the entry that it was
confirmed to be. A rejected one becomes a rejected pair: neither it nor a copy of it is matched with that
entry again, at any lab that has the list. What is open again leaves neither, nor what was confirmed to be a
copy of such an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from luwte.base.clock import Clock
from luwte.exchange.bundle import revise_bundle
from luwte.exchange.columns import Columns
from luwte.exchange.decisions import Decision, settled
from luwte.exchange.entries import CONFIRMED_AS, Entry, HashRecord, RejectedPair, entry_from, meaningful
from luwte.exchange.home import Home
from luwte.exchange.origins import confirmed_as
from luwte.exchange.rows import WorklistRow
from luwte.exchange.summary import BundleSummary
from luwte.lab.recognition.verdicts import PDQ_QUALITY


@dataclass(slots=True)
class Remembered:
    """What became of decisions. The rest of them changed nothing, each counted for one reason:

    `elsewhere`: no worklist that was given has the cluster; `contradicting`: two that contradict each other
    were made in one second; `gone`: the list does not have the entry. `confirmed` and `rejected` count
    files, `nameless` those of which too little is known, `undone` what an earlier decision had left.
    """

    confirmed: int = 0
    rejected: int = 0
    undone: int = 0
    nameless: int = 0
    elsewhere: int = 0
    contradicting: int = 0
    gone: int = 0


def remember(
    out: Path,
    decisions: Iterable[Decision],
    rows: Iterable[WorklistRow],
    home: Home,
    clock: Clock | None = None,
) -> tuple[BundleSummary, Remembered]:
    """Put `decisions` into the bundle `out`, for the files of their clusters in `rows`; return what was done.

    Of each cluster the newest decision holds. What an older one left in the list is taken back, so the same
    decisions twice, or in another order, give the same list. Raises `BadInput` as `open_bundle` does.
    """
    chosen = settled(decisions)
    told = Remembered(contradicting=chosen.contradicting)
    memory = _Memory(chosen.decisions, rows, home, told)
    return revise_bundle(out, memory, home, clock), told


class _Memory:
    """The revision of a list that decisions come to; `told` is counted up meanwhile."""

    def __init__(
        self, decisions: Iterable[Decision], rows: Iterable[WorklistRow], home: Home, told: Remembered
    ) -> None:
        self._told = told
        self._copies: dict[str, dict[str, Entry]] = {}  # by the entry that they were confirmed to be, and id
        self._refused: dict[str, set[str]] = {}  # ids that copies would have which are none
        self._pairs: dict[str, dict[bytes, RejectedPair | None]] = {}  # None where nobody rejects the file
        self._standing: set[str] = set()
        self._fallen: set[str] = set()
        by_cluster = {decision.cluster: decision for decision in decisions}
        files, self._met = _files(by_cluster, rows)
        told.elsewhere = len(by_cluster) - len(self._met)
        for row, decision in files:
            self._note(decision, _copy(row, home), _pair(row))

    def _note(self, decision: Decision, entry: Entry | None, pair: RejectedPair | None) -> None:
        confirmed, rejected = decision.verdict == "confirmed", decision.verdict == "rejected"
        if (confirmed and entry is None) or (rejected and pair is None):
            self._told.nameless += 1
        if pair is not None:
            self._pairs.setdefault(decision.entry, {})[_name(pair)] = pair if rejected else None
        if entry is not None and confirmed:
            self._copies.setdefault(decision.entry, {})[entry.id] = entry
        elif entry is not None:
            self._refused.setdefault(decision.entry, set()).add(entry.id)

    def opened(self, columns: Columns) -> None:
        """See which copies fall: those that are none by a newer decision, and the copies of these."""
        said = confirmed_as(columns)
        copies: dict[str, list[str]] = {}
        for copy, origin in said.items():
            copies.setdefault(origin, []).append(copy)
        waiting = [copy for copy, origin in said.items() if copy in self._refused.get(origin, ())]
        while waiting:
            copy = waiting.pop()
            if copy not in self._fallen:
                self._fallen.add(copy)
                waiting += copies.get(copy, [])

    def revised(self, entry: Entry) -> Entry | None:
        """Take back what an earlier decision left that a newer one contradicts; put rejected pairs in."""
        if entry.id in self._fallen:
            self._told.undone += 1
            return None
        self._standing.add(entry.id)
        pairs = self._pairs.get(entry.id)
        if pairs is None:
            return entry
        kept = [pair for pair in entry.rejected if pairs.get(_name(pair), pair) is not None]
        self._told.undone += len(entry.rejected) - len(kept)
        known = {_name(pair) for pair in kept}
        fresh = [pair for name, pair in pairs.items() if pair is not None and name not in known]
        self._told.rejected += len(fresh)
        return replace(entry, rejected=(*kept, *fresh))

    def added(self) -> Iterator[Entry]:
        """Give the entries of confirmed files that the list does not have yet."""
        self._told.gone = sum(decision.entry not in self._standing for decision in self._met)
        for origin, copies in sorted(self._copies.items()):
            fresh = [copy for copy in copies.values() if copy.id not in self._standing]
            if origin in self._standing:
                self._told.confirmed += len(fresh)
                yield from fresh


def _files(
    decisions: Mapping[str, Decision], rows: Iterable[WorklistRow]
) -> tuple[list[tuple[WorklistRow, Decision]], list[Decision]]:
    """Return each file and entry with the newest decision on them, and the decisions that a row speaks of.

    A later scan may have put a file into another cluster, which was decided anew.
    """
    newest: dict[tuple[str, str | None], tuple[WorklistRow, Decision]] = {}
    met: dict[str, Decision] = {}
    for row in rows:
        decision = decisions.get(row.cluster or "")
        if decision is None or row.entry != decision.entry:
            continue
        met[decision.cluster] = decision
        place = (decision.entry, row.sha256 or row.sha1 or row.md5 or row.pdq)
        if place not in newest or newest[place][1].made < decision.made:
            newest[place] = (row, decision)
    return list(newest.values()), list(met.values())


def _copy(row: WorklistRow, home: Home) -> Entry | None:
    """Return the entry that the file of `row` becomes when it is confirmed; None where nothing names it.

    Of a video its digests alone: one frame stands in the worklist, and says little of the whole.
    """
    shows = row.kind == "picture" and (row.pdq_quality or 0) >= PDQ_QUALITY
    record = meaningful(
        HashRecord(
            md5=_bytes(row.md5),
            sha1=_bytes(row.sha1),
            sha256=_bytes(row.sha256),
            pdq=_bytes(row.pdq) if shows else None,
            pdq_quality=row.pdq_quality if shows else None,
            series=row.series,
            attributes={CONFIRMED_AS: row.entry or ""},
        )
    )
    return None if record is None else entry_from(record, home.entry_key)


def _pair(row: WorklistRow) -> RejectedPair | None:
    shows = row.kind == "picture" and (row.pdq_quality is None or row.pdq_quality >= PDQ_QUALITY)
    pdq = _bytes(row.pdq) if shows else None
    sha256 = _bytes(row.sha256)
    return None if sha256 is None and pdq is None else RejectedPair(sha256, pdq)


def _name(pair: RejectedPair) -> bytes:
    return pair.sha256 or pair.pdq or b""


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)
