"""The deep pass: what is still unknown after the fast one is looked at closely, behind its results.

It begins when worklist, hand-over and report of the fast pass are written, and everything that it reads it
reads again. Nothing that goes wrong in it takes away what the fast pass found.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from luwte.base.clock import Clock
from luwte.lab.carriers.names import printable
from luwte.lab.scan.deep_ledger import NOT_FOUND_AGAIN, DeepLedger, Stretch
from luwte.lab.scan.executors import Executor, Lost, News
from luwte.lab.scan.ledger import Ledger
from luwte.lab.scan.plan import MOST_BREAKS, MOST_LOSSES
from luwte.lab.scan.progress import Progress, Status
from luwte.lab.scan.units import Batch, End, Unit

MOST_HERE: Final = 1 << 16
"""Pictures in one unit where one machine works: what is kept of them in memory."""
MOST_ELSEWHERE: Final = 1 << 9
"""Pictures in one unit that another machine works on: what is done again if that is lost."""
_TICK = 0.2
_SHOW_SECONDS = 0.1


class DeepPass:
    """Lends out the units of the deep pass over `carriers` and writes what comes of them into `deep`."""

    def __init__(
        self, carriers: Sequence[Path], ledger: Ledger, deep: DeepLedger, progress: Progress
    ) -> None:
        self._carriers = carriers
        self._ledger = ledger
        self._deep = deep
        self._progress = progress
        self._shown = 0.0
        self._waiting = deque(deep.stretches())
        self._running: dict[Unit, Stretch] = {}
        self._breaks: Counter[int] = Counter()
        self._losses: Counter[tuple[int, int]] = Counter()
        self._wanted = deep.left().bytes
        self._pictures = self._bytes = 0

    def work(self, executor: Executor, clock: Clock) -> None:
        """Have `executor` look at all that is wanted."""
        while self._waiting or self._running:
            while self._waiting and executor.room:
                self._begin(executor, clock)
            found = executor.next(_TICK)
            if isinstance(found, News):
                self._deep.settle(found.batch)
                self._show(found.unit, found.batch)
                if found.batch.end is not None:
                    self._ended(found.unit, found.batch.end)
            elif isinstance(found, Lost):
                self._lost(found.unit, found.reason)

    def _begin(self, executor: Executor, clock: Clock) -> None:
        """Have the next unit begun, if anything is left of the stretch that is next."""
        stretch = self._waiting.popleft()
        cut = self._deep.cut(stretch, MOST_HERE if executor.slice is None else MOST_ELSEWHERE)
        if cut is None:
            return
        unit, rest = cut
        if stretch.part == "files":
            self._waiting.appendleft(rest)
        self._running[unit] = replace(stretch, first=unit.first, last=rest.first)
        self._ledger.lend(unit, executor.begin(unit), clock.now().timestamp())

    def _ended(self, unit: Unit, end: End) -> None:
        """Give up what did not come, and go on behind the place where reading broke off."""
        stretch = self._running.pop(unit)
        self._ledger.take_back(unit)
        if end.broke is None:
            self._deep.give_up(stretch, NOT_FOUND_AGAIN)
            return
        self._breaks[unit.carrier] += 1
        place = max(end.root, stretch.first)
        left = end.root <= unit.first or self._breaks[unit.carrier] >= MOST_BREAKS
        if left:
            self._leave(unit.carrier, stretch, end.broke)
            return
        self._deep.give_up(replace(stretch, last=place), end.broke)
        self._waiting.appendleft(replace(stretch, first=place))

    def _leave(self, carrier: int, stretch: Stretch, why: str) -> None:
        """Give up all that is left of `carrier`, but for what is being done elsewhere."""
        self._deep.give_up(stretch, why)
        for waiting in [waiting for waiting in self._waiting if waiting.carrier == carrier]:
            self._waiting.remove(waiting)
            self._deep.give_up(waiting, why)

    def _lost(self, unit: Unit, why: str) -> None:
        stretch = self._running.pop(unit)
        self._ledger.take_back(unit)
        self._losses[unit.carrier, unit.first] += 1
        if self._losses[unit.carrier, unit.first] < MOST_LOSSES:
            self._waiting.appendleft(stretch)
        else:
            self._deep.give_up(stretch, why)

    def _show(self, unit: Unit, batch: Batch) -> None:
        self._pictures += len(batch.looks)
        self._bytes += sum(look.size for look in batch.looks)
        now = time.monotonic()
        if now - self._shown < _SHOW_SECONDS:
            return
        self._shown = now
        name = printable(self._carriers[unit.carrier].name, separators=True)
        self._progress.show(Status(self._bytes, self._wanted, self._pictures, f"looking closely at {name}"))
