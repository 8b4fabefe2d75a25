"""A case as it stands: all its steps with what they come to, its hearings, charge sheets and parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from django.db.models import Q

from luwte.desk.cases.judging import Judged, Told, judge
from luwte.desk.cases.models import Case, CaseStep, VictimStatus
from luwte.desk.cases.parties import Status
from luwte.desk.cases.vocabulary import CHARGES, HEARINGS, Fact, Step

AT_ONCE = 200
_ANY_TIME = frozenset(
    {
        Step.FIRST_CONTACT,
        Step.VICTIM_IDENTIFIED,
        Step.INFORMATION_REQUESTED,
        Step.REPRESENTATIVE_SET,
        Step.REPRESENTATIVE_ENDED,
        Step.LOSS_DISCOVERED,
    }
)
"""Steps of somebody who was known before: they may lie before the offence of this case."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing as it is now: its day, the step that set that day last, and whether it was cancelled."""

    id: str
    day: date
    step: CaseStep
    cancelled: bool
    started: bool


@dataclass(frozen=True)
class Book:
    """All steps of one case that nobody dismissed; `rows` by id."""

    case: Case
    rows: dict[str, CaseStep]

    def with_row(self, row: CaseStep) -> Book:
        """Return the book as it would be with one more step."""
        return Book(self.case, self.rows | {row.id: row})

    @cached_property
    def judged(self) -> Judged:
        """What the steps come to."""
        return judge(Told(fact_of(row), row.subject or row.series) for row in self.rows.values())

    @property
    def standing(self) -> list[CaseStep]:
        """The steps that hold now, by the day they were known."""
        return [self.rows[one] for one in self.judged.standing]

    @property
    def waiting(self) -> list[CaseStep]:
        """The steps that wait for what they rest on, as they came in."""
        return sorted((self.rows[one] for one in self.judged.waiting), key=lambda row: (row.received, row.id))

    def facts(self, subject: str | None = None, series: Collection[str] = ()) -> tuple[Fact, ...]:
        """Return all that was told and applies, corrected steps too, by the day it was known.

        Of a `subject` whom `series` show: what concerns them alone or everyone; None: of everyone.
        """
        rows = [self.rows[one] for chain in self.judged.chains.values() for one in chain]
        mine = [row for row in rows if subject is None or concerns(row, subject, series)]
        return tuple(fact_of(row) for row in sorted(mine, key=_by_known))

    def corrected_by(self, row: CaseStep) -> frozenset[str]:
        """Return the ids of what a step corrects, at whatever remove; its own among them is a circle."""
        found: set[str] = set()
        while (one := row.corrects) and one not in found:
            found.add(one)
            if one not in self.rows:
                break
            row = self.rows[one]
        return frozenset(found)

    @property
    def sheets(self) -> dict[str, CaseStep]:
        """The charge that holds now for each defendant: the latest by its day."""
        charges = [row for row in self.standing if row.step in CHARGES]
        return {row.defendant: row for row in sorted(charges, key=_by_day)}

    @property
    def charged_entries(self) -> frozenset[str]:
        """The entries that any charge sheet lists now."""
        return frozenset(
            entry for row in self.sheets.values() for count in row.counts for entry in count["entries"]
        )

    @property
    def hearings(self) -> list[Hearing]:
        """The hearings as they are now, by day: a move or cancellation that was known later counts."""
        steps = {row.hearing for row in self.standing if row.hearing and row.step in HEARINGS}
        return sorted((self._hearing(one) for one in steps), key=lambda one: (one.day, one.id))

    def _hearing(self, name: str) -> Hearing:
        mine = sorted((row for row in self.standing if row.hearing == name), key=_by_known)
        days = [row for row in mine if row.step in HEARINGS]
        calls = [row for row in mine if row.step in HEARINGS or row.step == Step.HEARING_CANCELLED]
        started = any(row.step == Step.HEARING_STARTED for row in mine)
        gone = calls[-1].step == Step.HEARING_CANCELLED
        return Hearing(name, days[-1].occurred, days[-1], gone, started)

    def next_hearing(self, today: date) -> Hearing | None:
        """Return the first hearing from `today` on that stands, None without one."""
        return next((one for one in self.hearings if one.day >= today and not one.cancelled), None)

    @property
    def defendants(self) -> list[str]:
        """The references of the defendants whom a step names."""
        return sorted({row.defendant for row in self.rows.values() if row.defendant})

    def before_the_offence(self) -> CaseStep | None:
        """Return a step that lies before the first day of every offence that is charged, None without."""
        days = [date.fromisoformat(count["first"]) for row in self.sheets.values() for count in row.counts]
        if not days:
            return None
        early = [row for row in self.standing if row.occurred < min(days) and row.step not in _ANY_TIME]
        return min(early, key=_by_day, default=None)


def open_book(case: Case) -> Book:
    """Return a case as it stands."""
    rows = CaseStep.objects.filter(case=case, dismissal=None)
    return Book(case, {row.id: row for row in rows.order_by("received", "id")})


def open_books(cases: Collection[str]) -> Iterator[Book]:
    """Give the cases with these ids as they stand, by id; few are in memory at once."""
    wanted = iter(sorted(set(cases)))
    while some := list(islice(wanted, AT_ONCE)):
        rows: defaultdict[str, dict[str, CaseStep]] = defaultdict(dict)
        for row in CaseStep.objects.filter(case__in=some, dismissal=None).order_by("received", "id"):
            rows[row.case_id][row.id] = row
        for case in Case.objects.filter(pk__in=some).order_by("pk"):
            yield Book(case, rows[case.id])


def fact_of(row: CaseStep) -> Fact:
    """Return a step as a plain fact."""
    return Fact(
        row.id,
        Step(row.step),
        row.occurred,
        row.known,
        row.defendant,
        row.hearing,
        row.corrects,
        MappingProxyType(dict(row.said)),
    )


def concerns(row: CaseStep, subject: str, series: Collection[str]) -> bool:
    """Return whether a step concerns somebody: it names nobody, them, or a series that shows them."""
    if row.subject:
        return row.subject == subject
    return not row.series or row.series in series


def status_of(case: Case, subject: str, series: Collection[str] = ()) -> VictimStatus | None:
    """Return the version that holds of whether somebody is a victim; None: presumed, nobody said anything."""
    mine = Q(subject=subject) | Q(subject="", series__in=list(series))
    rows = VictimStatus.objects.filter(mine, case=case)
    return rows.order_by("decided", "known", "status", "pk").last()


def status_word(row: VictimStatus | None) -> Status:
    """Return the status that a version says."""
    return Status.PRESUMED if row is None else Status(row.status)


def _by_day(row: CaseStep) -> tuple[object, ...]:
    return row.occurred, row.known, row.id


def _by_known(row: CaseStep) -> tuple[object, ...]:
    return row.known, row.occurred, row.id
