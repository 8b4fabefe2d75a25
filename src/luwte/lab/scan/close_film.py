"""A worker's close look at a video: some of its frames, kept small for keypoints and hashes of parts."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.film_boxes import smaller
from luwte.lab.fingerprints.films import Sample, decode_film
from luwte.lab.fingerprints.kept import Kept
from luwte.lab.fingerprints.pictures import Undecodable
from luwte.lab.fingerprints.spread import Spread
from luwte.lab.scan.deep_record import MOST_LOOKED

MOST_PIXELS: Final = 400_000_000
"""Pixels that are decoded for that beside the key frames: a tenth of what the fast look may take."""

_Placed = tuple[tuple[int, float], NDArray[np.uint8]]


def frames_of(kept: Kept, seconds: float) -> list[NDArray[np.uint8]]:
    """Return frames of the video that is `kept`, in order, at most `MOST_LOOKED`, after about `seconds`.

    Key frames, and others where there are few. Raises `Undecodable` when there are none.
    """
    keys: Spread[_Placed] = Spread(MOST_LOOKED)
    others: Spread[_Placed] = Spread(MOST_LOOKED)
    failure = None
    try:
        for sample in decode_film(kept.open(), seconds, MOST_PIXELS):
            _add(keys if sample.key else others, sample)
    except Undecodable as reason:
        failure = reason
    found = sorted((*keys.items(), *others.items()), key=lambda placed: placed[0])
    if failure is not None and not found:
        raise failure
    apart = [
        grey for number, (_, grey) in enumerate(found) if not number or _differs(found[number - 1][1], grey)
    ]
    wanted = np.unique(np.linspace(0, len(apart) - 1, min(MOST_LOOKED, len(apart))).round().astype(int))
    return [apart[number] for number in wanted]


def _add(spread: Spread[_Placed], sample: Sample) -> None:
    if spread.wants:
        spread.add((sample.place, smaller(sample.picture().grey)))
    else:
        spread.skip()


def _differs(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    return one.shape != other.shape or bool((one != other).any())
