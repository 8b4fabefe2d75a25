"""One year of review under one way, with the project's own clusters, rejected pairs, queue and limits."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np

from bench.review_learned import Learned
from bench.review_memory import BEGIN, Memory
from bench.review_order import Order
from bench.review_result import Ledger
from bench.review_values import Finding, Question, Result, Way
from bench.review_world import File, World
from luwte.desk.findings.rules import for_telling
from luwte.desk.review.hours import Limits, Span, not_now
from luwte.desk.review.rules import Answer, Outcome, outcome
from luwte.desk.review.values import Candidate, Stake
from luwte.lab.recognition.clusters import Member, cluster_id, clusters

WEEK, WORKING_DAYS = 7, 5
MOST_SKIMMED = 30
KEY = bytes(32)


def at(day: int) -> datetime:
    """Return the beginning of day number `day`."""
    return BEGIN + timedelta(days=day)


class Year:
    """One year under one way."""

    def __init__(self, world: World, way: Way) -> None:
        self._world, self._way, self._assumed = world, way, world.assumed
        self._memory, self._learned, self._ledger = Memory(world), Learned(way), Ledger()
        self._chance = np.random.default_rng([world.assumed.seed, 1])
        self._limits = Limits(minutes_a_day=world.assumed.minutes_a_day)
        self._reviewers = [f"reviewer {number}" for number in range(world.assumed.reviewers)]
        everyone = (True,) * len(world.heard)
        self._heard = world.heard if "consent" in way.reasons else everyone
        self._open: dict[str, Question] = {}
        self._decided: dict[str, Outcome] = {}
        self._of_entry: defaultdict[tuple[int, int], set[str]] = defaultdict(set)  # open, on one carrier
        self._have: set[int] = set()  # series with a finding
        self._order = Order(self._open, self._learned, self._candidate)
        self._numbers = itertools.count()

    def take_in(self, carrier: int, now: datetime, files: Sequence[File]) -> None:
        """Take in what was recognised on one carrier, and ask what must be asked."""
        self._memory.renew(now)
        asked: defaultdict[int, list[File]] = defaultdict(list)
        for file in files:
            found = self._is_found(file)
            if file.true:
                self._ledger.arrived((file.series, carrier), now, found=found)
            if found and not self._is_rejected(file):
                self._learned.found((file.series, carrier), file.entry, identical=file.identical)
                if self._is_known(file):
                    self._confirm((file.series, carrier), file.times, now, true=file.true, by_review=False)
                else:
                    asked[file.entry].append(file)
        for entry, some in asked.items():
            for group in self._groups(some):
                self._ask(entry, carrier, group, now)

    def _is_found(self, file: File) -> bool:
        return file.field if self._way.by_field else file.verdict in ("identical", "same_picture", "near")

    def _is_known(self, file: File) -> bool:
        """Whether a file counts without a look: as identical, as accepted, or by what the list remembers."""
        if file.identical:
            return "identical" in self._way.reasons
        same = file.verdict == "same_picture"
        if for_telling(0, int(same), int(not same), 0, accepted=self._way.accepted).identical:
            return True
        return "memory" in self._way.reasons and self._memory.is_listed(file)

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
            if self._decided[subject] is Outcome.CONFIRMED:
                self._confirm(finding, count, now, true=true, by_review=False)
            return
        name = subject if "cluster" in self._way.reasons else f"{subject} {next(self._numbers)}"
        question = self._open.setdefault(name, Question(name, subject, entry, 0, now))
        question.likelihood = max(question.likelihood, *(file.likelihood for file in files))
        question.members |= {file.name: file for file in files}
        question.places[finding] += count
        if true:
            question.genuine.add(finding)
        self._ledger.on[finding].add(name)
        self._of_entry[entry, carrier].add(name)
        if not self._heard[finding[0]]:
            return
        if "budget" in self._way.reasons:
            self._order.put(question)
        else:
            self._answer_all(question, now)

    def _candidate(self, question: Question) -> Candidate:
        stakes = tuple(
            Stake(
                self._heard[finding[0]],
                finding in self._ledger.confirmed,
                only=finding[0] not in self._have,
            )
            for finding in sorted(question.places)
        )
        passed = frozenset(question.answers)
        return Candidate(
            question.id,
            question.files,
            question.likelihood,
            stakes,
            question.since,
            len(passed),
            passed,
            self._learned.seen(question),
        )

    def look(self, day: int) -> None:
        """Let the reviewers look on one day, each at one cluster after another, within the limits."""
        if day % WEEK >= WORKING_DAYS or "budget" not in self._way.reasons:
            return
        if day % WEEK == 0:
            self._learned.learn()
            self._order.renew()
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
            question = self._order.next(who, now) if why is None else None
            if question is None:
                del free[who]
                continue
            ends = now + timedelta(seconds=self._answer(question, who))
            spans.append(Span(who, now, ends))
            free[who] = ends
            self._settle(question, ends)

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
        again = bool(question.genuine) and any(map(self._memory.knows_copy, question.members.values()))
        self._ledger.looked(question, seconds, again=again)
        return seconds

    def _settle(self, question: Question, now: datetime) -> bool:
        answers = question.answers
        found = outcome(answers) if self._way.twice else Outcome(next(iter(answers.values())).value)
        self._learned.answered(question, found)
        if found is None:
            if question.id in self._order:
                self._order.put(question)
            return False
        self._order.take(question.id)
        del self._open[question.id]
        self._decided[question.subject] = found
        self._memory.note(question, found)
        for finding, count in question.places.items():
            self._ledger.on[finding].discard(question.id)
            self._of_entry[question.entry, finding[1]].discard(question.id)
            if found is Outcome.CONFIRMED:
                self._confirm(finding, count, now, true=finding in question.genuine, by_review=True)
            self._put_anew(self._of_entry[question.entry, finding[1]])
        return True

    def _confirm(self, finding: Finding, files: int, now: datetime, *, true: bool, by_review: bool) -> None:
        self._ledger.files += files * true
        if self._ledger.confirm(finding, now, true=true, by_review=by_review):
            self._have.add(finding[0])
            self._put_anew(self._ledger.on[finding])

    def _put_anew(self, names: set[str]) -> None:
        for name in names:
            if name in self._order:
                self._order.put(self._open[name])

    def result(self) -> Result:
        """Return what the year came to."""
        return self._ledger.result(self._order, self._open, self._heard)
