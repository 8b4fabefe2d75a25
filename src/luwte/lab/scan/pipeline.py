"""The scan as a whole: carriers in, a worklist and a report out.

This process opens the list and leads; it never parses foreign bytes. A child reads the carrier, others look
at its files (see `reading` and `crew`). What they answer is matched here, many files at a time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from luwte.base.clock import Clock, SystemClock
from luwte.base.faults import fault_point
from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import Home
from luwte.exchange.report import Report, case_number, write_report
from luwte.lab.carriers.errors import CarrierCannotBeOpened
from luwte.lab.carriers.names import printable
from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.recognition.recogniser import recognise
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS, Match
from luwte.lab.reference.index import Digested, ReferenceIndex
from luwte.lab.reference.known_good import KnownGood
from luwte.lab.scan import reader
from luwte.lab.scan.crew import DEADLINE, Crew
from luwte.lab.scan.feeding import Feeder
from luwte.lab.scan.folder import PARTIAL, REPORT, check_apart, clear, held
from luwte.lab.scan.handover import HANDOVER, write_handover
from luwte.lab.scan.keys import read_keys, with_keys
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.notes import NAME as NOTES
from luwte.lab.scan.notes import Notes
from luwte.lab.scan.outcome import Outcome
from luwte.lab.scan.progress import Progress, Silent, Status
from luwte.lab.scan.reading import STALL, CarrierRefused, Opened, Reading
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.spared import Spared
from luwte.lab.scan.tally import TOOL, Tally
from luwte.lab.scan.worklist import NAME, NamedMatch, Worklist

_BATCH = 512
_BATCH_SECONDS = 1.0
_SHOW_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan: `carriers` for what is in the bundle `reference`, with results into the folder `out`.

    `workers` processes look at files, each at most `deadline` seconds; a reader that is silent for `stall`
    seconds is given up. `verify` checks the hash that an image stores of itself; `carve` also finds pictures
    in free space and inside other files. Files of the lists `known_good` are not looked at. The files
    `unlock` hold keys to encrypted volumes.
    """

    carriers: Sequence[Path]
    reference: Path
    out: Path
    case: str | None = None
    workers: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    deadline: float = DEADLINE
    stall: float = STALL
    verify: bool = True
    carve: bool = True
    replace: bool = False
    known_good: Sequence[Path] = ()
    unlock: Sequence[Path] = ()


def scan(
    request: Request,
    home: Home,
    *,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    clock: Clock | None = None,
    start: Launch = launch,
) -> Report:
    """Scan, write `worklist.sqlite`, `handover.vics.json` and then `report.lwreport`, and return the report.

    Raises `BadInput` for a list, a folder or a carrier that cannot be used, before anything is read. A
    carrier that breaks off later makes the report say so. On any error there is no report, and the next scan
    into that folder goes on: what was looked at is not looked at again, which it says through `tell`.
    """
    case = None if request.case is None else case_number(request.case)
    check_apart(request.out, request.carriers)
    start = with_keys(start, reader.MODULE, read_keys(request.unlock))
    index = ReferenceIndex(open_bundle(request.reference, home))
    opened = [_look_in(path, request, start) for path in request.carriers]
    with KnownGood(request.known_good) as good, held(request.out, replace=request.replace) as folder:
        notes = Notes(folder / NOTES, _key(index))
        if notes.earlier and tell:
            tell(f"Going on from a scan that was cut off: {notes.earlier} files need no second look.")
        run = _Run(request, folder, index, good, opened, notes, progress or Silent(), start)
        return run.to_end(case, home, clock or SystemClock())


def _key(index: ReferenceIndex) -> str:
    """Return what two scans must share, so that what one found holds for the other."""
    return f"{TOOL}, list {index.bundle.statement.version}, PDQ {PDQ_RADIUS} {PDQ_QUALITY}"


def _look_in(path: Path, request: Request, start: Launch) -> Opened:
    try:
        path.stat()  # a reader only sees what could be shown to it, and would not know why
    except (OSError, ValueError) as error:
        raise CarrierCannotBeOpened(path, getattr(error, "strerror", None) or str(error)) from error
    with Reading(path, verify=False, stall=request.stall, start=start) as reading:
        return reading.opened()


class _Run:
    """One scan on its way."""

    def __init__(
        self,
        request: Request,
        folder: Path,
        index: ReferenceIndex,
        good: KnownGood,
        opened: Sequence[Opened],
        notes: Notes,
        progress: Progress,
        start: Launch,
    ) -> None:
        self._request = request
        self._folder = folder
        self._index = index
        self._good = good
        self._opened = opened
        self._notes = notes
        self._progress = progress
        self._start = start
        self._tally = Tally()
        self._worklist = Worklist(folder / PARTIAL)
        self._shown = 0.0
        self._before = 0

    def to_end(self, case: str | None, home: Home, clock: Clock) -> Report:
        """Read all carriers and write the results."""
        try:
            started = clock.now()
            spared = Spared(self._is_good, self._notes.known)
            with Crew(self._request.workers, self._request.deadline, self._start, spared) as crew:
                for number, path in enumerate(self._request.carriers):
                    self._read(number, path, crew)
            return self._finish(case, home, started, clock.now())
        finally:
            self._worklist.discard()
            self._notes.close()

    def _finish(self, case: str | None, home: Home, started: datetime, ended: datetime) -> Report:
        statement = self._index.bundle.statement
        report = self._tally.report(case, statement, started, ended)
        fault_point("scan.read")
        clear(self._folder)
        about = {"tool": TOOL, "report": report.id, "list": statement.version, "case": case or ""}
        self._worklist.finish(about, self._folder / NAME)
        fault_point("scan.worklist")
        write_handover(self._folder / NAME, self._folder / HANDOVER, case)
        fault_point("scan.handover")
        write_report(self._folder / REPORT, report, home)
        fault_point("scan.report")
        self._notes.discard()
        return report

    def _read(self, number: int, path: Path, crew: Crew) -> None:
        opened, outcome = self._opened[number], Outcome()
        name = printable(str(path.absolute()), separators=True)
        self._worklist.add_carrier(number, name, opened.kind, opened.size)
        files, size = self._tally.files, self._tally.bytes
        request = self._request
        try:
            with Reading(
                path,
                verify=request.verify,
                carve=request.carve,
                stall=request.stall,
                start=self._start,
            ) as reading:
                opened = reading.opened()
                with Feeder(reading, crew) as feeder:
                    outcome = feeder.outcome
                    self._settle_all(number, feeder, path)
        except CarrierRefused:
            outcome.broke("it could not be opened a second time")
        self._before += opened.size or outcome.read
        self._tally.add_carrier(
            opened,
            outcome,
            self._tally.files - files,
            self._tally.bytes - size,
            outcome.image_hash(asked=request.verify and opened.kind == "ewf"),
        )

    def _settle_all(self, carrier: int, feeder: Feeder, path: Path) -> None:
        batch: list[Seen] = []
        since = time.monotonic()
        for file in feeder.files():
            if file is not None:
                batch.append(file)
            if len(batch) >= _BATCH or (batch and time.monotonic() - since > _BATCH_SECONDS):
                self._settle(carrier, batch)
                batch, since = [], time.monotonic()
            self._show(feeder.outcome, path, len(batch))
        self._settle(carrier, batch)

    def _settle(self, carrier: int, files: Sequence[Seen]) -> None:
        """Match `files`, count them and write them down."""
        matches = self._matched(files)
        files = [
            file if found else replace(file, known_good=file in self._good)
            for file, found in zip(files, matches, strict=True)
        ]
        named = [
            [
                NamedMatch(
                    self._index.entry_id(match.entry),
                    self._index.series(match.entry),
                    match.verdict,
                    match.distance,
                )
                for match in found
            ]
            for found in matches
        ]
        self._worklist.add_files(carrier, list(zip(files, named, strict=True)))
        self._notes.add(list(zip(files, matches, strict=True)))
        for file, found in zip(files, named, strict=True):
            self._tally.add(file, found)
        fault_point("scan.batch")

    def _matched(self, files: Sequence[Seen]) -> list[list[Match]]:
        """Return what each of `files` matches: as noted where it was looked at before, else compared now."""
        noted = [self._notes.matches(file) for file in files]
        fresh = iter(
            recognise(self._index, [file for file, known in zip(files, noted, strict=True) if known is None])
        )
        return [next(fresh) if known is None else known for known in noted]

    def _is_good(self, file: Fingerprint) -> bool:
        """Say whether a file need not be looked at: never one of the reference list."""
        digests = Digested(file.size, file.md5, file.sha1, file.sha256)
        return file in self._good and not any(self._index.exact([digests]))

    def _show(self, outcome: Outcome, path: Path, waiting: int) -> None:
        now = time.monotonic()
        if now - self._shown < _SHOW_SECONDS:
            return
        self._shown = now
        sizes = [None if opened.kind == "list" else opened.size for opened in self._opened]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        doing = "checking the stored hash of" if outcome.verified_bytes else "reading"
        done = self._before + (outcome.verified_bytes or outcome.read)
        name = printable(path.name, separators=True)
        self._progress.show(Status(done, total, self._tally.files + waiting, f"{doing} {name}"))
