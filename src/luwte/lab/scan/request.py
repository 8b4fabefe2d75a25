"""What a scan is asked to do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.scan.crew import DEADLINE
from luwte.lab.scan.reading import STALL


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan: `carriers` for what is in the bundle `reference`, with results into the folder `out`.

    `workers` processes look at files, each at most `deadline` seconds; a reader that is silent for `stall`
    seconds is given up. `verify` checks the hash that an image stores of itself; `carve` also finds pictures
    in free space and inside other files. Files of the lists `known_good` are not looked at. The files
    `unlock` hold keys to encrypted volumes. `hasher` names a licensed hasher that is used besides. With
    `fast_only` nothing is looked at closely. Pictures are near up to `radius` bits: a scan sets it.
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
    hasher: str = ""
    fast_only: bool = False
    radius: int = PDQ_RADIUS
