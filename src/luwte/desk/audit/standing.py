"""How a record stands: how much is in it, which state was signed last, and when it was verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luwte.desk.audit.log import Log
from luwte.desk.audit.verified import last_verified


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness, and how many acts the newest checkpoint has that it signed."""

    witness: str
    size: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A record: acts with a place and without one, the newest checkpoint, who cosigned, when it was verified.

    `signed`, `at`, `root` are of that checkpoint: how many acts, when, the root as hexadecimal digits;
    None, None and "" without one. `verified` is when it was found whole on this machine, None when that is
    not known.
    """

    placed: int
    waiting: int
    signed: int | None
    at: datetime | None
    root: str
    note: str
    witnesses: tuple[Cosigned, ...]
    verified: datetime | None


def standing(log: Log) -> Standing:
    """Return how `log` stands. Nothing is checked by it: `luwte audit verify` does that."""
    newest = log.checkpoint.objects.order_by("-size").first()
    sizes: dict[str, int] = {}
    for witness, size in log.cosignature.objects.order_by("size").values_list("witness", "size").iterator():
        sizes[witness] = size
    return Standing(
        log.size(),
        log.waiting.objects.count(),
        newest.size if newest else None,
        newest.at if newest else None,
        bytes(newest.root).hex() if newest else "",
        newest.note if newest else "",
        tuple(Cosigned(witness, size) for witness, size in sorted(sizes.items())),
        last_verified(log),
    )
