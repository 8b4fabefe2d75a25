"""What may be said of a person and of who acts for them. Plain values: no framework, no clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from luwte.desk.vault.errors import PersonImpossible
from luwte.desk.vault.reaches import EMAIL, PHONE, POST, REACHES, Reach, check_reach, normal_reach

__all__ = ["EMAIL", "PHONE", "POST", "REACHES", "Reach", "check_reach", "normal_reach"]

LANGUAGES = ("nl", "en")
REGISTERS = ("nl", "nl-youth", "en")
ROLES = ("parent", "guardian", "curator", "lawyer", "care worker")
HOLDERS = ("parent", "guardian")
"""The roles that can have parental authority."""
CHANNELS = ("portal", "email", "sms", "letter", "care_worker")
"""How a representative can be reached."""
AUTHORITIES = ("joint", "sole", "shared", "guardianship", "none_now", "unclear")
"""Parental authority as the Dutch register of persons (BRP, "gezag") knows it."""
CONFLICTS = ("none", "certain", "doubt")
LONGEST = 200
OLDEST = 130
"""Years: nobody is older."""
NO_PLACES = ("localtime", "posixrules", "Factory")
"""Zones that a machine knows and that are nobody's: what they say differs per machine."""
_NEEDS = {"email": EMAIL, "sms": PHONE, "letter": POST}
_FEWEST = {"joint": 2, "shared": 2, "sole": 1, "guardianship": 1}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is.

    `born_from` and `born_to`: the first and last day on which the person may have been born; equal when
    the day is known, None when that bound is not. `words`: the register where no wish says another.
    `authority`: who has parental authority. `informed`: False for someone who does not know that there is
    something to know (T9). `conflict`: whether the person is a suspect or convict, or lives with one (T5).
    `account`: the mark of the account at the broker with which the person may sign in.
    """

    name: str
    born_from: date | None = None
    born_to: date | None = None
    language: str = "nl"
    time_zone: str = "Europe/Amsterdam"
    care_worker: str = ""
    words: str = "nl"
    authority: str = "unclear"
    informed: bool = True
    secret_address: bool = False
    deceased: bool = False
    conflict: str = "none"
    account: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who acts for a person, as what, on which days (both included), and how they are reached.

    `standing`: is told of a right that would lapse (T8). `holder`: has parental authority. `informed`: False
    while they may not know yet (T9). `conflict`: a suspect, a convict, or of one's household (T5).
    """

    name: str
    role: str
    begins: date
    ends: date | None = None
    standing: bool = False
    holder: bool = False
    channel: str = "care_worker"
    reaches: tuple[Reach, ...] = ()
    informed: bool = True
    conflict: str = "none"
    language: str = "nl"

    def holds(self, day: date) -> bool:
        """Return whether the mandate holds on `day`."""
        return self.begins <= day and (self.ends is None or day <= self.ends)

    def may_read(self, day: date) -> bool:
        """Return whether the representative may see anything of the person on `day` (T5, T9)."""
        return self.holds(day) and self.informed and self.conflict == "none"

    def address(self, kind: str) -> str | None:
        """Return the newest address of this `kind`, or None."""
        return newest(self.reaches, kind)


def newest(reaches: tuple[Reach, ...], kind: str) -> str | None:
    """Return the last address of `kind`, or None."""
    return next((reach.value for reach in reversed(reaches) if reach.kind == kind), None)


def check_identity(identity: Identity, today: date) -> None:
    """Raise `PersonImpossible` unless `identity` can be someone's, said on `today`."""
    _check_text("name", identity.name)
    if identity.care_worker:
        _check_text("care worker's name", identity.care_worker)
    _check_one_of("language", identity.language, LANGUAGES)
    _check_one_of("register", identity.words, REGISTERS)
    _check_one_of("form of parental authority", identity.authority, AUTHORITIES)
    _check_one_of("answer about a conflict", identity.conflict, CONFLICTS)
    _check_birth(identity.born_from, identity.born_to, today)
    try:
        if identity.time_zone in NO_PLACES:
            raise ValueError
        ZoneInfo(identity.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PersonImpossible(
            f"There is no time zone {identity.time_zone!r}. Give one such as Europe/Amsterdam."
        ) from None


def normal_mandate(mandate: Mandate) -> Mandate:
    """Return `mandate` with its addresses in their normal form. Raises `PersonImpossible`."""
    _check_text("representative's name", mandate.name)
    _check_one_of("role", mandate.role, ROLES)
    _check_one_of("way to reach a representative", mandate.channel, CHANNELS)
    _check_one_of("answer about a conflict", mandate.conflict, CONFLICTS)
    _check_one_of("language", mandate.language, LANGUAGES)
    if mandate.ends is not None and mandate.ends < mandate.begins:
        raise PersonImpossible("This mandate ends before it begins. Change one of its two days.")
    if mandate.holder and mandate.role not in HOLDERS:
        raise PersonImpossible(
            f"A {mandate.role} has no parental authority. Give it to a parent or guardian, or leave it out."
        )
    needed = _NEEDS.get(mandate.channel)
    if needed is not None and newest(mandate.reaches, needed) is None:
        raise PersonImpossible(
            f"There is no {REACHES[needed]} for this representative. Give one, or choose another way."
        )
    return replace(mandate, reaches=tuple(normal_reach(reach) for reach in mandate.reaches))


def authority_gap(authority: str, mandates: list[Mandate], day: date) -> str:
    """Return why the parents' side cannot choose on `day` (T10), in a sentence; empty when it can."""
    if authority in ("none_now", "unclear"):
        return "Nobody can choose for this person now: a human must find out who has parental authority."
    holders = [mandate for mandate in mandates if mandate.holder and mandate.holds(day)]
    if len(holders) < _FEWEST[authority]:
        return (
            f"This authority needs {_FEWEST[authority]} holders with a mandate that holds today; "
            f"there are {len(holders)}. Register the others with `luwte desk person represent --holder`."
        )
    if not all(mandate.may_read(day) for mandate in holders):
        return "One who has parental authority is in conflict or does not know yet: a human must decide."
    return ""


def _check_birth(earliest: date | None, latest: date | None, today: date) -> None:
    if earliest is not None and latest is not None and latest < earliest:
        raise PersonImpossible(
            "The last possible day of birth comes before the first. Change one of the two."
        )
    days = [day for day in (earliest, latest) if day is not None]
    if any(day > today for day in days):
        raise PersonImpossible("This day of birth is still to come. Give a day that is over.")
    if any(day.year < today.year - OLDEST for day in days):
        raise PersonImpossible(f"This birth was more than {OLDEST} years ago. Check its year.")


def _check_one_of(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise PersonImpossible(f"There is no {what} {given!r}. Choose one of: {', '.join(known)}.")


def _check_text(what: str, text: str) -> None:
    if not text.strip() or len(text) > LONGEST or not text.isprintable():
        raise PersonImpossible(
            f"The {what} is empty, too long or not printable. Give at most {LONGEST} characters."
        )
