"""What a year of review comes to: which findings were confirmed, and why the others were not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from bench.review_order import Order
from bench.review_values import Finding, Question, Result


class Ledger:
    """Findings and looks as they come. A finding is confirmed by the first of its files that is."""

    def __init__(self) -> None:
        self.confirmed: dict[Finding, tuple[datetime, bool]] = {}  # when, and whether by review
        self.on: defaultdict[Finding, set[str]] = defaultdict(set)  # the open questions on each
        self.files = 0
        self._seen: dict[Finding, bool] = {}  # findings, and whether there is anything to recognise them by
        self._arrived: dict[Finding, datetime] = {}
        self._wrong: set[Finding] = set()
        self._asked: set[str] = set()
        self._kinds: Counter[str] = Counter()
        self._seconds = 0.0

    def arrived(self, finding: Finding, now: datetime, *, found: bool) -> None:
        """Note a true file of a finding."""
        self._arrived.setdefault(finding, now)
        self._seen[finding] = self._seen.get(finding, False) or found

    def looked(self, question: Question, seconds: float, *, again: bool) -> None:
        """Note a look; `again`: at a true file of which a copy had been confirmed."""
        first = question.id not in self._asked
        self._seconds += seconds
        self._asked.add(question.id)
        self._kinds[self._kind(question)] += 1
        self._kinds["again"] += again and first

    def _kind(self, question: Question) -> str:
        if not question.genuine:
            return "chance"
        return "more" if question.genuine <= self.confirmed.keys() else "news"

    def confirm(self, finding: Finding, now: datetime, *, true: bool, by_review: bool) -> bool:
        """Note that a file of a finding is confirmed; return whether that is news."""
        if not true:
            self._wrong.add(finding)
            return False
        if finding in self.confirmed:
            return False
        self.confirmed[finding] = now, by_review
        return True

    def result(self, order: Order, questions: Mapping[str, Question], heard: tuple[bool, ...]) -> Result:
        """Return what the year came to; `heard`: which series somebody may hear of, where that is asked."""
        by_review = [finding for finding, (_, looked) in self.confirmed.items() if looked]
        days = [(self.confirmed[one][0] - self._arrived[one]) / timedelta(days=1) for one in by_review]
        missing = [finding for finding in self._seen if finding not in self.confirmed]
        left = Counter(self._why_missing(finding, order, heard) for finding in missing)
        kinds = self._kinds
        return Result(
            kinds["news"] + kinds["more"] + kinds["chance"],
            self._seconds / 60,
            len(self.confirmed),
            len(by_review),
            self.files,
            len(self._wrong - set(self._seen)),
            left["refused"],
            left["unheard"],
            left["waiting"],
            left["unfound"],
            (float(np.median(days)), float(np.quantile(days, 0.95))) if days else (0.0, 0.0),
            len(self._asked),
            len(order),
            news=kinds["news"],
            more=kinds["more"],
            chance=kinds["chance"],
            below=left["below"],
            low=len(order.low),
            low_files=sum(questions[name].true_files for name in order.low),
            again=kinds["again"],
        )

    def _why_missing(self, finding: Finding, order: Order, heard: tuple[bool, ...]) -> str:
        if not self._seen[finding]:
            return "unfound"
        if not self.on[finding]:
            return "refused"
        if not heard[finding[0]]:
            return "unheard"
        return "below" if self.on[finding] <= order.low else "waiting"
