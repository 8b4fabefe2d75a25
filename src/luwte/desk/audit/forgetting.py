"""What was forgotten of a record, and whether it might be: each step of retention names the acts it took.

Without its content nothing holds an act's other columns to its hash. So the act of the step holds them: which
acts were forgotten, and a hash over what stays of each. Nothing is forgotten that no such act names.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

from luwte.desk.audit.acts import PROOFS, Act
from luwte.desk.audit.log import Log
from luwte.desk.audit.rules import details_of
from luwte.desk.audit.tables import LeafRow

STEPS = (Act.CLEARED, Act.PEOPLE_CLEARED)
LEAST = timedelta(days=5 * 365)
"""No act is forgotten sooner, whatever term an authority chose (the `least` of the table of retention)."""
SLACK = timedelta(days=1)
"""Acts that were recorded at the same time may stand in another order than their times."""
DIGEST_BYTES = 16
MOST = 1_000
"""Acts that one step names in a row; it takes fewer."""


def named(leaves: Iterable[LeafRow]) -> dict[str, str]:
    """Return what the act of a step says of the `leaves` that it forgets: their numbers, and what stays."""
    found = sorted(leaves, key=lambda leaf: leaf.id)
    return {"leaves": _written([leaf.id for leaf in found]), "columns": _columns(found)}


@dataclass(frozen=True, slots=True)
class Step:
    """The act `leaf` says that the acts `first` to `last` were forgotten, which were of before `before`."""

    first: int
    last: int
    leaf: int
    before: datetime


class Forgotten:
    """All that the steps of retention say of one log; `problems`: what of that is not so.

    `tables`: how many steps went by which table of terms, by its digest; "" for one that names none.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self.problems: list[str] = []
        self.tables: Counter[str] = Counter()
        self._steps: list[Step] = []
        known = 0
        for act in log.leaf.objects.filter(act__in=STEPS).order_by("id").iterator(500):
            known += 1
            if act.content is not None:
                self._read(act)
        self._steps.sort(key=lambda step: step.first)
        self._starts = [step.first for step in self._steps]
        for one, other in pairwise(self._steps):
            if one.last >= other.first:
                self.problems.append(f"Acts {one.leaf} and {other.leaf} both say that they forgot one act.")
        if log.cleared.objects.count() > known:
            self.problems.append("There are digests of deleted rows of which no act says anything.")

    def wrong(self, leaf: LeafRow, latest: datetime | None) -> Iterator[str]:
        """Yield what is wrong with it that `leaf` is forgotten; `latest`: when the act before it was."""
        at = bisect_right(self._starts, leaf.id) - 1
        step = self._steps[at] if at >= 0 else None
        if step is None or leaf.id > step.last:
            yield f"Act {leaf.id} was emptied: no step of retention says that it was forgotten."
        elif latest is not None and latest >= step.before + SLACK:
            yield (
                f"Act {leaf.id} was forgotten as one of before {step.before:%Y-%m-%d}, but the act before it "
                f"in the record is of {latest:%Y-%m-%d}."
            )

    def _read(self, act: LeafRow) -> None:
        said = details_of(bytes(act.content or b""))
        self.tables[str(said.get("table", ""))] += 1
        if not self._digests_fit(act, said):
            self.problems.append(f"Act {act.id} says what was deleted; the digests kept are not those.")
        if said.get("done") != "forgotten":
            return
        try:
            ranges, before = _ranges(str(said["leaves"])), _moment(str(said["before"]))
        except (KeyError, ValueError, OverflowError):
            ranges, before = [], act.at
        if not ranges or not self._columns_fit(ranges, str(said.get("columns")), before):
            self.problems.append(f"Act {act.id} names acts that were forgotten; those are not as it says.")
        if act.at - before < LEAST:
            self.problems.append(f"Act {act.id} forgot acts that were not five years old.")
        self._steps += [Step(first, last, act.id, before) for first, last in ranges]

    def _digests_fit(self, act: LeafRow, said: dict[str, object]) -> bool:
        kept = self._log.cleared.objects.filter(leaf=act.id).first()
        digests = b"" if kept is None else bytes(kept.digests)
        hashed = sha256(digests).hexdigest()
        return (said.get("rows"), said.get("digests")) == (len(digests) // DIGEST_BYTES, hashed)

    def _columns_fit(self, ranges: list[tuple[int, int]], hashed: str, before: datetime) -> bool:
        found: list[LeafRow] = []
        for first, last in ranges:
            found += self._log.leaf.objects.filter(id__range=(first, last)).order_by("id")
        whole = len(found) == sum(last - first + 1 for first, last in ranges)
        gone = all(one.content is None and one.at < before and one.act not in PROOFS for one in found)
        return whole and gone and _columns(found) == hashed


def _columns(leaves: Iterable[LeafRow]) -> str:
    rows = [[one.id, one.act, one.about, one.at.astimezone(UTC).isoformat()] for one in leaves]
    return sha256(json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _written(numbers: list[int]) -> str:
    """Return ascending numbers as ranges: 3-7,9."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _ranges(text: str) -> list[tuple[int, int]]:
    """Return the ranges that `_written` wrote. Raises `ValueError`."""
    found = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.append((int(first), int(last or first)))
    if not all(0 <= last - first < MOST and last < 1 << 63 for first, last in found):
        raise ValueError(text)
    return found


def _moment(text: str) -> datetime:
    """Return the time that `text` says, with its zone. Raises `ValueError`."""
    return datetime.fromisoformat(text).astimezone(UTC)
