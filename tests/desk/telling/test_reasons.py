"""Every reason has a sentence that is true for who reads it, calm, and easy."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from luwte.desk.telling.reasons import SENTENCES, day, explain
from luwte.desk.telling.values import Decision, Outcome, Reason
from luwte.desk.words.claims import breaches
from luwte.desk.words.readability import too_hard

HOME = ZoneInfo("Europe/Amsterdam")
MOMENT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
DATED = {
    Reason.PAUSED,
    Reason.HELD_BY_CARE,
    Reason.RHYTHM,
    Reason.CEILING,
    Reason.QUIET,
    Reason.HOURS,
}
YOU = {"nl": {"u", "uw"}, "nl-youth": {"je", "jij", "jou", "jouw"}, "en": {"you", "your", "yourself"}}


def sentence(reason: Reason, words: str, recipient: str = "person", at: datetime | None = MOMENT) -> str:
    return explain(Decision("s", recipient, Outcome.WAIT, reason, next_at=at), words, HOME)


@pytest.mark.parametrize("recipient", ["person", "r1"])
@pytest.mark.parametrize("words", ["nl", "nl-youth", "en"])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_whole_calm_and_easy_sentences(reason: Reason, words: str, recipient: str) -> None:
    for at in (MOMENT, None):
        text = sentence(reason, words, recipient, at)
        assert text.endswith(".")
        assert not {"{", "}"} & set(text)
        assert not breaches(text, words)
        assert not too_hard(text, words)
        dated = "2 maart 2026" in text or "2 March 2026" in text
        assert dated == (reason in DATED and at is not None)


@pytest.mark.parametrize("reason", Reason)
def test_no_sentence_about_a_representative_says_you(reason: Reason) -> None:
    """What is decided for a representative is read by others too: "you" would be untrue."""
    for words, you in YOU.items():
        assert not you & set(sentence(reason, words, "r1").lower().replace(".", "").split())


@pytest.mark.parametrize("reason", Reason)
def test_young_people_are_not_addressed_formally(reason: Reason) -> None:
    assert not YOU["nl"] & set(sentence(reason, "nl-youth").lower().replace(",", "").replace(".", "").split())


@pytest.mark.parametrize("words", ["nl", "nl-youth", "en"])
def test_signs_of_harm_stay_between_the_person_and_the_care_worker(words: str) -> None:
    """T15: no representative reads that the person was not well, or did not open what was sent."""
    assert SENTENCES[Reason.HARM][words] != sentence(Reason.HARM, words, "r1")
    for told in (sentence(Reason.HARM, words, "r1"), sentence(Reason.UNOPENED, words, "r1")):
        assert not {"gaat", "well", "gelezen", "read", "geopend", "opened"} & set(told.strip(".").split())


def test_day_is_that_of_the_person() -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert day(moment, "nl", HOME) == "1 januari 2027"
    assert day(moment, "en", ZoneInfo("America/New_York")) == "31 December 2026"
