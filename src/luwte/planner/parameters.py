"""What a simulated world is drawn from, and what of it is known or assumed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of a world; shares are from 0 to 1. `ORIGIN` says where each comes from.

    `cases` a year in the country; `top`: hits a week of the series that circulates most; `tail`: the exponent
    of Zipf's law by which the others fall off; `burst`: share of the cases that fall in one week of action.
    """

    people: int = 1000
    weeks: int = 52
    seed: int = 1
    cases: int = 800
    top: float = 4.0
    tail: float = 1.0
    burst: float = 0.10
    near: float = 0.15
    hearing: float = 0.60
    decay: float = 0.10
    want: float = 0.75
    asked: float = 0.70
    lawyers: float = 0.20
    opened: float = 0.85
    calls: int = 40


ORIGIN = {
    "cases": "300 to 1,500 download cases a year (reported range)",
    "top": "the most traded known series: 3,200 cases in 15 years, about 4 a week",
    "tail": "assumption: Zipf, so that the median person has less than one hit a year",
    "burst": "assumption, after a week in 2023 in which more than 400 carriers were seized",
    "near": "assumption: no public number; literature sweeps 5 to 40 %",
    "hearing": "assumption: share of cases that come to a hearing within the year after",
    "decay": "about 10 % of addresses a year; 73 % of American opt-outs were bad addresses",
    "want": "about 75 % of 61 people asked in 2019 want to hear of cases",
    "asked": "assumption: share of people who were asked before the year begins",
    "lawyers": "assumption: share of people with a lawyer who has a standing mandate",
    "opened": "assumption: share of messages that are opened",
    "calls": "assumption: conversations that care workers have a week, for 1,000 people",
}

SWEEP: dict[str, tuple[float, float]] = {
    "cases": (300, 1500),
    "top": (2.0, 8.0),
    "tail": (0.7, 1.3),
    "near": (0.05, 0.40),
    "decay": (0.05, 0.20),
    "want": (0.50, 0.90),
    "asked": (0.30, 1.00),
    "lawyers": (0.0, 0.50),
    "calls": (10, 100),
}
"""The low and the high value of each number that nobody knows well."""


def varied(base: Parameters) -> list[tuple[str, float, Parameters]]:
    """Return each world of the sweep: what differs from `base`, its value, and the parameters."""
    kinds = {field.name: type(getattr(base, field.name)) for field in fields(base)}
    return [
        (name, value, replace(base, **{name: kinds[name](value)}))
        for name, values in SWEEP.items()
        for value in values
    ]
