"""A worker's close look at a picture: its keypoints first, then the hashes of parts of it that are asked for.

The picture stays decoded until it is dropped. Of one that moves or has pages those frames are looked at that
the fast pass looks at, of a video some of its frames.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.fingerprint import MOST_STILLS
from luwte.lab.fingerprints.kept import Kept
from luwte.lab.fingerprints.keypoints import find_keypoints
from luwte.lab.fingerprints.kinds import HEAD_BYTES, kind_of
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, Undecodable, decode_frames
from luwte.lab.fingerprints.quarters import find_closely
from luwte.lab.fingerprints.spread import Spread
from luwte.lab.fingerprints.windows import MOST_FRAME_WINDOWS, MOST_WINDOWS, PartHash, window_hash
from luwte.lab.scan.close_film import frames_of
from luwte.lab.scan.confine import cpu_within
from luwte.lab.scan.deep_record import MOST_LOOKED, pack_frames, pack_hash, unpack_window
from luwte.lab.scan.pieces import DROP, WINDOW, Garbled

SHARE: Final = 1 / 2
"""The share of the time for a video after which decoding ends: keypoints of its frames come then."""

_WARM = np.tile(np.arange(64, dtype=np.uint8), (512, 8))


def prepare() -> None:
    """Have all load that a look needs, OpenCV too, before this process is shut in."""
    find_closely(_WARM)


def close_look(
    kept: Kept, hear: Callable[[], tuple[bytes, bytes] | None], say: Callable[[bytes], None], seconds: int
) -> None:
    """Say the keypoints of the picture that is `kept`, frame by frame, and answer until it is dropped.

    Each question begins with the number of a frame. Each answer may take `seconds` of processor time. Raises
    `Garbled` when anything else is asked.
    """
    with cpu_within(seconds):
        shown = _tried(lambda: _pages(kept))
        found = shown if isinstance(shown, Reason) else [find_closely(grey) for grey in shown]
    say(pack_frames(found))
    if not isinstance(shown, Reason):
        most = MOST_WINDOWS if len(shown) == 1 else (MOST_WINDOWS + MOST_FRAME_WINDOWS) * len(shown)
        _answer(lambda payload: _part_of(shown, payload), most + 2, hear, say, seconds)


def close_look_at_film(
    kept: Kept, hear: Callable[[], tuple[bytes, bytes] | None], say: Callable[[bytes], None], seconds: int
) -> None:
    """Do as `close_look` with the video that is `kept`."""
    with cpu_within(seconds):
        shown = _tried(lambda: frames_of(kept, SHARE * seconds))
        found = shown if isinstance(shown, Reason) else [find_keypoints(grey) for grey in shown]
    say(pack_frames(found))
    if not isinstance(shown, Reason):
        most = MOST_FRAME_WINDOWS * MOST_LOOKED + 2
        _answer(lambda payload: _part_of(shown, payload), most, hear, say, seconds)


def _answer(
    part: Callable[[bytes], PartHash | None],
    most: int,
    hear: Callable[[], tuple[bytes, bytes] | None],
    say: Callable[[bytes], None],
    seconds: int,
) -> None:
    """Say the hash of each `part` that is asked for, until all is dropped; hear `most` times."""
    for _ in range(most):
        sort, payload = hear() or (b"", b"")
        if sort == DROP:
            return
        if sort != WINDOW:
            break
        with cpu_within(seconds):
            answer = part(payload)
        say(pack_hash(answer))
    raise Garbled


def _tried(decode: Callable[[], list[NDArray[np.uint8]]]) -> list[NDArray[np.uint8]] | Reason:
    try:
        return decode()
    except Undecodable as failure:
        return failure.reason
    except MemoryError:
        return Reason.MEMORY


def _pages(kept: Kept) -> list[NDArray[np.uint8]]:
    """Return the frames of the picture that is `kept`, in order, each once, those that the fast pass takes.

    Raises `Undecodable` when there are none.
    """
    if not kept.whole:
        raise Undecodable(Reason.LARGE)
    content = kept.joined()
    if kind_of(content[:HEAD_BYTES]) != "picture":
        raise Undecodable(Reason.FORMAT)
    spread: Spread[NDArray[np.uint8]] = Spread(MOST_STILLS)
    for picture in decode_frames(content):
        spread.add(picture.grey)
    shown = spread.items()
    return shown if len(shown) == 1 else list({(one.shape, one.tobytes()): one for one in shown}.values())


def _part_of(frames: Sequence[NDArray[np.uint8]], payload: bytes) -> PartHash | None:
    if not payload or payload[0] >= len(frames):
        raise Garbled
    return _part(frames[payload[0]], payload[1:])


def _part(grey: NDArray[np.uint8], payload: bytes) -> PartHash | None:
    """Return the hash of the part that `payload` asks for; nothing asks for the whole picture."""
    if not payload:
        return PartHash(*pdq_hash(grey))
    return window_hash(grey, unpack_window(payload))
