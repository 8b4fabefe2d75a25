"""From a carrier being read to files that were seen: one thread hands its files to the crew as they come."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from queue import Queue
from typing import Self

from luwte.lab.carriers import Unreadable
from luwte.lab.scan.crew import Answer, Crew, Job, Stopped, put, take
from luwte.lab.scan.outcome import Outcome
from luwte.lab.scan.reading import (
    Done,
    Event,
    FileBytes,
    FileEnds,
    FileStarts,
    Nonsense,
    Problems,
    ReaderBroke,
    Reading,
    Searched,
    Verified,
)
from luwte.lab.scan.seen import Seen, seen

BROKEN_READER = "content on which its reader broke off"
_TICK = 0.2
_AHEAD = 8


class Stream:
    """The bytes of one file on their way from the reader to a worker, a few pieces at most."""

    def __init__(self, stop: threading.Event) -> None:
        self._pieces: Queue[bytes | FileEnds] = Queue(_AHEAD)
        self._stop = stop
        self._abandoned = threading.Event()

    def put(self, item: bytes | FileEnds) -> None:
        """Pass on the next bytes or the end; drops them when nobody wants the rest. Raises `Stopped`."""
        if self._abandoned.is_set():
            return
        put(self._pieces, item, self._stop)

    def abandon(self) -> None:
        """Say that nobody wants the rest, and make room for whoever is putting."""
        self._abandoned.set()
        while not self._pieces.empty():
            self._pieces.get_nowait()

    def __iter__(self) -> Iterator[bytes]:
        while True:
            item = take(self._pieces, self._stop)
            if isinstance(item, FileEnds):
                if item.error is not None:
                    raise Unreadable(item.error)
                return
            yield item


class Feeder:
    """Hands the files of `reading` to `crew` in a thread of its own, and gives them back as they are seen."""

    def __init__(self, reading: Reading, crew: Crew) -> None:
        self.outcome = Outcome()
        self._reading = reading
        self._crew = crew
        self._started: dict[int, FileStarts] = {}
        self._given = 0
        self._taken = 0
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="feeder", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._crew.close()
        self._reading.kill()
        self._thread.join()

    def files(self) -> Iterator[Seen | None]:
        """Give each file when it has been seen; None now and then while there is nothing to give."""
        while True:
            done = not self._thread.is_alive()
            if done and self._taken == self._given:
                break
            answer = self._crew.answer(_TICK)
            if answer is not None:
                self._taken += 1
            yield self._matched(answer) if isinstance(answer, Answer) else answer
        if self._failure is not None:
            raise self._failure

    def _matched(self, answer: Answer) -> Seen:
        start = self._started.pop(answer.number)
        found = seen(start.path, start.state, start.size, answer.fingerprint, answer.error)
        return replace(found, number=answer.number)

    def _run(self) -> None:
        stream: Stream | None = None
        try:
            for event in self._reading.events():
                stream = self._feed(event, stream)
        except ReaderBroke as broke:
            self.outcome.broke(broke.reason)
            if stream is not None:
                self._finish(stream, FileEnds(BROKEN_READER))
        except Stopped:
            pass
        except BaseException as failure:
            self._failure = failure

    def _finish(self, stream: Stream, ends: FileEnds) -> None:
        try:
            stream.put(ends)
        except Stopped:
            return

    def _feed(self, event: Event, stream: Stream | None) -> Stream | None:
        if isinstance(event, FileBytes | FileEnds):
            if stream is None:
                raise Nonsense
            if isinstance(event, FileEnds):
                stream.put(event)
                return None
            stream.put(event.content)
            self.outcome.read += len(event.content)
            return stream
        if stream is not None:
            raise Nonsense
        return self._other(event)

    def _other(self, event: FileStarts | Seen | Searched | Verified | Problems | Done) -> Stream | None:
        if isinstance(event, FileStarts):
            return self._begin(event)
        if isinstance(event, Seen):
            self._crew.pass_on(replace(event, number=self._given))
            self._given += 1
        elif isinstance(event, Searched):
            self.outcome.read += event.count
        elif isinstance(event, Verified):
            self.outcome.verified_bytes += event.count
        elif isinstance(event, Problems):
            self.outcome.problems.update(dict(event.counts))
        else:
            self.outcome.done(event)
        return None

    def _begin(self, start: FileStarts) -> Stream:
        stream = Stream(self._crew.stopped)
        number = self._given
        self._started[number] = start
        self._crew.submit(Job(number, stream, stream.abandon))
        self._given += 1
        return stream
