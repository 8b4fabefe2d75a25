"""The NumPy twin of PDQ against a filter written out pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from luwte.lab.fingerprints.pdq_numpy import jarosz_taps


def box_pass(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """One box pass over a whole line, as the description has it: the mean of what lies inside the border."""
    window = -(-line.size // 128)
    before, after = (window - 1) // 2, window // 2
    return np.array([line[max(0, at - before) : at + after + 1].mean() for at in range(line.size)])


@given(length=st.integers(5, 1200), seed=st.integers(0, 1000))
def test_taps_are_two_box_passes_at_the_samples(length: int, seed: int) -> None:
    line = np.random.default_rng(seed).integers(0, 256, length).astype(np.float64)
    filtered = box_pass(box_pass(line))
    taps = jarosz_taps(length)
    for sample in range(64):
        weights = np.trim_zeros(taps.weights[sample], "b")
        reach = line[taps.starts[sample] : taps.starts[sample] + weights.size]
        expected = filtered[int((sample + 0.5) * length / 64)]
        assert weights @ reach / taps.divisors[sample] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("length", [1, 5, 64, 127, 128, 129, 4096, 1 << 18])
def test_weights_of_a_sample_add_up_to_its_divisor(length: int) -> None:
    taps = jarosz_taps(length)
    assert (taps.weights.sum(axis=1) == taps.divisors).all()
    assert (taps.starts >= 0).all()
