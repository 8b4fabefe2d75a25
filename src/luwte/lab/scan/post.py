"""A post: what reads, looks and compares, on any machine, one unit after another.

It opens the list, parses no foreign byte itself, and keeps its workers, and the reader of the carrier that it
is at, from unit to unit. What it gives are rows for the worklist, and no fingerprint of an unmatched file.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, Self

from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.recognition.recogniser import Outcome, compare
from luwte.lab.recognition.verdicts import Match, Verdict
from luwte.lab.reference.index import Digested, ReferenceIndex
from luwte.lab.reference.known_good import KnownGood
from luwte.lab.reference.licensed import LicensedList
from luwte.lab.scan.classes import class_of
from luwte.lab.scan.crew import Crew
from luwte.lab.scan.feeding import Feeder
from luwte.lab.scan.hearing import ReaderBroke
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.readers import Readers
from luwte.lab.scan.reading import CarrierRefused
from luwte.lab.scan.request import Request
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.spared import Spared
from luwte.lab.scan.units import Batch, End, NamedMatch, Row, Trouble, Unit

NOT_AGAIN = "it could not be opened a second time"
REJECTED = "matches that were rejected before and are left out"
UNCOMPARED = "licensed hashes that could not be compared"
_ROWS = 512
_BATCH_SECONDS = 1.0
_NEWS_SECONDS = 0.1


class Memory(Protocol):
    """Knows what earlier looks showed, beyond what fits into memory."""

    def known(self, digested: Fingerprint) -> Fingerprint | None:
        """Return all that is kept of the file with these digests, or None if it was not looked at."""
        ...

    def matches(self, file: Seen) -> list[Match] | None:
        """Return what `file` matched when it was looked at, or None if it was not, or is at hand itself."""
        ...

    def add(self, files: Sequence[tuple[Seen, Sequence[Match]]]) -> None:
        """Take note of `files` with what they match."""
        ...


class Forgetful:
    """Remembers nothing."""

    def known(self, digested: Fingerprint) -> None:
        """Return nothing."""

    def matches(self, file: Seen) -> None:
        """Return nothing."""

    def add(self, files: Sequence[tuple[Seen, Sequence[Match]]]) -> None:
        """Forget `files`."""


class Post:
    """Works on units of the carriers of `request`, against the list that `index` holds. Close it."""

    def __init__(
        self,
        request: Request,
        index: ReferenceIndex,
        good: KnownGood,
        memory: Memory,
        start: Launch = launch,
        licensed: LicensedList | None = None,
    ) -> None:
        self._licensed = licensed
        self._radius = request.radius
        self._index = index
        self._good = good
        self._memory = memory
        self._readers = Readers(request, start)
        self._crew = Crew(request.workers, request.deadline, start, Spared(self._is_good, memory.known))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Dismiss the workers, the reader, and what compares licensed hashes."""
        self._crew.close()
        self._readers.leave()
        if self._licensed is not None:
            self._licensed.close()

    def look_over(self, unit: Unit) -> Iterator[Batch]:
        """Give what comes of `unit`, several batches a second, the last one with its end."""
        try:
            reading = self._readers.before(unit)
            changed = unit.mark is not None and unit.mark != reading.mark_before(unit)
        except (CarrierRefused, ReaderBroke) as error:
            self._readers.leave()
            reason = NOT_AGAIN if isinstance(error, CarrierRefused) else error.reason
            end = End(unit.first, None, ended=False, whole=False, broke=reason)
            yield Batch(unit.first, troubles=(Trouble(unit.first, reason, 1),), end=end)
            return
        if changed:
            self._readers.leave()
            yield Batch(unit.first, end=End(unit.first, None, ended=False, whole=False, changed=True))
            return
        with Feeder(reading, unit, self._crew) as feeder:
            rest = yield from self._batches(feeder, unit)
        if feeder.end is None or feeder.end.broke:
            self._readers.leave()
        last = self._batch(feeder, rest)
        if feeder.end is not None:
            last = replace(last, upto=feeder.end.root, mark=feeder.end.mark, end=feeder.end)
        yield last

    def _batches(self, feeder: Feeder, unit: Unit) -> Generator[Batch, None, list[Seen]]:
        """Give what is seen, and return the files of the last batch."""
        held: list[Seen] = []
        since = told = time.monotonic()
        for file in feeder.files():
            if file is not None:
                held.append(file)
            now = time.monotonic()
            if len(held) >= _ROWS or ((held or feeder.troubled) and now - since > _BATCH_SECONDS):
                yield self._batch(feeder, held)
                held, since, told = [], time.monotonic(), time.monotonic()
            elif now - told > _NEWS_SECONDS:
                told = now
                yield Batch(unit.first, read=feeder.read, verified=feeder.verified, waiting=len(held))
        return held

    def _batch(self, feeder: Feeder, files: Sequence[Seen]) -> Batch:
        upto, mark = feeder.upto()
        rows, troubles = self._rows(files)
        return Batch(
            upto,
            rows,
            (*feeder.troubles(), *troubles),
            feeder.first_mark,
            mark,
            feeder.read,
            feeder.verified,
        )

    def _rows(self, files: Sequence[Seen]) -> tuple[tuple[Row, ...], tuple[Trouble, ...]]:
        """Return what is kept of `files`, after comparing them with the list, and what was left out."""
        found = list(zip(files, self._compared(files), strict=True))
        # What is noted is not compared again: of a file of which more is to be said, nothing is noted.
        plain = [(file, one.matches) for file, one in found if not (one.rejected or one.failed)]
        self._memory.add(plain)
        rows = tuple(self._row(file, one.matches) for file, one in found)
        rejected = [Trouble(file.root, REJECTED, one.rejected) for file, one in found if one.rejected]
        return rows, (*rejected, *(Trouble(file.root, UNCOMPARED, 1) for file, one in found if one.failed))

    def _compared(self, files: Sequence[Seen]) -> list[Outcome]:
        """Return what each of `files` matches: as noted where it was looked at before, else compared now."""
        noted = [self._memory.matches(file) for file in files]
        asked = [file for file, known in zip(files, noted, strict=True) if known is None]
        fresh = iter(compare(self._index, asked, self._licensed, radius=self._radius))
        return [next(fresh) if known is None else Outcome(known) for known in noted]

    def _row(self, file: Seen, matches: Sequence[Match]) -> Row:
        verdict: Verdict = matches[0].verdict if matches else "unknown"
        if not matches:
            file = replace(file, known_good=file in self._good)
        return Row(
            file.root,
            file.place,
            file.path,
            file.state,
            file.size,
            file.kind,
            file.md5,
            file.sha1,
            file.sha256,
            file.width,
            file.height,
            file.pdq if matches else None,
            file.pdq_quality if matches else None,
            verdict,
            file.error,
            class_of(file, verdict),
            tuple(map(self._named, matches)),
        )

    def _named(self, match: Match) -> NamedMatch:
        entry, series = self._index.entry_id(match.entry), self._index.series(match.entry)
        return NamedMatch(
            entry,
            series,
            match.verdict,
            match.distance,
            whole=int(match.whole),
            remembered=" ".join(match.remembered),
            itself=match.itself,
        )

    def _is_good(self, file: Fingerprint) -> bool:
        """Say whether a file need not be looked at: never one of the reference list."""
        digests = Digested(file.size, file.md5, file.sha1, file.sha256)
        return file in self._good and not any(self._index.exact([digests]))
