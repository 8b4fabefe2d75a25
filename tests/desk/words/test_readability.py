"""The formulas give what was worked out by hand."""

from __future__ import annotations

import pytest

from luwte.desk.words.readability import dutch_syllables, english_syllables, measure

EASY = (
    "Dit bericht gaat over een onderzoek van de politie. In dat onderzoek vonden wij iets dat misschien "
    "met u te maken heeft. Wilt u meer weten? U bepaalt zelf wat u leest en wanneer."
)
HARD = "Ingevolge de toepasselijke regelgeving wordt u geïnformeerd omtrent de bevindingen van het onderzoek."


@pytest.mark.parametrize(
    ("text", "counts", "douma", "brouwer"),
    [(EASY, (4, 34, 48, 13), 90.2, 83.9), (HARD, (1, 13, 32, 13), 5.2, 4.9)],
)
def test_dutch_as_worked_by_hand(text: str, counts: tuple[int, ...], douma: float, brouwer: float) -> None:
    found = measure(text, "nl")
    assert (found.sentences, found.words, found.syllables, found.longest) == counts
    assert found.douma == pytest.approx(douma, abs=0.05)
    assert found.brouwer == pytest.approx(brouwer, abs=0.05)


@pytest.mark.parametrize(
    ("word", "syllables"), [("identiteit", 4), ("geïnformeerd", 4), ("mooie", 2), ("bijzonder", 3), ("b", 1)]
)
def test_dutch_syllables(word: str, syllables: int) -> None:
    assert dutch_syllables(word) == syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("message", 2), ("before", 2), ("looked", 1), ("wanted", 2), ("little", 2), ("the", 1)],
)
def test_english_syllables(word: str, syllables: int) -> None:
    assert english_syllables(word) == syllables


def test_english_grade_tells_plain_from_legal() -> None:
    plain = measure("There is a message for you. You can read it now. You can also read it later.", "en")
    legal = measure("Pursuant to applicable regulations you are informed regarding the investigation.", "en")
    assert plain.grade < 3 < 12 < legal.grade


def test_no_word_no_measure() -> None:
    with pytest.raises(ValueError, match="without a word"):
        measure("...", "nl")
