"""Timing several ways of doing one work in turn, so that a change of the machine's pace hits all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median


def medians(
    ways: Mapping[str, Callable[[], object]], repetitions: int, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Return the median seconds of each way, run in turn `repetitions` times.

    `clock` is this process's CPU time unless said otherwise: what a core has to do, whoever else uses it.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repetitions):
        for name, way in ways.items():
            start = clock()
            way()
            seconds[name].append(clock() - start)
    return {name: median(values) for name, values in seconds.items()}
