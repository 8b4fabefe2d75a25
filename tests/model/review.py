"""A second, slower reading of docs/rules.md on review, and histories that hold the desk against it.

It keeps what happened in plain lists, and works out anew at each step what may be put before whom and which
files count. It shares no rule with `luwte.desk.review`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from luwte.desk.findings import services as register
from luwte.desk.findings.models import Finding
from luwte.desk.review import authority, people, services
from luwte.desk.review.errors import LookOver
from luwte.desk.review.floors import NO_FLOOR
from luwte.desk.review.hours import Limits, NotNow
from luwte.desk.review.rules import Answer
from luwte.desk.review.services import Question
from luwte.desk.review.values import Stake
from tests.support.desk import NOON, cluster, cluster_id, remembering, report
from tests.support.review import Given, reported

MINUTE = timedelta(minutes=1)
DAY_BEGINS = NOON.replace(hour=8, minute=0)
LIMITS = Limits(from_hour=9, to_hour=13, minutes_a_day=40, items_a_day=4, minutes_in_a_row=8, pause=5)
NAMES = ("wim", "ria", "bo", "eva")
SUBJECT = "aa" * 16
HEARD, SILENT = "s-heard", "s-silent"
LIKELY = (Answer.CONFIRMED,) * 3 + (Answer.REJECTED,) * 3 + (Answer.CANNOT_TELL,)


class Broken(AssertionError):
    """The desk did what it may not do."""


@dataclass
class Look:
    """One look of the history, as it was seen from outside."""

    who: str
    cluster: str
    begins: datetime
    ends: datetime | None = None
    said: Answer | None = None
    passed: bool = False


@dataclass
class History:
    """What happened so far: looks (undone ones are gone from `counted`), clusters with files and series.

    `lists` are those that labs have, newer and older: the clusters that each of them remembers. `found_in`:
    by cluster and case, for each report, files identical to the entry itself, and those of the cluster.
    """

    files: dict[str, int] = field(default_factory=dict)
    series: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    lists: list[set[str]] = field(default_factory=list)
    found_in: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    counted: list[Look] = field(default_factory=list)
    acute: bool = False
    now: datetime = DAY_BEGINS

    def found(self, cluster: str) -> str:
        """Return what the answers on a cluster come to, "" when that is open."""
        said = Counter(one.said for one in self.counted if one.cluster == cluster)
        for answer, count in said.items():
            if answer is not None and count > 1:
                return "unclear" if answer == Answer.CANNOT_TELL else answer.value
        return "unclear" if sum(said.values()) > 2 else ""

    def free(self, who: str) -> bool:
        """Whether a reviewer may look at all now."""
        hour = self.now.hour + 1  # noon in winter in London is one o'clock in Amsterdam
        today = [one for one in self.looks if one.begins.date() == self.now.date()]
        spent = sum(((one.ends or self.now) - one.begins for one in today), timedelta())
        mine = [one for one in today if one.who == who]
        if self.acute or not LIMITS.from_hour <= hour < LIMITS.to_hour:
            return False
        if spent >= LIMITS.minutes_a_day * MINUTE or len(mine) >= LIMITS.items_a_day:
            return False
        return not self._tired(mine)

    def _tired(self, mine: list[Look]) -> bool:
        """Walk back over the day: is the last stretch without a pause too long, and not rested from?"""
        busy = [(one.begins, one.ends or self.now) for one in mine]
        if not busy:
            return False
        last = begin = max(end for _, end in busy)
        if self.now - last >= LIMITS.pause * MINUTE:
            return False
        for at, end in sorted(busy, key=lambda pair: pair[1], reverse=True):
            if begin - end >= LIMITS.pause * MINUTE:
                break
            begin = min(begin, at)
        return last - begin >= LIMITS.minutes_in_a_row * MINUTE

    def may_see(self, who: str) -> set[str]:
        """Return what may be put before a reviewer who holds nothing."""
        held = {one.cluster for one in self.looks if one.ends is None}
        passed = {one.cluster for one in self.counted if one.who == who}
        passed |= {one.cluster for one in self.looks if one.who == who and one.passed}
        return {
            name
            for name in self.files
            if self.series[name] == HEARD and not self.found(name) and name not in held | passed
        }


def live(seed: int, steps: int = 60) -> None:
    """Live one history on the desk; raises `Broken` at the first step at which it does what it may not."""
    random, history = Random(seed), History()
    register.link_series(SUBJECT, HEARD, NOON)
    authority.set_limits(LIMITS)
    authority.set_floor(NO_FLOOR, "lead", NOON)
    for name in NAMES:
        people.add(name, NOON)
    for _ in range(3):
        _report(random, history)
    for _ in range(steps):
        random.choice(ACTS)(random, history)
        _check(history)
        history.now += random.choice((0, 0, 1, 1, 2, 3, 30)) * MINUTE
        if random.random() < 0.03:
            history.now = history.now.replace(hour=8, minute=0) + timedelta(days=1)


def _report(random: Random, history: History) -> None:
    place = len(history.files)
    name, series = cluster_id(f"m{place}"), HEARD if random.random() < 0.8 else SILENT
    history.files[name], history.series[name] = random.randint(1, 9), series
    history.cases[name] = f"C-{random.randint(1, 2)}"
    history.found_in[name, history.cases[name]] = [(0, history.files[name])]
    found = cluster(f"m{place}", f"e{place}", history.files[name], series=series)
    reported(found, case=history.cases[name], now=history.now)


def _remember(random: Random, history: History) -> None:
    """Make a list that remembers what is confirmed now, and nothing that was taken back."""
    history.lists.append({name for name in history.files if history.found(name) == "confirmed"})


def _again(random: Random, history: History) -> None:
    """Scan with a list that some lab has, old or new: files of a cluster that it remembers are identical.

    It may be the same carrier or one of another case, with files that the list knew before.
    """
    known = random.choice(history.lists or [set()])
    if known:
        name = random.choice(sorted(known))
        case = random.choice((history.cases[name], "C-3"))
        own, files = random.choice((0, 0, 2)), history.files[name]
        history.found_in.setdefault((name, case), []).append((own, files))
        place = list(history.files).index(name)
        one = report({history.series[name]: {f"e{place}": (own + files, 0)}}, case=case)
        register.register(remembering(one, f"e{place}", files, f"m{place}"), history.now)


def _look(random: Random, history: History) -> None:
    """Take what comes, and answer, refuse, stop or leave it lying."""
    who = random.choice(NAMES)
    _lapse(history)
    held = next((one for one in history.looks if one.who == who and one.ends is None), None)
    given = Given(by_series={HEARD: Stake(True), SILENT: Stake()})
    found = services.next_for(who, given, history.now)
    if held is None:
        held = _taken(history, who, found)
    elif not isinstance(found, Question) or found.cluster != held.cluster:
        raise Broken("who has a cluster before them does not get it again")
    if held is not None:
        _answered(random, history, held)


def _taken(history: History, who: str, found: Question | NotNow) -> Look | None:
    allowed = history.may_see(who) if history.free(who) else set()
    if isinstance(found, NotNow):
        if allowed:
            raise Broken(f"{who} gets nothing ({found.why}) and may look at {len(allowed)}")
        return None
    if found.cluster not in allowed:
        raise Broken(f"{who} gets a cluster that may not be put before them now")
    look = Look(who, found.cluster, history.now)
    history.looks.append(look)
    return look


def _answered(random: Random, history: History, look: Look) -> None:
    what = random.random()
    if what < 0.12:
        return
    history.now += random.randint(0, 4) * MINUTE
    if history.now >= look.begins + services.LEASE:
        _too_late(history, look)
        return
    look.ends = history.now
    if what < 0.2:
        services.stop(look.who, history.now)
    elif what < 0.28:
        services.refuse(look.who, look.cluster, history.now)
        look.passed = True
    else:
        look.said = random.choice(LIKELY)
        history.counted.append(look)
        services.answer(look.who, look.cluster, look.said, history.now)


def _too_late(history: History, look: Look) -> None:
    try:
        services.answer(look.who, look.cluster, Answer.CONFIRMED, history.now)
    except LookOver:
        return
    raise Broken("an answer counts after its time")


def _lapse(history: History) -> None:
    for one in history.looks:
        if one.ends is None and one.begins + services.LEASE <= history.now:
            one.ends = one.begins + services.LEASE


def _undo(random: Random, history: History) -> None:
    answered = sorted({one.cluster for one in history.counted})
    if answered:
        chosen = random.choice(answered)
        services.undo(chosen, "lead", "a slip", history.now)
        history.counted = [one for one in history.counted if one.cluster != chosen]


def _acute(random: Random, history: History) -> None:
    history.acute = not history.acute and random.random() < 0.5
    fields = {name: getattr(LIMITS, name) for name in Limits.__slots__}
    authority.set_limits(Limits(**fields | {"acute": history.acute}))


def _check(history: History) -> None:
    """T12: the files that count are those of clusters that two who agree confirmed, each once.

    So are those that are identical to them, found by whatever list and whenever; and what the list itself
    knows counts whatever was decided.
    """
    right = sum(
        max(own + (files if history.found(name) == "confirmed" else 0) for own, files in reports)
        for (name, _), reports in history.found_in.items()
        if history.series[name] == HEARD
    )
    rows = Finding.objects.filter(subject=SUBJECT).values_list("identical", "confirmed")
    counted = sum(map(sum, rows))
    if counted != right:
        raise Broken(f"{counted} files count as certain, and {right} are")


Act = Callable[[Random, History], None]
ACTS: tuple[Act, ...] = (*[_look] * 12, *[_report] * 2, *[_again] * 2, *[_undo] * 2, _remember, _acute)
