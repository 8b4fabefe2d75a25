"""One year of review under one way, with the project's own clusters, rejected pairs, queue and limits."""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bench.review_values import Finding, Question, Result, Way
from bench.review_world import File, World
from luwte.desk.review.hours import Limits, Span, not_now
from luwte.desk.review.rules import Answer, Candidate, Outcome, Stake, outcome, queue, worth
from luwte.lab.recognition.clusters import Member, cluster_id, clusters
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.reference.hamming import HASH_BYTES
from luwte.lab.reference.rejected import RejectedPairs

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
WEEK, WORKING_DAYS = 7, 5
MOST_SKIMMED = 30
FIRST = 3
"""How many of the first in the queue are put in order anew at each look."""
KEY = bytes(32)


def at(day: int) -> datetime:
    """Return the beginning of day number `day`."""
    return BEGIN + timedelta(days=day)


class Columns:
    """Rejected pairs as columns of a list, for `RejectedPairs`."""

    def __init__(self, pairs: Iterable[tuple[int, bytes, bytes]], listed: Mapping[int, bytes]) -> None:
        rows = sorted(pairs)
        entries = sorted({entry for entry, _, _ in rows})
        self.rejected_entry = np.array([row[0] for row in rows], np.uint32)
        self.rejected_sha256 = _hashes(row[1] for row in rows)
        self.rejected_pdq = _hashes(row[2] for row in rows)
        self.pdq_entry = np.array(entries, np.uint32)
        self.pdq = _hashes(listed[entry] for entry in entries)


def _hashes(rows: Iterable[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, HASH_BYTES)


class _Memory:
    """What was decided, and the list that is made of it every so many days."""

    def __init__(self, world: World) -> None:
        self._world, self._made = world, BEGIN
        self._confirmed: set[tuple[int, bytes]] = set()
        self._rejected: set[tuple[int, bytes, bytes]] = set()
        self._listed: frozenset[tuple[int, bytes]] = frozenset()
        self._pairs = RejectedPairs(Columns((), world.listed))

    def note(self, question: Question, found: Outcome) -> None:
        for file in question.members.values():
            if found is Outcome.CONFIRMED:
                self._confirmed.add((file.series, file.name))
            elif found is Outcome.REJECTED:
                self._rejected.add((file.entry, file.name, file.pdq))

    def renew(self, now: datetime) -> None:
        """Make the list anew when that is due."""
        if now - self._made >= timedelta(days=self._world.assumed.bundle_days):
            self._made, self._listed = now, frozenset(self._confirmed)
            self._pairs = RejectedPairs(Columns(self._rejected, self._world.listed))

    def is_listed(self, file: File) -> bool:
        return (file.series, file.name) in self._listed

    def rejects(self, file: File) -> bool:
        shown = file.pdq if file.whole else None
        return self._pairs.rejects(file.entry, file.name, shown, PDQ_RADIUS)


class Year:
    """One year under one way. Confirmed is a finding once one of its files is; the first reason counts."""

    def __init__(self, world: World, way: Way) -> None:
        self._world, self._way, self._assumed = world, way, world.assumed
        self._memory = _Memory(world)
        self._chance = np.random.default_rng([world.assumed.seed, 1])
        self._limits = Limits(minutes_a_day=world.assumed.minutes_a_day)
        self._reviewers = [f"reviewer {number}" for number in range(world.assumed.reviewers)]
        self._open: dict[str, Question] = {}
        self._decided: dict[str, Outcome] = {}
        self._order: list[tuple[float, datetime, str]] = []
        self._worth: dict[str, tuple[float, datetime, str]] = {}
        self._on: defaultdict[Finding, set[str]] = defaultdict(set)
        self._seen: dict[Finding, bool] = {}  # findings, and whether there is anything to recognise them by
        self._confirmed: dict[Finding, tuple[datetime, bool]] = {}  # when, and whether by review
        self._arrived: dict[Finding, datetime] = {}
        self._wrong: set[Finding] = set()
        self._asked: set[str] = set()
        self._numbers = itertools.count()
        self._kinds: Counter[str] = Counter()
        self._looks, self._seconds, self._files = 0, 0.0, 0

    def take_in(self, carrier: int, now: datetime, files: Sequence[File]) -> None:
        """Take in what was recognised on one carrier, and ask what must be asked."""
        self._memory.renew(now)
        asked: defaultdict[int, list[File]] = defaultdict(list)
        for file in files:
            finding = file.series, carrier
            found = (
                file.field if self._way.by_field else file.verdict in ("identical", "same_picture", "near")
            )
            if file.true:
                self._arrived.setdefault(finding, now)
                self._seen[finding] = self._seen.get(finding, False) or found
            if not found:
                continue
            if self._is_known(file):
                self._files += file.times * file.true
                self._confirm(finding, now, file.true, by_review=False)
            elif not self._is_rejected(file):
                asked[file.entry].append(file)
        for entry, some in asked.items():
            for group in self._groups(some):
                self._ask(entry, carrier, group, now)

    def _is_known(self, file: File) -> bool:
        reasons = self._way.reasons
        if file.identical:
            return "identical" in reasons
        return "memory" in reasons and self._memory.is_listed(file)

    def _is_rejected(self, file: File) -> bool:
        return "memory" in self._way.reasons and not file.identical and self._memory.rejects(file)

    def _groups(self, files: Sequence[File]) -> Iterator[list[File]]:
        """Give what is asked together: a cluster, or each file apart, or each file each time."""
        if "cluster" in self._way.reasons and len(files) > 1:
            members = [Member(file.name, file.pdq) for file in files]
            yield from ([files[place] for place in places] for places in clusters(members))
            return
        once = self._way.once_a_carrier or "cluster" in self._way.reasons
        for file in files:
            yield from itertools.repeat([file], 1 if once else file.times)

    def _ask(self, entry: int, carrier: int, files: Sequence[File], now: datetime) -> None:
        """Put files into a question: one that waits for an answer on the same files, or a new one."""
        finding, true = (files[0].series, carrier), any(file.true for file in files)
        count = sum(file.times for file in files) if "cluster" in self._way.reasons else 1
        subject = cluster_id(KEY, f"{entry:032x}", [Member(file.name, file.pdq) for file in files])
        if "memory" in self._way.reasons and subject in self._decided:
            self._apply(self._decided[subject], finding, count, now, true, by_review=False)
            return
        name = subject if "cluster" in self._way.reasons else f"{subject} {next(self._numbers)}"
        question = self._open.setdefault(name, Question(name, subject, 0, now))
        question.likelihood = max(question.likelihood, *(file.likelihood for file in files))
        question.members |= {file.name: file for file in files}
        question.places[finding] += count
        if true:
            question.genuine.add(finding)
        self._on[finding].add(name)
        if "consent" in self._way.reasons and not self._world.heard[finding[0]]:
            return
        if "budget" in self._way.reasons:
            self._put(question)
        else:
            self._answer_all(question, now)

    def _candidate(self, question: Question) -> Candidate:
        consent = "consent" in self._way.reasons
        stakes = tuple(
            Stake(self._world.heard[finding[0]] or not consent, finding in self._confirmed)
            for finding in sorted(question.places)
        )
        passed = frozenset(question.answers)
        return Candidate(
            question.id, question.files, question.likelihood, stakes, question.since, len(passed), passed
        )

    def _put(self, question: Question) -> None:
        """Put a question into the order, or where it belongs now."""
        self._take(question.id)
        value = worth(self._candidate(question), question.since)
        if value < self._way.floor:
            return
        key = (-value, question.since, question.id)
        self._worth[question.id] = key
        insort(self._order, key)

    def _take(self, name: str) -> None:
        key = self._worth.pop(name, None)
        if key is not None:
            del self._order[bisect_left(self._order, key)]

    def look(self, day: int) -> None:
        """Let the reviewers look on one day, each at one cluster after another, within the limits."""
        if day % WEEK >= WORKING_DAYS or "budget" not in self._way.reasons:
            return
        begin = at(day) + timedelta(hours=self._limits.from_hour)
        free = dict.fromkeys(self._reviewers, begin)
        spans: list[Span] = []
        while free:
            who = min(free, key=lambda one: (free[one], one))
            now = free[who]
            why = not_now(self._limits, spans, who, now)
            if why is not None and why.until is not None:
                free[who] = why.until
                continue
            question = self._next(who, now) if why is None else None
            if question is None:
                del free[who]
                continue
            ends = now + timedelta(seconds=self._answer(question, who))
            spans.append(Span(who, now, ends))
            free[who] = ends
            self._settle(question, ends)

    def _next(self, who: str, now: datetime) -> Question | None:
        """Return what the queue puts first, of those that stand first and this reviewer did not answer."""
        keys = (key for key in self._order if who not in self._open[key[2]].answers)
        first = [self._candidate(self._open[key[2]]) for key in itertools.islice(keys, FIRST)]
        return next((self._open[one.cluster] for one in queue(first, who, now)), None)

    def _answer_all(self, question: Question, now: datetime) -> None:
        for who in self._reviewers:
            self._answer(question, who)
            if self._settle(question, now):
                return

    def _answer(self, question: Question, who: str) -> float:
        """Record an answer; return the seconds that it took."""
        right = Answer.CONFIRMED if question.genuine else Answer.REJECTED
        wrong = Answer.REJECTED if question.genuine else Answer.CONFIRMED
        question.answers[who] = wrong if self._chance.random() < self._assumed.wrong else right
        seconds = self._assumed.seconds + self._assumed.skim * min(MOST_SKIMMED, question.files - 1)
        self._looks += 1
        self._kinds[self._kind(question)] += 1
        self._seconds += seconds
        self._asked.add(question.id)
        return seconds

    def _kind(self, question: Question) -> str:
        if not question.genuine:
            return "chance"
        return "more" if question.genuine <= self._confirmed.keys() else "news"

    def _settle(self, question: Question, now: datetime) -> bool:
        answers = question.answers
        found = outcome(answers) if self._way.twice else Outcome(next(iter(answers.values())).value)
        if found is None:
            if question.id in self._worth:
                self._put(question)
            return False
        self._take(question.id)
        del self._open[question.id]
        self._decided[question.subject] = found
        self._memory.note(question, found)
        for finding, count in question.places.items():
            self._on[finding].discard(question.id)
            self._apply(found, finding, count, now, finding in question.genuine, by_review=True)
        return True

    def _apply(
        self, found: Outcome, finding: Finding, count: int, now: datetime, true: bool, *, by_review: bool
    ) -> None:
        if found is Outcome.CONFIRMED:
            self._files += count * true
            self._confirm(finding, now, true, by_review=by_review)

    def _confirm(self, finding: Finding, now: datetime, true: bool, *, by_review: bool) -> None:
        if not true:
            self._wrong.add(finding)
        elif finding not in self._confirmed:
            self._confirmed[finding] = now, by_review
            for name in tuple(self._on[finding]):
                if name in self._worth:
                    self._put(self._open[name])

    def result(self) -> Result:
        """Return what the year came to."""
        by_review = [finding for finding, (_, looked) in self._confirmed.items() if looked]
        days = [
            (self._confirmed[finding][0] - self._arrived[finding]) / timedelta(days=1)
            for finding in by_review
        ]
        missing = [finding for finding in self._seen if finding not in self._confirmed]
        left = Counter(self._why_missing(finding) for finding in missing)
        return Result(
            self._looks,
            self._seconds / 60,
            len(self._confirmed),
            len(by_review),
            self._files,
            len(self._wrong - set(self._seen)),
            left["refused"],
            left["unheard"],
            left["waiting"],
            left["unfound"],
            (float(np.median(days)), float(np.quantile(days, 0.95))) if days else (0.0, 0.0),
            len(self._asked),
            len(self._worth),
            *(self._kinds[kind] for kind in ("news", "more", "chance")),
        )

    def _why_missing(self, finding: Finding) -> str:
        if not self._seen[finding]:
            return "unfound"
        if not self._on[finding]:
            return "refused"
        if "consent" in self._way.reasons and not self._world.heard[finding[0]]:
            return "unheard"
        return "waiting"
