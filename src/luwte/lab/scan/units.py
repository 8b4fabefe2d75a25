"""Units: the parts into which the work on a carrier is cut, and what comes back of each.

The files that a carrier itself lists, its *roots*, have numbers, always the same, from 0. So a stretch of
them can be read by any machine that sees the carrier, and one that was read need not be read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from luwte.lab.carriers import State
from luwte.lab.fingerprints.kinds import Kind
from luwte.lab.recognition.verdicts import Verdict
from luwte.lab.scan.classes import FileClass

Part = Literal["files", "space", "verify"]


NAME_BYTES: Final = 16
"""How many bytes of a SHA-256 name a picture that is wanted."""


class NearBefore(NamedTuple):
    """That the fast pass found the picture called `name` (hex, see `Wanted`) near `entry` (`NamedMatch`)."""

    name: str
    entry: str
    distance: int | None
    whole: int
    itself: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The pictures of a unit that are to be looked at closely, and the `stretches` of roots that give them.

    Each stretch is (first, last), last not in it; they ascend. `names` are the first `NAME_BYTES` of the
    SHA-256 of each picture, ascending, in one. `key` says what decides, beside the list, what is found.
    `near` is what the fast pass found near in any of them, ascending by name, the nearest first.
    """

    stretches: tuple[tuple[int, int], ...]
    names: bytes
    key: str
    near: tuple[NearBefore, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the work on carrier number `carrier`.

    `files` are the roots from number `first` up to `last` (None: to the end) with what lies in them, `space`
    is the space outside of all files, as if it were root number `first`, `verify` the hash that the carrier
    stores of itself. `mark` is what must stand before root `first`, if that is known: see `End`. With
    `wanted` nothing but those pictures is looked at, and closely: see decision 30.
    """

    carrier: int
    part: Part = "files"
    first: int = 0
    last: int | None = None
    mark: str | None = None
    wanted: Wanted | None = None


class NamedMatch(NamedTuple):
    """A match as it is written down: the entry's id (32 hex), its series, verdict and distance in bits.

    `likelihood` is in per mille, None where nothing judged it. `whole` is 1 or 0, `remembered` are the ids of
    clusters with a space between, and `itself` is in bits: see `Match`.
    """

    entry: str
    series: str
    verdict: Verdict
    distance: int | None
    likelihood: int | None = None
    whole: int = 1
    remembered: str = ""
    itself: int | None = None


class Row(NamedTuple):
    """What is kept of one file: number `place` of those that its root gives. Digests are None if unread.

    A PDQ is kept only of what matched: one of an unmatched file could be turned into a picture of it.
    """

    root: int
    place: int
    path: str
    state: State
    size: int | None
    kind: Kind
    md5: bytes | None
    sha1: bytes | None
    sha256: bytes | None
    width: int | None
    height: int | None
    pdq: bytes | None
    pdq_quality: int | None
    verdict: Verdict
    error: str | None
    counted_as: FileClass
    matches: tuple[NamedMatch, ...] = ()


class CloseLook(NamedTuple):
    """What a close look at the picture of `size` bytes with `sha256` gave: `matches`, the best first.

    `error` says why it could not be looked at, if so. Its PDQ is kept only of a copy: see `Row`.
    """

    size: int
    sha256: bytes
    error: str | None = None
    pdq: bytes | None = None
    pdq_quality: int | None = None
    matches: tuple[NamedMatch, ...] = ()


class Trouble(NamedTuple):
    """Something that was not read in what root number `root` gives: why, and how many times."""

    root: int
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class End:
    """How a unit ended: before root number `root`, where `mark` stands; `ended` if the carrier has no more.

    A mark is 16 hexadecimal digits that depend on all roots before it: two machines, or two days, that have
    the same mark saw the same. `whole`, `problems` and `file_systems` are of the carrier itself, as far as
    it was walked. `verified` says whether it agrees with its stored hash, None without one.

    `broke` says why reading broke off, if it did; `root` is then the one behind the last that was begun, and
    has no mark. `changed` says that what stands before the unit is not what it should be: nothing was read.
    """

    root: int
    mark: str | None
    ended: bool
    whole: bool
    file_systems: tuple[str, ...] = ()
    problems: tuple[tuple[str, int], ...] = ()
    verified: bool | None = None
    broke: str | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a unit since the batch before: `rows` (or `looks`), `troubles`, and at last its `end`.

    All roots of the unit before number `upto`, where `mark` stands, are in the batches so far; `first_mark`
    stands before the first one. `read` and `verified` count the bytes since the unit began, and `waiting`
    the files that were seen and are not among the rows yet.
    """

    upto: int
    rows: tuple[Row, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    first_mark: str | None = None
    mark: str | None = None
    read: int = 0
    verified: int = 0
    waiting: int = 0
    end: End | None = None
    looks: tuple[CloseLook, ...] = ()


def per_mille(likelihood: float | None) -> int | None:
    """Return `likelihood` in whole thousandths, downwards, at least one: in a report 0 is an unknown one."""
    return None if likelihood is None else max(1, int(1000 * likelihood))
