"""The ways to reach someone: what can be one, and its normal form. Plain values: no framework."""

from __future__ import annotations

import re
from dataclasses import dataclass

from luwte.desk.vault.errors import PersonImpossible

EMAIL, PHONE, POST = "email", "phone", "post"
REACHES = {EMAIL: "e-mail address", PHONE: "telephone number", POST: "postal address"}
LINES = range(2, 7)
"""How many lines a postal address has: as many as a window envelope shows."""
LONGEST_LINE = 60
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_BETWEEN_DIGITS = re.compile(r"\(0\)|[ ().\-/]")
_DUTCH = re.compile(r"0([1-9][0-9]{8})")
_WORLD = re.compile(r"\+(?:31[1-9][0-9]{8}|(?!31)[1-9][0-9]{7,14})")


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach someone: `kind` (`email`, `phone`, `post`) and its value.

    A telephone number is written as E.164 says (+31612345678), a postal address as lines.
    """

    kind: str
    value: str


def normal_reach(reach: Reach) -> Reach:
    """Return `reach` in the normal form of its kind. Raises `PersonImpossible` when it can be none."""
    if reach.kind == EMAIL:
        return Reach(EMAIL, _email(reach.value))
    if reach.kind == PHONE:
        return Reach(PHONE, _phone(reach.value))
    if reach.kind == POST:
        return Reach(POST, _post(reach.value))
    raise PersonImpossible(
        f"There is no kind of address {reach.kind!r}. Choose one of: {', '.join(REACHES)}."
    )


def check_reach(reach: Reach) -> None:
    """Raise `PersonImpossible` unless `reach` can be an address of its kind."""
    normal_reach(reach)


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value) or ".." in value:
        raise PersonImpossible(f"{value!r} is not an e-mail address. Write it as name@host.")
    return value


def _phone(value: str) -> str:
    """A Dutch number (06..., 020...) gets its country; 00 becomes +."""
    digits = _BETWEEN_DIGITS.sub("", value.strip())
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if national := _DUTCH.fullmatch(digits):
        digits = f"+31{national[1]}"
    if not _WORLD.fullmatch(digits):
        raise PersonImpossible(f"{value!r} is not a telephone number. Write it as +31612345678.")
    return digits


def _post(value: str) -> str:
    lines = [line.strip() for line in value.strip().split("\n")]
    fits = all(line and len(line) <= LONGEST_LINE and line.isprintable() for line in lines)
    if len(lines) not in LINES or not fits:
        raise PersonImpossible(
            f"A postal address has {LINES[0]} to {LINES[-1]} lines of at most {LONGEST_LINE} printable "
            "characters, without empty ones. Give it so."
        )
    return "\n".join(lines)
