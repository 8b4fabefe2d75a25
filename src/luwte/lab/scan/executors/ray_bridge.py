"""The process that speaks with Ray: it hires a post on each node, passes units on and news back.

Ray ends the process that it runs in when its cluster is gone, and takes over signals and threads. So it has
this process, which holds nothing, instead of the leading one, which holds the list and the ledger.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any, Final

from luwte.lab.scan.confine import private_output
from luwte.lab.scan.executors.ray_post import NEWS, RayPost
from luwte.lab.scan.pieces import HEADER, piece

MODULE: Final = "luwte.lab.scan.executors.ray_bridge"
ASK: Final = b"a"
BEGIN: Final = b"b"
CONNECTED: Final = b"c"
HIRED: Final = b"h"
JOINED: Final = b"j"
LEFT: Final = b"l"
CAME: Final = b"n"
LOST: Final = b"-"
FAILED: Final = b"x"

_WATCH_SECONDS = 1.0
_UNREAD = 8  # messages of a node that wait here to be read, after which it pauses


class Dismissed(Exception):
    """The leading process is gone, or has let go of this one."""


class Bridge:
    """Between `output`, which the leading process reads, and the cluster that this process has joined."""

    def __init__(self, ray: Any, output: int, group: asyncio.TaskGroup) -> None:
        self._ray = ray
        self._output = output
        self._group = group
        self._posts: dict[str, Any] = {}

    def say(self, sort: bytes, payload: bytes) -> None:
        """Say one piece to the leading process; waits while it does not read."""
        view = memoryview(piece(sort, payload))
        while view:
            view = view[os.write(self._output, view) :]

    def tell(self, sort: bytes, *values: object) -> None:
        """Say one piece with `values` as JSON."""
        self.say(sort, json.dumps(values).encode())

    async def serve(self, source: asyncio.StreamReader) -> None:
        """Do what the leading process asks until it is gone."""
        while True:
            try:
                sort, length = HEADER.unpack(await source.readexactly(HEADER.size))
                payload = await source.readexactly(length)
            except asyncio.IncompleteReadError:
                return
            if sort == ASK:
                self._group.create_task(self._watch(payload.decode()))
            else:
                self._group.create_task(self._work(*json.loads(payload)))

    async def _watch(self, asked: str) -> None:
        """Hire a post on each node that has processors and none yet, also on those that join later."""
        while True:
            for node, name, workers in await asyncio.to_thread(_nodes, self._ray):
                if node not in self._posts:
                    self._hire(node, name, workers, asked)
            await asyncio.sleep(_WATCH_SECONDS)

    def _hire(self, node: str, name: str, workers: int, asked: str) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        where = NodeAffinitySchedulingStrategy(node, soft=False)
        options = {
            "num_cpus": workers,
            "max_restarts": 0,
            "max_task_retries": 0,
            "scheduling_strategy": where,
        }
        self._posts[node] = self._ray.remote(RayPost).options(**options).remote(asked, workers)
        self._group.create_task(self._open(node, name))

    async def _open(self, node: str, name: str) -> None:
        post = self._posts[node]
        try:
            await post.__ray_ready__.remote()
            self.tell(HIRED, node, name)
            message = await post.open.remote()
        except self._ray.exceptions.RayTaskError as error:
            self.tell(FAILED, 1, name, _told(error))
        except self._ray.exceptions.RayError as error:
            if getattr(error, "actor_init_failed", False):
                self.tell(FAILED, 1, name, _told(error))
            self._leave(node)
        else:
            if message[:1] == NEWS:
                self.tell(JOINED, node, message[1:].decode())
            else:
                self._fail(name, message)

    def _fail(self, name: str, message: bytes) -> None:
        code, text = json.loads(message[1:])
        self.tell(FAILED, code, name, text)

    def _leave(self, node: str) -> None:
        """Let go of the post on `node`, which Ray ends if it is still there; another may be hired."""
        if (post := self._posts.pop(node, None)) is not None:
            self._ray.kill(post)
            self.tell(LEFT, node)

    async def _work(self, number: int, node: str, name: str, unit: str) -> None:
        post = self._posts.get(node)
        try:
            if post is None:
                raise self._ray.exceptions.RayActorError
            ways = {"num_returns": "streaming", "_generator_backpressure_num_objects": _UNREAD}
            async for coming in post.look_over.options(**ways).remote(unit.encode()):
                message = await coming
                if message[:1] == NEWS:
                    self.say(CAME, number.to_bytes(8, "little") + message[1:])
                else:
                    self._fail(name, message)
        except self._ray.exceptions.RayTaskError as error:
            self.tell(FAILED, 1, name, _told(error))
        except self._ray.exceptions.RayError:
            self.tell(LOST, number)
            if post is not None and self._posts.get(node) is post:
                self._leave(node)


def _nodes(ray: Any) -> list[tuple[str, str, int]]:
    """Return the nodes that have processors: id, name and how many."""
    alive = [node for node in ray.nodes() if node["Alive"]]
    found = [(node["NodeID"], node["NodeName"], int(node["Resources"].get("CPU", 0))) for node in alive]
    return [node for node in found if node[2]]


def _told(error: Exception) -> str:
    """Return the last line of what Ray says of `error`, which is the error itself."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]


async def _bridge(ray: Any, output: int) -> None:
    source = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(source), sys.stdin.buffer
    )
    async with asyncio.TaskGroup() as group:
        bridge = Bridge(ray, output, group)
        bridge.tell(CONNECTED, *(workers for _, _, workers in _nodes(ray)))
        await bridge.serve(source)
        raise Dismissed


def main() -> None:
    """Connect with the cluster whose address is the one argument, and be the bridge to it."""
    import ray

    output = private_output()
    ray.init(address=sys.argv[1], log_to_driver=False, configure_logging=False)
    try:
        asyncio.run(_bridge(ray, output))
    except* Dismissed:
        ray.shutdown()


if __name__ == "__main__":
    main()
