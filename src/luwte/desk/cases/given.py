"""A step as somebody tells it, and whether it can be one at all. Pure: no framework, clock or database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType

from luwte.desk.cases.courts import COURTS
from luwte.desk.cases.errors import PartyImpossible, StepImpossible
from luwte.desk.cases.vocabulary import CHARGES, HEARINGS, OF_A_HEARING, Step

EARLIEST = date(1900, 1, 1)
YEARS_AHEAD = 10
"""A day in court further away than this is a slip of the pen."""
MOST_COUNTS, MOST_ENTRIES, MOST_SAID = 100, 5000, 20
FORESEEN = HEARINGS | {Step.RELEASED, Step.LEAVE, Step.TRANSFERRED}
"""The steps whose day may still be to come."""
_DEFENDANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,39}")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
_NAMELIKE = re.compile(r"[A-Za-z]{4}")
_HEX = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ENTRY = re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[a-z][a-z_]{0,31}")
_CODE = re.compile(r"[A-Za-z0-9()§][A-Za-z0-9 ()§._:,/-]{0,99}")
_LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Count:
    """One count of a charge: the article, the offence, its first and last day, and the listed entries."""

    article: str
    offence: str
    first: date
    last: date
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A step as it was told. Days, defendant, hearing and `said` as in `vocabulary.Fact`.

    `reference`: what whoever tells it calls it, one for each step. `corrects`: the id of the step that it
    corrects, "" for none. `series` or `subject`: whom alone it concerns.
    """

    step: str
    occurred: date
    known: date
    reference: str
    defendant: str = ""
    hearing: str = ""
    corrects: str = ""
    series: str = ""
    subject: str = ""
    said: Mapping[str, str | int | bool] = field(default_factory=lambda: MappingProxyType({}))
    counts: tuple[Count, ...] = ()


def check_given(given: Given, today: date) -> Step:
    """Return which step it is. Raises `StepImpossible`, or `PartyImpossible` for a defendant's name."""
    step = _step(given.step)
    _check_days(step, given, today)
    _check_names(step, given)
    _check_said(given.said)
    _check_counts(step, given.counts, today)
    return step


def check_defendant(reference: str) -> None:
    """Raise `PartyImpossible` unless no name can be read from `reference`: no four letters in a row."""
    if _HEX.fullmatch(reference):
        return
    if (
        not _DEFENDANT.fullmatch(reference)
        or _NAMELIKE.search(reference)
        or not re.search("[0-9]", reference)
    ):
        raise PartyImpossible("defendant")


def _step(text: str) -> Step:
    if text not in set(Step):
        raise StepImpossible("step")
    return Step(text)


def _check_days(step: Step, given: Given, today: date) -> None:
    if min(given.occurred, given.known) < EARLIEST:
        raise StepImpossible("ancient")
    if given.known > today:
        raise StepImpossible("unknown_yet")
    if given.occurred > today and step not in FORESEEN:
        raise StepImpossible("to_come")
    if given.occurred.year > today.year + YEARS_AHEAD:
        raise StepImpossible("far")
    if given.known < given.occurred and step not in FORESEEN:
        raise StepImpossible("known_before")


def _check_names(step: Step, given: Given) -> None:
    for what, text in (("reference", given.reference), ("hearing", given.hearing)):
        if (text or what == "reference") and not _REFERENCE.fullmatch(text):
            raise StepImpossible(what)
    if given.defendant:
        check_defendant(given.defendant)
    if step in OF_A_HEARING and not given.hearing:
        raise StepImpossible("hearing_missing")
    if step == Step.TAKEN_BACK and not given.corrects:
        raise StepImpossible("back_missing")
    if given.corrects and not _ENTRY.fullmatch(given.corrects):
        raise StepImpossible("corrects")
    if given.series and given.subject:
        raise StepImpossible("both")
    if len(given.series) > 200 or not given.series.isprintable():
        raise StepImpossible("series")


def _check_said(said: Mapping[str, str | int | bool]) -> None:
    if len(said) > MOST_SAID:
        raise StepImpossible("said_many")
    for key, value in said.items():
        if not _KEY.fullmatch(key) or not _is_sayable(value):
            raise StepImpossible("said")
    court, at = said.get("court"), said.get("time")
    if court is not None and court not in COURTS:
        raise StepImpossible("court")
    if at is not None and not _is_time(at):
        raise StepImpossible("time")


def _is_sayable(value: object) -> bool:
    if isinstance(value, str):
        return bool(_CODE.fullmatch(value))
    return isinstance(value, int) and abs(value) < _LARGEST


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == 5 and bool(time.fromisoformat(value) or True)
    except ValueError:
        return False


def _check_counts(step: Step, counts: tuple[Count, ...], today: date) -> None:
    if counts and step not in CHARGES:
        raise StepImpossible("no_sheet")
    if len(counts) > MOST_COUNTS or sum(len(one.entries) for one in counts) > MOST_ENTRIES:
        raise StepImpossible("sheet_large")
    for one in counts:
        if not (_CODE.fullmatch(one.article) and _CODE.fullmatch(one.offence)):
            raise StepImpossible("article")
        if not EARLIEST <= one.first <= one.last <= today:
            raise StepImpossible("offence_days")
        if not all(_ENTRY.fullmatch(entry) for entry in one.entries):
            raise StepImpossible("entry")
        if len(set(one.entries)) != len(one.entries):
            raise StepImpossible("entry_twice")
