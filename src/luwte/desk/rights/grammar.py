"""The closed grammar in which a file of law says when a right opens and ends. Strict and bounded; pure.

    end    = "none" | term | ("before" | "on") moment | "the" ("earlier" | "later") "of" end "and" end
    term   = number unit ("after" | "before") moment
    moment = ["known" "of"] ("this step" | "the hearing" | ["first"] step) | "aware of this step"
           | "the hearing as first set" | "birthday" age
           | "the" ("earlier" | "later") "of" moment "and" moment
    unit   = hour(s), day(s), month(s), year(s); a step is one of `Step`

A step that happened more than once is meant the last time, or the `first`. `opening` reads what opens a
right: a moment (a step the first time) or a term. `ending` reads an end; before a step: its next time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from luwte.desk.cases.vocabulary import Step
from luwte.desk.rights.days import Unit
from luwte.desk.rights.errors import ExpressionWrong

LONGEST, DEEPEST, MOST, OLDEST = 300, 3, 4000, 99
"""Characters, choices within choices, the largest number of units, the highest age."""


class Kind(StrEnum):
    """What a moment is a day of."""

    STEP = "step"
    FIRST = "first"
    THIS = "this step"
    AWARE = "aware"
    HEARING = "the hearing"
    FIRST_SET = "the hearing as first set"
    BIRTHDAY = "birthday"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day of a step, of a hearing or of the person; `known`: when it was known, not when it happens."""

    kind: Kind
    step: Step | None = None
    known: bool = False
    age: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """So many units after a moment, or before it (`count` is negative)."""

    count: int
    unit: Unit
    moment: Moment | Pick


@dataclass(frozen=True, slots=True)
class Before:
    """Until something happens: the last day is its day, as long as it has not happened."""

    moment: Moment | Pick


@dataclass(frozen=True, slots=True)
class On:
    """On the day of a moment; that day is the last."""

    moment: Moment | Pick


@dataclass(frozen=True, slots=True)
class Never:
    """The law sets no end."""


@dataclass(frozen=True, slots=True)
class Pick:
    """The later, or the earlier, of two."""

    later: bool
    one: Expression
    other: Expression


Expression = Moment | Term | Before | On | Never | Pick
_STEPS = frozenset(Step)
_UNITS = {unit.value.removesuffix("s"): unit for unit in Unit} | {unit.value: unit for unit in Unit}


@cache
def ending(text: str) -> Expression:
    """Return the end that `text` says. Raises `ExpressionWrong`."""
    return _Parser(text).whole("end")


@cache
def opening(text: str) -> Expression:
    """Return the moment or the term that `text` says. Raises `ExpressionWrong`."""
    return _Parser(text).whole("opening")


class _Parser:
    def __init__(self, text: str) -> None:
        if not isinstance(text, str) or not text or len(text) > LONGEST:
            raise ExpressionWrong(f"An expression has 1 to {LONGEST} characters.")
        self.text, self.words, self.at = text, text.split(" "), 0

    def whole(self, what: str) -> Expression:
        found = self._end(0) if what == "end" else self._opening(0)
        if self.at < len(self.words):
            raise self._wrong("nothing more")
        return found

    def _end(self, depth: int) -> Expression:
        if self._take("none"):
            return Never()
        if self._take("before"):
            return Before(self._moment(depth))
        if self._take("on"):
            return On(self._moment(depth))
        if self._sees("the", "earlier") or self._sees("the", "later"):
            return self._pick("end", depth)
        return self._term(depth, 'a number, "before", "on", "the earlier of", "the later of" or "none"')

    def _opening(self, depth: int) -> Expression:
        if self._next()[:1].isdigit():
            return self._term(depth, "a number")
        found = self._moment(depth)
        if isinstance(found, Moment) and found.kind == Kind.STEP:
            return replace(found, kind=Kind.FIRST)
        return found

    def _term(self, depth: int, wanted: str) -> Term:
        count = self._number(MOST, wanted)
        unit = _UNITS.get(self._next())
        if unit is None:
            raise self._wrong("hours, days, months or years")
        self.at += 1
        if self._take("after"):
            return Term(count, unit, self._moment(depth))
        if self._take("before"):
            return Term(-count, unit, self._moment(depth))
        raise self._wrong('"after" or "before"')

    def _moment(self, depth: int) -> Moment | Pick:
        if self._sees("the", "earlier") or self._sees("the", "later"):
            return self._pick("moment", depth)
        if self._take("birthday"):
            return Moment(Kind.BIRTHDAY, age=self._number(OLDEST, "an age"))
        if self._take("aware", "of", "this", "step"):
            return Moment(Kind.AWARE)
        return self._of_step(known=self._take("known", "of"))

    def _of_step(self, *, known: bool) -> Moment:
        if self._take("this", "step"):
            return Moment(Kind.THIS, known=known)
        if not known and self._take("the", "hearing", "as", "first", "set"):
            return Moment(Kind.FIRST_SET)
        if self._take("the", "hearing"):
            return Moment(Kind.HEARING, known=known)
        kind = Kind.FIRST if self._take("first") else Kind.STEP
        if self._next() not in _STEPS:
            raise self._wrong("a step of a case")
        self.at += 1
        return Moment(kind, Step(self.words[self.at - 1]), known)

    def _pick(self, what: str, depth: int) -> Pick:
        if depth >= DEEPEST:
            raise ExpressionWrong(f"{self.text!r} has more than {DEEPEST} choices within choices.")
        self.at += 1
        later = self._take("later") or not self._take("earlier")
        self._must("of")
        read = self._end if what == "end" else self._moment
        one = read(depth + 1)
        self._must("and")
        return Pick(later, one, read(depth + 1))

    def _number(self, most: int, wanted: str) -> int:
        word = self._next()
        if not (word.isascii() and word.isdecimal() and len(word) <= 4 and 1 <= int(word) <= most):
            raise self._wrong(f"{wanted} (a number is 1 to {most})")
        self.at += 1
        return int(word)

    def _next(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def _sees(self, *words: str) -> bool:
        return tuple(self.words[self.at : self.at + len(words)]) == words

    def _take(self, *words: str) -> bool:
        seen = self._sees(*words)
        self.at += len(words) * seen
        return seen

    def _must(self, word: str) -> None:
        if not self._take(word):
            raise self._wrong(f'"{word}"')

    def _wrong(self, wanted: str) -> ExpressionWrong:
        found = repr(self._next()) if self._next() else "the end"
        return ExpressionWrong(
            f"{self.text!r}: at word {self.at + 1} stands {found}. What may stand there: {wanted}."
        )
