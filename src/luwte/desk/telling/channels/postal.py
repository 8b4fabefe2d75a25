"""Postal addresses as a window envelope shows them. Plain values.

PostNL's addressing tips: three to six lines, postcode and town on the last one with two spaces between, the
town in capitals. NotifyNL takes the same lines (`PostalAddress` in its notifications-utils).
"""

from __future__ import annotations

import re

MIN_LINES, MAX_LINES = 3, 6
LONGEST_LINE = 60
FORBIDDEN_AT_START = '@()=[]"\\/,<>~'
"""No line may begin with one of these: Notify refuses it."""
_DUTCH = re.compile(r"([1-9][0-9]{3}) ?([A-Za-z]{2})\s+(\S.*)")
_COUNTRY = re.compile(r"[^\W\d_][^\d_]{2,}")
_HERE = {"nederland", "netherlands", "the netherlands"}


def block(name: str, lines: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the lines of an address, name first, as they are printed; None when nobody can deliver to it.

    The last line is a Dutch postcode with a town, or, for elsewhere, the country.
    """
    given = [re.sub(r"\s+", " ", line).strip(" ,") for line in (name, *lines)]
    if given and given[-1].lower() in _HERE:
        given.pop()
    if not MIN_LINES <= len(given) <= MAX_LINES or not all(map(_printable, given)):
        return None
    if dutch := _DUTCH.fullmatch(given[-1]):
        return (*given[:-1], f"{dutch[1]} {dutch[2].upper()}  {dutch[3].upper()}")
    return (*given[:-1], given[-1].upper()) if _COUNTRY.fullmatch(given[-1]) else None


def _printable(line: str) -> bool:
    fits = 0 < len(line) <= LONGEST_LINE and line.isprintable()
    return fits and line[0] not in FORBIDDEN_AT_START and any(map(str.isalnum, line))
