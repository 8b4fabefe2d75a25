"""The executor for a cluster: Ray brings units to the nodes and news back, and knows nothing else.

All truth is in the ledger of the leading process, so nodes, workers and the whole cluster may be lost. The
list and its key do not pass through Ray: each node opens the list with a home of its own.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Final, NoReturn

from luwte.base.errors import BadInput, Failure
from luwte.exchange.statement import Statement
from luwte.lab.scan.executors import Lost, News
from luwte.lab.scan.executors import ray_bridge as bridge
from luwte.lab.scan.executors.ray_post import asked
from luwte.lab.scan.executors.wire import pack_unit, unpack
from luwte.lab.scan.launch import end
from luwte.lab.scan.pieces import HEADER, piece
from luwte.lab.scan.pipes import ChildGone, DeadlinePassed, prepare, read_within, write_within
from luwte.lab.scan.request import Request
from luwte.lab.scan.surroundings import command
from luwte.lab.scan.units import Unit

SLICE: Final = 64
"""Roots of a carrier in one unit, for each worker of the largest node: seconds of work, if it is lost."""
CONNECT_SECONDS = 60.0
ALONE_SECONDS = 120.0
"""How long a scan waits for a node to work on."""
GONE: Final = "its machine was lost"
_FEW = 2
_AT_ONCE = 2  # units a node has: while it is at one, the next is there already
_PIECE_SECONDS = 60.0
_LEAVE_SECONDS = 5.0
_SETTINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_gcs_rpc_server_reconnect_timeout_s": "15"}


@dataclass
class _Node:
    name: str
    ready: bool = False
    units: set[int] = field(default_factory=set)

    @property
    def room(self) -> int:
        return _AT_ONCE - len(self.units) if self.ready else 0


class Ray:
    """Works on units of `request` with the nodes of the Ray cluster at `address` (host:port of its head).

    Each node must open the same list, of which `statement` is, and with `walls` have all walls standing.
    Which nodes come and go is said through `tell`. Raises `BadInput` without Ray, and `Failure` when the
    cluster cannot be reached.
    """

    def __init__(
        self,
        request: Request,
        statement: Statement,
        *,
        address: str,
        walls: bool = False,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        if find_spec("ray") is None:
            raise BadInput("Ray is not installed here. Install it with: pip install luwte[cluster]")
        self.slice: int | None = None
        self._address = address
        self._tell = tell or (lambda _: None)
        self._nodes: dict[str, _Node] = {}
        self._units: dict[int, tuple[Unit, str]] = {}
        self._count = 0
        self._child = subprocess.Popen(
            command(bridge.MODULE, address),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("LUWTE_DEBUG") else subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=_SETTINGS | os.environ,
            process_group=0,
        )
        if self._child.stdin is None or self._child.stdout is None:
            raise ValueError("the bridge to Ray needs pipes")
        self._in, self._out = prepare(self._child.stdin), prepare(self._child.stdout)
        self._connect(asked(request, statement, walls=walls))
        self._alone = time.monotonic()

    @property
    def room(self) -> int:
        """How many more units the nodes that are here now can be given."""
        return sum(node.room for node in self._nodes.values())

    def begin(self, unit: Unit) -> str:
        """Give `unit` to the node that has most room, and return its name."""
        key, node = max(self._nodes.items(), key=lambda item: item[1].room)
        self._count += 1
        self._units[self._count] = unit, key
        node.units.add(self._count)
        told = [self._count, key, node.name, pack_unit(unit).decode()]
        self._say(bridge.BEGIN, json.dumps(told).encode())
        return node.name

    def next(self, seconds: float) -> News | Lost | None:
        """Return what came next, or None. Raises `Failure` when the cluster or all its nodes are gone."""
        until = time.monotonic() + seconds
        while (came := self._next_piece(until)) is not None:
            found = self._understood(*came)
            if found is not None:
                return found
        if self._nodes:
            self._alone = time.monotonic()
        elif time.monotonic() - self._alone > ALONE_SECONDS:
            raise Failure(
                f"No node of the Ray cluster at {self._address} has free processors. See that the nodes run "
                "and do nothing else, and run this again: it goes on."
            )
        return None

    def close(self) -> None:
        """Leave the cluster; Ray then ends the posts on the nodes."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(_LEAVE_SECONDS)
        end(self._child)

    def _connect(self, asked: str) -> None:
        try:
            came = self._next_piece(time.monotonic() + CONNECT_SECONDS)
            if came is not None and came[0] == bridge.CONNECTED:
                self.slice = SLICE * max(_FEW, *json.loads(came[1]), 0)
                self._say(bridge.ASK, asked.encode())
                return
        except Failure:
            pass
        self.close()
        raise Failure(
            f"The Ray cluster at {self._address} cannot be reached. See that this machine is one of its "
            "nodes (ray start --address) and has its token and certificates, named by whole paths; "
            "LUWTE_DEBUG=1 shows what Ray says."
        )

    def _say(self, sort: bytes, payload: bytes) -> None:
        try:
            write_within(self._in, piece(sort, payload), _PIECE_SECONDS)
        except (ChildGone, DeadlinePassed):
            self._give_up()

    def _next_piece(self, until: float) -> tuple[bytes, bytes] | None:
        """Return the next piece of the bridge, or None when none began before `until`."""
        left = max(0.0, until - time.monotonic())
        if not select.select([self._out], [], [], left)[0]:
            return None
        try:
            soon = time.monotonic() + _PIECE_SECONDS
            sort, length = HEADER.unpack(read_within(self._out, HEADER.size, soon))
            return sort, read_within(self._out, length, soon)
        except (ChildGone, DeadlinePassed):
            self._give_up()

    def _give_up(self) -> NoReturn:
        raise Failure(
            f"The Ray cluster at {self._address} is gone. Nothing is lost: start it again and run this "
            "again, with --ray or without; it goes on."
        )

    def _understood(self, sort: bytes, payload: bytes) -> News | Lost | None:
        if sort == bridge.CAME:
            return self._news(int.from_bytes(payload[:8], "little"), payload[8:])
        told = json.loads(payload)
        if sort == bridge.LOST:
            return Lost(self._taken_back(told[0]), GONE) if told[0] in self._units else None
        if sort == bridge.HIRED:
            self._nodes[told[0]] = _Node(told[1])
        elif sort == bridge.JOINED:
            node = self._nodes[told[0]]
            node.ready = True
            self._tell(f"The node {node.name} takes part. {told[1]}")
        elif sort == bridge.LEFT and (gone := self._nodes.pop(told[0], None)) is not None:
            self._tell(f"The node {gone.name} is gone; what it had not finished is done by others.")
        elif sort == bridge.FAILED:
            code, name, text = told
            raise (BadInput if code == BadInput.exit_code else Failure)(f"On the node {name}: {text}")
        return None

    def _news(self, number: int, content: bytes) -> News:
        try:
            batch = unpack(content)
        except (ValueError, TypeError):
            raise Failure("A node said what cannot be. See that nobody else uses the cluster.") from None
        unit, _ = self._units[number]
        if batch.end is not None:
            self._taken_back(number)
        return News(unit, batch)

    def _taken_back(self, number: int) -> Unit:
        unit, key = self._units.pop(number)
        if (node := self._nodes.get(key)) is not None:
            node.units.discard(number)
        return unit
