"""P14: can an onlooker tell by time or size who has findings? A test of equivalence, with its power."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from statistics import NormalDist, median
from threading import Lock
from typing import Any

import numpy as np

from bench.rows import Row

MARGIN = 0.05
"""How far from one half the chance may be that an answer to one with findings takes longer."""
SURE = 0.05
"""The chance that each of the two one-sided tests calls equivalent what is not."""
EACH = 100
"""People with findings, and as many without."""
WARM = 10
HANDS = 4
"""Requests at once where they mostly wait, as the server has threads."""
SEED = 20260302
WITH, WITHOUT = True, False
_numbers = count(1)

Visit = Callable[[bool, int], tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Told:
    """What an onlooker gets of a kind of request: seconds and sizes, of people with findings and without."""

    seconds: dict[bool, list[float]]
    sizes: set[int]

    @property
    def chance(self) -> float:
        """The chance that an answer to one with findings takes longer (Mann and Whitney's U, as a share)."""
        return longer(self.seconds[WITH], self.seconds[WITHOUT])

    @property
    def error(self) -> float:
        """The standard error of that chance when nothing differs."""
        return standard_error(len(self.seconds[WITH]), len(self.seconds[WITHOUT]))


def rows(requests: int) -> Iterator[Row]:
    """Return a row for each kind of request: sign-in, first page, question and answer, what was searched.

    A desk on SQLite in a folder of its own that goes afterwards, its pages with all middleware and real
    waiting; `requests` of each kind, people and order drawn from a seed.
    """
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        os.environ["LUWTE_HOME"] = folder
        os.environ["LUWTE_DESK_HOSTS"] = "testserver"
        from luwte.desk.project import ready

        ready.init()
        desk = _Desk()
        for name, visit, hands in (
            ("first-page", desk.first_page, HANDS // 2),
            ("sign-in", desk.sign_in, 1),
            ("searched", desk.searched, HANDS // 2),
            ("question", desk.question, HANDS),
        ):
            yield _row(name, _watched(visit, requests, hands))


def longer(ones: Sequence[float], others: Sequence[float]) -> float:
    """Return the chance that one of `ones` is above one of `others`; equal ones count half."""
    sorted_ = np.sort(np.asarray(others))
    below = np.searchsorted(sorted_, ones, "left") + np.searchsorted(sorted_, ones, "right")
    return float(below.mean() / 2 / len(others))


def standard_error(ones: int, others: int) -> float:
    """Return the standard error of `longer` when both are of one distribution (Mann and Whitney, 1947)."""
    return float(np.sqrt((ones + others + 1) / (12 * ones * others)))


def power(error: float) -> float:
    """Return the chance that both tests pass when nothing differs: what a pass is worth."""
    normal = NormalDist()
    reach = MARGIN / error - normal.inv_cdf(1 - SURE)
    return max(0.0, 2 * normal.cdf(reach) - 1)


def equivalent(chance: float, error: float) -> bool:
    """Return whether two one-sided tests at `SURE` show that the chance is within `MARGIN` of one half."""
    return abs(chance - 0.5) + NormalDist().inv_cdf(1 - SURE) * error < MARGIN


def _row(name: str, told: Told) -> Row:
    apart = median(told.seconds[WITH]) - median(told.seconds[WITHOUT])
    number = sum(map(len, told.seconds.values()))
    work = (
        f"{name}: {number:,} requests, {len(told.sizes)} sizes, medians {apart * 1e6:+,.0f} us apart: "
        "chance that an answer to one with findings takes longer"
    )
    target = f"0.5 +- {MARGIN} by two one-sided tests at {SURE:.0%}, power {power(told.error):.0%}; one size"
    met = equivalent(told.chance, told.error) and len(told.sizes) == 1
    return Row(f"P14-{name}", work, "none", told.chance, None, 0.5, told.chance / 0.5, target, met)


def _watched(visit: Visit, requests: int, hands: int) -> Told:
    dice = random.Random(SEED)
    order = [(one % 2 == 0, dice.randrange(EACH)) for one in range(requests)]
    dice.shuffle(order)
    for one in order[:WARM]:
        visit(*one)  # what is loaded once is nobody's
    seconds: dict[bool, list[float]] = {WITH: [], WITHOUT: []}
    sizes = set()
    with ThreadPoolExecutor(hands) as pool:
        for (which, _), (taken, size) in zip(order, pool.map(lambda one: visit(*one), order), strict=True):
            seconds[which].append(taken)
            sizes.add(size)
    return Told(seconds, sizes)


class _Desk:
    """People with and without findings, and a browser for each; a new link ends the visit before it."""

    def __init__(self) -> None:
        self._one_link = {which: [Lock() for _ in range(EACH)] for which in (WITH, WITHOUT)}
        self.people = {which: [_person(which) for _ in range(EACH)] for which in (WITH, WITHOUT)}
        self.browsers = {
            which: [self._signed_in(person) for person in people] for which, people in self.people.items()
        }

    def sign_in(self, which: bool, who: int) -> tuple[float, int]:
        """Press the button of a fresh link."""
        from django.test import Client

        with self._one_link[which][who]:
            path, browser = _link(self.people[which][who]), Client()
            found = _timed(lambda: browser.post(path))
            self.browsers[which][who] = browser
        return found

    def first_page(self, which: bool, who: int) -> tuple[float, int]:
        """Load the first page, on which a message waits or not."""
        return _timed(lambda: self.browsers[which][who].get("/"))

    def searched(self, which: bool, who: int) -> tuple[float, int]:
        """Load what was searched."""
        return _timed(lambda: self.browsers[which][who].get("/gezocht/"))

    def question(self, which: bool, who: int) -> tuple[float, int]:
        """Ask whether there is something, and load the answer; with findings there is something new."""
        if which == WITH:
            _finding(self.people[which][who])
        browser = self.browsers[which][who]
        asked, _ = _timed(lambda: browser.post("/vraag/"))
        answered, size = _timed(lambda: browser.get("/?asked"))
        return asked + answered, size

    def _signed_in(self, person: str) -> Any:
        from django.test import Client

        browser = Client()
        browser.post(_link(person))
        return browser


def _timed(ask: Callable[[], Any]) -> tuple[float, int]:
    begun = time.perf_counter()
    answer = ask()
    return time.perf_counter() - begun, len(answer.content)


def _person(which: bool) -> str:
    """Add a person who hears when they ask; one with findings has a message that waits."""
    from luwte.desk.telling import services
    from luwte.desk.telling.subjects import subject_of
    from luwte.desk.vault import services as vault
    from luwte.desk.vault.rules import Identity
    from luwte.desk.wishes.rules import Choice, Rhythm, Source

    born = date(1990, 1, 1)
    person = vault.add_person(Identity("Somebody", born, born))
    services.set_wish(
        person, Source.CASE, Choice(True, Rhythm.ON_REQUEST), set_by="bench", conversation="bench",
        assessment="bench", now=_before(),
    )  # fmt: skip
    if which == WITH:
        _finding(person)
        services.ask(subject_of(person), _before())
    return person


def _finding(person: str) -> None:
    from luwte.desk.cases.models import Case
    from luwte.desk.findings.models import Finding
    from luwte.desk.telling.subjects import subject_of

    case = Case.objects.create(number=f"case {next(_numbers)}", opened=_before())
    Finding.objects.create(
        subject=subject_of(person), case=case, identical=1, registered=_before(), updated=_before()
    )


def _link(person: str) -> str:
    from luwte.desk.vault import services as vault

    return f"/in/{vault.sign_in_link(person, datetime.now(UTC))}/"


def _before() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)
