from __future__ import annotations

from dataclasses import replace

import pytest

from luwte.lab.recognition.likelihood import Evidence, Model, Second, Tail, Thresholds, features

WHOLE = Tail(start=-90.0, share=1e-4, excess=3.0, found=0.5, spread=90.0)
ALIGNED = Tail(start=0.0, share=1e-4, excess=0.5, found=0.9, spread=10.0)
MODEL = Model("a test", 0.01, (-4.0, 6.0, 10.0, -1.0, 6.0), WHOLE, ALIGNED)

COPY = Evidence(None, 25, 0.8, 6)
CUT = Evidence(None, 12, 0.6, None)
SCENE = Evidence(None, 12, 0.1, 120)


def test_each_weight_has_a_feature_between_0_and_1() -> None:
    for evidence in (Evidence(), COPY, CUT, SCENE, Evidence(0, 64, 1.0, 0)):
        found = features(evidence)
        assert len(found) == len(MODEL.weights)
        assert all(0 <= value <= 1 for value in found)


def test_more_of_anything_is_more_likely() -> None:
    assert MODEL.likelihood(COPY, 1000) > MODEL.likelihood(replace(COPY, inliers=15), 1000)
    assert MODEL.likelihood(CUT, 1000) > MODEL.likelihood(replace(CUT, coverage=0.3), 1000)
    assert MODEL.likelihood(replace(SCENE, window_distance=20), 1000) > MODEL.likelihood(SCENE, 1000)
    assert MODEL.likelihood(Evidence(10), 1000) > MODEL.likelihood(Evidence(31), 1000)


def test_a_longer_list_makes_each_match_less_likely() -> None:
    for evidence in (COPY, CUT, Evidence(31), Evidence(60)):
        found = [MODEL.likelihood(evidence, 10**power) for power in range(9)]
        assert all(0 < value < 1 for value in found)
        assert found == sorted(found, reverse=True)
        assert found[0] > found[-1]


def test_beyond_what_was_measured_the_tail_goes_on_by_its_own_slope() -> None:
    # At the start of the tail, one stranger in 10,000 pairs; each further 3 bits, e times fewer.
    ratio = WHOLE.log_ratio(-30.0) - WHOLE.log_ratio(-60.0)
    assert ratio == pytest.approx(10.0)


def test_below_the_tail_strangers_become_frequent_faster() -> None:
    assert WHOLE.log_ratio(-90.0) - WHOLE.log_ratio(-93.0) == pytest.approx(2.0)
    assert WHOLE.log_ratio(-87.0) - WHOLE.log_ratio(-90.0) == pytest.approx(1.0)


def test_what_was_measured_says_how_likely() -> None:
    # f1 / f0 at the start: (.5 / 90) / (1e-4 / 3); prior odds 1 to 99, shared by 1,000 references.
    odds = (0.5 / 90) / (1e-4 / 3) * 0.01 / 0.99 / 1000
    assert MODEL.likelihood(Evidence(90), 1000) == pytest.approx(odds / (1 + odds))


def test_the_stronger_part_counts_alone() -> None:
    alone = MODEL.likelihood(Evidence(31), 1000)
    assert MODEL.likelihood(Evidence(31, 4, 0.05, 128), 1000) == alone


def test_distance_alone_is_at_most_near() -> None:
    assert MODEL.likelihood(Evidence(0), 10) > MODEL.thresholds.same_picture
    assert MODEL.verdict(Evidence(0), 10) == "near"


def test_the_verdicts_follow_the_thresholds() -> None:
    for same_picture, near, wanted in (
        (0.0, 0.0, "same_picture"),
        (1.0, 0.0, "near"),
        (1.0, 1.0, "same_scene"),
    ):
        model = replace(MODEL, thresholds=Thresholds(same_picture, near, 10))
        assert model.verdict(CUT, 100_000) == wanted
    assert model.verdict(replace(CUT, inliers=9), 100_000) == "unknown"
    assert model.verdict(Evidence(None, 0, 0.0, None), 100) == "unknown"


@pytest.mark.parametrize("references", [0, 1, 10**12])
def test_the_ends_of_all_ranges_are_likelihoods(references: int) -> None:
    sharp = replace(MODEL, weights=(1e6,) * 5, whole=replace(WHOLE, excess=1e-12))
    for evidence in (Evidence(0, 64, 1.0, 0), Evidence(256, 4, 0.0, 256), Evidence(256)):
        assert 0 <= sharp.likelihood(evidence, references) <= 1


LOOKED_INTO = replace(MODEL, second=Second(Tail(0.0, 0.02, 0.5, 0.95, 10.0), -3.0))


def test_an_alignment_of_what_is_near_makes_it_likelier_and_none_makes_it_less_likely() -> None:
    silent, alone = Evidence(70, second=True), Evidence(70)
    aligned = Evidence(70, 25, 0.7, 20, second=True)
    first, second, third = (LOOKED_INTO.likelihood(one, 10_000) for one in (silent, alone, aligned))
    assert first < second < third
    assert LOOKED_INTO.verdict(aligned, 10_000) == "same_picture"


def test_no_alignment_speaks_more_against_than_none() -> None:
    silent, weakest = Evidence(70, second=True), Evidence(70, 4, 0.0, 256, second=True)
    assert LOOKED_INTO.likelihood(weakest, 10_000) == LOOKED_INTO.likelihood(silent, 10_000)


@pytest.mark.parametrize("evidence", [Evidence(0, second=True), Evidence(0, 4, 0.0, 256, second=True)])
def test_a_distance_is_at_most_near_unless_the_alignment_itself_speaks_for_it(evidence: Evidence) -> None:
    assert LOOKED_INTO.likelihood(evidence, 1) > LOOKED_INTO.thresholds.same_picture
    assert LOOKED_INTO.verdict(evidence, 1) == "near"


def test_a_model_that_says_nothing_of_it_goes_by_the_distance() -> None:
    for evidence in (Evidence(70, second=True), Evidence(70, 25, 0.7, 20, second=True)):
        assert MODEL.likelihood(evidence, 1000) == MODEL.likelihood(Evidence(70), 1000)
    assert MODEL.verdict(Evidence(0, 25, 0.7, 20, second=True), 1) == "near"
