"""What a drawn desk believes of clusters, by the project's own rules, from what it saw and decided so far."""

from __future__ import annotations

from collections import Counter, defaultdict

from bench.review_values import Finding, Question, Way
from luwte.desk.review.beliefs import (
    NOTHING_DECIDED,
    RECENT,
    Around,
    Company,
    Prior,
    Seen,
    company,
    expected,
    fit,
    most,
)
from luwte.desk.review.floors import NO_FLOOR, Floor
from luwte.desk.review.rules import Answer, Outcome
from luwte.desk.review.values import Answers, showed

NOBODY = Answers()


class Learned:
    """What stands on carriers and was decided, with each lever of the `way` on or off."""

    def __init__(self, way: Way) -> None:
        self._levers = way.levers
        self.floor: Floor = way.floor if "floor" in way.levers else NO_FLOOR
        self.prior: Prior = NOTHING_DECIDED
        self._found: defaultdict[Finding, dict[str, bool]] = defaultdict(dict)
        self._entries: Counter[int] = Counter()  # by carrier, of all series
        self._named: set[int] = set()
        self._decided: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
        self._answered: dict[str, tuple[Question, str]] = {}  # by id, the last answered at the end

    def found(self, finding: Finding, entry: int, *, identical: bool) -> None:
        """Note that a file of `entry` was found."""
        known = self._found[finding]
        self._entries[finding[1]] += str(entry) not in known
        self._named.add(finding[0])
        known[str(entry)] = known.get(str(entry), False) or identical

    def answered(self, question: Question, outcome: Outcome | None) -> None:
        """Note an answer on a question, and what that came to."""
        self._answered.pop(question.id, None)
        self._answered[question.id] = question, outcome.value if outcome else ""
        if outcome is not None:
            for _, carrier in question.places:
                self._decided[question.entry, carrier][outcome.value] += 1

    def learn(self) -> None:
        """Work out anew what became of clusters alike: once a week, where the desk does it each time."""
        if "bands" not in self._levers:
            return
        known = (
            (question.likelihood, self._company(question), showed(outcome, _said(question)))
            for question, outcome in list(self._answered.values())[-RECENT:]
        )
        self.prior = fit((likelihood, kind, one) for likelihood, kind, one in known if one is not None)

    def seen(self, question: Question) -> Seen:
        """Return what is known of a question."""
        entry = most(self._decided[question.entry, carrier] for _, carrier in question.places)
        said = _said(question) if "answer" in self._levers else NOBODY
        here = Counter() if "entry" not in self._levers else entry
        return Seen(
            self._company(question),
            here["confirmed"],
            here["rejected"],
            said.for_it,
            said.against,
        )

    def _company(self, question: Question) -> Company:
        if "company" not in self._levers:
            return Company.ALONE
        return company(str(question.entry), [self._around(finding) for finding in question.places])

    def _around(self, finding: Finding) -> Around:
        found = self._found[finding]
        return Around(found, expected(self._entries[finding[1]] - len(found), len(self._named)))


def _said(question: Question) -> Answers:
    if not question.answers:
        return NOBODY
    counts = Counter(question.answers.values())
    return Answers(*(counts[one] for one in (Answer.CONFIRMED, Answer.REJECTED, Answer.CANNOT_TELL)))
