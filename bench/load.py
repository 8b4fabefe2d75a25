"""P10: the pages of people and staff while many are there at once, served as in production."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

from bench.load_visits import HOST, THINK, Crowd, Seen
from bench.rows import Row
from tests.support import postgres

MOST = 5.0
FEWEST = 20
"""Requests of a kind from which a 95th percentile says something."""
WORKERS = 2
STEPPED = frozenset({"first page", "question", "answer", "searched", "choices", "own", "rights"})
"""Pages whose answers wait for a whole step of time (PAGE_SECONDS, ANSWER_SECONDS)."""
OF_STAFF = frozenset(
    {
        "work list", "password", "password sent", "code", "code sent", "search", "person", "call", "find",
        "first contacts", "numbers",
    }
)  # fmt: skip
STARTING = 60
_COMMAND = (sys.executable, "-c", "from luwte.cli import main; main()", "desk", "serve")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the requests of a kind took: their number, the median and the 95th percentile (seconds)."""

    kind: str
    number: int
    median: float
    high: float

    @property
    def ratio(self) -> float:
        """How many times the median the 95th percentile is."""
        return self.high / self.median

    def __str__(self) -> str:
        return f"{self.kind} {self.median * 1e3:.0f}/{self.high * 1e3:.0f}"


@dataclass(frozen=True, slots=True)
class Visits:
    """What a crowd saw on a desk, and how busy the machine was before it came."""

    crowd: Crowd
    where: str
    before: float
    seen: Sequence[Seen]

    @property
    def faults(self) -> Counter[str]:
        """What went wrong, on which kind of page, and how often."""
        return Counter(f"{one.kind}: {one.wrong}" for one in self.seen if one.wrong)


def rows(crowd: Crowd, embedded: Crowd) -> Iterator[Row]:
    """Return the pages of people and of staff on PostgreSQL, and all of them on SQLite.

    Each desk is filled, served by `luwte desk serve`, and visited, in three processes; it goes afterwards.
    """
    if postgres.installed():
        with postgres.started(durable=True) as cluster:
            addresses = {
                "LUWTE_DESK_DATABASE": cluster.create("luwte_desk"),
                "LUWTE_VAULT_DATABASE": cluster.create("luwte_vault"),
            }
            visits = _visited(crowd, "PostgreSQL", addresses)
        kinds = {one.kind for one in visits.seen}
        yield row("P10", "people's pages that answer at once", visits, kinds - STEPPED - OF_STAFF)
        yield row("P10-steps", "people's pages that wait for a whole step", visits, STEPPED)
        yield row("P10-staff", "pages of the staff", visits, OF_STAFF)
    else:
        print(f"P10 is not measured: {postgres.MISSING}")
    visits = _visited(embedded, "SQLite", {})
    kinds = {one.kind for one in visits.seen}
    yield row("P10-sqlite", "pages that answer at once", visits, kinds - STEPPED)
    yield row("P10-sqlite-steps", "people's pages that wait for a whole step", visits, STEPPED)


def row(name: str, what: str, visits: Visits, kinds: Collection[str]) -> Row:
    """Return the row of some kinds of page: the 95th percentile of the worst one, beside its median (ms).

    Without an error, for whichever page of the visit, is part of the target.
    """
    found = paces(visits.seen, kinds)
    worst = max(found, key=lambda pace: pace.ratio)
    crowd, faults = visits.crowd, visits.faults
    told = f"{sum(faults.values())} errors" if faults else "no error"
    work = (
        f"{crowd.people} people and {crowd.staff} staff at once for {crowd.seconds} s on {visits.where},"
        f" {what}: {sum(pace.number for pace in found):,} requests, {told}, load before {visits.before:.1f};"
        f" p50/p95 {', '.join(map(str, found))}; p95 of {worst.kind}, its p50 as the limit (ms)"
    )
    met = worst.ratio <= MOST and not faults
    return Row(
        name, work, "none", worst.high * 1e3, None, worst.median * 1e3, worst.ratio,
        f"p95 <= {MOST:.0f}x p50 of each page, no error", met,
    )  # fmt: skip


def paces(seen: Sequence[Seen], kinds: Collection[str]) -> list[Pace]:
    """Return the pace of each of `kinds` that was asked for often enough, and of all; slowest last.

    What failed has no pace. When none was asked for often enough, all together have one.
    """
    of_kinds: dict[str, list[float]] = {}
    for one in seen:
        if one.kind in kinds and not one.wrong:
            of_kinds.setdefault(one.kind, []).append(one.seconds)
    enough = {kind: taken for kind, taken in of_kinds.items() if len(taken) >= FEWEST}
    if not of_kinds:
        raise RuntimeError("No page was answered: the bench measures nothing.")
    chosen = enough or {"all": [one for taken in of_kinds.values() for one in taken]}
    return sorted((_pace(kind, taken) for kind, taken in chosen.items()), key=lambda pace: pace.median)


def _pace(kind: str, taken: Sequence[float]) -> Pace:
    median, high = np.percentile(taken, [50, 95])
    return Pace(kind, len(taken), float(median), float(high))


def _visited(crowd: Crowd, where: str, addresses: Mapping[str, str]) -> Visits:
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as folder:
        environment = {**os.environ, "LUWTE_HOME": folder, **addresses}
        filled = _answered("bench.load_desk", [crowd.people, crowd.staff, crowd.others], environment)
        plan = json.loads(filled) | {"seconds": crowd.seconds, "think": min(THINK, crowd.seconds / 10)}
        before = os.getloadavg()[0]
        with _served(environment, Path(folder)) as port:
            seen = json.loads(_answered("bench.load_visits", [], environment, plan | {"port": port}))
    visits = Visits(crowd, where, before, [Seen(*one) for one in seen])
    for fault, number in visits.faults.most_common(10):
        print(f"P10 on {where}: {fault}, {number} times")
    return visits


def _answered(module: str, words: Sequence[int], environment: Mapping[str, str], given: object = None) -> str:
    """Run a module of the bench as a process and return what it wrote; ends the bench when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        env=environment, input=json.dumps(given), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{module} failed: {done.stderr.strip()[-600:]}")
    return done.stdout


@contextmanager
def _served(environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Serve the desk on a free port; give the port when it answers."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    told = folder / "served.log"
    with told.open("wb") as log:
        server = subprocess.Popen(
            [*_COMMAND, "--port", str(port), "--workers", str(WORKERS)],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _await(port, server, told)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(STARTING)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await(port: int, server: subprocess.Popen[bytes], told: Path) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and server.poll() is None:
        connection = HTTPConnection(HOST, port, timeout=STARTING)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise SystemExit(f"The desk does not answer: {told.read_text()[-600:]}")
