from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest

from luwte.base.errors import BadInput
from luwte.lab.recognition import calibration
from luwte.lab.recognition.calibration import fit, judged, try_out
from luwte.lab.recognition.evidence import Gathered, Pair
from luwte.lab.recognition.likelihood import Evidence

STRANGERS = 100_000


def world(pictures: int = 40, weak: int = 400) -> Gathered:
    """Copies with many inliers, strangers with few: each further one is an eighth less frequent."""
    dice = np.random.Generator(np.random.PCG64(7))
    pairs = []
    for number in range(200):
        inliers = int(dice.integers(8, 50))
        evidence = Evidence(
            int(dice.integers(0, 120)), inliers, float(dice.uniform(0.3, 1)), int(dice.integers(0, 60))
        )
        pairs.append(Pair(number % pictures, "edit", number % pictures, evidence))
    for number in range(weak):
        inliers = 3 + int(dice.geometric(0.12))
        evidence = Evidence(
            int(dice.normal(105, 8)), inliers, float(dice.uniform(0, 0.4)), int(dice.normal(125, 10))
        )
        pairs.append(Pair(number % pictures, "edit", (number + 1) % pictures, evidence))
    return Gathered(tuple(pairs), 200, STRANGERS, pictures)


def test_copies_are_told_from_strangers() -> None:
    trial = try_out(fit(world(), "a test"), world())
    assert trial.of_copies["same_picture"] > 150
    assert trial.of_strangers["same_picture"] == 0
    assert sum(trial.of_strangers.values()) == STRANGERS
    assert trial.ceiling == pytest.approx(2.996 / STRANGERS, rel=1e-3)  # the rule of three


def test_pictures_that_share_nothing_give_a_cautious_model() -> None:
    model = fit(world(weak=0), "a test")
    assert model.aligned.share >= 1 / STRANGERS
    assert model.verdict(Evidence(None, 5, 0.2, None), 1000) == "unknown"
    assert model.verdict(Evidence(None, 40, 0.9, 4), 1000) == "same_picture"


def test_a_tail_is_never_steeper_than_a_fortieth_of_all_scores() -> None:
    model = fit(world(), "a test")
    scores = [model.score(pair.evidence) for pair in world().pairs]
    assert model.aligned.excess == pytest.approx(np.ptp(scores) / 40, rel=1e-3)


def test_the_tail_is_that_of_the_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_STEEPEST", 1e9)
    model = fit(world(), "a test")
    strangers = [pair.evidence for pair in world().pairs if not pair.same]
    imagined = [Evidence(None, 4, 0.25, None), Evidence(None, 4, 0.25, 128)]  # so that there always are some
    scores = sorted(map(model.score, strangers + imagined), reverse=True)
    assert model.aligned.start == pytest.approx(scores[100], rel=1e-4)
    assert model.aligned.share == pytest.approx(101 / STRANGERS)
    assert model.aligned.excess == pytest.approx(np.mean(scores[:100]) - scores[100], rel=1e-3)


def test_evidence_never_counts_against_a_copy() -> None:
    model = fit(world(), "a test")
    inliers = [model.score(Evidence(None, number, 0.5, 20)) for number in range(1, 60)]
    assert inliers == sorted(inliers)
    coverage = [model.score(Evidence(None, 20, share / 20, 20)) for share in range(21)]
    assert coverage == sorted(coverage)
    distance = [model.score(Evidence(None, 20, 0.5, bits)) for bits in range(257)]
    assert distance == sorted(distance, reverse=True)


def test_the_same_pairs_give_the_same_model() -> None:
    assert fit(world(), "a test") == fit(world(), "a test")


@pytest.mark.parametrize("gathered", [world(pictures=7), Gathered((), 80, 900, 20)])
def test_nothing_is_fitted_on_too_little(gathered: Gathered) -> None:
    with pytest.raises(BadInput):
        fit(gathered, "a test")


def looked_into(silent_copies: int, silent_strangers: int) -> Gathered:
    """The world, and a hundred copies and strangers each that are near, of which so many do not align."""
    found = []
    for number in range(100):
        copy = Evidence(20, 0 if number < silent_copies else 20 + number % 20, 0.6, 25, second=True)
        stranger = Evidence(70, 0 if number < silent_strangers else 4 + number % 5, 0.2, 110, second=True)
        found += [
            Pair(number % 40, "edit", number % 40, Evidence(20), copy),
            Pair(number % 40, "edit", (number + 1) % 40, Evidence(70), stranger),
        ]
    plain = world()
    return replace(plain, pairs=(*plain.pairs, *found), copies=plain.copies + 100)


def test_what_does_not_align_speaks_against_by_as_much_as_was_seen() -> None:
    second = fit(looked_into(4, 89), "a test").second
    assert second is not None
    assert second.silence == pytest.approx(log((5 / 102) / (90 / 102)), abs=1e-5)
    other = fit(looked_into(90, 10), "a test").second
    assert other is not None
    assert other.silence == 0, "that copies align less than strangers is chance"


def test_a_pair_is_judged_as_the_passes_judge_it() -> None:
    model = fit(looked_into(4, 89), "a test")
    near, silent = Evidence(20), Evidence(20, second=True)
    aligned = replace(silent, inliers=30, coverage=0.8, window_distance=10)
    verdicts = [judged(model, Pair(1, "edit", 1, near, second), 10_000) for second in (None, silent, aligned)]
    assert [verdict for verdict, _ in verdicts] == ["near", "near", "same_picture"]
    assert verdicts[1][1] < verdicts[0][1] < verdicts[2][1]
    far = Pair(1, "edit", 1, Evidence(200), None)
    assert judged(model, far, 10_000)[0] == "unknown"
    both = Evidence(0, 4, 0.0, 256)
    assert judged(model, Pair(1, "edit", 1, both, None), 1)[0] == "near", "distance alone is at most near"
