"""What a person chose, in plain words that the person can read back. No framework, no clock, no database.

The phrases stand in summary.toml, in each register.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from luwte.desk.wishes.rules import PERSON, Channel, Choice, Quiet, Register, Rhythm, Source, Wish
from luwte.desk.words.dates import WEEKDAYS, written

PHRASES: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_name("summary.toml").read_text(encoding="utf-8")
)
HOME = "Europe/Amsterdam"
"""The clock that needs no mention."""


def summary(
    wishes: Iterable[Wish],
    quiets: Iterable[Quiet],
    register: Register,
    zone: ZoneInfo,
    names: Mapping[str, str] | None = None,
) -> list[str]:
    """Return a paragraph for each source, of its highest version, and one for each quiet period.

    `names`: who the parties are that may be told too, by pseudonym. Days and hours are those of `zone`.
    """
    standing = {wish.source: wish for wish in sorted(wishes, key=lambda wish: wish.version)}
    told = [_source(source, standing.get(source), register, zone, names or {}) for source in Source]
    return told + [
        quiet_sentence(one, register) for one in sorted(quiets, key=lambda one: (one.first, one.last))
    ]


def _source(
    source: Source, wish: Wish | None, register: Register, zone: ZoneInfo, names: Mapping[str, str]
) -> str:
    phrases = PHRASES[register]
    if wish is None:
        sentences = [phrases["nothing_yet"]]
    elif not wish.choice.told:
        sentences = [phrases["not_told"], _chosen(wish, register, zone)]
    else:
        how = _safety if source == Source.SAFETY else _how
        ends = (_others(wish.choice, register, names), _until(wish.choice, register))
        sentences = [*how(wish, register, zone), *ends, _chosen(wish, register, zone)]
    return f"{phrases['source'][source]}: {' '.join(one for one in sentences if one)}"


def _how(wish: Wish, register: Register, zone: ZoneInfo) -> list[str]:
    phrases, choice = PHRASES[register], wish.choice
    detail = phrases["detail"][choice.detail]
    if choice.rhythm == Rhythm.ON_REQUEST:
        return [phrases["ask"], detail]
    return [
        phrases["rhythm"][choice.rhythm] if choice.channel != Channel.LAWYER else "",
        *_time(choice, register, zone),
        phrases["channel"][choice.channel],
        detail,
        phrases["cover"] if choice.cover and choice.channel != Channel.LAWYER else "",
        _forward(wish, register),
    ]


def _safety(wish: Wish, register: Register, _zone: ZoneInfo) -> list[str]:
    phrases = PHRASES[register]
    return [phrases["safety_told"], phrases["channel"][wish.choice.channel]]


def _time(choice: Choice, register: Register, zone: ZoneInfo) -> list[str]:
    phrases, (first, last) = PHRASES[register], choice.hours
    day, hours = "", ""
    if choice.weekday is not None:
        day = phrases["on"].format(weekday=WEEKDAYS[register[:2]][choice.weekday])
    if choice.hours != (0, 24):
        kind = "before" if first == 0 else "from" if last == 24 else "between"
        hours = phrases[kind].format(first=first, last=last)
    if not day and not hours:
        return []
    time = phrases["time"].format(time=", ".join(one for one in (day, hours) if one))
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return [time] if zone.key == HOME else [time, phrases["clock"].format(city=city)]


def _forward(wish: Wish, register: Register) -> str:
    """Only where a right may be news it matters that a right does not come sooner."""
    if wish.choice.forward:
        return str(PHRASES[register]["forward"])
    return str(PHRASES[register]["no_forward"]) if wish.source == Source.RIGHTS else ""


def _others(choice: Choice, register: Register, names: Mapping[str, str]) -> str:
    phrases = PHRASES[register]
    known = sorted(names.get(one, phrases["someone"]) for one in choice.others)
    if not known:
        return ""
    listed = f" {phrases['and']} ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else known[0]
    sentence = phrases["other" if len(known) == 1 else "others"].format(names=listed)
    return str(sentence[0].upper() + sentence[1:])


def _until(choice: Choice, register: Register) -> str:
    phrases = PHRASES[register]
    if choice.until is None:
        return str(phrases["open"])
    return str(phrases["until"].format(day=written(choice.until, register)))


def _chosen(wish: Wish, register: Register, zone: ZoneInfo) -> str:
    kind = "chosen" if PERSON in wish.by else "chosen_for"
    return str(PHRASES[register][kind].format(day=written(wish.since.astimezone(zone).date(), register)))


def quiet_sentence(one: Quiet, register: Register) -> str:
    """Return the sentence that reads one quiet period back."""
    phrases = PHRASES[register]

    def said(day: date) -> str:
        return written(day, register, year=not one.yearly)

    kind = ("yearly_" if one.yearly else "") + ("day" if one.first == one.last else "days")
    period = phrases[kind].format(first=said(one.first), last=said(one.last))
    return " ".join(text for text in (period, phrases["why"][one.kind], phrases["kept"]) if text)
