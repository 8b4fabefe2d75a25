"""Our side of the reader: starts it, and turns its pieces into typed events. Every piece is checked.

The reader has touched hostile bytes, so it is believed as little as they are: lengths, types and values
out of bounds end its carrier.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, get_args

from luwte.base.errors import BadInput
from luwte.lab.carriers import State
from luwte.lab.carriers.carrier import Kind as CarrierKind
from luwte.lab.fingerprints.kinds import KINDS
from luwte.lab.scan import reader
from luwte.lab.scan.launch import Launch, end, kill, launch
from luwte.lab.scan.pieces import END, HEADER, PIECE, Garbled, unpack_header
from luwte.lab.scan.pipes import ChildGone, DeadlinePassed, prepare, read_within
from luwte.lab.scan.seen import Seen

STALL = 300.0
"""Seconds that a reader may say nothing while it is waited for."""

STATES: tuple[State, ...] = get_args(State)
_CARRIER_KINDS: tuple[CarrierKind, ...] = get_args(CarrierKind)
_HASHES = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}
_LARGEST = (1 << 53) - 1
_TEXT = 16_384


@dataclass(frozen=True, slots=True)
class Opened:
    """The carrier is open: its kind, its size in bytes if it knows it, and the file systems seen so far."""

    kind: CarrierKind
    size: int | None
    file_systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileStarts:
    """A file follows: its path, state and stated size in bytes."""

    path: str
    state: State
    size: int


@dataclass(frozen=True, slots=True)
class FileBytes:
    """The next bytes of the file."""

    content: bytes


@dataclass(frozen=True, slots=True)
class FileEnds:
    """The file is complete, or cannot be read further and `error` says why."""

    error: str | None = None


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
    """What of the carrier was not read: reasons and how often each."""

    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The walk ended; `whole` unless it broke off; `verified` as `Carrier.verify` says."""

    file_systems: tuple[str, ...]
    verified: bool | None
    whole: bool


Event = FileStarts | FileBytes | FileEnds | Seen | Searched | Verified | Problems | Done


class ReaderBroke(Exception):
    """The reader died, hung or said something that it cannot mean; `reason` says which, in plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Nonsense(ReaderBroke):
    """The reader said something that it cannot mean."""

    def __init__(self) -> None:
        super().__init__("its reader said what cannot be")


class CarrierRefused(BadInput):
    """A carrier cannot be opened."""


class Reading:
    """One carrier being read by a child process. Use as a context manager; `events` ends with `Done`."""

    def __init__(
        self,
        path: Path,
        *,
        verify: bool,
        carve: bool = False,
        stall: float = STALL,
        start: Launch = launch,
    ) -> None:
        self._path = path
        self._stall = stall
        asked = ["--verify"] * verify + ["--carve"] * carve
        self._child = start(reader.MODULE, str(path.absolute()), *asked)
        if self._child.stdin is None or self._child.stdout is None:
            raise ValueError("a reader needs pipes")
        self._out = prepare(self._child.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        end(self._child)

    def kill(self) -> None:
        """Kill the reader; whoever waits for its events gets `ReaderBroke`."""
        kill(self._child)

    def opened(self) -> Opened:
        """Wait until the carrier is open; raises `CarrierRefused` in one sentence when it cannot be."""
        try:
            sort, payload = self._next()
            if sort == reader.REFUSED:
                raise CarrierRefused(_text(_json(payload)))
            if sort != reader.OPENED:
                raise Nonsense
            return _opened(_json(payload))
        except ReaderBroke as broke:
            raise CarrierRefused(
                f"{self._path} cannot be opened ({broke.reason}). It may be damaged or made to do harm; "
                "image it again, or leave it out."
            ) from None

    def events(self) -> Iterator[Event]:
        """Give what the reader says, up to `Done`. Raises `ReaderBroke` when it does not come to that."""
        while True:
            event = self._event(*self._next())
            yield event
            if isinstance(event, Done):
                return

    def _next(self) -> tuple[bytes, bytes]:
        until = time.monotonic() + self._stall
        try:
            sort, length = unpack_header(read_within(self._out, HEADER.size, until))
            return sort, read_within(self._out, length, until)
        except ChildGone:
            raise ReaderBroke("its reader stopped") from None
        except DeadlinePassed:
            raise ReaderBroke("its reader hung") from None
        except Garbled:
            raise Nonsense from None

    def _event(self, sort: bytes, payload: bytes) -> Event:
        if sort == PIECE:
            return FileBytes(payload)
        if sort == END:
            return FileEnds()
        if sort == reader.UNREADABLE:
            return FileEnds(payload.decode("utf-8", "replace")[:_TEXT] or "content that cannot be read")
        make = _EVENTS.get(sort)
        if make is None:
            raise Nonsense
        event: Event = make(_json(payload))
        return event


def _json(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        raise Nonsense from None


def _opened(found: Any) -> Opened:
    kind = _field(found, "kind")
    if kind not in _CARRIER_KINDS:
        raise Nonsense
    size = _field(found, "size")
    return Opened(kind, None if size is None else _number(size), _names(_field(found, "file_systems")))


def _starts(found: Any) -> FileStarts:
    return FileStarts(_text(_field(found, "path")), _state(found), _number(_field(found, "size")))


def _listed(found: Any) -> Seen:
    hashes = {name: _hash(_field(found, name), width) for name, width in _HASHES.items()}
    quality, kind, size = (_field(found, name) for name in ("quality", "kind", "size"))
    if kind not in KINDS:
        raise Nonsense
    return Seen(
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
    )


def _problems(found: Any) -> Problems:
    if not isinstance(found, list) or len(found) > reader.PROBLEM_LIMIT:
        raise Nonsense
    pairs = [pair if isinstance(pair, list) and len(pair) == 2 else [None, None] for pair in found]
    return Problems(tuple((_text(reason), _number(count)) for reason, count in pairs))


def _done(found: Any) -> Done:
    verified, whole = _field(found, "verified"), _field(found, "whole")
    if verified not in (True, False, None) or not isinstance(whole, bool):
        raise Nonsense
    return Done(_names(_field(found, "file_systems")), verified, whole)


_EVENTS: dict[bytes, Any] = {
    reader.FILE: _starts,
    reader.LISTED: _listed,
    reader.SEARCHED: lambda found: Searched(_number(found)),
    reader.VERIFIED: lambda found: Verified(_number(found)),
    reader.PROBLEMS: _problems,
    reader.DONE: _done,
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


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > reader.PROBLEM_LIMIT:
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
