"""The fingerprint of one file: everything that is kept of it, and never a pixel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BufferedIOBase, BytesIO
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.boxes import photo_boxes
from luwte.lab.fingerprints.digests import Digests, digest
from luwte.lab.fingerprints.film_boxes import Stretch
from luwte.lab.fingerprints.films import decode_film
from luwte.lab.fingerprints.kinds import HEAD_BYTES, Kind, kind_of
from luwte.lab.fingerprints.pdq import pdq_dihedral
from luwte.lab.fingerprints.pictures import GreyPicture, Undecodable, decode_frames
from luwte.lab.fingerprints.spread import Spread

if TYPE_CHECKING:
    from luwte.lab.fingerprints.keypoints import Keypoints  # it loads OpenCV

PDQ_BYTES = 32
VARIANTS = 8
FORMS_BYTES = VARIANTS * PDQ_BYTES
"""The eight hashes of one picture, or of one photo box."""
BOX_QUALITY = 50
"""The quality from which the PDQ of a photo box is kept: it is only there to be compared."""
MOST_FRAMES = 1024
"""How many frames a fingerprint can hold."""
MOST_STILLS = 16
"""How many frames of a picture that moves, or pages, are kept: the first, the last and some between."""
MOST_KEY_FRAMES = 768
"""How many key frames of a video are kept; of a longer one they stand further apart."""
MOST_EACH_SECOND = 256
"""How many of a video's frames of each second are kept."""
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The PDQ of one frame in its eight variants (8 x 32 bytes, the first as is), and its `quality`.

    The eight variants of each photo box in it follow, of at most two, each of quality `BOX_QUALITY` or more.
    """

    quality: int
    variants: bytes


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A file's digests, and of a picture its full size in pixels and its perceptual fingerprint.

    `pdq` is 32 bytes, `pdq_quality` 0 to 100, `variants` the PDQ of the eight turned and mirrored forms
    (8 x 32 bytes, the first as is) and then those of the photo boxes in it, as in `Frame`. `frames` are
    further frames or pages, which count as the file too; of a video they are all its frames in order, also
    the fullest one, whose PDQ is its `pdq`. `error` says why a picture has none, or why a video was not
    looked at to its end. `licensed` is the hash of a licensed hasher, where a scan has one; `keypoints` are
    there where they were asked for, of a video `frame_keypoints`. A picture of several frames has both then,
    those of its first and of each, and in `frames` the PDQ of each as it is.
    """

    size: int
    md5: bytes
    sha1: bytes
    sha256: bytes
    kind: Kind
    width: int | None = None
    height: int | None = None
    pdq: bytes | None = None
    pdq_quality: int | None = None
    variants: bytes | None = None
    error: str | None = None
    frames: tuple[Frame, ...] = ()
    licensed: bytes | None = None
    keypoints: Keypoints | None = None
    frame_keypoints: Sequence[Keypoints] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What looking at a picture gives; the perceptual part of a `Fingerprint`."""

    width: int | None = None
    height: int | None = None
    pdq_quality: int | None = None
    variants: bytes | None = None
    error: str | None = None
    frames: tuple[Frame, ...] = ()
    licensed: bytes | None = None


def look_at(content: bytes) -> Look:
    """Return the perceptual part of the fingerprint of the picture in `content` and of its frames."""
    frames: Spread[Frame] = Spread(MOST_STILLS)
    try:
        pictures = decode_frames(content)
        first = next(pictures)
        frames.add(frame_of(first))
        for picture in pictures:
            frames.add(frame_of(picture))
    except Undecodable as failure:
        return Look(error=failure.reason)
    main, *further = dict.fromkeys(frames.items())
    return Look(first.width, first.height, main.quality, main.variants, frames=tuple(further))


def look_at_film(source: BufferedIOBase, seconds: float) -> Look:
    """Return the perceptual part of the fingerprint of the video in `source`, after at most about `seconds`.

    The frame with most in it stands for the whole; a first frame is often black.
    """
    keys: Spread[_Placed] = Spread(MOST_KEY_FRAMES)
    others: Spread[_Placed] = Spread(MOST_EACH_SECOND)
    together = _Together()
    width = height = 0
    error = None
    try:
        for sample in decode_film(source, seconds):
            spread = keys if sample.key else others
            if spread.wants:
                picture = sample.picture()
                width, height = max((width, height), (picture.width, picture.height))
                spread.add(_Placed(sample.place, together.take(picture.grey)))
            else:
                spread.skip()
    except Undecodable as failure:
        error = failure.reason
    together.settle()
    placed = sorted((*keys.items(), *others.items()), key=lambda found: found.place)
    frames = tuple(dict.fromkeys(one.shown.frame for one in placed))
    if not frames:
        return Look(error=error)
    main = max(frames, key=lambda frame: frame.quality)
    return Look(width, height, main.quality, main.variants, error, frames)


class _Shown:
    """A frame of a video, whose boxes are only known when those after it are."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame


class _Placed(NamedTuple):
    place: tuple[int, float]
    shown: _Shown


class _Together:
    """Looks for boxes in the frames of a video, some that follow one another at a time."""

    def __init__(self) -> None:
        self._stretch = Stretch()
        self._waiting: list[_Shown] = []

    def take(self, grey: NDArray[np.uint8]) -> _Shown:
        """Return what is shown in `grey`, without boxes before `settle`."""
        if not self._stretch.takes(grey):
            self.settle()
        variants, quality = pdq_dihedral(grey)
        self._stretch.add(grey)
        self._waiting.append(_Shown(Frame(quality, variants.tobytes())))
        return self._waiting[-1]

    def settle(self) -> None:
        """Look for the boxes of all that waits."""
        for shown, parts in zip(self._waiting, self._stretch.parts(), strict=True):
            shown.frame = replace(shown.frame, variants=shown.frame.variants + _forms_of(parts))
        self._stretch = Stretch()
        self._waiting = []


def frame_of(picture: GreyPicture) -> Frame:
    """Return what is kept of one decoded picture: its own hashes, and those of the photos inside it."""
    variants, quality = pdq_dihedral(picture.grey)
    boxed = _forms_of(box.of(picture.grey) for box in photo_boxes(picture.grey))
    return Frame(quality, variants.tobytes() + boxed)


def _forms_of(parts: Iterable[NDArray[np.uint8]]) -> bytes:
    """Return the eight hashes of each of `parts` that has enough in it."""
    hashed = (pdq_dihedral(part) for part in parts)
    return b"".join(forms.tobytes() for forms, quality in hashed if quality >= BOX_QUALITY)


def boxes_in(variants: bytes | None) -> int:
    """Return of how many photo boxes `variants` holds the hashes."""
    return max(0, len(variants or b"") // FORMS_BYTES - 1)


def combine(digests: Digests, kind: Kind, look: Look) -> Fingerprint:
    """Return the fingerprint that `digests`, `kind` and `look` make together."""
    return Fingerprint(
        size=digests.size,
        md5=digests.md5,
        sha1=digests.sha1,
        sha256=digests.sha256,
        kind=kind,
        width=look.width,
        height=look.height,
        pdq=look.variants[:PDQ_BYTES] if look.variants else None,
        pdq_quality=look.pdq_quality,
        variants=look.variants,
        error=look.error,
        frames=look.frames,
        licensed=look.licensed,
    )


def fingerprint_bytes(content: bytes) -> Fingerprint:
    """Return the fingerprint of the file `content`, in this process: for content that is trusted."""
    kind = kind_of(content[:HEAD_BYTES])
    look = Look()
    if kind == "picture":
        look = look_at(content)
    elif kind == "video":
        look = look_at_film(BytesIO(content), _SECONDS)
    return combine(digest([content]), kind, look)
