"""A right in plain words, for whoever it is of: what, until when, whose, and how sure that is. Pure.

The sentences stand in explained.toml. What is not verified is never told as sure (each says so).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from luwte.desk.rights.law import DUTY, Holder, Jurisdiction
from luwte.desk.rights.values import Doubt, Right, State
from luwte.desk.words.dates import written

SENTENCES: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_name("explained.toml").read_text(encoding="utf-8")
)
Language = Literal["nl", "en"]
_ENDED = (State.LAPSED, State.NOT_YET, State.NOT_APPLICABLE)
_LIVE = (State.OPEN, State.MANDATED)


def explained(right: Right, law: Jurisdiction, language: Language) -> tuple[str, ...]:
    """Return the name of a right, and sentences on its state, its days, who may act, and what is not sure."""
    name = law.rule(right.key.rule).name
    sentences = SENTENCES[language]
    said = [name.nl if language == "nl" else name.en, *_state(right, law, language)]
    if right.state in _LIVE:
        said += _who(right, sentences)
    if right.state == State.LAPSED and right.late:
        said.append(sentences["late"])
    said += (sentences["doubt"][doubt] for doubt in right.doubts if doubt != Doubt.NOBODY)
    if right.mark in sentences["mark"] and right.state != State.NOT_APPLICABLE:
        said.append(sentences["mark"][right.mark])
    return tuple(said)


def source_line(right: Right, law: Jurisdiction, language: Language) -> str:
    """Return where a right comes from: the article, and the day of the text that was read."""
    source = law.rule(right.key.rule).source
    label, text = ("Bron", "tekst van") if language == "nl" else ("Source", "text of")
    return f"{label}: {source.article}, {text} {written(source.dated, language)}."


def _state(right: Right, law: Jurisdiction, language: Language) -> Iterator[str]:
    sentences, duty = SENTENCES[language], right.holder in DUTY
    values = {
        "until": _day(right.until, language),
        "opens": _day(right.opens, language),
        "who": _owing(right, law, sentences) if duty else "",
    }
    if right.state in _ENDED:
        yield _ended(right, sentences, duty=duty).format(**values)
        return
    if right.state not in _LIVE:
        yield sentences[right.state]
        return
    if right.state == State.MANDATED:
        yield sentences["mandated"]
    if duty:
        yield sentences["owed_day" if right.until else "owed"].format(**values)
    else:
        yield sentences[_last(right)].format(**values)


def _last(right: Right) -> str:
    if right.until is None:
        return "endless" if right.endless else "unknown"
    return "foreseen" if right.foreseen else "day"


def _ended(right: Right, sentences: Mapping[str, Any], *, duty: bool) -> str:
    if duty and right.reason in sentences["owed_why"]:
        return str(sentences["owed_why"][right.reason])
    if right.state == State.NOT_APPLICABLE and right.reason in sentences["never"]:
        return str(sentences["never"][right.reason])
    return str(sentences["why"][right.reason])


def _owing(right: Right, law: Jurisdiction, sentences: Mapping[str, Any]) -> str:
    return str(sentences["who"].get(f"{law.country}-{right.holder}", sentences["who"][right.holder]))


def _who(right: Right, sentences: Mapping[str, Any]) -> Iterator[str]:
    if not right.whose:
        yield sentences["holder"]["nobody"]
    elif right.holder not in DUTY and right.holder != Holder.VICTIM:
        yield sentences["holder"][right.holder]


def _day(day: date | None, language: Language) -> str:
    return written(day, language) if day else ""
