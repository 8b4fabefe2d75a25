"""The one class that each file of a scan counts under, so that coverage says what was not searched."""

from __future__ import annotations

from typing import Literal

from luwte.lab.carriers import embedded, samples
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.recognition.verdicts import Verdict
from luwte.lab.scan.seen import Seen

FileClass = Literal[
    "identical",
    "same_picture",
    "near",
    "same_scene",
    "unknown_imagery",
    "known_good",
    "other",
    "unreadable",
    "encrypted",
    "too_large",
]

_TOO_LARGE = frozenset(
    {
        Reason.LARGE,
        Reason.PIXELS,
        Reason.MEMORY,
        Reason.VIDEO_PART,
        embedded.EXPANDS,
        embedded.TOO_LARGE,
        samples.TOO_MUCH,
    }
)


def class_of(file: Seen, verdict: Verdict) -> FileClass:
    """Return the class of `file`: what was found of it, or else why it was not searched, or else its kind.

    A file that was recognised by its digests counts as found even if it could not be decoded, and so does a
    video of which a frame was recognised even if the rest could not be looked at.
    """
    if verdict != "unknown":
        return verdict
    if file.known_good:
        return "known_good"
    if file.error is not None:
        return _unsearched(file.error)
    return "other" if file.kind == "other" else "unknown_imagery"


def _unsearched(reason: str) -> FileClass:
    if "encrypted" in reason:
        return "encrypted"
    return "too_large" if reason in _TOO_LARGE else "unreadable"
