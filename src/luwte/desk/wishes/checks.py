"""What can be wished and kept: each check raises one sentence that says what to change.

Pure functions over the values of `rules`: no framework, no clock, no database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta

from luwte.desk.wishes.errors import WishImpossible
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Quiet, Register, Rhythm, Source, Wish

LONGEST = 200
"""Characters of who set something, of the conversation and of the assessment."""
LONGEST_REASON = 500
YEAR = timedelta(days=365)
UNTIMED = (Rhythm.EACH, Rhythm.ON_REQUEST)
INWARD = (Channel.PORTAL, Channel.CARE_WORKER, Channel.LAWYER)
"""Channels on which nothing arrives by itself from outside."""
_LATEST_ZONE = timedelta(hours=12)
"""UTC-12: where a day ends last."""

Check = Callable[[Source, Choice], str]


def check_choice(source: Source, choice: Choice, now: datetime) -> None:
    """Raise `WishImpossible` when `choice` contradicts itself or cannot be kept for `source`.

    A version that wants nothing is refused for impossible hours and weekdays alone (T1).
    """
    checks = (_weekday, _hours, *(_OF_TOLD if choice.told else ()))
    for check in checks:
        if sentence := check(source, choice):
            raise WishImpossible(sentence)
    if choice.told and choice.until is not None and choice.until < (now - _LATEST_ZONE).date():
        raise WishImpossible("The last day of this wish is over. Give a day that is still to come, or none.")


def check_parties(
    choice: Choice, by: Collection[str], acting: Collection[str], lawyers: Collection[str]
) -> None:
    """Raise `WishImpossible` unless the parties of a wish are there.

    `acting` are the representatives whose mandate holds today, `lawyers` those of them who are lawyers.
    Anybody may stop (T1).
    """
    if not choice.told:
        return
    if not set(by) <= {PERSON, *acting}:
        raise WishImpossible(
            "One of those who chose this is not the person, nor a representative whose mandate holds today. "
            "Leave that one out, or mend the mandate first."
        )
    if not set(choice.others) <= set(acting):
        raise WishImpossible(
            "One of those who may be told too is no representative whose mandate holds today. "
            "Register the mandate first, or leave that one out."
        )
    if choice.channel == Channel.LAWYER and not lawyers:
        raise WishImpossible(
            "There is no lawyer whose mandate holds today. "
            "Register the lawyer first, or choose another channel."
        )


def check_setting(
    earlier: Iterable[Wish], choice: Choice, by: Collection[str], said: tuple[str, str], assessment: str
) -> None:
    """Raise `WishImpossible` unless it is said who chose a wish, and who recorded it where.

    `said`: who recorded it, and the conversation. A first wish to be told (none of the `earlier` ones is)
    follows from an individual assessment (Directive 2012/29/EU, article 22).
    """
    if not by:
        raise WishImpossible(
            "Somebody must have chosen this. Say who: the person, a representative, or both."
        )
    for text in said:
        check_text("A wish needs who set it and in which conversation.", text)
    if assessment:
        check_text("This assessment cannot be kept.", assessment)
    if choice.told and not assessment and not any(wish.choice.told for wish in earlier):
        raise WishImpossible(
            "The first wish to be told follows from an individual assessment. Say which one (`--assessment`)."
        )


def check_text(what: str, text: str, longest: int = LONGEST) -> None:
    """Raise `WishImpossible`, which begins with `what`, unless `text` is printable and fits."""
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise WishImpossible(f"{what} Give it in at most {longest} printable characters.")


def check_quiet(quiet: Quiet, now: datetime) -> None:
    """Raise `WishImpossible` unless `quiet` begins, ends, and leaves room."""
    if quiet.last < quiet.first:
        raise WishImpossible("This quiet period ends before it begins. Change one of its two days.")
    if quiet.last - quiet.first > YEAR:
        raise WishImpossible("A quiet period is at most a year. Make it shorter, or choose to hear nothing.")
    if quiet.yearly and (quiet.last - quiet.first == YEAR or _whole_year(quiet, now.date())):
        raise WishImpossible(
            "A period that comes back every year cannot be the whole year. Make it shorter, or pause."
        )
    if not quiet.yearly and quiet.last < (now - _LATEST_ZONE).date():
        raise WishImpossible("This quiet period is over. Give days that are still to come.")


def check_room(choices: Iterable[Choice], quiets: Collection[Quiet], now: datetime) -> None:
    """Raise `WishImpossible` when the quiet periods leave one of the `choices` no open day within a year."""
    open_days = {
        day.weekday() for day in _year_from(now.date()) if not any(quiet.covers(day) for quiet in quiets)
    }
    for choice in choices:
        if choice.told and choice.rhythm != Rhythm.ON_REQUEST and not _fits(choice, open_days):
            raise WishImpossible(
                "The quiet periods leave no day within a year on which this wish allows a contact. "
                "Shorten a period, or choose another weekday."
            )


def register_of(text: str) -> Register:
    """Return the language and register called `text`. Raises `WishImpossible`."""
    try:
        return Register(text)
    except ValueError:
        known = ", ".join(register.value for register in Register)
        raise WishImpossible(f"There are no words in {text!r}. Choose one of: {known}.") from None


def hours_of(text: str) -> tuple[int, int]:
    """Return the hours that `text` gives, such as 9-17. "
    "Raises `WishImpossible` when it is nothing like it."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not dash or not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (first, last)):
        raise WishImpossible(f"{text!r} are no hours. Write them as 9-17.")
    return int(first), int(last)


def _year_from(today: date) -> list[date]:
    return [today + timedelta(days=ahead) for ahead in range(366)]


def _whole_year(quiet: Quiet, today: date) -> bool:
    return all(quiet.covers(day) for day in _year_from(today))


def _fits(choice: Choice, open_days: set[int]) -> bool:
    return bool(open_days) if choice.weekday is None else choice.weekday in open_days


def _weekday(_source: Source, choice: Choice) -> str:
    if choice.weekday is not None and choice.weekday not in range(7):
        return "There is no such day of the week. Choose one from Monday (0) to Sunday (6)."
    if choice.told and choice.weekday is not None and choice.rhythm in UNTIMED:
        return (
            "A weekday goes with a fixed rhythm. Choose weekly, monthly, quarterly or yearly, or no weekday."
        )
    return ""


def _hours(_source: Source, choice: Choice) -> str:
    first, last = choice.hours
    if not 0 <= first < last <= 24:
        return "These hours are empty or not of a day. Give a first and a later last one between 0 and 24."
    return ""


def _cover(_source: Source, choice: Choice) -> str:
    if choice.cover and choice.rhythm in UNTIMED:
        return (
            "The same message at every turn needs a fixed rhythm. "
            "Choose weekly, monthly, quarterly or yearly."
        )
    if choice.cover and choice.channel in INWARD:
        return (
            "The same message at every turn needs e-mail, SMS or a letter. Choose one of those, or no cover."
        )
    return ""


def _forward(source: Source, choice: Choice) -> str:
    if choice.forward and source != Source.RIGHTS:
        return (
            "Only a right can lapse, so only rights can come forward. "
            "Leave that out, or choose it for rights."
        )
    return ""


def _safety(source: Source, choice: Choice) -> str:
    if source != Source.SAFETY:
        return ""
    if choice.rhythm != Rhythm.EACH:
        return "News of someone's release or escape cannot wait for a rhythm. Choose the rhythm each."
    if choice.channel == Channel.LETTER:
        return "A letter comes too late for news of someone's release or escape. Choose another channel."
    if choice.hours != (0, 24):
        return "News of someone's release or escape comes at any hour. Leave the hours out."
    return ""


def _others(_source: Source, choice: Choice) -> str:
    if PERSON in choice.others:
        return "The others are representatives; the person is told anyway. Leave the person out of them."
    return ""


_OF_TOLD: tuple[Check, ...] = (_cover, _forward, _safety, _others)
