"""Dates in words, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

_DUTCH = "januari februari maart april mei juni juli augustus september oktober november december"
_ENGLISH = "January February March April May June July August September October November December"
MONTHS: Mapping[str, tuple[str, ...]] = {"nl": tuple(_DUTCH.split()), "en": tuple(_ENGLISH.split())}
WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def written(day: date, language: str, *, year: bool = True) -> str:
    """Return `day` in a language or register: 3 maart 2026, 3 March 2026; without `year`: 3 maart."""
    text = f"{day.day} {MONTHS[language[:2]][day.month - 1]}"
    return f"{text} {day.year}" if year else text
