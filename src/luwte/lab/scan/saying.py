"""What a reader says of a carrier, or of a list of hashes, when it is asked for a part of it."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol

from luwte.base.errors import BadInput
from luwte.base.faults import fault_point
from luwte.lab.carriers import Carrier, CarrierFile, Inside, Unreadable
from luwte.lab.carriers.carrier import ProblemList
from luwte.lab.carriers.carving import Limits
from luwte.lab.carriers.sifting import sifted
from luwte.lab.scan import listed
from luwte.lab.scan.pieces import END, MAX_PIECE, PIECE
from luwte.lab.scan.speaking import (
    ENOUGH,
    FILE,
    HOLDS,
    INSIDE,
    LISTED,
    PROBLEM_LIMIT,
    PROBLEMS,
    SEARCHED,
    UNREADABLE,
    VERIFIED,
    Marks,
    Searched,
    Speaker,
)

BROKE: Final = "reading broke off"
INNER_BROKE: Final = "what lies in a file could not be read on"
BAD_ROW: Final = "row of the list that cannot be used"
_LIVELY_SECONDS = 5.0
_TROUBLE = (OSError, RuntimeError, ValueError, LookupError, MemoryError)


class Sayer(Protocol):
    """Says a part of one carrier, and then that it was all."""

    def files(self, first: int, last: int | None) -> None:
        """Say the roots from number `first` up to `last` (None: to the end), with what lies in them."""
        ...

    def space(self) -> None:
        """Say what lies outside of all files, as if it were one more root."""
        ...

    def check(self) -> None:
        """Compare the carrier with the hash that it stores of itself, if it does."""
        ...


class CarrierSayer:
    """Says the files of `carrier`; with `carve` also the pictures inside them and outside of them."""

    def __init__(self, carrier: Carrier, speaker: Speaker, *, carve: bool) -> None:
        self._carrier = carrier
        self._speaker = speaker
        self._limits: Limits | None = None
        if carve:
            searched = Searched(speaker)
            carrier.carve(searched)
            self._limits = Limits(carrier.inner_problems, carrier.size, searched)
        self._walked = _Walked(carrier)
        self._told: Counter[str] = Counter()
        self._said = time.monotonic()

    def files(self, first: int, last: int | None) -> None:
        """Say the roots from number `first` up to `last`, with what lies in them."""
        for number, mark, root in self._walked.upto(last):
            if number >= first:
                self._say_all(self._within(root), number, mark)
            else:
                self._lively()
        self._say_enough()

    def space(self) -> None:
        """Say what lies outside of all files, as if it were one more root."""
        for _ in self._walked.upto(None):
            self._lively()
        self._say_all(self._carrier.space(), self._walked.marks.number, self._walked.marks.mark)
        self._say_enough()

    def check(self) -> None:
        """Compare the carrier with the hash that it stores of itself."""
        self._say_enough(self._carrier.verify(lambda count: self._speaker.tell(VERIFIED, count)))

    def _lively(self) -> None:
        """Say now and then that files are being passed, so that it is not taken for silence."""
        now = time.monotonic()
        if now - self._said > _LIVELY_SECONDS:
            self._speaker.tell(SEARCHED, 0)
            self._said = now

    def _within(self, root: CarrierFile) -> Iterator[CarrierFile]:
        files = self._carrier.within(root)
        return files if self._limits is None else sifted(files, self._limits)

    def _say_all(self, files: Iterator[CarrierFile], number: int, mark: str) -> None:
        held: list[Inside] = []
        try:
            for file in files:
                self._say_ended(held)
                if inside := _say_file(file, number, mark, self._speaker):
                    held.append(inside)
        except _TROUBLE:
            self._carrier.inner_problems.add(INNER_BROKE)
        self._say_ended(held, all_of_them=True)
        self._say_problems(number)

    def _say_ended(self, held: list[Inside], *, all_of_them: bool = False) -> None:
        """Say of the innermost of the `held` files how opening them went, as far as they have ended."""
        while held and (all_of_them or held[-1].ended):
            self._speaker.tell(INSIDE, held.pop().reason)

    def _say_problems(self, number: int) -> None:
        """Say what was not read in root `number`, the last one."""
        now = _counted(self._carrier.inner_problems)
        if more := now - self._told:
            self._speaker.tell(PROBLEMS, {"root": number, "counts": list(more.items())[:PROBLEM_LIMIT]})
            self._told = now

    def _say_enough(self, verified: bool | None = None) -> None:
        walked, carrier = self._walked, self._carrier
        problems = _counted(carrier.found_problems) + Counter({BROKE: 1} if walked.broke else {})
        about = {"file_systems": carrier.file_systems, "verified": verified}
        whole = carrier.whole and not walked.broke
        _say_enough(self._speaker, walked.marks, problems, about, ended=walked.ended, whole=whole)


class LockedSayer:
    """Says of a carrier of which all is encrypted, as `how` says, that nothing of it was read."""

    def __init__(self, how: str, speaker: Speaker) -> None:
        self._how = how
        self._speaker = speaker

    def files(self, first: int, last: int | None) -> None:
        """Say that there are none to be seen."""
        self.check()

    def space(self) -> None:
        """Say that there is none to be seen."""
        self.check()

    def check(self) -> None:
        """Say why nothing was read."""
        about: dict[str, object] = {"file_systems": [], "verified": None}
        problems = Counter({f"the carrier is encrypted ({self._how})": 1})
        _say_enough(self._speaker, Marks(), problems, about, ended=True, whole=False)


class ListSayer:
    """Says the rows of the hash list in `path`. Raises `BadInput` when it is none, or empty."""

    def __init__(self, path: Path, speaker: Speaker) -> None:
        self._speaker = speaker
        self._rows = listed.rows(path)
        self._documents = self._rows.documents()
        self._marks = Marks()
        self._broke = False
        self._held = next(self._documents, None)
        if self._held is None:
            raise BadInput(f"{path} lists no file. Give a list with at least one hash.")

    def files(self, first: int, last: int | None) -> None:
        """Say the rows from number `first` up to `last`."""
        marks = self._marks
        while self._held is not None and (last is None or marks.number < last):
            if marks.number >= first:
                place = {"root": marks.number, "mark": marks.mark}
                self._speaker.say(LISTED, json.dumps(self._held | place).encode())
            marks.add(self._held)
            self._held = self._next()
        self.check()

    def space(self) -> None:
        """Say nothing: a list has no space."""
        self.check()

    def check(self) -> None:
        """Say that it was all: a list stores no hash of itself."""
        bad = self._rows.bad
        problems = Counter({BAD_ROW: bad} if bad else {}) + Counter({BROKE: 1} if self._broke else {})
        about: dict[str, object] = {"file_systems": [], "verified": None}
        whole = not (self._broke or bad)
        _say_enough(self._speaker, self._marks, problems, about, ended=self._held is None, whole=whole)

    def _next(self) -> dict[str, str | int | None] | None:
        try:
            return next(self._documents, None)
        except BadInput:
            self._broke = True
            return None


class _Walked:
    """The roots of a carrier, one after another; `ended` when there are no more, or when the walk `broke`."""

    def __init__(self, carrier: Carrier) -> None:
        self._roots = carrier.roots()
        self.marks = Marks()
        self.ended = self.broke = False

    def upto(self, last: int | None) -> Iterator[tuple[int, str, CarrierFile]]:
        """Give each root before number `last` with its number, and the mark before it."""
        while not self.ended and (last is None or self.marks.number < last):
            root = self._next()
            if root is None:
                self.ended = True
                return
            number, mark = self.marks.number, self.marks.mark
            self.marks.add(root.path, root.state, root.size, root.stamp)
            yield number, mark, root

    def _next(self) -> CarrierFile | None:
        try:
            return next(self._roots, None)
        except _TROUBLE:
            self.broke = True
            return None


def _say_enough(
    speaker: Speaker,
    marks: Marks,
    problems: Counter[str],
    about: Mapping[str, object],
    *,
    ended: bool,
    whole: bool,
) -> None:
    speaker.tell(
        ENOUGH,
        {
            **about,
            "root": marks.number,
            "mark": marks.mark,
            "ended": ended,
            "whole": whole,
            "problems": list(problems.items())[:PROBLEM_LIMIT],
        },
    )


def _counted(problems: ProblemList) -> Counter[str]:
    return Counter({problem.reason: problem.count for problem in problems.as_list()})


def _say_file(file: CarrierFile, number: int, mark: str, speaker: Speaker) -> Inside | None:
    """Say the file; return its `inside` if what it holds follows."""
    about = {"path": file.path, "state": file.state, "size": file.size, "root": number, "mark": mark}
    speaker.tell(FILE, about)  # sent at once: if its bytes kill this process, it is known which file it was
    fault_point("reader.file")
    try:
        for chunk in _contents(file):
            for start in range(0, len(chunk), MAX_PIECE):
                speaker.say(PIECE, chunk[start : start + MAX_PIECE])
    except Unreadable as failure:
        speaker.say(UNREADABLE, failure.reason.encode()[:512])
        holds = None
    else:
        holds = file.inside if file.inside and file.inside.begun else None
        speaker.say(HOLDS if holds else END)
    speaker.flush()
    return holds


def _contents(file: CarrierFile) -> Iterator[bytes]:
    try:
        yield from file.chunks()
    except (OSError, RuntimeError, ValueError, LookupError):
        raise Unreadable("content that cannot be read") from None
    except MemoryError:
        raise Unreadable("content that needs too much memory") from None
