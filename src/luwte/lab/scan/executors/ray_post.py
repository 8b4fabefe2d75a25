"""What Ray runs on a node: a post that opens the list with the home of that node.

Nothing but plain bytes goes in and comes out; of an error its exit code and sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from luwte.base.errors import BadInput, LuwteError
from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import Home
from luwte.exchange.statement import Statement
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.reference.known_good import KnownGood
from luwte.lab.scan import reader
from luwte.lab.scan.deep_post import DeepPost
from luwte.lab.scan.executors.wire import pack, unpack_unit
from luwte.lab.scan.hashers import licensed_list, with_hasher
from luwte.lab.scan.keys import read_keys, with_keys
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.means import means_of
from luwte.lab.scan.post import Forgetful, Post
from luwte.lab.scan.request import Request
from luwte.lab.scan.sameness import looks
from luwte.lab.scan.walls import standing

NEWS: Final = b"n"
FAILED: Final = b"x"


def asked(request: Request, statement: Statement, *, walls: bool) -> str:
    """Return, as JSON, what a post on another machine must know: `walls` if all must stand there."""
    return json.dumps(
        {
            "looks": looks(request, statement),
            "radius": request.radius,
            "hasher": request.hasher,
            "walls": walls,
            "carriers": [(str(path.absolute()), _size(path)) for path in request.carriers],
            "reference": str(request.reference.absolute()),
            "known_good": [str(path.absolute()) for path in request.known_good],
            "unlock": [str(path.absolute()) for path in request.unlock],
            "deadline": request.deadline,
            "stall": request.stall,
            "carve": request.carve,
        }
    )


class RayPost:
    """A post with `workers` processes for what was `asked`. Ray makes one a node."""

    def __init__(self, asked: str, workers: int) -> None:
        self._asked: Mapping[str, Any] = json.loads(asked)
        self._workers = workers
        self._opened: _Opened | None = None
        self._post: Post | DeepPost | None = None

    def open(self) -> bytes:
        """Open the list and see that all is here; return what the walls are like, or what is wrong."""
        try:
            walls = standing()
            if self._asked["walls"]:
                walls.require_all()
            self._opened = self._open()
            self._post = self._opened.post()
        except LuwteError as error:
            return _said(error)
        return NEWS + str(walls).encode()

    def close(self) -> None:
        """Dismiss the post. Ray does not: it ends the process, and with it all that it started."""
        if self._post is not None:
            self._post.close()

    def look_over(self, content: bytes) -> Iterator[bytes]:
        """Give what comes of the unit in `content`: news, or an error after which nothing comes."""
        if self._post is None or self._opened is None:
            raise ValueError("a post must be opened first")
        unit = unpack_unit(content)
        try:
            if unit.wanted is not None and isinstance(self._post, Post):
                self._post.close()
                self._post = self._opened.deep_post(unit.wanted.key)
            for batch in self._post.look_over(unit):
                yield from (NEWS + message for message in pack(batch, unit))
        except LuwteError as error:
            yield _said(error)

    def _open(self) -> _Opened:
        asked = self._asked
        for name, size in asked["carriers"]:
            _check(f"{name}, in bytes", _size(Path(name)), size)
        request = Request(
            carriers=[Path(name) for name, _ in asked["carriers"]],
            reference=Path(asked["reference"]),
            out=Path(),
            workers=self._workers,
            deadline=asked["deadline"],
            stall=asked["stall"],
            carve=asked["carve"],
            known_good=[Path(name) for name in asked["known_good"]],
            hasher=asked["hasher"],
            radius=asked["radius"],
        )
        home = Home.open()
        bundle = open_bundle(request.reference, home)
        _check(str(request.reference), looks(request, bundle.statement), asked["looks"])
        start = with_keys(launch, reader.MODULE, read_keys([Path(name) for name in asked["unlock"]]))
        return _Opened(request, home, ReferenceIndex(bundle), start)


@dataclass(frozen=True, slots=True)
class _Opened:
    """All that a post needs here."""

    request: Request
    home: Home
    index: ReferenceIndex
    start: Launch

    def post(self) -> Post:
        hasher, good = self.request.hasher, KnownGood(self.request.known_good)
        licensed = licensed_list(self.index.bundle, self.request, self.start) if hasher else None
        start = with_hasher(self.start, hasher)
        return Post(self.request, self.index, good, Forgetful(), start, licensed)

    def deep_post(self, key: str) -> DeepPost:
        """Return a post of the deep pass; raises `BadInput` unless it judges as `key` says."""
        means = means_of(self.index, self.home)
        if means is None or means.key != key:
            raise BadInput(
                f"looking closely: by {means and means.key} here, by {key} on the leading machine. All must "
                "have the same recognition.json in their homes, or none."
            )
        return DeepPost(self.request, self.index, means.recogniser(), self.start)


def _size(carrier: Path) -> int | None:
    """Return the size of a carrier in bytes, None for a folder."""
    try:
        return None if carrier.is_dir() else carrier.stat().st_size
    except OSError as error:
        raise BadInput(
            f"{carrier} cannot be read ({error.strerror}). Share it under this path with every machine."
        ) from error


def _check(what: str, here: object, there: object) -> None:
    if here != there:
        raise BadInput(
            f"{what}: {here} here, {there} on the leading machine. All machines must have the same."
        )


def _said(error: LuwteError) -> bytes:
    return FAILED + json.dumps([error.exit_code, str(error)]).encode()
