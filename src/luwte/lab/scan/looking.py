"""Fingerprints of files that are given by name, in order: for `luwte fingerprint` and `luwte enrol`.

They are looked at by the same confined workers as the files of a carrier.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from luwte.lab.carriers import CHUNK_SIZE, Unreadable
from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.scan.closely import KeypointWorker
from luwte.lab.scan.crew import DEADLINE, Answer, Crew, Job, Stopped, Worker
from luwte.lab.scan.launch import Launch, launch

_TICK = 0.2


def look_at_files(
    paths: Iterable[Path],
    *,
    workers: int,
    deadline: float = DEADLINE,
    start: Launch = launch,
    deep: bool = False,
) -> Iterator[tuple[Path, Fingerprint | None, str | None]]:
    """Give each of `paths` in order with its fingerprint, or None and why the file could not be read.

    A fingerprint that is there may carry an `error` of its own: a picture that could not be decoded. A `deep`
    look gives the keypoints of pictures, and no perceptual hash.
    """
    given: dict[int, Path] = {}
    answers: dict[int, Answer] = {}
    wanted = 0
    with Crew(workers, deadline, start, hired=KeypointWorker if deep else Worker) as crew:
        thread = threading.Thread(target=_submit, args=(paths, crew, given), daemon=True)
        thread.start()
        while thread.is_alive() or given:
            answer = crew.answer(_TICK)
            if isinstance(answer, Answer):
                answers[answer.number] = answer
            while (ready := answers.pop(wanted, None)) is not None:
                yield given.pop(wanted), ready.fingerprint, ready.error
                wanted += 1


def _submit(paths: Iterable[Path], crew: Crew, given: dict[int, Path]) -> None:
    try:
        for number, path in enumerate(paths):
            given[number] = path
            crew.submit(Job(number, chunks_of(path)))
    except Stopped:
        return


def chunks_of(path: Path) -> Iterator[bytes]:
    """Give the file at `path` piece by piece; raises `Unreadable` where it is none, or cannot be read."""
    try:
        if not path.is_file():
            raise Unreadable("is not a file" if path.exists() else "does not exist")
        with path.open("rb", buffering=0) as file:
            while piece := file.read(CHUNK_SIZE):
                yield piece
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror or type(error).__name__})") from None
