"""What an auditor asks of a record on the page, made of what the form sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from luwte.base.errors import BadInput
from luwte.desk.audit.acts import Act
from luwte.desk.audit.reading import ABOUT, ACTORS, LOOKS, Wanted

RECORDS = ("desk", "vault")
LOOKING = "looks"
"""Stands for the acts of looking at people."""
_NUMBER = re.compile(r"[0-9]{1,18}")


class BadlyAsked(BadInput):
    """The form sends what cannot be searched for; `field` is where."""

    def __init__(self, field: str) -> None:
        super().__init__(f"The record cannot be searched by this {field}. Look how it is written.")
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    """Which record, what to look for, and the number of an act below which to go on."""

    log: str
    wanted: Wanted
    before: int | None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """Return what a form asks. Raises `BadlyAsked` with the field that cannot be used."""
        log = given.get("log", "")
        if log not in RECORDS:
            raise BadlyAsked("log")
        until = _day(given, "until")
        wanted = Wanted(
            _acts(given),
            _midnight(_day(given, "since")),
            _midnight(until + timedelta(days=1) if until else None),
            _matching(given, "by", ACTORS),
            _matching(given, "about", ABOUT),
            _number(given, "place"),
        )
        return cls(log, wanted, _number(given, "before"))


def _acts(given: Mapping[str, str]) -> tuple[Act, ...]:
    found = given.get("act", "")
    if found == LOOKING:
        return LOOKS
    try:
        return (Act(found),) if found else ()
    except ValueError:
        raise BadlyAsked("act") from None


def _day(given: Mapping[str, str], field: str) -> date | None:
    found = given.get(field, "").strip()
    try:
        day = date.fromisoformat(found) if found else None
    except ValueError:
        raise BadlyAsked(field) from None
    if day is not None and not 2000 <= day.year < 9999:
        raise BadlyAsked(field)
    return day


def _midnight(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def _matching(given: Mapping[str, str], field: str, pattern: re.Pattern[str]) -> str:
    found = given.get(field, "").strip()
    if found and not pattern.fullmatch(found):
        raise BadlyAsked(field)
    return found


def _number(given: Mapping[str, str], field: str) -> int | None:
    found = given.get(field, "").strip()
    if not found:
        return None
    if not _NUMBER.fullmatch(found):
        raise BadlyAsked(field)
    return int(found)
