"""The sentence for each reason: to the person in each register, and about a representative.

The sentences stand in reasons.toml. No framework, no clock, no database.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from luwte.desk.telling.values import Decision, Reason
from luwte.desk.wishes.rules import PERSON
from luwte.desk.words.dates import written

_FOUND: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8")
)
SENTENCES: Mapping[Reason, Mapping[str, str]] = {reason: _FOUND[reason] for reason in Reason}
"""By reason: nl, nl-youth and en speak to the person; about-nl and about-en of a representative."""


def explain(decision: Decision, language: str, zone: ZoneInfo) -> str:
    """Return the sentence for `decision` in `language` (nl, nl-youth or en), with dates in `zone`.

    What was decided for a representative is told in the third person.
    """
    form = language if decision.recipient == PERSON else f"about-{language[:2]}"
    when = decision.next_at
    date = day(when, language, zone) if when else ""
    later = (_FOUND["dated"] if when else _FOUND["undated"])[form].format(date=date)
    return SENTENCES[decision.reason][form].format(date=date or _SOME_DAY[language[:2]], when=later)


_SOME_DAY = {"nl": "een latere dag", "en": "a later day"}


def day(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """Return the day of `moment` in `zone`, written out: 3 maart 2026, 3 March 2026."""
    return written(moment.astimezone(zone).date(), language)
