"""The media items of a VICS document, one after another, whatever its shape.

A hash set is {"value": [media, ...]}; a case is {"value": [{"Media": [media, ...]}, ...]}. Built on the
parser's plain events: ijson's own item reader keeps the whole path of a value, which a hostile document can
make longer than memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ijson

from luwte.exchange.errors import BadList
from luwte.exchange.importers.source import Source

DEPTH = 16
# Where we are: the last key of each open object, None for each open array.
_IN_SET = ["value", None]
_IN_CASE = ["value", None, "Media", None]


def media(source: Source) -> Iterator[dict[str, Any] | None]:
    """Give each media item as a dictionary, or None for anything else in its place.

    Raises `BadList` when the document is broken, nested deeper than 16, or has no media in it.
    """
    seen = False
    try:
        for place, value in _values(source):
            is_case = place == _IN_SET and isinstance(value, dict) and "Media" in value
            source.item_done()
            seen = True
            if not is_case:
                yield value if isinstance(value, dict) else None
    except (ijson.JSONError, ValueError, OverflowError):
        raise BadList(
            f"{source.path} is not whole JSON: it stops or breaks near byte {source.position}. "
            "Export it again."
        ) from None
    if not seen:
        raise BadList(f"{source.path} is JSON without VICS media (value, Media, MD5). Export it as VICS.")


def _values(source: Source) -> Iterator[tuple[list[str | None], Any]]:
    """Give each finished value in the two places where media may stand; other values join their parents."""
    opened: list[Any] = []
    keys: list[str | None] = []
    # With floats, the parser itself refuses numbers of many digits, which Python would take minutes over.
    for event, value in ijson.basic_parse(source, use_float=True):
        if event == "map_key":
            keys[-1] = value
        elif event in ("start_map", "start_array"):
            if len(opened) == DEPTH:
                raise BadList(
                    f"{source.path} is nested too deeply near byte {source.position}. It is not VICS."
                )
            opened.append({} if event == "start_map" else [])
            keys.append("" if event == "start_map" else None)
        else:
            if event in ("end_map", "end_array"):
                value = opened.pop()
                keys.pop()
            if len(keys) in (2, 4) and keys in (_IN_SET, _IN_CASE):
                yield keys, value
            elif len(opened) > 1:
                _join(opened[-1], keys[-1], value)


def _join(parent: Any, key: str | None, value: Any) -> None:
    if isinstance(parent, list):
        parent.append(value)
    else:
        parent[key] = value
