"""The scan as a whole: carriers in, a worklist and a report out.

This process opens the list and leads; it never parses foreign bytes. It cuts the work into units, lends them
to an executor (see `executors`), and writes what comes of them into a ledger. What is in the ledger is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from luwte.base.clock import Clock, SystemClock
from luwte.base.errors import Failure
from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import Home
from luwte.exchange.report import Report, case_number
from luwte.exchange.statement import Statement
from luwte.lab.carriers.errors import CarrierCannotBeOpened
from luwte.lab.carriers.names import printable
from luwte.lab.recognition.likelihood import Model
from luwte.lab.recognition.model import model_of
from luwte.lab.recognition.wide import wide_net
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.reference.known_good import KnownGood
from luwte.lab.scan import reader
from luwte.lab.scan.closely import Rule
from luwte.lab.scan.clustering import mark_clusters
from luwte.lab.scan.deep_ledger import DeepLedger, withdraw
from luwte.lab.scan.deep_pass import DeepPass
from luwte.lab.scan.deep_post import DeepPost
from luwte.lab.scan.executors import Executor, Lost, News
from luwte.lab.scan.executors.local import Local
from luwte.lab.scan.folder import check_apart, held
from luwte.lab.scan.handover import Acute
from luwte.lab.scan.hashers import licensed_list, with_hasher
from luwte.lab.scan.hearing import Opened
from luwte.lab.scan.keys import read_keys, with_keys
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.ledger import NAME as LEDGER
from luwte.lab.scan.ledger import Ledger
from luwte.lab.scan.means import Closer, means_of, rule_of
from luwte.lab.scan.notes import NAME as NOTES
from luwte.lab.scan.notes import Notes
from luwte.lab.scan.plan import Plan
from luwte.lab.scan.post import Post
from luwte.lab.scan.progress import Progress, Silent, Status
from luwte.lab.scan.reading import CarrierRefused, Reading
from luwte.lab.scan.reported import end_with, is_reported, report_as, take_up
from luwte.lab.scan.request import Request
from luwte.lab.scan.results import write_deep, write_fast
from luwte.lab.scan.sameness import Same, identity, looks, name_of, work
from luwte.lab.scan.tally import report_on
from luwte.lab.scan.units import Batch, End, Trouble, Unit
from luwte.lab.scan.weighing import weigh

NEVER_THE_SAME = "it was another one each time it was read"
_TICK = 0.2
_SHOW_SECONDS = 0.1

Cluster = Callable[[Request, Statement], Executor]


class CarrierChanged(Failure):
    """A carrier is not the same on each machine."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not the same on each machine, or changed since it was begun. See that nothing writes "
            "to it, and run this again: it is read anew."
        )


def scan(
    request: Request,
    home: Home,
    *,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    clock: Clock | None = None,
    start: Launch = launch,
    cluster: Cluster | None = None,
    means: Closer = means_of,
) -> Report:
    """Scan, write `worklist.sqlite`, `handover.vics.json` and then `report.lwreport`, and return the report.

    Where the list has the `means` to look closely, what is still unknown is then looked at closely, and they
    are written anew. This machine does the work, or the `cluster`.

    Raises `BadInput` for a list, a folder or a carrier that cannot be used, before anything is read; an
    encrypted carrier only when nothing else is given, else the report says so. So it does of a carrier that
    breaks off later. On any error there is no report, or that of the fast pass, and the next scan into that
    folder goes on where this one was; with the deep pass, where this one was asked to leave that out. That,
    and where acute work lies meanwhile, is said through `tell`.
    """
    case = None if request.case is None else case_number(request.case)
    clock = clock or SystemClock()
    check_apart(request.out, request.carriers)
    start = with_keys(start, reader.MODULE, read_keys(request.unlock))
    index = ReferenceIndex(open_bundle(request.reference, home))
    statement = index.bundle.statement
    licensed = licensed_list(index.bundle, request, start) if request.hasher else None
    model = model_of(home.path)
    request = replace(request, radius=wide_net(model, index))
    able = means(index, home)
    closer = None if request.fast_only else able
    opened = [_look_in(path, request, start) for path in request.carriers]
    if all(found.locked for found in opened):
        raise CarrierRefused(opened[0].locked)
    with ExitStack() as stack:
        good = stack.enter_context(KnownGood(request.known_good))
        key = work(request, statement)
        folder = stack.enter_context(held(request.out))
        this = Same(key, tuple(map(name_of, request.carriers)))
        take_up(folder, this, home.trusted(), replace=request.replace, deep=closer is not None)
        ledger = stack.enter_context(Ledger(folder / LEDGER, key))
        notes = stack.enter_context(Notes(folder / NOTES, looks(request, statement)))
        tell = tell or (lambda _: None)
        if ledger.earlier or notes.earlier:
            tell(_going_on(ledger, notes))
        if licensed is not None:
            tell(licensed.told)
        withdraw(ledger)
        about = _About(request, home.entry_key, model, index, statement, case, clock, clock.now())
        progress = progress or Silent()
        lead = _Lead(request, ledger, opened, progress, Acute(ledger, folder, case, tell))
        fast = with_hasher(start, request.hasher)
        executor = (
            cluster(request, statement)
            if cluster
            else Local(Post(request, index, good, notes, fast, licensed))
        )
        try:
            lead.work(executor, clock)
            report = about.report(ledger)
            if closer is None or not is_reported(folder, this, home.trusted()):
                note = end_with if able is None else report_as
                note(ledger, report.id)
                write_fast(folder, ledger, report, home, request.hasher)
            if closer is not None:
                deep = DeepLedger(ledger, closer.key)
                if left := deep.left().pictures:
                    tell(_closely(left, folder))
                    if cluster is None:
                        executor.close()
                        executor = Local(DeepPost(request, index, closer.recogniser(), start))
                    DeepPass(request.carriers, ledger, deep, progress).work(executor, clock)
                report = about.report(ledger, deep, closer.rule)
                end_with(ledger, report.id)
                write_deep(folder, ledger, report, home, request.hasher)
        finally:
            executor.close()
        notes.discard()
        if able is None or closer is not None:
            ledger.discard()
        return report


@dataclass(frozen=True, slots=True)
class _About:
    """What the reports of a scan say of it beside what was found."""

    request: Request
    entry_key: bytes
    model: Model
    index: ReferenceIndex
    statement: Statement
    case: str | None
    clock: Clock
    started: datetime

    def report(self, ledger: Ledger, deep: DeepLedger | None = None, rule: Rule | None = None) -> Report:
        """Return a report on what `ledger` holds; of a deep pass with what its looks gave, by `rule`."""
        closely = None if deep is None else deep.counted()
        if deep is None:
            weigh(ledger, self.model, self.index.pictured, self.index.filmed)
        else:
            deep.apply()
        mark_clusters(ledger, self.entry_key)
        ended, carve = self.clock.now(), self.request.carve
        about = self.case, self.statement, self.started, ended
        judged = (rule or rule_of(self.model))._replace(radius=self.request.radius)
        return report_on(ledger, *about, carve=carve, closely=closely, rule=judged)


def _closely(pictures: int, folder: Path) -> str:
    return (
        f"The results of the fast pass are in {folder}. Now {pictures} pictures that it did not know, or "
        "found near, are looked at closely."
    )


def _going_on(ledger: Ledger, notes: Notes) -> str:
    done = f"{ledger.earlier} files are done" if ledger.earlier else f"{notes.earlier} need no second look"
    return f"Going on from a scan that was cut off: {done}."


def _look_in(path: Path, request: Request, start: Launch) -> Opened:
    try:
        path.stat()  # a reader only sees what could be shown to it, and would not know why
    except (OSError, ValueError) as error:
        raise CarrierCannotBeOpened(path, getattr(error, "strerror", None) or str(error)) from error
    with Reading(path, stall=request.stall, start=start) as reading:
        return reading.opened()


class _Lead:
    """Lends units out and writes down what comes of them, until nothing is left to do."""

    def __init__(
        self, request: Request, ledger: Ledger, opened: Sequence[Opened], progress: Progress, acute: Acute
    ) -> None:
        self._request = request
        self._acute = acute
        self._ledger = ledger
        self._opened = opened
        self._progress = progress
        self._shown = 0.0
        self._read: dict[Unit, int] = {}
        for number, (path, found) in enumerate(zip(request.carriers, opened, strict=True)):
            ledger.begin(number, name_of(path), found, identity(path))
        ledger.leave_out(len(opened))
        self._files, self._bytes = ledger.amounts()

    def work(self, executor: Executor, clock: Clock) -> None:
        """Have `executor` do all that is not done yet."""
        verify = [self._request.verify and found.kind == "ewf" for found in self._opened]
        stands = [self._ledger.stand(number, verify=asked) for number, asked in enumerate(verify)]
        plan = Plan(stands, executor.slice)
        while not plan.finished:
            while executor.room and (unit := plan.next()) is not None:
                self._ledger.lend(unit, executor.begin(unit), clock.now().timestamp())
            found = executor.next(_TICK)
            if isinstance(found, News) and found.batch.end is not None and found.batch.end.changed:
                self._begin_anew(plan, found.unit, executor, found.batch.end)
            elif isinstance(found, News):
                self._settle(plan, found)
            elif isinstance(found, Lost):
                given_up = plan.lost(found.unit)
                self._ledger.lose(found.unit, why=found.reason if given_up else None)
        for number in self._ledger.seen_differently():
            self._ledger.forget(number)
            raise CarrierChanged(self._request.carriers[number])

    def _begin_anew(self, plan: Plan, unit: Unit, executor: Executor, end: End) -> None:
        """Forget what is known of a carrier that changed since; where several read it, that cannot be."""
        if executor.slice is not None:
            self._ledger.forget(unit.carrier)
            raise CarrierChanged(self._request.carriers[unit.carrier])
        if plan.begin_anew(unit):
            self._ledger.forget(unit.carrier)
            self._files, self._bytes = self._ledger.amounts()
            return
        trouble = Trouble(unit.first, NEVER_THE_SAME, 1)
        left = replace(end, changed=False, broke=NEVER_THE_SAME)
        self._settle(plan, News(unit, Batch(unit.first, troubles=(trouble,), end=left)))

    def _settle(self, plan: Plan, news: News) -> None:
        unit, batch = news
        if batch.rows or batch.troubles or batch.end is not None:
            self._ledger.settle(unit, batch)
            plan.reached(unit, batch.upto, batch.mark)
            self._files += len(batch.rows)
        self._read[unit] = batch.read + batch.verified
        self._show(unit, batch.waiting, checking=unit.part == "verify")
        if batch.end is not None:
            self._bytes += self._read.pop(unit)
            plan.ended(unit, batch.end)
            if plan.is_finished(unit.carrier) and not plan.finished:
                self._acute.write()

    def _show(self, unit: Unit, waiting: int, *, checking: bool) -> None:
        now = time.monotonic()
        if now - self._shown < _SHOW_SECONDS:
            return
        self._shown = now
        sizes = [None if opened.kind == "list" else opened.size for opened in self._opened]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        doing = "checking the stored hash of" if checking else "reading"
        name = printable(self._request.carriers[unit.carrier].name, separators=True)
        done = self._bytes + sum(self._read.values())
        self._progress.show(Status(done, total, self._files + waiting, f"{doing} {name}"))
