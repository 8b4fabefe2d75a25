"""When a file shows the same as a video of the list: by shares of frames that are alike, or by their order.

Frames are alike within the thresholds of pictures; each is in a share once. vPDQ is published with two pairs
of thresholds. Its description (vpdq/README in ThreatExchange) asks for 80 % of the list's video and nothing
of the file: a longer video that holds the known one. The extension for `threatexchange` asks for 80 % of the
file and nothing of the video: a clip of it. Either is enough here. So are a few frames in order that are not
like one another: a part among other scenes, or frames of which most were changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from luwte.lab.recognition.order import looks_in_order
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.reference.films import FilmList, Overlap

FILM_SHARE = 80
"""The percentage of the frames of one side that must have a like one on the other."""
LEAST_LOOKS = 3
"""How many different frames in order are enough where no share is."""


def same_film(overlap: Overlap, frames: int) -> bool:
    """Return whether a file of `frames` frames is near the video that it overlaps with.

    A picture is a file of one frame: a still of the video is near it.
    """
    query, reference = 100 * overlap.query, 100 * overlap.reference
    return query >= FILM_SHARE * frames or reference >= FILM_SHARE * overlap.frames


def shows(films: FilmList, frames: Sequence[bytes], overlap: Overlap) -> bool:
    """Return whether a file of `frames`, in its order, is near the video of `films` that it overlaps with.

    It is by the share of frames, or by looks in order where there are enough of both to have one.
    """
    if same_film(overlap, len(frames)):
        return True
    if min(overlap.query, overlap.reference) < LEAST_LOOKS:
        return False
    like = films.like(frames, overlap.entry, PDQ_RADIUS)
    return looks_in_order(like, films.hashes(overlap.entry)) >= LEAST_LOOKS
