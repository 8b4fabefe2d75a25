"""Forms of the staff: which questions a page asks, and what an answer can be. Plain values: no framework.

A page reads what was typed into `Given`, bounded; each question that was not answered well is named with the
fault, in words that `asking_words` has for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from luwte.desk.vault.errors import PersonImpossible
from luwte.desk.vault.rules import EMAIL, PHONE, POST, Reach, check_reach

TEXT, AREA, DAY, ONE, SEVERAL = "text", "area", "day", "one", "several"
LONGEST_LINE = 200
LONGEST_AREA = 600
Given = Mapping[str, Sequence[str]]
"""What a form gave: the values of each field."""
Faults = Mapping[str, str]
"""The name of each field that is not answered well, and which fault it has."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: the `name` of its field, its `kind`, the `values` to choose from, whether it must be
    answered, and what `check` says of a line (the name of a fault, or "")."""

    name: str
    kind: str = TEXT
    values: tuple[str, ...] = ()
    needed: bool = False
    check: Callable[[str], str] | None = None


def read(asks: Sequence[Ask], sent: Callable[[str], Sequence[str]]) -> dict[str, list[str]]:
    """Return what was `sent` for each question, without what no form sends: line ends, too many values."""
    found: dict[str, list[str]] = {}
    for ask in asks:
        values = [_plain(value) for value in sent(ask.name)[: len(ask.values) or 1]]
        found[ask.name] = [value for value in dict.fromkeys(values) if value]
    return found


def faults(asks: Sequence[Ask], given: Given) -> dict[str, str]:
    """Return what is wrong with the answers, question by question."""
    return {ask.name: wrong for ask in asks if (wrong := _fault(ask, given.get(ask.name, ())))}


def one(given: Given, name: str) -> str:
    """Return the answer to a question that takes one, "" for none."""
    values = given.get(name, ())
    return values[0] if values else ""


def day(given: Given, name: str) -> date | None:
    """Return the day that was given, None for none or for what is no day."""
    try:
        return date.fromisoformat(one(given, name))
    except ValueError:
        return None


def reach(kind: str) -> Callable[[str], str]:
    """Return a check of an address of this `kind`."""

    def check(value: str) -> str:
        try:
            check_reach(Reach(kind, value))
        except PersonImpossible:
            return kind
        return ""

    return check


def _plain(value: str) -> str:
    return "\n".join(value.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def _fault(ask: Ask, values: Sequence[str]) -> str:
    if not values:
        return "missing" if ask.needed else ""
    if ask.kind in (ONE, SEVERAL):
        return "" if set(values) <= set(ask.values) else "unknown"
    value = values[0]
    if ask.kind == DAY:
        return "" if day({"it": values}, "it") else "day"
    longest = LONGEST_AREA if ask.kind == AREA else LONGEST_LINE
    lines = value.split("\n") if ask.kind == AREA else [value]
    if len(value) > longest or not all(line.isprintable() for line in lines):
        return "text"
    return ask.check(value) if ask.check else ""


CONTACT = (
    Ask("email", check=reach(EMAIL)),
    Ask("phone", check=reach(PHONE)),
    Ask("post", AREA, check=reach(POST)),
)
"""The questions about addresses."""


def reaches(given: Given, prefix: str = "") -> list[Reach]:
    """Return the addresses that were given."""
    kinds = (EMAIL, PHONE, POST)
    return [Reach(kind, one(given, prefix + kind)) for kind in kinds if one(given, prefix + kind)]
