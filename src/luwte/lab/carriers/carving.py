"""Pictures found by their own bytes wherever they lie: in free space, in slack, inside other files.

One pass over the bytes, in windows. A picture that is whole is passed over as a whole, so that the thumbnail
in its header is not given again; one that breaks off is given as far as it goes, and what lies in it is
looked at too. Work is bounded by the bytes passed: a stretch made to look like millions of beginnings costs
the pictures in it and in the 4 MiB behind it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from luwte.lab.carriers.carrier import CarrierFile, ProblemList, Read, Unreadable, chunks_of
from luwte.lab.carriers.picture_ends import KINDS, WINDOW, Ending, Source, Walk

MOST_PICTURES: Final = 1_000_000
STEPS_A_KIBIBYTE: Final = 16
"""Work that each KiB passed allows; camera photos take a fifth of it."""
_SAVED, _DEBT = 1 << 20, 1 << 16
_MOST_MARKS = 1 << 14
_LONGEST_MARK = max(before + len(mark) for mark, before, *_ in KINDS)
_SMALLEST_READ = 32 << 10
_ZEROS = bytes(WINDOW)
CROWDED: Final = "a stretch with too many beginnings of pictures was not searched to its end"
TOO_MANY: Final = "more pictures than are carved of one carrier"
UNREADABLE: Final = "a part of the carrier that was searched for pictures could not be read"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of `size` bytes at `start`; `whole` is False when it breaks off."""

    start: int
    size: int
    suffix: str
    whole: bool


class Limits:
    """What carving may still give of one carrier: pictures, and bytes of them together.

    `progress` is called with the number of bytes searched since its last call; `problems` takes what was
    left out.
    """

    def __init__(
        self, problems: ProblemList, size: int | None, progress: Callable[[int], None] = lambda _: None
    ) -> None:
        self.problems = problems
        self.progress = progress
        self._pictures = MOST_PICTURES
        self._bytes = 2 * max(size or 0, 8 << 30)

    @property
    def reached(self) -> bool:
        """Return whether nothing more may be given."""
        return self._pictures < 0

    def take(self, size: int) -> bool:
        """Return whether a picture of `size` bytes may be given, and count it."""
        if self._pictures <= 0 or self._bytes < size:
            if self._pictures >= 0:
                self.problems.add(TOO_MANY)
            self._pictures = -1
            return False
        self._pictures -= 1
        self._bytes -= size
        return True


def piece_of(read: Read, start: int, size: int, path: str) -> CarrierFile:
    """Return the `size` bytes at `start` of a content as a carved file."""
    part = part_of(read, start, size)
    return CarrierFile(path, "carved", size, partial(chunks_of, part, size), part)


def part_of(read: Read, start: int, size: int) -> Read:
    """Return how to read the `size` bytes at `start` of a content as a content of their own."""
    return lambda offset, length: read(start + offset, max(0, min(length, size - offset)))


def pictures(read: Read, start: int, end: int, limits: Limits) -> Iterator[Picture]:
    """Give the pictures that start between `start` and `end`, in order; none reaches beyond `end`.

    What cannot be read is passed over, and counted.
    """
    source, place, allowance = Source(partial(_bearing, read)), start, _SAVED
    while place < end and not limits.reached:
        before = place
        try:
            following = _ahead(source, place, end)
        except Unreadable:
            limits.problems.add(UNREADABLE)
            place += _SMALLEST_READ
            continue
        for mark, suffix, walk in _marks(source, place, following):
            if mark < place:
                continue
            if allowance < 0:
                limits.problems.add(CROWDED)
                break
            source.steps = 4
            ending = _ending(source, mark, end, walk)
            allowance = max(-_DEBT, allowance - source.steps)
            if ending is not None:
                yield Picture(mark, ending.end - mark, suffix, ending.whole)
                place = ending.end if ending.whole else place
        place = max(place, following)
        limits.progress(place - before)
        allowance = min(_SAVED, allowance + (place - before >> 10) * STEPS_A_KIBIBYTE)


def _ahead(source: Source, place: int, end: int) -> int:
    """Hold the next window and return up to where beginnings in it are seen whole."""
    source.look(place, _LONGEST_MARK)
    held = source.at + len(source.window)
    return end if held >= end or held <= place else max(place + 1, held - _LONGEST_MARK)


def _marks(source: Source, place: int, end: int) -> list[tuple[int, str, Walk]]:
    """Return where pictures seem to start between `place` and `end` in the window held, in order."""
    window, at = source.window, source.at
    if window == _ZEROS:
        return []
    found: list[tuple[int, str, Walk]] = []
    for mark, before, suffix, walk in KINDS:
        hit, most = window.find(mark, max(0, place - at)), len(found) + _MOST_MARKS
        while hit >= 0 and len(found) < most:
            if place <= at + hit - before < end:
                found.append((at + hit - before, suffix, walk))
            hit = window.find(mark, hit + 1)
    return sorted(found, key=_place_of)


def _place_of(mark: tuple[int, str, Walk]) -> int:
    return mark[0]


def _ending(source: Source, place: int, end: int, walk: Walk) -> Ending | None:
    try:
        ending = walk(source, place, end)
    except Unreadable:
        return None
    return ending if ending and ending.end <= end else None


def _bearing(read: Read, offset: int, size: int) -> bytes:
    """Read `size` bytes, or what comes before the first that cannot be read. Raises `Unreadable`."""
    while True:
        try:
            return read(offset, size)
        except Unreadable:
            size //= 2
            if size < _SMALLEST_READ:
                raise
