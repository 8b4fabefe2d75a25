"""Looking closely, on the leading side: a worker gives keypoints, and a recogniser judges them here.

The list never comes near a worker: it gives keypoints, and hashes of the parts that it is asked for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Generic, NamedTuple, Protocol, TypeVarTuple

import numpy as np

from luwte.lab.fingerprints.fingerprint import Fingerprint, Frame
from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.fingerprints.windows import MOST_FRAME_WINDOWS, MOST_WINDOWS, Ask, AskOf, PartHash, Window
from luwte.lab.recognition.deep import Near
from luwte.lab.recognition.verdicts import PDQ_RADIUS, Match
from luwte.lab.scan.crew import Worker
from luwte.lab.scan.deep_record import (
    HASH_BYTES,
    pack_frame_window,
    unpack_frames,
    unpack_hash,
)
from luwte.lab.scan.launch import Launch
from luwte.lab.scan.pieces import DROP, WINDOW, Garbled, piece
from luwte.lab.scan.pipes import read_within, write_within
from luwte.lab.scan.units import NAME_BYTES
from luwte.lab.scan.worker import CLOSELY

Asked = TypeVarTuple("Asked")


class Recogniser(Protocol):
    """Knows the local codes of the list."""

    def matches(self, keypoints: Keypoints, ask: Ask, near: Sequence[Near] = ()) -> Sequence[Match]:
        """Return what the picture with `keypoints` matches, the best first. Called from several threads.

        What the fast pass found `near`, the nearest first, is among it, at least near. It
        may `ask` for `MOST_WINDOWS` parts of the picture; of further ones there is no hash.
        """
        ...

    def film_matches(self, frames: Sequence[Keypoints], ask: AskOf) -> Sequence[Match]:
        """Return what the video with the keypoints `frames`, in its order, matches, as `matches` does.

        Of a picture that moves, too. It may `ask` for `MOST_FRAME_WINDOWS` parts of each frame, on average.
        """
        ...


class Rule(NamedTuple):
    """How matches are judged, as a report says it: the version of the model (16 hex) and its thresholds.

    They are likelihoods in per mille, from which a match is the same picture, or near. Up to `radius` bits
    of PDQ a picture is near, too.
    """

    model: str
    same_picture: int
    near: int
    radius: int = PDQ_RADIUS


class Means(Protocol):
    """What a list, and an authority, have to look closely with; nothing is loaded before it is needed."""

    @property
    def key(self) -> str:
        """What decides what a close look gives, beside the list."""
        ...

    @property
    def rule(self) -> Rule:
        """How it judges."""
        ...

    def recogniser(self) -> Recogniser:
        """Load what there is and return a recogniser."""
        ...


class Looks:
    """The pictures that are wanted, and what the looks at them gave; for the crew and for who leads it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names = np.zeros((0, 2), np.uint64)
        self._begun = np.zeros(0, np.bool_)
        self._matches: dict[tuple[int, bytes], Sequence[Match]] = {}
        self._near: Mapping[bytes, Sequence[Near]] = {}

    def want(self, names: bytes, near: Mapping[bytes, Sequence[Near]] | None = None) -> None:
        """Want the pictures with these names from now on, and no others: see `Wanted`.

        `near` is what was found near, by name, the nearest first.
        """
        with self._lock:
            self._near = near or {}
            self._names = np.frombuffer(names, ">u8").reshape(-1, 2).astype(np.uint64)
            self._begun = np.zeros(len(self._names), np.bool_)
            self._matches.clear()

    def known(self, digested: Fingerprint) -> Fingerprint | None:
        """Return `digested` itself unless it is of a picture that is wanted and that nobody is at."""
        with self._lock:
            place = self._place(digested.sha256)
            if place is None or self._begun[place]:
                return digested
            self._begun[place] = True
            return None

    def remember(self, found: Fingerprint) -> None:
        """Take note of nothing: what a picture matches is said to `matched`."""

    def matched(self, digested: Fingerprint, matches: Sequence[Match]) -> None:
        """Take note of what a picture that was looked at matches."""
        with self._lock:
            self._matches[digested.size, digested.sha256] = matches

    def near(self, sha256: bytes) -> Sequence[Near]:
        """Return what the fast pass found near in the picture."""
        return self._near.get(sha256[:NAME_BYTES], ())

    def failed(self, sha256: bytes) -> bool:
        """Return whether the picture is one that somebody was at, whose look failed."""
        with self._lock:
            place = self._place(sha256)
            return place is not None and bool(self._begun[place])

    def taken(self, size: int, sha256: bytes) -> Sequence[Match] | None:
        """Return, once, what the picture matches; None where nobody looked at it or it was taken."""
        with self._lock:
            return self._matches.pop((size, sha256), None)

    def _place(self, sha256: bytes) -> int | None:
        first, second = (np.uint64(int.from_bytes(sha256[start : start + 8])) for start in (0, 8))
        place = int(np.searchsorted(self._names[:, 0], first))
        while place < len(self._names) and self._names[place, 0] == first:
            if self._names[place, 1] == second:
                return place
            place += 1
        return None


class KeypointWorker(Worker):
    """A worker that looks closely, of which nothing is asked but the keypoints of pictures."""

    def __init__(self, deadline: float, start: Launch) -> None:
        super().__init__(deadline, start, CLOSELY)

    def _looked(self, digested: Fingerprint, until: float) -> Fingerprint:
        seen = self._frames(until)
        if isinstance(seen, Reason):
            return replace(digested, error=str(seen))
        several = digested.kind == "picture" and len(seen) > 1
        frames = tuple(self._frame(number) for number in range(len(seen))) if several else ()
        write_within(self._in, piece(DROP), self._deadline)
        if digested.kind == "video":
            return replace(digested, frame_keypoints=seen)
        return replace(digested, keypoints=seen[0], frame_keypoints=seen if several else (), frames=frames)

    def _frames(self, until: float) -> list[Keypoints] | Reason:
        return unpack_frames(lambda size: read_within(self._out, size, until))

    def _frame(self, number: int) -> Frame:
        shown = self._ask_of(number, None)
        if shown is None:
            raise Garbled
        return Frame(shown.quality, shown.pdq)

    def _ask_of(self, frame: int, window: Window | None) -> PartHash | None:
        """Return the hash of `window` of frame number `frame`, or of all of that frame."""
        question = bytes([frame]) if window is None else pack_frame_window(frame, window)
        write_within(self._in, piece(WINDOW, question), self._deadline)
        return unpack_hash(read_within(self._out, HASH_BYTES, time.monotonic() + self._deadline))


class CloseWorker(KeypointWorker):
    """A worker that looks closely; `recogniser` judges what it gives, and `looks` takes note of that."""

    def __init__(self, deadline: float, start: Launch, recogniser: Recogniser, looks: Looks) -> None:
        super().__init__(deadline, start)
        self._recogniser = recogniser
        self._looks = looks

    def _looked(self, digested: Fingerprint, until: float) -> Fingerprint:
        seen = self._frames(until)
        if isinstance(seen, Reason):
            return replace(digested, error=str(seen))
        if digested.kind == "video":
            matches, whole = self._of_film(seen), None
        else:
            matches = self._of_picture(seen, self._looks.near(digested.sha256))
            found = any(match.verdict in ("same_picture", "near") for match in matches)
            whole = self._ask_of(0, None) if found else None
        write_within(self._in, piece(DROP), self._deadline)
        self._looks.matched(digested, matches)
        return digested if whole is None else replace(digested, pdq=whole.pdq, pdq_quality=whole.quality)

    def _of_picture(self, frames: Sequence[Keypoints], near: Sequence[Near]) -> Sequence[Match]:
        """Return what a picture matches, of several frames the best of what each does, each entry once.

        Several are looked at as a film, too: only in their order may they be the same as one of the list.
        """
        found: list[Match] = []
        for number, keypoints in enumerate(frames):
            ask = _Bounded(partial(self._ask_of, number), MOST_WINDOWS)
            found += self._recogniser.matches(keypoints, ask, () if number else near)
        if len(frames) == 1 or not found:
            return found
        best: dict[int, Match] = {}
        for match in sorted([*found, *self._of_film(frames)], key=lambda match: match.rank):
            best.setdefault(match.entry, match)
        return list(best.values())

    def _of_film(self, frames: Sequence[Keypoints]) -> Sequence[Match]:
        return self._recogniser.film_matches(frames, _Bounded(self._ask_of, MOST_FRAME_WINDOWS * len(frames)))


class _Bounded(Generic[*Asked]):
    """Asks no more than `most` times."""

    def __init__(self, ask: Callable[[*Asked], PartHash | None], most: int) -> None:
        self._ask = ask
        self._left = most

    def __call__(self, *asked: *Asked) -> PartHash | None:
        self._left -= 1
        return self._ask(*asked) if self._left >= 0 else None
