"""Decision memory: what reviewers decided becomes part of the list, so that nobody is asked again.

A decision names a cluster, and the worklist of the scan that made it names the files in it. Each confirmed
file becomes an entry of the series, found from then on as any other is, under the id of the entry that it was
confirmed to be. A rejected one becomes a rejected pair: neither it nor a copy of it is matched with that
entry again, at any lab that has the list. What is open again leaves neither, nor what was confirmed to be a
copy of such an entry. A copy names the clusters in which it was confirmed, so that taking it back needs no
worklist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from luwte.base.clock import Clock
from luwte.exchange.bundle import revise_bundle
from luwte.exchange.columns import Columns
from luwte.exchange.decisions import Decision, settled
from luwte.exchange.entries import (
    CONFIRMED_AS,
    CONFIRMED_IN,
    Entry,
    HashRecord,
    RejectedPair,
    confirmed_in,
    entry_from,
    meaningful,
)
from luwte.exchange.home import Home
from luwte.exchange.origins import Confirmed, confirmed_as
from luwte.exchange.rows import WorklistRow
from luwte.exchange.summary import BundleSummary
from luwte.lab.recognition.verdicts import PDQ_QUALITY


@dataclass(slots=True)
class Remembered:
    """What became of decisions. The rest of them changed nothing, each counted for one reason:

    `elsewhere`: neither the list nor a worklist that was given has the cluster; `contradicting`: two that
    contradict each other were made in one second; `gone`: the list does not have the entry. `confirmed` and
    `rejected` count files, `nameless` those of which too little is known, `undone` what an earlier decision
    had left.
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
        self._opened: dict[str, set[str]] = {}  # and those of which nobody says it any more
        self._pairs: dict[str, dict[bytes, RejectedPair | None]] = {}  # None where nobody rejects the file
        self._standing: set[str] = set()
        self._fallen: set[str] = set()
        self._clusters: dict[str, set[str]] = {}  # those in which a copy that stands is confirmed, by its id
        self._by_cluster = {decision.cluster: decision for decision in decisions}
        files, self._met = _files(self._by_cluster, rows)
        for file in files:
            self._note(file, _copy(file, home), _pair(file.row))

    def _note(self, file: _File, entry: Entry | None, pair: RejectedPair | None) -> None:
        decision = file.decision
        confirmed, rejected = decision.verdict == "confirmed", decision.verdict == "rejected"
        if (confirmed and entry is None) or (rejected and pair is None):
            self._told.nameless += 1
        if pair is not None:
            self._pairs.setdefault(decision.entry, {})[_name(pair)] = pair if rejected else None
        if entry is not None and confirmed:
            self._copies.setdefault(decision.entry, {})[entry.id] = entry
        elif entry is not None:
            into = self._refused if rejected else self._opened
            into.setdefault(decision.entry, set()).add(entry.id)

    def opened(self, columns: Columns) -> None:
        """See which copies fall: those that are none by a newer decision, and the copies of these."""
        said = confirmed_as(columns)
        copies: dict[str, list[str]] = {}
        for copy, one in said.items():
            copies.setdefault(one.origin, []).append(copy)
            self._clusters[copy] = self._holding(copy, one)
        named = {cluster for one in said.values() for cluster in one.clusters}
        self._told.elsewhere = len(self._by_cluster.keys() - named - {one.cluster for one in self._met})
        waiting = [copy for copy, one in said.items() if self._falls(copy, one)]
        while waiting:
            copy = waiting.pop()
            if copy not in self._fallen:
                self._fallen.add(copy)
                waiting += copies.get(copy, [])

    def _holding(self, copy: str, said: Confirmed) -> set[str]:
        """Return the clusters in which `copy` is confirmed, by the list and by the decisions."""
        stand = {one for one in said.clusters if self._verdict(one) in (None, "confirmed")}
        fresh = self._copies.get(said.origin, {}).get(copy)
        return stand if fresh is None else stand | set(fresh.attributes[CONFIRMED_IN].split())

    def _falls(self, copy: str, said: Confirmed) -> bool:
        if copy in self._refused.get(said.origin, ()):
            return True
        asked = bool(said.clusters) or copy in self._opened.get(said.origin, ())
        return asked and not self._clusters[copy]

    def _verdict(self, cluster: str) -> str | None:
        decision = self._by_cluster.get(cluster)
        return None if decision is None else decision.verdict

    def revised(self, entry: Entry) -> Entry | None:
        """Take back what an earlier decision left that a newer one contradicts; put rejected pairs in."""
        if entry.id in self._fallen:
            self._told.undone += 1
            return None
        self._standing.add(entry.id)
        if clusters := self._clusters.get(entry.id):
            entry = replace(entry, attributes={**entry.attributes, CONFIRMED_IN: confirmed_in(clusters)})
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


@dataclass(slots=True)
class _File:
    """A file that an entry was decided on for: a row of it, the newest such decision, and the clusters in
    which it was confirmed. What is open again is no decision, where there is another."""

    row: WorklistRow
    decision: Decision
    confirmed: set[str] = field(default_factory=set)

    def add(self, row: WorklistRow, decision: Decision) -> None:
        """Take another decision on the file into account."""
        if decision.verdict == "confirmed":
            self.confirmed.add(decision.cluster)
        if _weight(decision) > _weight(self.decision):
            self.row, self.decision = row, decision


def _weight(decision: Decision) -> tuple[bool, datetime]:
    return decision.verdict != "open", decision.made


def _files(
    decisions: Mapping[str, Decision], rows: Iterable[WorklistRow]
) -> tuple[list[_File], list[Decision]]:
    """Return each file and entry with what was decided on them, and the decisions that a row speaks of.

    A later scan may have put a file into another cluster, which was decided anew.
    """
    found: dict[tuple[str, str | None], _File] = {}
    met: dict[str, Decision] = {}
    for row in rows:
        decision = decisions.get(row.cluster or "")
        if decision is None or row.entry != decision.entry:
            continue
        met[decision.cluster] = decision
        place = (decision.entry, row.sha256 or row.sha1 or row.md5 or row.pdq)
        found.setdefault(place, _File(row, decision)).add(row, decision)
    return list(found.values()), list(met.values())


def _copy(file: _File, home: Home) -> Entry | None:
    """Return the entry that `file` becomes when it is confirmed; None where nothing names it.

    Of a video its digests alone: one frame stands in the worklist, and says little of the whole.
    """
    row = file.row
    shows = row.kind == "picture" and (row.pdq_quality or 0) >= PDQ_QUALITY
    record = meaningful(
        HashRecord(
            md5=_bytes(row.md5),
            sha1=_bytes(row.sha1),
            sha256=_bytes(row.sha256),
            pdq=_bytes(row.pdq) if shows else None,
            pdq_quality=row.pdq_quality if shows else None,
            series=row.series,
            attributes={CONFIRMED_AS: row.entry or "", CONFIRMED_IN: confirmed_in(file.confirmed)},
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
