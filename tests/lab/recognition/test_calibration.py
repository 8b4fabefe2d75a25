from __future__ import annotations

import numpy as np
import pytest

from luwte.base.errors import BadInput
from luwte.lab.recognition import calibration
from luwte.lab.recognition.calibration import fit, try_out
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
