"""A bounded choice out of a sequence of unknown length, evenly spread over what came."""

from __future__ import annotations

from typing import Generic, TypeVar

Item = TypeVar("Item")


class Spread(Generic[Item]):
    """Keeps the first and the last item, and between them every n-th: at most `most` (2 or more) in all.

    n is a power of two and grows with the sequence, so that at least half of `most` are kept of a long one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._step = 1
        self._offered = 0
        self._kept: list[Item] = []
        self._last: list[Item] = []

    @property
    def wants(self) -> bool:
        """Whether the next item would be kept now, other than as the last one."""
        return self._offered % self._step == 0

    def skip(self) -> None:
        """Let the next item pass."""
        self._offered += 1

    def add(self, item: Item) -> None:
        """Take the next item."""
        wanted = self.wants
        self._offered += 1
        self._last = [] if wanted else [item]
        if not wanted:
            return
        self._kept.append(item)
        if len(self._kept) == self._most:
            self._last = self._kept[-1:] if self._most % 2 == 0 else []
            del self._kept[1::2]
            self._step *= 2

    def items(self) -> list[Item]:
        """Return what was kept, in order."""
        return self._kept + self._last
