"""From a carrier being read to files that were seen: one thread hands its files to the crew as they come."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from queue import Queue
from typing import Self

from luwte.lab.scan.crew import Answer, Crew, Job, Stopped, put
from luwte.lab.scan.hearing import (
    Event,
    FileBytes,
    FileEnds,
    FileStarts,
    InsideEnds,
    Listed,
    Nonsense,
    Problems,
    ReaderBroke,
    Searched,
    Verified,
)
from luwte.lab.scan.holding import Holding
from luwte.lab.scan.reading import Reading
from luwte.lab.scan.seen import Seen, seen
from luwte.lab.scan.stream import Stream
from luwte.lab.scan.units import End, Trouble, Unit

BROKEN_READER = "content on which its reader broke off"
BROKEN_INSIDE = "archive or document in which its reader broke off"
_TICK = 0.2
_TROUBLES = 4096


class Feeder:
    """Has `reading` give `unit` to `crew` in a thread of its own, and gives its files back as they are seen.

    `read` and `verified` count bytes so far. `end` says how the unit ended, once `files` has.
    """

    def __init__(self, reading: Reading, unit: Unit, crew: Crew) -> None:
        self.read = self.verified = 0
        self.end: End | None = None
        self._reading = reading
        self._unit = unit
        self._crew = crew
        self._lock = threading.Lock()
        self._started: dict[int, tuple[FileStarts, int]] = {}
        self._holding = Holding()
        self._marks: OrderedDict[int, str] = OrderedDict()
        self._open: Counter[int] = Counter()
        self._troubles: Queue[Trouble] = Queue(_TROUBLES)
        self._troubled: int | None = None
        self._root: int | None = None
        self._first_mark: str | None = None
        self._place = self._given = self._taken = 0
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

    @property
    def waiting(self) -> int:
        """How many files were begun and not given back."""
        return self._given - self._taken

    def files(self) -> Iterator[Seen | None]:
        """Give each file when it has been seen; None now and then while there is nothing to give."""
        while True:
            done = not self._thread.is_alive()
            if done and (self._failure is not None or self._taken == self._given):
                break
            answer = self._crew.answer(_TICK)
            yield None if answer is None else self._taken_back(answer)
        if self._failure is not None:
            raise self._failure

    @property
    def first_mark(self) -> str | None:
        """What stands before the first root of the unit, or None while that is not known."""
        with self._lock:
            if self._first_mark is None and self.end is not None and self.end.root == self._unit.first:
                return self.end.mark
            return self._first_mark

    def troubles(self) -> tuple[Trouble, ...]:
        """Return what was not read inside roots since the last call."""
        return tuple(self._troubles.get_nowait() for _ in range(self._troubles.qsize()))

    @property
    def troubled(self) -> bool:
        """Whether there are troubles to ask for; the reader is not heard on while there are too many."""
        return not self._troubles.empty()

    def upto(self) -> tuple[int, str | None]:
        """Return before which root all files were given back, and the mark there; None if it is not known.

        A root on which the reader broke off is not among them: it is done when that is written down, too.
        """
        with self._lock:
            if self.end is not None and self.end.broke is None and not self._open:
                return self.end.root, self.end.mark
            first = self._unit.first if self._root is None else self._root
            root = min(self._open, default=first)
            while self._marks and next(iter(self._marks)) < root:
                self._marks.popitem(last=False)
            return root, self._marks.get(root)

    def _taken_back(self, answer: Answer | Seen) -> Seen | None:
        """Return the file of `answer`; None when it waits for what is inside it, and comes again then."""
        with self._lock:
            file = answer if isinstance(answer, Seen) else self._seen(answer)
            if file is None:
                return None
            self._taken += 1
            self._open[file.root] -= 1
            if not self._open[file.root]:
                del self._open[file.root]
            return file

    def _seen(self, answer: Answer) -> Seen | None:
        start, place = self._started.pop(answer.number)
        found = seen(start.path, start.state, start.size, answer.fingerprint, answer.error)
        return self._holding.settled(answer.number, replace(found, root=start.root, place=place))

    def _run(self) -> None:
        stream: Stream | None = None
        try:
            for event in self._reading.events(self._unit):
                stream = self._feed(event, stream)
        except ReaderBroke as broke:
            if stream is not None:
                self._finish(stream, FileEnds(BROKEN_READER))
            self._end_broken(broke.reason)
        except Stopped:
            pass
        except BaseException as failure:
            self._failure = failure
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """Pass on the files whose inside was not read to its end."""
        with suppress(Stopped):
            for file in self._holding.end_all(BROKEN_INSIDE):
                self._crew.pass_on(file)

    def _end_broken(self, reason: str) -> None:
        """End behind the root on which the reader broke off: it is not tried again."""
        root = self._unit.first if self._root is None else self._root
        with suppress(Stopped):
            put(self._troubles, Trouble(root, reason, 1), self._crew.stopped)
        behind = root if self._root is None else root + 1
        with self._lock:
            self.end = End(behind, None, ended=False, whole=False, broke=reason)

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
                if event.holds and not self._holding.begin(self._given - 1):
                    raise Nonsense
                stream.put(event)
                return None
            stream.put(event.content)
            self.read += len(event.content)
            return stream
        if stream is not None:
            raise Nonsense
        return self._other(event)

    def _other(
        self, event: FileStarts | InsideEnds | Listed | Searched | Verified | Problems | End
    ) -> Stream | None:
        if isinstance(event, FileStarts):
            return self._begin(event)
        if isinstance(event, InsideEnds):
            self._inside_ends(event)
        elif isinstance(event, Listed):
            self._note(event.file.root, event.mark)
            self._crew.pass_on(event.file)
        elif isinstance(event, Searched):
            self.read += event.count
        elif isinstance(event, Verified):
            self.verified += event.count
        elif isinstance(event, Problems):
            self._trouble(event)
        else:
            self._ends(event)
        return None

    def _trouble(self, event: Problems) -> None:
        """Keep what was not read in a root, of which a reader speaks once, until somebody asks for it."""
        if not self._may_come(event.root) or (self._troubled is not None and event.root <= self._troubled):
            raise Nonsense
        self._troubled = event.root
        for found in event.counts:
            put(self._troubles, Trouble(event.root, *found), self._crew.stopped)

    def _ends(self, end: End) -> None:
        """Believe that this was all of the unit only where it can be."""
        unit = self._unit
        if self._holding.holds_open:
            raise Nonsense
        if unit.part == "files":
            spoken = [root for root in (self._root, self._troubled) if root is not None]
            if end.ended:
                can_be = end.root > max(spoken, default=-1) and (unit.last is None or end.root <= unit.last)
            else:
                can_be = end.root == unit.last
            if not can_be:
                raise Nonsense
        with self._lock:
            self.end = replace(end, ended=False) if unit.part == "verify" else end

    def _inside_ends(self, event: InsideEnds) -> None:
        try:
            file = self._holding.end(event.reason)
        except IndexError:
            raise Nonsense from None
        if file is not None:
            self._crew.pass_on(file)

    def _begin(self, start: FileStarts) -> Stream:
        stream = Stream(self._crew.stopped)
        number = self._given
        self._started[number] = start, self._note(start.root, start.mark)
        self._crew.submit(Job(number, stream, stream.abandon))
        return stream

    def _may_come(self, root: int) -> bool:
        """Return whether something in root number `root` can come now: of this unit, and nothing passed."""
        unit = self._unit
        if unit.part != "files":
            return unit.part == "space" and root == unit.first
        return root >= (unit.first if self._root is None else self._root) and (
            unit.last is None or root < unit.last
        )

    def _note(self, root: int, mark: str) -> int:
        """Take note that a file of root number `root` comes; return which of its files it is."""
        with self._lock:
            if not self._may_come(root) or (root != self._root and self._holding.holds_open):
                raise Nonsense
            if root == self._unit.first and self._root is None:
                self._first_mark = mark
            self._place = self._place + 1 if root == self._root else 0
            self._root = root
            self._marks.setdefault(root, mark)
            self._open[root] += 1
            self._given += 1
            return self._place
