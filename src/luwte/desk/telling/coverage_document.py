"""The coverage statement: what was searched in a period, and that a person's series were in the lists used.

It is the same whether or not anything was found: no table of findings is read here. What a person can check
of it, and what not, stands in docs/coverage.md; `verifier/verify_coverage.py` is the program for it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from luwte.base.chunks import chunks
from luwte.crypto.notes import Checkpoint, parse_note
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.proofs import proof_of
from luwte.desk.findings.models import CommittedList, SeriesLink, SeriesReceipt
from luwte.desk.findings.receipts import receipts_for
from luwte.desk.telling.errors import PeriodTooLong
from luwte.desk.telling.subjects import mark_of_series
from luwte.exchange.documents import moment_text

FORMAT, SCHEMA = "luwte-coverage", 1
MOST_SEARCHES = 20_000


@dataclass(frozen=True, slots=True)
class Searches:
    """The searches of a period: their `places` in the log of `size` acts, their `contents`, and the proof."""

    places: tuple[int, ...]
    contents: tuple[dict[str, Any], ...]
    proof: bytes

    @property
    def lists(self) -> set[str]:
        """The versions of the lists that were used."""
        return {one["details"]["list"] for one in self.contents}


def searches(since: datetime, until: datetime, note: str) -> Searches:
    """Return the searches recorded from `since` until before `until`, as far as the checkpoint `note` covers.

    Raises `PeriodTooLong` for more than `MOST_SEARCHES`.
    """
    size = Checkpoint.parse(parse_note(note.encode()).body).size
    rows = DESK.leaf.objects.filter(act=Act.TAKEN_IN, at__gte=since, at__lt=until, content__isnull=False)
    contents = dict(rows.order_by("id").values_list("id", "content")[: MOST_SEARCHES + 1])
    if len(contents) > MOST_SEARCHES:
        raise PeriodTooLong(
            f"There are more than {MOST_SEARCHES} searches in this period. Choose a shorter one."
        )
    acts = {leaf: json.loads(bytes(content or b"")) for leaf, content in contents.items()}
    placed = _placed([leaf for leaf, act in acts.items() if "list" in act["details"]], size)
    places = tuple(place for place, _ in placed)
    proof = b"".join(proof_of(DESK, places, size))
    return Searches(places, tuple(acts[leaf] for _, leaf in placed), proof)


def lists_of(subject: str, versions: set[str]) -> dict[str, Any]:
    """Return how many series show the person, and of each list with receipts, which of them it holds."""
    series = sorted(SeriesLink.objects.filter(subject=subject).values_list("series", flat=True))
    numbers = {name: number for number, name in enumerate(series, 1)}
    numbers |= {mark_of_series(name): number for name, number in numbers.items()}
    kept = CommittedList.objects.in_bulk(sorted(versions))
    found = receipts_for(numbers, list(kept))
    return {
        "series": len(series),
        "lists": [_list(row, found.get(version, []), numbers) for version, row in sorted(kept.items())],
    }


def document(
    statement: str, since: datetime, until: datetime, note: str, own: dict[str, Any], found: Searches
) -> bytes:
    """Return the statement with the id `statement`: JSON that a person can read, always the same bytes."""
    said = {
        "format": FORMAT,
        "schema": SCHEMA,
        "id": statement,
        "since": moment_text(since),
        "until": moment_text(until),
        "checkpoint": note,
        **own,
        "searches": {
            "places": list(found.places),
            "contents": list(found.contents),
            "proof": b64encode(found.proof).decode(),
        },
    }
    return json.dumps(said, indent=1, ensure_ascii=False).encode() + b"\n"


def _placed(leaves: Sequence[int], size: int) -> list[tuple[int, int]]:
    """Return (place, leaf) for those of `leaves` that are among the first `size` acts, ascending."""
    found: list[tuple[int, int]] = []
    for some in chunks(leaves):
        rows = DESK.place.objects.filter(leaf__in=some, place__lt=size)
        found += rows.values_list("place", "leaf")
    return sorted(found)


def _list(row: CommittedList, receipts: Sequence[SeriesReceipt], numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "version": row.version,
        "commitment": row.commitment,
        "signature": row.signature,
        "signing": row.signing,
        "recipient": row.recipient,
        "leaves": row.leaves,
        "series": [
            {
                "number": numbers[one.series],
                "salt": one.salt,
                "name": one.name,
                "entries": one.entries,
                "ids": one.ids,
                "place": one.place,
                "proof": b64encode(bytes(one.proof)).decode(),
            }
            for one in receipts
        ],
    }
