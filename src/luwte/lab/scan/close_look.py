"""A worker's close look at a picture: its keypoints first, then the hashes of parts of it that are asked for.

The picture stays decoded until it is dropped. Of one that moves or has pages the first frame is looked at.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.kept import Kept
from luwte.lab.fingerprints.keypoints import find_keypoints
from luwte.lab.fingerprints.kinds import HEAD_BYTES, kind_of
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, Undecodable, decode_grey
from luwte.lab.fingerprints.windows import MOST_WINDOWS, PartHash, window_hash
from luwte.lab.scan.confine import cpu_within
from luwte.lab.scan.deep_record import pack_hash, pack_keypoints, unpack_window
from luwte.lab.scan.pieces import DROP, WINDOW, Garbled

_WARM = np.tile(np.arange(64, dtype=np.uint8), (512, 8))


def prepare() -> None:
    """Have all load that a look needs, OpenCV too, before this process is shut in."""
    find_keypoints(_WARM)


def close_look(
    kept: Kept, hear: Callable[[], tuple[bytes, bytes] | None], say: Callable[[bytes], None], seconds: int
) -> None:
    """Say the keypoints of the picture that is `kept`, and answer what is asked of it until it is dropped.

    Each answer may take `seconds` of processor time. Raises `Garbled` when anything else is asked.
    """
    with cpu_within(seconds):
        grey = _decoded(kept)
        found = grey if isinstance(grey, Reason) else find_keypoints(grey)
    say(pack_keypoints(found))
    if isinstance(grey, Reason):
        return
    for _ in range(MOST_WINDOWS + 2):
        sort, payload = hear() or (b"", b"")
        if sort == DROP:
            return
        if sort != WINDOW:
            break
        with cpu_within(seconds):
            answer = _part(grey, payload)
        say(pack_hash(answer))
    raise Garbled


def _decoded(kept: Kept) -> NDArray[np.uint8] | Reason:
    try:
        if not kept.whole:
            return Reason.LARGE
        content = kept.joined()
        return decode_grey(content).grey if kind_of(content[:HEAD_BYTES]) == "picture" else Reason.FORMAT
    except Undecodable as failure:
        return failure.reason
    except MemoryError:
        return Reason.MEMORY


def _part(grey: NDArray[np.uint8], payload: bytes) -> PartHash | None:
    """Return the hash of the part that `payload` asks for; nothing asks for the whole picture."""
    if not payload:
        return PartHash(*pdq_hash(grey))
    return window_hash(grey, unpack_window(payload))
