"""Calibration: a model of likelihoods fitted on edits of pictures, and how it does on others.

The pictures with even numbers fit the model, those with odd numbers say how sure it may be. Nothing is
random: the same pictures give the same model, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

from luwte.base.errors import BadInput
from luwte.lab.recognition.evidence import Gathered, Pair
from luwte.lab.recognition.geometry import LEAST_INLIERS
from luwte.lab.recognition.likelihood import Evidence, Model, Second, Tail, features
from luwte.lab.recognition.verdicts import PDQ_RADIUS, Verdict

FEWEST = 8
"""Pictures of one half below which nothing can be fitted."""
PRIOR = 0.01
"""The share of files that are taken to show something of the list: one in a hundred."""
_EXTREMES = 100  # strangers with the highest scores, which make the tail
_ROUNDS = 60
_RIDGE = 1e-5
_STRIDE = 5.0  # of one round: Newton's steps overshoot where copies and strangers lie apart
_DIGITS = 6
_LOWEST = 0.1  # of copies, where they meet strangers: all are taken to be as thinly spread as these
_STEEPEST = (
    40  # a tail falls by e within no less than this part of all scores, however few strangers there are
)
_FREE = (0, 3)  # the constant, and that a window is known: alone these may lower a score
_BANDS = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0)

_IMAGINED = [
    Pair(0, "none", 1, Evidence(None, LEAST_INLIERS, 0.25, window)) for window in (None, 128)
]  # the least that strangers can share, so that a few pictures that share nothing can be fitted too

_NOTHING = Tail(0, 1, 1, 1, 1)

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Band:
    """Pairs with a likelihood in `low` to `high`: how many, what share was expected and seen to be copies."""

    low: float
    high: float
    pairs: int
    expected: float
    seen: float


@dataclass(frozen=True, slots=True)
class Trial:
    """How a model does on `pictures` that it was not fitted on, with `copies` of them and `strangers`.

    `bands` say whether its likelihoods hold; `of_copies` and `of_strangers` count the verdicts, in a list of
    so many pictures. `ceiling` is the upper 95 % bound of the share of strangers taken for the same picture.
    """

    pictures: int
    copies: int
    strangers: int
    bands: tuple[Band, ...]
    of_copies: dict[Verdict, int]
    of_strangers: dict[Verdict, int]
    ceiling: float


def fit(gathered: Gathered, about: str) -> Model:
    """Return the model that `gathered` gives; raises `BadInput` for fewer than `FEWEST` pictures."""
    if gathered.pictures < FEWEST:
        raise BadInput(
            f"Only {gathered.pictures} pictures in one half can be told apart; a calibration needs {FEWEST}. "
            "Give a folder with more pictures that are not copies of each other."
        )
    aligned = [pair for pair in gathered.pairs if pair.evidence.inliers] + _IMAGINED
    near = [pair for pair in gathered.pairs if pair.evidence.distance is not None]
    weights = _weights(aligned)
    distances = np.array([-float(pair.evidence.distance or 0) for pair in near])
    counted = gathered.copies, gathered.strangers
    model = Model(about, PRIOR, weights, _tail(near, distances, *counted), _NOTHING)
    scores = np.array([model.score(pair.evidence) for pair in aligned])
    model = replace(model, aligned=_tail(aligned, scores, *counted))
    return replace(model, second=_second(model, gathered.pairs))


def judged(model: Model, pair: Pair, references: int) -> tuple[Verdict, float]:
    """Return verdict and likelihood of `pair` in a list of `references`, as a scan gives them."""
    evidence, distance = replace(pair.evidence, distance=None), pair.evidence.distance
    verdict, likelihood = model.verdict(evidence, references), model.likelihood(evidence, references)
    if distance is None:
        return verdict, likelihood
    closer = pair.second or Evidence(distance)
    likelihood = max(likelihood, model.likelihood(closer, references))
    if "same_picture" in (verdict, model.verdict(closer, references)):
        return "same_picture", likelihood
    return "near" if distance <= max(PDQ_RADIUS, model.reach(references)) else verdict, likelihood


def reliability(model: Model, gathered: Gathered) -> list[Band]:
    """Return for bands of likelihood what was expected and seen, where each file has one true entry."""
    even = replace(model, prior=0.5)
    pairs = [pair for pair in gathered.pairs if pair.speaks]
    likelihoods = np.array([judged(even, pair, gathered.pictures)[1] for pair in pairs])
    same = np.array([pair.same for pair in pairs])
    bands = []
    for low, high in pairwise(_BANDS):
        here = (likelihoods >= low) & ((likelihoods < high) if high < 1 else np.bool_(True))
        if here.any():
            bands.append(
                Band(low, high, int(here.sum()), float(likelihoods[here].mean()), float(same[here].mean()))
            )
    return bands


def try_out(model: Model, gathered: Gathered) -> Trial:
    """Return how `model` does on what was gathered of pictures that it was not fitted on."""
    of_copies, of_strangers = (
        _verdicts(model, (pair for pair in gathered.pairs if pair.same is same), gathered.pictures)
        for same in (True, False)
    )
    of_strangers["unknown"] = gathered.strangers - sum(of_strangers.values()) + of_strangers["unknown"]
    return Trial(
        gathered.pictures,
        gathered.copies,
        gathered.strangers,
        tuple(reliability(model, gathered)),
        of_copies,
        of_strangers,
        _ceiling(of_strangers["same_picture"]) / max(gathered.strangers, 1),
    )


def _ceiling(seen: int) -> float:
    """The 95 % upper bound of a Poisson mean of which `seen` events were seen, by bisection."""
    low, high = float(seen), seen + 10 * sqrt(seen + 4)
    for _ in range(60):
        middle = (low + high) / 2
        below = sum(exp(number * log(middle) - middle - lgamma(number + 1)) for number in range(seen + 1))
        low, high = (middle, high) if below > 0.05 else (low, middle)
    return high


def _verdicts(model: Model, pairs: Iterable[Pair], references: int) -> dict[Verdict, int]:
    count: dict[Verdict, int] = {"same_picture": 0, "near": 0, "same_scene": 0, "unknown": 0}
    for pair in pairs:
        count[judged(model, pair, references)[0]] += 1
    return count


def _weights(pairs: list[Pair]) -> tuple[float, ...]:
    """Logistic regression by Newton's method, copies and strangers weighing the same.

    Evidence never counts against a copy: a feature that would is left out, and the rest fitted again.
    """
    values = np.array([features(pair.evidence) for pair in pairs]).reshape(
        len(pairs), len(features(Evidence()))
    )
    same = np.array([pair.same for pair in pairs])
    if not same.any():
        raise BadInput(
            "No copy of these pictures is found by its keypoints: nothing can be fitted on them. "
            "Give a folder with more pictures, of ordinary things."
        )
    share = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    used = np.ones(values.shape[1], np.bool_)
    while True:
        found = np.zeros(values.shape[1])
        found[used] = _newton(values[:, used], same.astype(float), share)
        against = found < 0
        against[list(_FREE)] = False
        if not against.any():
            return tuple(round(float(weight), _DIGITS) for weight in found)
        used &= ~against


def _newton(values: Scores, same: Scores, share: Scores) -> Scores:
    weights = np.zeros(values.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(values @ weights, -50, 50)))
        slope = values.T @ (share * (same - chance)) - _RIDGE * weights
        bend = (values * (share * chance * (1 - chance))[:, None]).T @ values + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights = weights + step * min(1.0, _STRIDE / max(float(np.abs(step).max()), 1e-12))
    return weights


def _second(model: Model, pairs: Iterable[Pair]) -> Second:
    """Return what an alignment says of pairs that are near; one more of each kind than was seen has none."""
    tried = [(pair, pair.second) for pair in pairs if pair.second is not None]
    shown = [(pair, evidence) for pair, evidence in tried if evidence.inliers]
    copies, strangers = (2 + sum(pair.same is same for pair, _ in tried) for same in (True, False))
    aligned = [1 + sum(pair.same is same for pair, _ in shown) for same in (True, False)]
    silence = log((copies - aligned[0]) / copies) - log((strangers - aligned[1]) / strangers)
    scores = np.array([model.score(evidence) for _, evidence in shown])
    tail = _tail([pair for pair, _ in shown], scores, copies, strangers) if shown else _NOTHING
    return Second(tail, min(0.0, round(silence, _DIGITS)))


def _tail(pairs: list[Pair], scores: Scores, of_copies: int, of_strangers: int) -> Tail:
    """Return the tail of strangers' scores and the spread of copies' scores, of so many pairs in all.

    One stranger more than was seen is reckoned with, so that nothing is ever taken to be impossible.
    """
    same = np.array([pair.same for pair in pairs])
    strangers, copies = np.sort(scores[~same])[::-1], scores[same]
    extremes = min(_EXTREMES, len(strangers) // 2)
    start = float(strangers[extremes]) if extremes else float(scores.min())
    found = copies[copies > start]
    spread = float(np.quantile(found, _LOWEST) - start) / _LOWEST if len(found) else 1.0
    excess = float((strangers[:extremes] - start).mean()) if extremes else 0.0
    numbers = (
        start,
        (extremes + 1) / of_strangers,
        max(excess, float(np.ptp(scores)) / _STEEPEST, 0.01),
        max(len(found), 1) / of_copies,
        max(spread, 0.01),
    )
    return Tail(*(float(f"{number:.{_DIGITS}g}") for number in numbers))
