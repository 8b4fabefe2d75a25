"""The attributes of entries that come more than once, as one JSON object each."""

from __future__ import annotations

import json

from luwte.exchange.columns import Numbers, attribute_bytes
from luwte.exchange.documents import compact
from luwte.exchange.entries import CONFIRMED_AS, CONFIRMED_IN, confirmed_in

_COPY = f'"{CONFIRMED_AS}"'.encode()
"""What the attributes of a copy hold, as they are written here."""


def merged(attributes: list[bytes], rank: Numbers, count: int) -> list[bytes]:
    """Return one attribute object an entry; where repeated entries differ, the smaller value stays.

    What was enrolled, too, is no copy that stands and falls with a decision.
    """
    found: list[bytes] = [b""] * count
    copies = {number for number, content in zip(rank.tolist(), attributes, strict=True) if _COPY in content}
    for number, content in zip(rank.tolist(), attributes, strict=True):
        if content and content != found[number]:
            found[number] = _union(found[number], content) if found[number] else content
    enrolled = {
        number
        for number, content in zip(rank.tolist(), attributes, strict=True)
        if number in copies and _COPY not in content
    }
    for number in enrolled:
        found[number] = _less(found[number], CONFIRMED_AS, CONFIRMED_IN)
    return found


def _union(one: bytes, other: bytes) -> bytes:
    left, right = json.loads(one), json.loads(other)
    found = {key: min(left.get(key, right.get(key)), right.get(key, left.get(key))) for key in left | right}
    if CONFIRMED_IN in found:
        clusters = {*left.get(CONFIRMED_IN, "").split(), *right.get(CONFIRMED_IN, "").split()}
        found[CONFIRMED_IN] = confirmed_in(clusters)
    return compact(found)


def without(content: bytes, name: str, values: set[str]) -> bytes:
    """Return the object `content` without attribute `name`, where that is one of `values`."""
    attributes: dict[str, str] = json.loads(content) if content else {}
    return content if attributes.get(name) not in values else _less(content, name)


def _less(content: bytes, *names: str) -> bytes:
    return attribute_bytes({key: value for key, value in json.loads(content).items() if key not in names})
