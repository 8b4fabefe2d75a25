"""Shapes: what a document may hold, as a white list. A key or a value that no shape names is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from luwte.exchange.documents import moment_from

Shape = Callable[[object, str], None]
LARGEST_COUNT: Final = 2**53 - 1
"""The largest count that a document may hold: beyond it, JSON numbers are not exact everywhere."""


class ShapeWrong(ValueError):
    """A value has not the shape that its place asks for. The message names the place, never the value."""


def exactly(wanted: object) -> Shape:
    """Return the shape of one value."""

    def check(value: object, where: str) -> None:
        _require(type(value) is type(wanted) and value == wanted, where)

    return check


def text(pattern: str, limit: int) -> Shape:
    """Return the shape of text of at most `limit` characters that matches `pattern` whole."""
    compiled = re.compile(pattern)

    def check(value: object, where: str) -> None:
        _require(
            isinstance(value, str) and len(value) <= limit and compiled.fullmatch(value) is not None, where
        )

    return check


def one_of(*wanted: str) -> Shape:
    """Return the shape of one of a few words."""
    return text("|".join(re.escape(word) for word in wanted), max(map(len, wanted)))


def optional(shape: Shape) -> Shape:
    """Return the shape of null or `shape`."""

    def check(value: object, where: str) -> None:
        if value is not None:
            shape(value, where)

    return check


def up_to(largest: int) -> Shape:
    """Return the shape of a whole number from 0 to `largest`."""

    def check(value: object, where: str) -> None:
        _require(type(value) is int and 0 <= value <= largest, where)

    return check


def items(shape: Shape, limit: int) -> Shape:
    """Return the shape of a list of at most `limit` values of `shape`."""

    def check(value: object, where: str) -> None:
        if not isinstance(value, list) or len(value) > limit:
            raise ShapeWrong(f"{where} has the wrong form")
        for item in value:
            shape(item, where)

    return check


def record(**shapes: Shape) -> Shape:
    """Return the shape of an object with exactly these keys."""

    def check(value: object, where: str) -> None:
        if not isinstance(value, dict) or set(value) != set(shapes):
            raise ShapeWrong(f"{where} has missing or unknown keys")
        for key, shape in shapes.items():
            shape(value[key], key)

    return check


def counts(key: Shape, limit: int) -> Shape:
    """Return the shape of an object of at most `limit` keys of shape `key`, each with a count."""

    def check(value: object, where: str) -> None:
        if not isinstance(value, dict) or len(value) > limit:
            raise ShapeWrong(f"{where} has the wrong form")
        for name, count in value.items():
            key(name, where)
            COUNT(count, where)

    return check


def _require(held: bool, where: str) -> None:
    if not held:
        raise ShapeWrong(f"{where} has the wrong form")


def _flag(value: object, where: str) -> None:
    _require(type(value) is bool, where)


def _moment(value: object, where: str) -> None:
    try:
        moment_from(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ShapeWrong(f"{where} is not a moment in UTC") from None


COUNT: Shape = up_to(LARGEST_COUNT)
FLAG: Shape = _flag
MOMENT_TEXT: Shape = _moment
HEX16 = text(r"[0-9a-f]{16}", 16)
HEX32 = text(r"[0-9a-f]{32}", 32)
HEX64 = text(r"[0-9a-f]{64}", 64)
HEX128 = text(r"[0-9a-f]{128}", 128)
