"""How hard a text is to read: a floor below which a text is rewritten, never a proof that it is easy.

Dutch: Flesch-Douma (Douma 1960) 206.84 - 0.77 wl - 0.93 zl; Leesindex A (Brouwer 1963) 195 - 2 zl - 2/3 wl.
English: Flesch-Kincaid grade (Kincaid 1975) 0.39 zl + 0.118 wl - 15.59.
`wl` is syllables per 100 words, `zl` words per sentence. Formulas see neither meaning nor tone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:]+(?:\s|$)|\n+")
_LONG_VOWELS = re.compile(r"aai|ooi|oei|eeu|ieu|aau|aa|ee|oo|uu|ie|oe|eu|ui|ei|au|ou")
_TREMA = re.compile(r"(?=[ëïöü])")
_NL_VOWEL = re.compile(r"[aeiouyáéíóúàèëïöü]")


@dataclass(frozen=True)
class Measure:
    """Counts of one text. `longest` is the number of words in its longest sentence."""

    sentences: int
    words: int
    syllables: int
    longest: int

    @property
    def words_per_sentence(self) -> float:
        """Words per sentence, `zl`."""
        return self.words / self.sentences

    @property
    def syllables_per_100_words(self) -> float:
        """Syllables per 100 words, `wl`."""
        return 100 * self.syllables / self.words

    @property
    def douma(self) -> float:
        """Flesch-Douma: 80 and over is easy, 60 to 70 normal."""
        return 206.84 - 0.77 * self.syllables_per_100_words - 0.93 * self.words_per_sentence

    @property
    def brouwer(self) -> float:
        """Leesindex A: 80 and over is very easy."""
        return 195 - 2 * self.words_per_sentence - 2 / 3 * self.syllables_per_100_words

    @property
    def grade(self) -> float:
        """Flesch-Kincaid grade, for English: years of school."""
        return 0.39 * self.words_per_sentence + 0.118 * self.syllables_per_100_words - 15.59


def dutch_syllables(word: str) -> int:
    """Return the syllables of a Dutch word by counting vowel groups; never less than 1."""
    parts = _TREMA.split(word.lower().replace("ij", "y"))
    return max(1, sum(len(_NL_VOWEL.findall(_LONG_VOWELS.sub("a", part))) for part in parts))


def english_syllables(word: str) -> int:
    """Return the syllables of an English word: vowel groups, less a silent final e; never less than 1."""
    lower = word.lower()
    groups = len(re.findall(r"[aeiouy]+", lower))
    silent = re.search(r"[^aeioulty]e$|[^aeioutdy]ed$|[td]e$", lower)
    return max(1, groups - bool(silent))


def measure(text: str, language: Literal["nl", "en"]) -> Measure:
    """Count the sentences, words and syllables of `text`. Raises `ValueError` when it has no word."""
    sentences = [words for part in _SENTENCE_END.split(text) if (words := _WORD.findall(part))]
    if not sentences:
        raise ValueError("a text without a word cannot be measured")
    count = dutch_syllables if language == "nl" else english_syllables
    words = [word for sentence in sentences for word in sentence]
    return Measure(len(sentences), len(words), sum(map(count, words)), max(map(len, sentences)))


@dataclass(frozen=True, slots=True)
class Floor:
    """What a text may at most ask of its reader; `ease` is Flesch-Douma, for English `grade` counts.

    They are means, which say little about a few words: below `ENOUGH` words `SHORT` points are given.
    """

    longest: int
    per_sentence: float
    syllables: int
    ease: float = 0.0
    grade: float = 99.0


FLOORS: Mapping[str, Floor] = {
    "nl": Floor(longest=17, per_sentence=10, syllables=4, ease=75),
    "nl-youth": Floor(longest=17, per_sentence=9.5, syllables=4, ease=80),
    "en": Floor(longest=18, per_sentence=11, syllables=4, grade=6),
}
"""Per register: Dutch B1, Dutch that young people read with ease, plain English. See decision 0012."""
ENOUGH = 30
"""Words from which on the means and the formulas say something about a text."""
SHORT = 3
"""Grades, or tens of points of ease, that a shorter text may be harder."""


def too_hard(text: str, words: str) -> list[str]:
    """Return what makes `text` too hard for readers of the register `words`, each as a sentence."""
    floor, language = FLOORS[words], _language(words)
    plain = _ADDRESS.sub(" ", text)
    found = measure(plain, language)
    count = dutch_syllables if language == "nl" else english_syllables
    hard = [f"A sentence has {found.longest} words; at most {floor.longest}."] * (
        found.longest > floor.longest
    )
    hard += [
        f"The word {word!r} has more than {floor.syllables} syllables."
        for word in sorted(set(_WORD.findall(plain)))
        if count(word) > floor.syllables and word.lower() not in KNOWN_WORDS
    ]
    return hard + _means(found, floor)


def _means(found: Measure, floor: Floor) -> list[str]:
    short = found.words < ENOUGH
    least, most = floor.ease - SHORT * 10 * short, floor.grade + SHORT * short
    hard = []
    if not short and found.words_per_sentence > floor.per_sentence:
        hard.append(f"{found.words_per_sentence:.1f} words a sentence; at most {floor.per_sentence}.")
    if floor.ease and found.douma < least:
        hard.append(f"Flesch-Douma {found.douma:.0f}; at least {least:.0f}.")
    if found.grade > most:
        hard.append(f"Flesch-Kincaid grade {found.grade:.1f}; at most {most:.0f}.")
    return hard


def _language(words: str) -> Literal["nl", "en"]:
    return "en" if words == "en" else "nl"


_ADDRESS = re.compile(r"https?://\S+")
KNOWN_WORDS = frozenset(
    {"hulpverlener", "automatisch", "automatic", "onderzoeken", "investigation", "investigations"}
)
"""Long words that readers of this service know, or that no shorter word replaces."""
