"""Counts against a small world of files: scanned, confirmed, remembered and scanned again, in any order."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.findings import rules, said
from luwte.desk.findings.rules import Tally, Total, for_telling, total
from luwte.desk.findings.said import Said

IDENTICAL, NEAR, SAME = range(3)


@dataclass(frozen=True)
class File:
    """A file as it is: what it matches, how it looks before anyone decided, and what it really shows.

    Files of one `group` are within reach of one another: they show the same, and one decision serves them.
    """

    name: int
    series: str
    entry: str
    looks: int
    group: int
    really: bool


Scan = tuple[int, ...]
"""The files of a carrier, by name, as one scan sees them."""


@dataclass
class Report:
    """What a scan says: by series and entry, and its clusters with the number of their files."""

    entries: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    clusters: dict[tuple[str, str, int], tuple[int, bool]] = field(default_factory=dict)


@dataclass
class World:
    """Files, what the list remembers, what reviewers decided by cluster, and all reports so far."""

    files: list[File]
    remembered: set[int] = field(default_factory=set)
    decided: dict[tuple[str, str, int], bool] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)

    def scan(self, names: Scan) -> None:
        """Report on a carrier, with the list as it is now."""
        report, groups = Report(), defaultdict(list)
        for file in (self.files[name] for name in names):
            looks = IDENTICAL if file.name in self.remembered else file.looks
            report.entries[file.series, file.entry][looks] += 1
            self.seen.add(file.name)
            if looks != IDENTICAL:
                groups[file.series, file.entry, file.group].append((file.name, looks))
        for (series, entry, _), members in groups.items():
            same = all(looks == SAME for _, looks in members)
            report.clusters[series, entry, min(members)[0]] = (len(members), same)
        self.reports.append(report)

    def decide(self, cluster: tuple[str, str, int]) -> None:
        """Let reviewers decide rightly what the files of a cluster show."""
        self.decided[cluster] = self.files[cluster[2]].really

    def remember(self, names: Scan) -> None:
        """Put the confirmed ones of these files into the list."""
        self.remembered |= {name for name in names if self.certain(name)}

    def certain(self, name: int) -> bool:
        """Whether somebody decided on the file, or it is identical anyway."""
        file = self.files[name]
        reached = {(one.series, one.entry, one.group) for one in (self.files[c[2]] for c in self.decided)}
        return file.really and (file.looks == IDENTICAL or (file.series, file.entry, file.group) in reached)

    def count(self, reports: list[Report] | None = None) -> Total:
        """Return what the desk makes of the reports."""
        by_series: dict[str, list[dict[str, Tally]]] = defaultdict(list)
        for report in self.reports if reports is None else reports:
            for series in {series for series, _ in report.entries}:
                by_series[series].append(self._said(report, series).tallies())
        return total(by_series.values())

    def _said(self, report: Report, series: str) -> Said:
        entries = {entry: counts for (of, entry), counts in report.entries.items() if of == series}
        confirmed: Counter[str] = Counter()
        rejected: Counter[str] = Counter()
        for cluster, (files, all_same) in report.clusters.items():
            if cluster[0] == series and cluster in self.decided:
                if self.decided[cluster]:
                    confirmed[cluster[1]] += files
                elif all_same:
                    rejected[cluster[1]] += files
        identical, near, same = (sum(found[kind] for found in entries.values()) for kind in range(3))
        return Said(identical, near, same, entries, confirmed, rejected)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Give some files; what is identical really shows the entry, and so does each or none of a group."""
    right = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    files = []
    for name in range(draw(st.integers(1, 8))):
        group = draw(st.integers(0, 3))
        looks = draw(st.sampled_from((IDENTICAL, NEAR, NEAR, SAME)))
        series, entry = draw(st.sampled_from((("s", "a"), ("s", "b"), ("t", "c"))))
        files.append(File(name, series, entry, looks, group, looks == IDENTICAL or right[group]))
    return World(files)


def live(world: World, random: Random, steps: int = 12) -> None:
    """Let scans, decisions and new lists follow one another, and hold each count against the truth."""
    names = range(len(world.files))
    for _ in range(steps):
        match random.randrange(4):
            case 0 | 1:
                world.scan(tuple(name for name in names if random.random() < 0.7))
            case 2:
                known = sorted({cluster for report in world.reports for cluster in report.clusters})
                if known:
                    world.decide(random.choice(known))
            case _:
                world.remember(tuple(sorted(world.seen)))
        check(world, random)


def check(world: World, random: Random) -> None:
    """No count exceeds the files that there are, nor stays below what one report says for certain."""
    found = world.count()
    certain = [name for name in world.seen if world.certain(name)]
    assert found.identical + found.confirmed <= len(certain)
    assert found.identical + found.same_picture + found.near <= len(world.seen)
    same = [name for name in world.seen if world.files[name].looks == SAME or name in certain]
    accepted = for_telling(*found[:4], accepted=True)
    assert accepted.identical + accepted.confirmed <= len(same)
    for report in world.reports:
        alone = world.count([report])
        assert alone.identical + alone.confirmed <= found.identical + found.confirmed
    again = [*world.reports, *world.reports]
    random.shuffle(again)
    assert world.count(again) == found


@given(worlds(), st.randoms(use_true_random=False))
def test_no_file_counts_twice_however_often_it_is_scanned(world: World, random: Random) -> None:
    live(world, random)


def test_confirmed_remembered_and_scanned_again_is_one_count() -> None:
    files = [File(name, "s", "a", NEAR, 0, True) for name in range(3)]
    world = World(files)
    world.scan((0, 1, 2))
    world.decide(("s", "a", 0))
    assert world.count() == Total(near=3, confirmed=3)
    world.remember((0, 1, 2))
    world.scan((0, 1, 2))
    assert world.count() == Total(identical=3)
    world.scan((0, 2))
    assert world.count() == Total(identical=3)


def kind_by_kind(tallies: Any) -> Tally:
    return Tally(*(max(one[kind] for one in tallies) for kind in range(4)))


def capped(tallies: Any) -> Tally:
    """Return each kind by itself, cut off at the files that one report has of the entry."""
    identical, same, near, confirmed = kind_by_kind(tallies)
    most = max(one.identical + one.same_picture + one.near for one in tallies)
    return Tally(identical, min(same, most - identical), near, min(confirmed, most - identical))


def all_added(tallies: Any) -> Tally:
    return Tally(*(sum(one[kind] for one in tallies) for kind in range(4)))


@pytest.mark.parametrize("wrong", [kind_by_kind, capped, all_added])
def test_each_wrong_way_to_count_is_noticed(monkeypatch: pytest.MonkeyPatch, wrong: Any) -> None:
    monkeypatch.setattr(rules, "highest", wrong)
    assert any(_breaks(seed) for seed in range(200))


def test_rejected_files_that_stay_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [File(0, "s", "a", SAME, 0, False)]
    world = World(files)
    world.scan((0,))
    world.decide(("s", "a", 0))
    assert world.count() == Total()
    monkeypatch.setattr(said, "not_rejected", lambda found, _rejected: found)
    assert world.count() == Total(same_picture=1)


def _breaks(seed: int) -> bool:
    random = Random(seed)
    right = [random.random() < 0.7 for _ in range(3)]
    files = []
    for name in range(6):
        group, looks = random.randrange(3), random.choice((IDENTICAL, NEAR, NEAR, SAME))
        really = looks == IDENTICAL or right[group]
        files.append(File(name, "s", random.choice("ab"), looks, group, really))
    try:
        live(World(files), random)
    except AssertionError:
        return True
    return False
