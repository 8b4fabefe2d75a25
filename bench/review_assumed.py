"""What is assumed of the year of carriers that P12-review is measured in, and where each number is from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Assumed:
    """The numbers of a world that are not measured, shares from 0 to 1. `ORIGIN` says where each is from."""

    seed: int = 1
    people: int = 1000
    cases: int = 800
    top: float = 4.0
    tail: float = 1.0
    references: int = 100_000
    unknown: int = 4_265
    known_again: float = 0.5
    entries: float = 8.0
    files: float = 1.5
    edited: float = 0.15
    alike: float = 1.0
    hard: float = 0.3
    fresh: float = 0.2
    want: float = 0.75
    asked: float = 0.70
    mandate: float = 0.20
    seconds: float = 18.0
    skim: float = 1.0
    wrong: float = 0.02
    reviewers: int = 3
    minutes_a_day: int = 120
    bundle_days: int = 30


ORIGIN = {
    "people": "people whose series stand in the list, as in docs/simulation.md",
    "cases": "300 to 1,500 cases with a carrier a year (reported range)",
    "top": "hits a week of the series that circulates most: 3,200 cases in 15 years, about 4 a week",
    "tail": "assumption: Zipf, so that the median person has less than one hit a year",
    "references": "assumption: 100 pictures of each person; a list shared between countries has millions",
    "unknown": "median of pictures on a carrier that are in no list, log-normal with a spread of 2: the"
    " median of American cases in 2019; seizures of hundreds of thousands are common",
    "known_again": "assumption: share of chance matches whose picture turned up before (web graphics, stock)",
    "entries": "assumption: median of the pictures of a series that one carrier holds, log-normal, spread 1",
    "files": "assumption: copies of each such file in other folders, mean, beside the first",
    "edited": "assumption: share of those files that are edited; no public number, studies take 5 to 40 %",
    "alike": "assumption: sum of the parameters of the beta distribution of that share over carriers;"
    " small: a carrier has nearly all edited, as an app leaves them, or nearly none",
    "hard": "assumption: share of edited files from the whole battery; others are recompressed or resized",
    "fresh": "assumption: share of edited files whose bytes no carrier had before",
    "want": "about 75 % of 61 people asked in 2019 want to hear of cases",
    "asked": "assumption: share of people who were asked",
    "mandate": "assumption: share of people with somebody who has a standing mandate",
    "seconds": "a look: grading by hand at 200 pictures an hour",
    "skim": "assumption: seconds for each further file of a cluster, for at most 30",
    "wrong": "assumption: share of answers that are wrong",
    "reviewers": "assumption: three, so that there is a third where two differ",
    "minutes_a_day": "minutes a day for all reviewers together: what Luwte comes with. Its limit of 40 looks"
    " a day for each binds first",
    "bundle_days": "assumption: days until a decision stands in the list that labs scan with",
}

SWEEP: dict[str, tuple[float, float]] = {
    "seed": (2, 3),
    "edited": (0.05, 0.40),
    "hard": (0.1, 1.0),
    "entries": (2.0, 30.0),
    "unknown": (1_000, 10_000),
    "references": (10_000, 1_000_000),
    "fresh": (0.05, 0.60),
    "want": (0.50, 0.90),
    "seconds": (6.0, 60.0),
    "wrong": (0.0, 0.05),
    "known_again": (0.1, 0.9),
}
"""The low and the high value of the numbers that nobody knows well; two further seeds."""


def varied(base: Assumed) -> Iterator[tuple[str, float, Assumed]]:
    """Give each world of the sweep: what differs from `base`, its value, and what is assumed then."""
    kinds = {field.name: type(getattr(base, field.name)) for field in fields(base)}
    for name, values in SWEEP.items():
        for value in values:
            yield name, value, replace(base, **{name: kinds[name](value)})
