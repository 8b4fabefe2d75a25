"""When a file shows the same as a video of the list: the rule of vPDQ, by shares of frames that are alike.

Frames are alike within the thresholds of pictures. Their order and times do not count: each is in a share
once. vPDQ is published with two pairs of thresholds. Its description (vpdq/README in ThreatExchange) asks for
80 % of the list's video and nothing of the file: a longer video that holds the known one. The extension for
`threatexchange` asks for 80 % of the file and nothing of the video: a clip of it. Either is enough here.
"""

from __future__ import annotations

from luwte.lab.reference.films import Overlap

FILM_SHARE = 80
"""The percentage of the frames of one side that must have a like one on the other."""


def same_film(overlap: Overlap, frames: int) -> bool:
    """Return whether a file of `frames` frames is near the video that it overlaps with.

    A picture is a file of one frame: a still of the video is near it.
    """
    query, reference = 100 * overlap.query, 100 * overlap.reference
    return query >= FILM_SHARE * frames or reference >= FILM_SHARE * overlap.frames
