"""The questions and answers of a choice, and why one cannot be kept, in the reader's language.

An answer has the words in which it is read back afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luwte.desk.wishes.errors import WishImpossible
from luwte.desk.wishes.rules import Channel, Choice, Detail, Register, Rhythm, Source, Wish
from luwte.desk.wishes.summary import PHRASES, summary
from luwte.desk.words.dates import WEEKDAYS

DAY, OFFICE, EVENING = (0, 24), (9, 17), (17, 21)
"""Hours that are offered: any, those of an office, the evening."""
KNOWN = (
    gettext_lazy("This quiet period ends before it begins. Change one of its two days."),
    gettext_lazy("A quiet period is at most a year. Make it shorter, or choose to hear nothing."),
    gettext_lazy("A period that comes back every year cannot be the whole year. Make it shorter, or pause."),
    gettext_lazy("This quiet period is over. Give days that are still to come."),
    gettext_lazy(
        "The quiet periods leave no day within a year on which this wish allows a contact. "
        "Shorten a period, or choose another weekday."
    ),
    gettext_lazy(
        "There is no lawyer whose mandate holds today. Register the lawyer first, or choose another channel."
    ),
)
"""What `luwte.desk.wishes.checks` says of choices that a person can make by themselves."""


def questions() -> dict[str, str]:
    """Return the question about each part of a choice."""
    return {
        "rhythm": _("How often do you want to hear from us?"),
        "channel": _("How do you want to hear it?"),
        "weekday": _("On which day does it suit you?"),
        "hours": _("At which hours does it suit you?"),
        "detail": _("How much do you want to read?"),
        "cover": _("Do you want the same message each time?"),
        "words": _("In which words do we write to you?"),
        "told": _("Do you want to hear nothing about this any more?"),
    }


def names() -> dict[str, str]:
    """Return the short name of each part of a choice."""
    return {
        "rhythm": _("How often"),
        "channel": _("In which way"),
        "weekday": _("On which day"),
        "hours": _("At which hours"),
        "detail": _("How much you read"),
        "cover": _("The same message each time"),
        "words": _("The language of our messages"),
        "told": _("Hear nothing about this any more"),
    }


def register(choice: Choice) -> Register:
    """Return in which words `choice` is read back: those of the page, or, on a Dutch one, as it says."""
    return _register(choice.words == Register.YOUTH)


def own_register(wishes: Iterable[Wish]) -> Register:
    """Return in which words somebody with these `wishes` reads here."""
    return _register(any(one.choice.words == Register.YOUTH for one in wishes))


def answers(part: str, choice: Choice, ways: Collection[Channel]) -> list[tuple[str, str]]:
    """Return the answers about a part of `choice`, each as value and words; of the ways only those there."""
    phrases = PHRASES[register(choice)]
    if part == "rhythm":
        return [(one.value, phrases["rhythm"].get(one.value) or phrases["ask"]) for one in Rhythm]
    if part == "channel":
        return [(one.value, phrases["channel"][one]) for one in Channel if one in ways]
    if part == "detail":
        return [(one.value, phrases["detail"][one]) for one in Detail]
    return _others(choice)[part]


def read_back(wish: Wish, zone: ZoneInfo, others: Mapping[str, str]) -> tuple[str, str]:
    """Return the name of what `wish` is about, and the sentences that read it back; `others` by pseudonym."""
    found = summary([wish], [], register(wish.choice), zone, others)[list(Source).index(wish.source)]
    title, _colon, text = found.partition(": ")
    return title, text


def impossible(error: WishImpossible) -> str:
    """Return in the reader's language what to change."""
    said = _(str(error))
    if said in map(str, KNOWN):
        return said
    return _("This does not go together. Choose something else, or ask your care worker.")


def _register(young: bool) -> Register:
    spoken = Register(get_language() or Register.DUTCH)
    return Register.YOUTH if young and spoken == Register.DUTCH else spoken


def _others(choice: Choice) -> dict[str, list[tuple[str, str]]]:
    words = register(choice)
    phrases, days = PHRASES[words], WEEKDAYS[words[:2]]
    return {
        "weekday": [
            ("", _("Any day.")),
            *((str(one), _sentence(phrases["on"].format(weekday=day))) for one, day in enumerate(days)),
        ],
        "hours": [(f"{one[0]}-{one[1]}", _hours(one, phrases)) for one in _offered(choice)],
        "cover": [("no", _("Only when there is news.")), ("yes", phrases["cover"])],
        "words": [
            (Register.DUTCH.value, _("In Dutch.")),
            (Register.YOUTH.value, _("In Dutch, as young people say it.")),
            (Register.ENGLISH.value, _("In English.")),
        ],
        "told": [("no", _("Yes, I want to hear nothing about this."))],
    }


def _offered(choice: Choice) -> list[tuple[int, int]]:
    return sorted({DAY, OFFICE, EVENING, choice.hours})


def _hours(hours: tuple[int, int], phrases: Mapping[str, str]) -> str:
    first, last = hours
    if hours == DAY:
        return _("Any hour.")
    kind = "before" if first == 0 else "from" if last == 24 else "between"
    return _sentence(phrases[kind].format(first=first, last=last))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
