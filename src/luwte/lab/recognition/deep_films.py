"""The second look at a video: what the keypoints of its frames say together, for a list with local codes.

Each frame is judged as a picture is. One frame that shows an entry makes the video near it; two or more, in
the order in which the entry has them or backward, are the same picture, by the second best of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.windows import MOST_FRAME_WINDOWS, AskOf, PartHash, Window
from luwte.lab.recognition.deep import Recognition, aligned
from luwte.lab.recognition.order import longest_run
from luwte.lab.recognition.verdicts import Match


class _Hit(NamedTuple):
    """What one frame matches, and which picture or frame of the list that is."""

    frame: int
    reference: int
    match: Match


@dataclass(frozen=True, slots=True)
class FilmRecognition(Recognition):
    """Judges videos, too."""

    def film_matches(self, frames: Sequence[Keypoints], ask: AskOf) -> list[Match]:
        """Return what the video with the keypoints `frames`, in its order, matches, as `matches` does.

        Asks for at most `MOST_FRAME_WINDOWS` windows a frame.
        """
        found: dict[int, list[_Hit]] = {}
        for number, keypoints in enumerate(frames):
            for hit in _hits(self, number, keypoints, partial(ask, number)):
                found.setdefault(hit.match.entry, []).append(hit)
        return sorted(map(_together, found.values()), key=lambda match: match.rank)


def _hits(
    known: Recognition, number: int, keypoints: Keypoints, ask: Callable[[Window], PartHash | None]
) -> list[_Hit]:
    shown = aligned(known.codes, keypoints)[:MOST_FRAME_WINDOWS]
    judged = ((one, known.judge(one, ask(one.window))) for one in shown)
    return [_Hit(number, one.reference, match) for one, match in judged if match.verdict != "unknown"]


def _together(hits: Sequence[_Hit]) -> Match:
    """Return what the frames that match one entry amount to."""
    found = [hit for hit in hits if hit.match.verdict != "same_scene"]
    if not found:
        return min((hit.match for hit in hits), key=lambda match: match.rank)
    in_order = sorted((hit.match for hit in _in_order(found)), key=lambda match: match.rank)
    if len(in_order) > 1:
        return in_order[1]
    best = min((hit.match for hit in found), key=lambda match: match.rank)
    return replace(best, verdict="near")


def _in_order(hits: Sequence[_Hit]) -> list[_Hit]:
    """Return the most of `hits` whose references ascend with the frames, or descend."""
    references = sorted({hit.reference for hit in hits})
    by_place = {(hit.frame, references.index(hit.reference)): hit for hit in hits}
    like = np.zeros((1 + max(hit.frame for hit in hits), len(references)), np.bool_)
    for place in by_place:
        like[place] = True
    forward = [by_place[step] for step in longest_run(like)]
    backward = [by_place[one.asked, len(references) - 1 - one.known] for one in longest_run(like[:, ::-1])]
    return max(forward, backward, key=len)
