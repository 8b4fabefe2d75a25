"""How hard a text is to read: a floor below which a text is rewritten, never a proof that it is easy.

Dutch: Flesch-Douma (Douma 1960) 206.84 - 0.77 wl - 0.93 zl; Leesindex A (Brouwer 1963) 195 - 2 zl - 2/3 wl.
English: Flesch-Kincaid grade (Kincaid 1975) 0.39 zl + 0.118 wl - 15.59.
`wl` is syllables per 100 words, `zl` words per sentence. Formulas see neither meaning nor tone.
"""

from __future__ import annotations

import re
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
