from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from luwte.desk.telling.reasons import SENTENCES, day, explain
from luwte.desk.telling.values import Decision, Outcome, Reason


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_reason_has_whole_sentences(reason: Reason, language: str) -> None:
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    decision = Decision("s", "person", Outcome.WAIT, reason, next_at=moment)
    text = explain(decision, language, ZoneInfo("Europe/Amsterdam"))
    assert text.endswith(".")
    assert "{" not in text
    assert ("2 maart 2026" in text or "2 March 2026" in text) == ("{date}" in SENTENCES[reason][language])


def test_day_is_that_of_the_person() -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert day(moment, "nl", ZoneInfo("Europe/Amsterdam")) == "1 januari 2027"
    assert day(moment, "en", ZoneInfo("America/New_York")) == "31 December 2026"
