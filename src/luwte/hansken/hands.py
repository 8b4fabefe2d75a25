"""Looking at pictures for many callers at once: confined workers, each with a thread that lives as long."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from luwte.base.errors import Failure
from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.scan.crew import BROKEN_WORKER, DEADLINE, Worker
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.pieces import Garbled
from luwte.lab.scan.pipes import ChildGone, DeadlinePassed

_STARTS: Final = 3


class Hands:
    """Workers that look at the files of whoever calls. Callers may come and go; a worker's thread stays.

    That matters: the system kills a worker when the thread that started it ends.
    """

    def __init__(self, size: int, deadline: float = DEADLINE, start: Launch = launch) -> None:
        self._deadline = deadline
        self._start = start
        self._own = threading.local()
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self._pool = ThreadPoolExecutor(size, "hand")

    def look(self, chunks: Iterable[bytes]) -> tuple[Fingerprint | None, str | None]:
        """Return the fingerprint of the file that is `chunks`, and why there is none or no whole one.

        Waits while all workers are busy. `chunks` may raise `Unreadable`; it is read in another thread.
        Raises `Failure` when no worker starts on this machine.
        """
        return self._pool.submit(self._look, chunks).result()

    def close(self) -> None:
        """Wait for those at work and dismiss all."""
        self._pool.shutdown()
        for worker in list(self._workers):
            self._dismiss(worker)

    def _look(self, chunks: Iterable[bytes]) -> tuple[Fingerprint | None, str | None]:
        worker: Worker = getattr(self._own, "worker", None) or self._hire()
        alive = False
        try:
            found, error, alive = worker.look(chunks)
        finally:
            self._own.worker = worker if alive else None
            if not alive:
                self._dismiss(worker)
        return found, error or (BROKEN_WORKER if found is None else None)

    def _hire(self) -> Worker:
        for _ in range(_STARTS):
            worker = Worker(self._deadline, self._start)
            with self._lock:
                self._workers.add(worker)
            try:
                worker.greet()
                return worker
            except (ChildGone, DeadlinePassed, Garbled):
                self._dismiss(worker)
        raise Failure("No worker process starts here. Set LUWTE_DEBUG=1 and read the log of the plugin.")

    def _dismiss(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.close()
