"""Reading small JSON documents from strangers: bounded in size and depth, no duplicate keys, no NaN."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from luwte.base.files import open_plain
from luwte.exchange.errors import Unusable, unreadable

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
DEPTH = 32
_COMPACT = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_bounded(path: Path, limit: int, *, piped: bool = False) -> bytes:
    """Return the bytes of the file `path`, or of a pipe when it may be `piped`.

    Raises `BadInput` when it cannot be read or has over `limit` bytes.
    """
    try:
        with path.open("rb") if piped else open_plain(path) as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(content) > limit:
        raise Unusable(
            f"{path} is larger than {limit} bytes, too large for what it should be. Check the file."
        )
    return content


def parse_object(content: bytes, where: Path | str) -> dict[str, object]:
    """Return the JSON object in `content`; raises `Unusable`, naming `where`, for anything else."""
    try:
        found = json.loads(
            content.decode("utf-8"), object_pairs_hook=_without_duplicates, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise Unusable(f"{where} is not readable JSON. Check that it is the right file, and whole.") from None
    if not isinstance(found, dict) or not _shallow(found):
        raise Unusable(f"{where} is not a document of the expected form. Check that it is the right file.")
    return found


def compact(document: object) -> bytes:
    """Return `document` as JSON bytes: sorted keys, no spaces, so that equal content gives equal bytes."""
    return _COMPACT.encode(document).encode()


def moment_text(moment: datetime) -> str:
    """Return an aware `moment` in UTC as `2026-11-23T19:08:00Z`."""
    return moment.astimezone(UTC).strftime(MOMENT)


def moment_from(text: str) -> datetime:
    """Return the UTC moment that `moment_text` wrote; raises `ValueError` for anything else."""
    found = datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
    if moment_text(found) != text:
        raise ValueError(text)
    return found


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _shallow(document: object) -> bool:
    level: list[object] = [document]
    for _ in range(DEPTH):
        children: list[object] = []
        for item in level:
            children.extend(
                item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
            )
        if not children:
            return True
        level = children
    return False
