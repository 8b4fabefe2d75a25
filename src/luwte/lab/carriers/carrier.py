"""What every carrier gives: its files, what could not be read, and whether it is still as it was imaged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self

State = Literal["live", "deleted", "carved", "embedded", "stream"]
Kind = Literal["folder", "zip", "archive", "raw", "ewf", "vmdk", "qcow2", "vhd", "list"]
Read = Callable[[int, int], bytes]
"""Gives `size` bytes from `offset` of a content: fewer at its end, none after it. May raise `Unreadable`."""

CHUNK_SIZE = 256 << 10
"""Bytes that a file is read in: few calls cross into the library, and a piece stays in the cache."""


class Unreadable(Exception):
    """The content of one file cannot be read; `reason` says why and names no file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of a carrier that was not read: why, without any file name, and how many times."""

    reason: str
    count: int = 1


@dataclass(slots=True)
class Inside:
    """How looking into a file went that holds others, which are given after it.

    `begun` is set while the file is read, once its first bytes tell that it is such a file, and `ended`
    behind the last that it holds; `reason` then says why not all of them were seen, None when they were.
    `open` says that others may lie in it as they are, and are not given.
    """

    begun: bool = False
    open: bool = False
    ended: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CarrierFile:
    """One file on a carrier.

    `path` is printable and only for reading by people: it never opens anything. `size` is in bytes.
    `chunks()` gives the content in order in pieces of at most `CHUNK_SIZE` bytes and may raise
    `Unreadable` at any piece. `read`, where the format allows it, reads from any place in the content.
    `behind()` gives the pictures in what its last block holds behind its end. `stamp` changes when the file
    does, where the carrier knows.
    `inside` is kept by who opens the file, if anybody does.
    """

    path: str
    state: State
    size: int
    chunks: Callable[[], Iterator[bytes]]
    read: Read | None = None
    behind: Callable[[], Iterator[CarrierFile]] | None = None
    stamp: int = 0
    inside: Inside | None = None


class ProblemList:
    """Collects problems and counts those with the same reason; `whole` until live files were lost."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.whole = True

    def add(self, reason: str, count: int = 1) -> None:
        """Note that `reason` occurred `count` times more."""
        self._counts[reason] += count

    def lose(self, reason: str) -> None:
        """Note that `reason` keeps live files from being seen at all, nobody knows how many."""
        self.add(reason)
        self.whole = False

    def as_list(self) -> list[Problem]:
        """Return one `Problem` a reason, in the order in which the reasons were met."""
        return [Problem(reason, count) for reason, count in self._counts.items()]


class Carrier(Protocol):
    """An opened carrier; use it as a context manager. It is only ever read from."""

    found_problems: ProblemList
    """What of the carrier itself was not read so far: folders, partitions, live files."""
    inner_problems: ProblemList
    """What was not read inside the roots that were opened, and outside of files; whoever reads may add."""

    @property
    def kind(self) -> Kind:
        """Return the kind of carrier."""

    @property
    def size(self) -> int | None:
        """Return the bytes it holds as a whole, or None where that is not known beforehand."""

    @property
    def problems(self) -> list[Problem]:
        """Return what was not read so far, of the carrier itself and inside its files."""

    @property
    def whole(self) -> bool:
        """Return whether every live file was seen so far, readable or not; final once `roots` has ended."""

    @property
    def file_systems(self) -> list[str]:
        """Return the names of the file systems found, in the order of their place."""

    def carve(self, progress: Callable[[int], None]) -> None:
        """Ask, before any root is asked for, for the pictures which lie on the carrier and belong to no file.

        `progress` is called with the number of bytes searched for them since its last call.
        """

    def roots(self) -> Iterator[CarrierFile]:
        """Give the files that the carrier itself lists, always in the same order; reads none of them.

        Read each before asking for the next, that is the fastest order.
        """

    def within(self, root: CarrierFile) -> Iterator[CarrierFile]:
        """Give `root`, then what lies in it when it is an archive, and what was asked for behind its end."""

    def space(self) -> Iterator[CarrierFile]:
        """Give the pictures that belong to no file, if they were asked for; call it after all `roots`."""

    def files(self) -> Iterator[CarrierFile]:
        """Give every root with what is within it, and then what the space outside of them holds."""

    def verify(self, progress: Callable[[int], None]) -> bool | None:
        """Compare the whole with the hash stored when it was imaged: same, different, or None without one.

        `progress` is called with the number of bytes read since its last call.
        """

    def close(self) -> None:
        """Let go of all that is open."""

    def __enter__(self) -> Self:
        """Return the carrier itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the carrier."""


class ReadOnlyCarrier:
    """The parts that all carriers share: problems, file systems and closing."""

    def __init__(self) -> None:
        self.file_systems: list[str] = []
        self.found_problems = ProblemList()
        self.inner_problems = ProblemList()
        self.carving: Callable[[int], None] | None = None

    def carve(self, progress: Callable[[int], None]) -> None:
        """Ask for pictures that belong to no file; only a carrier with space outside its files has any."""
        self.carving = progress

    @property
    def problems(self) -> list[Problem]:
        """Return what was not read so far, of the carrier itself and inside its files."""
        return self.found_problems.as_list() + self.inner_problems.as_list()

    def roots(self) -> Iterator[CarrierFile]:
        """Give the files that the carrier itself lists, always in the same order: none, unless it says so."""
        yield from ()

    def within(self, root: CarrierFile) -> Iterator[CarrierFile]:
        """Give `root`, and then what lies in it; a carrier that opens archives says how."""
        yield root

    def space(self) -> Iterator[CarrierFile]:
        """Give nothing: only a medium has space outside of its files."""
        yield from ()

    def files(self) -> Iterator[CarrierFile]:
        """Give every root with what is within it, and then what the space outside of them holds."""
        for root in self.roots():
            yield from self.within(root)
        yield from self.space()

    @property
    def whole(self) -> bool:
        """Return whether every live file was seen so far."""
        return self.found_problems.whole

    def verify(self, progress: Callable[[int], None]) -> bool | None:
        """Return None: this kind of carrier stores no hash of itself."""
        return None

    def close(self) -> None:
        """Let go of all that is open; nothing is, unless a carrier says otherwise."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def chunks_of(read: Read, size: int) -> Iterator[bytes]:
    """Give the `size` bytes behind `read` in order. Raises `Unreadable` where they end too early."""
    offset = 0
    while offset < size:
        piece = read(offset, min(CHUNK_SIZE, size - offset))
        if not piece:
            raise Unreadable("the content ends before its stated size")
        offset += len(piece)
        yield piece


def refused(reason: str) -> Iterator[bytes]:
    """Stand in place of a content that cannot be read. Raises `Unreadable` for `reason`."""
    raise Unreadable(reason)
