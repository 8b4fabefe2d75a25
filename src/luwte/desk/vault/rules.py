"""What may be said of a person. Plain values: no framework, no clock, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from luwte.desk.vault.errors import PersonImpossible

LANGUAGES = ("nl", "en")
ROLES = ("parent", "guardian", "curator", "lawyer", "care worker")
EMAIL = "email"
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is; the birth date may not be known, and there may be no care worker."""

    name: str
    birth_date: date | None = None
    language: str = "nl"
    time_zone: str = "Europe/Amsterdam"
    care_worker: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach a person: `kind` (`email`) and its value."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who acts for a person, as what, reachable where, from which day to which (inclusive)."""

    name: str
    address: str
    role: str
    begins: date
    ends: date | None = None
    standing: bool = False

    def holds(self, day: date) -> bool:
        """Return whether the mandate holds on `day`."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


def check_identity(identity: Identity) -> None:
    """Raise `PersonImpossible` unless `identity` can be someone's."""
    _check_text("name", identity.name)
    if identity.care_worker:
        _check_text("care worker's name", identity.care_worker)
    if identity.language not in LANGUAGES:
        raise PersonImpossible(f"The language {identity.language!r} is not spoken here. Choose nl or en.")
    try:
        ZoneInfo(identity.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PersonImpossible(
            f"There is no time zone {identity.time_zone!r}. Give one such as Europe/Amsterdam."
        ) from None


def check_reach(reach: Reach) -> None:
    """Raise `PersonImpossible` unless `reach` can be an address of its kind."""
    if reach.kind != EMAIL:
        raise PersonImpossible(f"There is no kind of address {reach.kind!r}. Choose email.")
    if not _EMAIL.fullmatch(reach.value) or ".." in reach.value:
        raise PersonImpossible(f"{reach.value!r} is not an e-mail address. Write it as name@host.")


def check_mandate(mandate: Mandate) -> None:
    """Raise `PersonImpossible` unless `mandate` can be."""
    _check_text("representative's name", mandate.name)
    if mandate.role not in ROLES:
        raise PersonImpossible(f"There is no role {mandate.role!r}. Choose one of: {', '.join(ROLES)}.")
    if mandate.ends is not None and mandate.ends < mandate.begins:
        raise PersonImpossible("This mandate ends before it begins. Change one of its two days.")


def _check_text(what: str, text: str) -> None:
    if not text.strip() or len(text) > 200 or not text.isprintable():
        raise PersonImpossible(
            f"The {what} is empty, too long or not printable. Give at most 200 characters."
        )
