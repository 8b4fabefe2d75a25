"""The engine that is always there: every example, then changed ones until the time is over."""

from __future__ import annotations

import hashlib
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Final

from fuzz.mutation import mutations
from fuzz.targets import One

LONGEST: Final = 20.0
"""Seconds that one input may take."""


class TooSlow(Exception):
    """One input took longer than `LONGEST`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that a target failed on, and how."""

    data: bytes
    error: BaseException


def replay(one: One, examples: list[bytes], seed: int, changed: int) -> Iterator[Finding]:
    """Give what goes wrong with `examples` and with `changed` changed copies of them."""
    yield from _tried(one, iter(examples))
    yield from _tried(one, islice(mutations(examples, Random(seed)), changed))


def run(one: One, examples: list[bytes], seed: int, seconds: float) -> tuple[int, Finding | None]:
    """Return how many inputs were tried in that time, and the first that went wrong."""
    end = time.monotonic() + seconds
    tried = 0

    def counted() -> Iterator[bytes]:
        nonlocal tried
        for data in chain(examples, mutations(examples, Random(seed))):
            if time.monotonic() >= end:
                return
            tried += 1
            yield data

    found = next(_tried(one, counted()), None)
    return tried, found


def keep(finding: Finding, folder: Path) -> Path:
    """Write the input of `finding` into `folder` and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"found-{hashlib.sha256(finding.data).hexdigest()[:16]}"
    path.write_bytes(finding.data)
    return path


def _tried(one: One, inputs: Iterator[bytes]) -> Iterator[Finding]:
    for data in inputs:
        try:
            with _limited():
                one(data)
        except Exception as error:
            yield Finding(data, error)


@contextmanager
def _limited() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _too_slow)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _too_slow(*_: object) -> None:
    raise TooSlow(f"it took longer than {LONGEST:.0f} seconds")
