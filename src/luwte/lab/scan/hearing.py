"""What a reader says, as typed events. Every piece is checked.

The reader has touched hostile bytes, so it is believed as little as they are: lengths, types and values
out of bounds end its carrier.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, get_args

from luwte.lab.carriers import State
from luwte.lab.carriers.carrier import Kind as CarrierKind
from luwte.lab.fingerprints.kinds import KINDS
from luwte.lab.scan import speaking
from luwte.lab.scan.pieces import END, PIECE
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import End

STATES: tuple[State, ...] = get_args(State)
_CARRIER_KINDS: tuple[CarrierKind, ...] = get_args(CarrierKind)
_HASHES = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}
_LARGEST = (1 << 53) - 1
_TEXT = 16_384


@dataclass(frozen=True, slots=True)
class Opened:
    """The carrier is open: its kind, its size in bytes if it knows it, and the file systems seen so far.

    `locked` says in one sentence that all of it is encrypted, if it is.
    """

    kind: CarrierKind
    size: int | None
    file_systems: tuple[str, ...]
    locked: str | None = None


@dataclass(frozen=True, slots=True)
class FileStarts:
    """A file follows: its path, state and stated size in bytes, what number its root is and its mark."""

    path: str
    state: State
    size: int
    root: int
    mark: str


@dataclass(frozen=True, slots=True)
class FileBytes:
    """The next bytes of the file."""

    content: bytes


@dataclass(frozen=True, slots=True)
class FileEnds:
    """The file is complete, or cannot be read further and `error` says why.

    With `holds` the files in it follow, and then `InsideEnds` says how that went.
    """

    error: str | None = None
    holds: bool = False


@dataclass(frozen=True, slots=True)
class InsideEnds:
    """The last file that `holds` others gave all of them, or did not and `reason` says why."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """So many bytes more were compared with the stored hash of the whole."""

    count: int


@dataclass(frozen=True, slots=True)
class Searched:
    """So many bytes more were searched for pictures that belong to no file."""

    count: int


@dataclass(frozen=True, slots=True)
class Problems:
    """What in root number `root` was not read: reasons and how often each."""

    root: int
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list of hashes, and the mark before it."""

    file: Seen
    mark: str


Event = FileStarts | FileBytes | FileEnds | InsideEnds | Listed | Searched | Verified | Problems | End


class ReaderBroke(Exception):
    """The reader died, hung or said something that it cannot mean; `reason` says which, in plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Nonsense(ReaderBroke):
    """The reader said something that it cannot mean."""

    def __init__(self) -> None:
        super().__init__("its reader said what cannot be")


def heard(sort: bytes, payload: bytes) -> Event:
    """Return what a piece of `sort` with `payload` says. Raises `Nonsense` when that cannot be."""
    if sort == PIECE:
        return FileBytes(payload)
    if sort == END:
        return FileEnds()
    if sort == speaking.HOLDS:
        return FileEnds(holds=True)
    if sort == speaking.UNREADABLE:
        return FileEnds(payload.decode("utf-8", "replace")[:_TEXT] or "content that cannot be read")
    make = _EVENTS.get(sort)
    if make is None:
        raise Nonsense
    event: Event = make(_json(payload))
    return event


def refusal(payload: bytes) -> str:
    """Return the sentence with which a reader refuses a carrier. Raises `Nonsense`."""
    return _text(_json(payload))


def opening(payload: bytes) -> Opened:
    """Return what a reader says of the carrier that it opened. Raises `Nonsense`."""
    found = _json(payload)
    kind = _field(found, "kind")
    if kind not in _CARRIER_KINDS:
        raise Nonsense
    size, locked = _field(found, "size"), _field(found, "locked")
    return Opened(
        kind,
        None if size is None else _number(size),
        _names(_field(found, "file_systems")),
        None if locked is None else _text(locked),
    )


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        raise Nonsense from None


def _starts(found: Any) -> FileStarts:
    root, mark = _number(_field(found, "root")), _mark(found)
    return FileStarts(_text(_field(found, "path")), _state(found), _number(_field(found, "size")), root, mark)


def _listed(found: Any) -> Listed:
    hashes = {name: _hash(_field(found, name), width) for name, width in _HASHES.items()}
    quality, kind, size = (_field(found, name) for name in ("quality", "kind", "size"))
    if kind not in KINDS:
        raise Nonsense
    file = Seen(
        path=_text(_field(found, "path")),
        state=_state(found),
        size=None if size is None else _number(size),
        kind=kind,
        md5=hashes["md5"],
        sha1=hashes["sha1"],
        sha256=hashes["sha256"],
        pdq=hashes["pdq"],
        pdq_quality=None if quality is None else min(100, _number(quality)),
        variants=hashes["pdq"],
        root=_number(_field(found, "root")),
    )
    return Listed(file, _mark(found))


def _problems(found: Any) -> tuple[tuple[str, int], ...]:
    if not isinstance(found, list) or len(found) > speaking.PROBLEM_LIMIT:
        raise Nonsense
    pairs = [pair if isinstance(pair, list) and len(pair) == 2 else [None, None] for pair in found]
    return tuple((_text(reason), _number(count)) for reason, count in pairs)


def _end(found: Any) -> End:
    verified, whole, ended = (_field(found, name) for name in ("verified", "whole", "ended"))
    if verified not in (True, False, None) or not isinstance(whole, bool) or not isinstance(ended, bool):
        raise Nonsense
    return End(
        root=_number(_field(found, "root")),
        mark=_mark(found),
        ended=ended,
        whole=whole,
        file_systems=_names(_field(found, "file_systems")),
        problems=_problems(_field(found, "problems")),
        verified=verified,
    )


_EVENTS: dict[bytes, Any] = {
    speaking.FILE: _starts,
    speaking.INSIDE: lambda found: InsideEnds(None if found is None else _text(found)),
    speaking.LISTED: _listed,
    speaking.SEARCHED: lambda found: Searched(_number(found)),
    speaking.VERIFIED: lambda found: Verified(_number(found)),
    speaking.PROBLEMS: lambda found: Problems(
        _number(_field(found, "root")), _problems(_field(found, "counts"))
    ),
    speaking.ENOUGH: _end,
}


def _field(found: Any, name: str) -> Any:
    if not isinstance(found, dict) or name not in found:
        raise Nonsense
    return found[name]


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _TEXT:
        raise Nonsense
    return value.encode("utf-8", "backslashreplace").decode()


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise Nonsense
    return value


def _mark(found: Any) -> str:
    value = _text(_field(found, "mark"))
    if len(value) != speaking.MARK_DIGITS:
        raise Nonsense
    return value


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > speaking.PROBLEM_LIMIT:
        raise Nonsense
    return tuple(_text(name) for name in value)


def _state(found: Any) -> State:
    for state in STATES:
        if _field(found, "state") == state:
            return state
    raise Nonsense


def _hash(value: Any, width: int) -> bytes | None:
    if value is None:
        return None
    try:
        found = bytes.fromhex(_text(value))
    except ValueError:
        raise Nonsense from None
    if len(found) != width:
        raise Nonsense
    return found
