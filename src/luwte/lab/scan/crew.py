"""The crew: a fixed number of workers, each a child process with a thread here that feeds it.

A worker that dies or overruns its deadline is killed and costs the one file it had; a fresh one takes its
place. Nothing a worker answers is believed beyond the bounds of its fixed-size record.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil
from queue import Empty, Full, Queue
from typing import Protocol, Self, TypeVar

from luwte.base.errors import Failure
from luwte.lab.carriers import Unreadable
from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.launch import Launch, end, kill, launch
from luwte.lab.scan.pieces import DROP, END, LOOK, PIECE, Garbled, piece
from luwte.lab.scan.pipes import ChildGone, DeadlinePassed, prepare, read_within, write_within
from luwte.lab.scan.record import RECORD_BYTES, Stage, following, unpack
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.worker import MODULE

DEADLINE = 30.0
"""Seconds that looking at one file may take."""
START_SECONDS = 60.0
_PATIENCE = 0.2
Item = TypeVar("Item")
_WAITING = 64

BROKEN_WORKER = "worker that stopped before it knew the file"


class Spares(Protocol):
    """Knows of some files what a look at them would show; asked and told from several threads."""

    def known(self, digested: Fingerprint) -> Fingerprint | None:
        """Return all of the file of which `digested` holds the digests, or None if it must be looked at."""
        ...

    def remember(self, found: Fingerprint) -> None:
        """Take note of what a look at a file showed."""
        ...


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Job:
    """A file to look at: a `number` to know the answer by, and its bytes, which may raise `Unreadable`.

    `abandon` is called when the rest of the bytes will not be asked for.
    """

    number: int
    chunks: Iterable[bytes]
    abandon: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out about the file of a job: its fingerprint, or why there is none."""

    number: int
    fingerprint: Fingerprint | None
    error: str | None


class Stopped(Exception):
    """The crew is being dismissed; whoever waits for it goes home."""


class Worker:
    """One child process that looks at files, one at a time. Use and close it in one thread."""

    def __init__(self, deadline: float, start: Launch = launch, *asked: str) -> None:
        self._deadline = deadline
        self._child = start(MODULE, str(ceil(deadline) + 1), *asked)
        if self._child.stdin is None or self._child.stdout is None:
            raise ValueError("a worker needs pipes")
        self._in = prepare(self._child.stdin)
        self._out = prepare(self._child.stdout)

    def greet(self) -> None:
        """Wait until the worker is ready; raises `ChildGone`, `DeadlinePassed` or `Garbled` otherwise."""
        if self._receive(time.monotonic() + START_SECONDS)[0] is not Stage.READY:
            raise Garbled

    def look(
        self, chunks: Iterable[bytes], spares: Spares | None = None
    ) -> tuple[Fingerprint | None, str | None, bool]:
        """Return the file's fingerprint, why there is none or no whole one, and if this worker lives.

        What `spares` knows by its digests is not looked at.
        """
        known: Fingerprint | None = None
        try:
            self._send(chunks)
            until = time.monotonic() + self._deadline
            stage, known = self._receive(until)
            if stage is Stage.DIGESTED:
                if spares is not None and (spared := spares.known(known)) is not None:
                    write_within(self._in, piece(DROP), self._deadline)
                    return spared, spared.error, True
                write_within(self._in, piece(LOOK), self._deadline)
                known = self._looked(known, until)
            elif stage is not Stage.FINISHED:
                raise Garbled
            if spares is not None:
                spares.remember(known)
            return known, known.error, True
        except Unreadable as failure:
            return None, failure.reason, self._forgets()
        except DeadlinePassed:
            return _marked(known, Reason.DEADLINE)
        except (ChildGone, Garbled):
            return _marked(known, Reason.STOPPED)

    def kill(self) -> None:
        """Kill the child, by its own id; whoever waits for it learns that it is gone."""
        kill(self._child)

    def close(self) -> None:
        """Kill the child and let go of its pipes."""
        end(self._child)

    def _looked(self, digested: Fingerprint, until: float) -> Fingerprint:
        """Return what the look at the file of which `digested` holds the digests gave."""
        stage, known = self._receive(until)
        if stage is not Stage.FINISHED:
            raise Garbled
        return known

    def _send(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            write_within(self._in, piece(PIECE, chunk), self._deadline)
        write_within(self._in, piece(END), self._deadline)

    def _forgets(self) -> bool:
        try:
            write_within(self._in, piece(DROP), self._deadline)
        except (ChildGone, DeadlinePassed):
            return False
        return True

    def _receive(self, until: float) -> tuple[Stage, Fingerprint]:
        record = read_within(self._out, RECORD_BYTES, until)
        return unpack(record + read_within(self._out, following(record), until))


def _marked(known: Fingerprint | None, reason: Reason) -> tuple[Fingerprint | None, str, bool]:
    if known is None:
        return None, BROKEN_WORKER if reason is Reason.STOPPED else reason, False
    return replace(known, error=str(reason)), reason, False


class Crew:
    """A number of workers behind one queue: give jobs with `submit`, take each `answer`, then `close`.

    `hired` says which sort of worker.
    """

    def __init__(
        self,
        size: int,
        deadline: float = DEADLINE,
        start: Launch = launch,
        spares: Spares | None = None,
        hired: Callable[[float, Launch], Worker] = Worker,
    ) -> None:
        self._deadline = deadline
        self._spares = spares
        self._start = start
        self._hired = hired
        self._jobs: Queue[Job] = Queue(size)
        self._answers: Queue[Answer | Seen | Exception] = Queue(_WAITING * size)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        names = [f"worker {number}" for number in range(size)]
        self._threads = [threading.Thread(target=self._run, name=name, daemon=True) for name in names]
        for thread in self._threads:
            thread.start()

    @property
    def stopped(self) -> threading.Event:
        """Set once the crew is dismissed; whoever feeds a job from elsewhere stops then."""
        return self._stop

    def submit(self, job: Job) -> None:
        """Hand a job to the crew; waits while all hands are full. Raises `Stopped`."""
        put(self._jobs, job, self._stop)

    def pass_on(self, item: Seen) -> None:
        """Put `item`, which needs no looking at, among the answers. Raises `Stopped`."""
        put(self._answers, item, self._stop)

    def answer(self, seconds: float) -> Answer | Seen | None:
        """Return the next answer, in the order of finishing, or None when none came within `seconds`.

        Raises what kept one of the crew from going on: `Failure` when no worker starts, what `spares` raised.
        """
        try:
            found = self._answers.get(timeout=seconds)
        except Empty:
            return None
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        """Dismiss the crew: kill the children by id and wait for the threads to end."""
        self._stop.set()
        with self._lock:
            for worker in self._workers:
                worker.kill()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        worker: Worker | None = None
        try:
            while True:
                job = take(self._jobs, self._stop)
                worker = worker or self._hire()
                fingerprint, error, alive = worker.look(job.chunks, self._spares)
                if not alive:
                    self._fire(worker)
                    worker = None
                    job.abandon()
                put(self._answers, Answer(job.number, fingerprint, error), self._stop)
        except Stopped:
            pass
        except Exception as failure:  # whoever asks for answers would wait for this one for ever
            with suppress(Stopped):
                put(self._answers, failure, self._stop)
        finally:
            if worker is not None:
                self._fire(worker)

    def _hire(self) -> Worker:
        """Start a worker; a machine on which none starts is told so, instead of losing file after file."""
        for _ in range(3):
            with self._lock:
                if self._stop.is_set():
                    raise Stopped
                worker = self._hired(self._deadline, self._start)
                self._workers.add(worker)
            try:
                worker.greet()
                return worker
            except (ChildGone, DeadlinePassed, Garbled):
                self._fire(worker)
        raise Failure("No worker process starts here. Run this again with LUWTE_DEBUG=1 to see why.")

    def _fire(self, worker: Worker) -> None:
        with self._lock:
            worker.close()
            self._workers.discard(worker)


def put(queue: Queue[Item], item: Item, stop: threading.Event) -> None:
    """Put `item` into `queue`, waiting for room; raises `Stopped` once `stop` is set."""
    while not stop.is_set():
        try:
            queue.put(item, timeout=_PATIENCE)
            return
        except Full:
            continue
    raise Stopped


def take(queue: Queue[Item], stop: threading.Event) -> Item:
    """Return the next item of `queue`, waiting for it; raises `Stopped` once `stop` is set."""
    while not stop.is_set():
        try:
            return queue.get(timeout=_PATIENCE)
        except Empty:
            continue
    raise Stopped
