"""A post of the deep pass: has the pictures that are wanted of a unit looked at closely, and no other file.

The files of the roots that hold them are read and digested again, since a digest alone says which one is
wanted. What comes of it stands under the digest, so that it holds for every copy.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from typing import Protocol

from luwte.lab.recognition.deep import Near
from luwte.lab.recognition.verdicts import PDQ_RADIUS, Match
from luwte.lab.reference.rejected import RejectedPairs
from luwte.lab.scan.closely import CloseWorker, Looks, Recogniser
from luwte.lab.scan.crew import Crew
from luwte.lab.scan.feeding import Feeder
from luwte.lab.scan.hearing import ReaderBroke
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.post import NOT_AGAIN
from luwte.lab.scan.readers import Readers
from luwte.lab.scan.reading import CarrierRefused
from luwte.lab.scan.request import Request
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import Batch, CloseLook, End, NamedMatch, Unit, Wanted, per_mille

_LOOKS = 256
_BATCH_SECONDS = 1.0
_NEWS_SECONDS = 0.1


class Listed(Protocol):
    """Knows the entries of the list by their numbers there."""

    @property
    def rejected(self) -> RejectedPairs:
        """The pairs that were rejected before."""
        ...

    def entry_id(self, entry: int) -> str:
        """Return the id of `entry`, 32 hex."""
        ...

    def entry_number(self, entry: str) -> int | None:
        """Return the number of an entry that goes by this id, None where there is none."""
        ...

    def series(self, entry: int) -> str:
        """Return the series that `entry` belongs to."""
        ...


class DeepPost:
    """Works on the units of a deep pass over the carriers of `request`, with `recogniser`. Close it."""

    def __init__(
        self, request: Request, listed: Listed, recogniser: Recogniser, start: Launch = launch
    ) -> None:
        self._listed = listed
        self._readers = Readers(request, start)
        self._looks = Looks()
        hired = partial(CloseWorker, recogniser=recogniser, looks=self._looks)
        self._crew = Crew(request.workers, request.deadline, start, self._looks, hired)

    def close(self) -> None:
        """Dismiss the workers and the reader."""
        self._crew.close()
        self._readers.leave()

    def look_over(self, unit: Unit) -> Iterator[Batch]:
        """Give what comes of what is wanted of `unit`, several batches a second, the last with its end."""
        if unit.wanted is None:
            raise ValueError("a unit of the deep pass says what is wanted")
        try:
            reading = self._readers.before(unit)
        except (CarrierRefused, ReaderBroke) as error:
            self._readers.leave()
            reason = NOT_AGAIN if isinstance(error, CarrierRefused) else error.reason
            yield Batch(unit.first, end=End(unit.first, None, ended=False, whole=False, broke=reason))
            return
        self._looks.want(unit.wanted.names, self._near(unit.wanted))
        with Feeder(reading, unit, self._crew) as feeder:
            rest = yield from self._batches(feeder, unit)
        if feeder.end is None or feeder.end.broke:
            self._readers.leave()
        yield Batch(unit.first, read=feeder.read, end=feeder.end, looks=tuple(rest))

    def _near(self, wanted: Wanted) -> dict[bytes, list[Near]]:
        """Return what the fast pass found near, by name of the picture."""
        found: dict[bytes, list[Near]] = {}
        for one in wanted.near:
            entry = self._listed.entry_number(one.entry)
            if entry is None:
                raise ValueError("what is near is near an entry of this list")
            near = Near(entry, one.distance, bool(one.whole), one.itself)
            found.setdefault(bytes.fromhex(one.name), []).append(near)
        return found

    def _batches(self, feeder: Feeder, unit: Unit) -> Generator[Batch, None, list[CloseLook]]:
        """Give what the looks gave, and return that of the last batch."""
        held: list[CloseLook] = []
        since = told = time.monotonic()
        for file in feeder.files():
            if file is not None and (look := self._look(file)) is not None:
                held.append(look)
            feeder.troubles()  # the fast pass told them
            now = time.monotonic()
            if len(held) >= _LOOKS or (held and now - since > _BATCH_SECONDS):
                yield Batch(unit.first, read=feeder.read, looks=tuple(held))
                held, since, told = [], now, now
            elif now - told > _NEWS_SECONDS:
                told = now
                yield Batch(unit.first, read=feeder.read, waiting=len(held))
        return held

    def _look(self, file: Seen) -> CloseLook | None:
        """Return what the look at `file` gave, or None when it was none of those that are wanted."""
        if file.size is None or file.sha256 is None:
            return None
        if file.error is not None:
            wanted = self._looks.failed(file.sha256)
            return CloseLook(file.size, file.sha256, file.error) if wanted else None
        matches = self._looks.taken(file.size, file.sha256)
        if matches is None:
            return None
        # Of what it found near, the fast pass left out what was rejected.
        before = {one.entry for one in self._looks.near(file.sha256)}
        kept = [one for one in matches if one.entry in before or not self._is_rejected(file, one)]
        named = tuple(self._named(kept))
        if not named:
            return CloseLook(file.size, file.sha256)
        return CloseLook(file.size, file.sha256, None, file.pdq, file.pdq_quality, named)

    def _is_rejected(self, file: Seen, match: Match) -> bool:
        """Return whether `match` was rejected of this very file: a close look compares parts of pictures."""
        if match.verdict == "same_scene":
            return False
        return self._listed.rejected.rejects(match.entry, file.sha256, None, PDQ_RADIUS)

    def _named(self, matches: Sequence[Match]) -> Iterator[NamedMatch]:
        """Give at most one match a series, the best one there: each may be another person's."""
        seen: set[str] = set()
        for match in matches:
            series = self._listed.series(match.entry)
            if series not in seen:
                seen.add(series)
                entry, likelihood = self._listed.entry_id(match.entry), per_mille(match.likelihood)
                yield NamedMatch(entry, series, match.verdict, match.distance, likelihood, int(match.whole))
