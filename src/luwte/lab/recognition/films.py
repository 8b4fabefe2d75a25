"""When two videos are the same one: the rule of vPDQ, by the share of frames that find a like one.

As published with ThreatExchange (vpdq/README). The thresholds are those of `threatexchange.extensions.vpdq`,
and so is the order: equal hashes once, then those of little quality out. A scan does not need it yet: an
entry is one hash today, and a video that has a frame near it is near.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS
from luwte.lab.reference.hamming import HASH_BYTES, radius_search

QUERY_SHARE = 0.8
"""The share of the query's frames that must find a like one."""
REFERENCE_SHARE = 0.0
"""The share of the reference's frames that must; none, so that a clip of a film is found in it."""


class FrameHash(NamedTuple):
    """The PDQ of one frame of a video (32 bytes) and its quality, 0 to 100."""

    pdq: bytes
    quality: int


class Shares(NamedTuple):
    """The shares, 0 to 1, of the query's and the reference's frames that have a like one opposite."""

    query: float
    reference: float

    def match(self, query: float = QUERY_SHARE, reference: float = REFERENCE_SHARE) -> bool:
        """Whether both shares are at least as large as asked."""
        return self.query >= query and self.reference >= reference


def shares(query: Sequence[FrameHash], reference: Sequence[FrameHash]) -> Shares:
    """Compare each frame of `query` with each of `reference`; without a frame worth comparing both are 0."""
    asked, known = _comparable(query), _comparable(reference)
    if not len(asked) or not len(known):
        return Shares(0.0, 0.0)
    found = radius_search(asked, known, PDQ_RADIUS)
    return Shares(len(np.unique(found.query)) / len(asked), len(np.unique(found.reference)) / len(known))


def _comparable(frames: Sequence[FrameHash]) -> NDArray[np.uint8]:
    once = {frame.pdq: frame for frame in reversed(frames)}
    good = [pdq for pdq, frame in reversed(once.items()) if frame.quality >= PDQ_QUALITY]
    return np.frombuffer(b"".join(good), np.uint8).reshape(-1, HASH_BYTES)
