"""The values of a review that is measured: ways of reviewing, questions, and what a year came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from bench.review_world import File
from luwte.desk.review.floors import Floor
from luwte.desk.review.rules import Answer

REASONS = ("identical", "cluster", "memory", "consent", "budget")
"""The five of why review becomes cheap, in their order."""
Reasons = frozenset[str]
ALL = frozenset(REASONS)
NONE: Reasons = frozenset()
LEVERS = ("floor", "answer", "bands", "company", "entry")
"""What the fifth reason rests on beside the budget: see `luwte.desk.review.beliefs` and `.floors`."""
LUWTE_FLOOR = Floor()
Finding = tuple[int, int]
"""A series, and the number of the carrier that it was found on."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of reviewing: by the field's rule or a scan's verdicts, which reasons hold, and how many look.

    With `twice`, two must agree and a third looks where they differ. `once_a_carrier`: of files with equal
    bytes on one carrier one is looked at. `levers` are those of the fifth reason that are on, `floor` is the
    one that holds then. With `accepted`, the authority lets the same picture count without a look.
    """

    by_field: bool
    reasons: Reasons
    twice: bool
    once_a_carrier: bool = False
    levers: Reasons = frozenset()
    floor: Floor = LUWTE_FLOOR
    accepted: bool = False


FIELD = Way(by_field=True, reasons=NONE, twice=False)
LUWTE = Way(by_field=False, reasons=ALL, twice=True, levers=frozenset(LEVERS))


@dataclass(slots=True)
class Question:
    """Files that are decided together, on all carriers where they are: `places` counts them by finding.

    `subject` is the id of their cluster; `genuine` are the findings that truly are of the series.
    """

    id: str
    subject: str
    entry: int
    likelihood: int
    since: datetime
    members: dict[bytes, File] = field(default_factory=dict)
    places: Counter[Finding] = field(default_factory=Counter)
    genuine: set[Finding] = field(default_factory=set)
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def true_files(self) -> int:
        """The files that truly are of the series."""
        return sum(self.places[finding] for finding in self.genuine)

    @property
    def files(self) -> int:
        """The files on the carrier that has most of them."""
        return max(self.places.values())


@dataclass(frozen=True, slots=True)
class Result:
    """What a year of reviewing came to.

    Findings and files are those that are truly of the series. `findings` are confirmed, `by_review` of them
    only because somebody looked. `wrongly` counts findings that were confirmed and are none; `refused` true
    findings that have no identical file and were rejected, or left unclear. Of those that stand unconfirmed,
    `unheard` were never looked at because nobody may hear of them, `waiting` because of the budget, `below`
    because their clusters lie below the floor; `unfound` no rule recognised. `days` are the median and the
    95th percentile until a finding was confirmed by review. `asked` counts questions that were looked at,
    `open` those that wait at the end, `low` those below the floor then, and `low_files` the true files in
    these. Of the looks `news` could bring a finding, `more` could only add files to one, `chance` met a
    stranger. `again`: questions on true files of which a copy within reach had been confirmed before.
    """

    looks: int
    minutes: float
    findings: int
    by_review: int
    files: int
    wrongly: int
    refused: int
    unheard: int
    waiting: int
    unfound: int
    days: tuple[float, float]
    asked: int
    open: int
    news: int
    more: int
    chance: int
    below: int = 0
    low: int = 0
    low_files: int = 0
    again: int = 0

    @property
    def for_a_thousand(self) -> float:
        """Minutes for 1,000 confirmed findings."""
        return 1000 * self.minutes / max(1, self.findings)

    @property
    def for_a_thousand_by_review(self) -> float:
        """Minutes for 1,000 findings that were confirmed only because somebody looked."""
        return 1000 * self.minutes / max(1, self.by_review)

    @property
    def for_a_thousand_files(self) -> float:
        """Minutes for 1,000 confirmed files."""
        return 1000 * self.minutes / max(1, self.files)
