"""The conversation with somebody who is not added yet, step by step: its questions, and what they make.

Plain values: no framework, no clock, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from luwte.desk.staff.asking import AREA, CONTACT, DAY, ONE, SEVERAL, Ask, Given, day, faults, one, reaches
from luwte.desk.staff.asking import reach as reach_check
from luwte.desk.vault.assessed import BASES, NEAR, NEEDS, SEEN, Assessed
from luwte.desk.vault.errors import PersonImpossible
from luwte.desk.vault.rules import (
    AUTHORITIES,
    CHANNELS,
    CONFLICTS,
    EMAIL,
    LANGUAGES,
    PHONE,
    POST,
    REACHES,
    REGISTERS,
    ROLES,
    Identity,
    Mandate,
    Reach,
    check_identity,
    normal_mandate,
)

MOST_ACTING = 6
KNOWS = ("yes", "no")
SOMEONE = "someone-"
"""How the parts of a draft are called that hold who acts for the person."""
SOMEONE_ASKS = (
    Ask("acting_name", needed=True),
    Ask("role", ONE, ROLES, needed=True),
    Ask("begins", DAY, needed=True),
    Ask("ends", DAY),
    Ask("holder", ONE, KNOWS, needed=True),
    Ask("acting_knows", ONE, KNOWS, needed=True),
    Ask("acting_conflict", ONE, CONFLICTS, needed=True),
    Ask("channel", ONE, CHANNELS, needed=True),
    Ask("acting_email", check=reach_check(EMAIL)),
    Ask("acting_phone", check=reach_check(PHONE)),
    Ask("acting_post", AREA, check=reach_check(POST)),
    Ask("acting_language", ONE, LANGUAGES, needed=True),
    Ask("standing", ONE, KNOWS, needed=True),
)
STEPS: Mapping[str, tuple[Ask, ...]] = {
    "who": (
        Ask("name", needed=True),
        Ask("born", DAY),
        Ask("born_from", DAY),
        Ask("born_to", DAY),
        Ask("seen", ONE, SEEN, needed=True),
        Ask("knows", ONE, KNOWS, needed=True),
        Ask("language", ONE, LANGUAGES, needed=True),
        Ask("words", ONE, REGISTERS, needed=True),
    ),
    "contact": (*CONTACT, Ask("secret", ONE, KNOWS, needed=True)),
    "safe": (
        Ask("safe_ways", SEVERAL, tuple(REACHES)),
        Ask("safe_times", AREA),
        Ask("code_word"),
        Ask("near", ONE, NEAR, needed=True),
        Ask("near_why", AREA),
        Ask("conflict", ONE, CONFLICTS, needed=True),
    ),
    "acting": (Ask("authority", ONE, AUTHORITIES, needed=True), Ask("basis", ONE, BASES, needed=True)),
    "needs": (Ask("needs", SEVERAL, NEEDS), Ask("support", AREA), Ask("helps", AREA)),
}
"""The questions of each step, in the order in which they are asked."""
DEFAULTS: Given = {
    "language": ["nl"], "words": ["nl"], "secret": ["no"], "conflict": ["none"], "authority": ["unclear"],
    "basis": ["none"], "channel": ["care_worker"], "acting_language": ["nl"], "standing": ["no"],
    "holder": ["no"], "acting_conflict": ["none"],
}  # fmt: skip
"""What a fresh form has chosen already: what is most often so, and harms nobody when it is not."""
Parts = Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a conversation makes: who somebody is, their addresses, who acts for them, the assessment."""

    identity: Identity
    reaches: tuple[Reach, ...]
    mandates: tuple[Mandate, ...]
    said: Assessed


def wrong(step: str, given: Given, today: date) -> dict[str, str]:
    """Return what is wrong with the answers of a step: the field, and the name of the fault."""
    found = faults(asks(step), given)
    if not found and step == "who":
        return wrong_birth(given, today)
    if not found and step == "someone":
        return wrong_mandate(given)
    return found


def asks(step: str) -> tuple[Ask, ...]:
    """Return the questions of a step. Raises `KeyError` for one that is not there."""
    return SOMEONE_ASKS if step == "someone" else STEPS[step]


def missing(parts: Parts, today: date) -> str:
    """Return the first step that is not answered yet, or not well; "" when nothing is missing."""
    return next((step for step in STEPS if step not in parts or wrong(step, parts[step], today)), "")


def acting(parts: Parts) -> dict[str, Given]:
    """Return who acts for the person, by the part of the draft, in the order in which they were said."""
    return {name: part for name, part in sorted(parts.items()) if name.startswith(SOMEONE) and part}


def free_place(parts: Parts) -> str:
    """Return the name of a part for one more who acts for the person; "" when there are enough."""
    taken = acting(parts)
    places = (f"{SOMEONE}{number}" for number in range(1, MOST_ACTING + 1))
    return next((place for place in places if place not in taken), "")


def made(parts: Parts, care_worker: str) -> Enrolled:
    """Return what the steps make together. Raises `KeyError` when a step is missing."""
    who, contact, safe = parts["who"], parts["contact"], parts["safe"]
    held, needs = parts["acting"], parts["needs"]
    first, last = born(who)
    identity = Identity(
        one(who, "name"), first, last, one(who, "language"), care_worker=care_worker, words=one(who, "words"),
        authority=one(held, "authority"), informed=one(who, "knows") == "yes",
        secret_address=one(contact, "secret") == "yes", conflict=one(safe, "conflict"),
    )  # fmt: skip
    said = assessed_of({**held, **safe, **needs, **who})
    mandates = tuple(mandate_of(part) for part in acting(parts).values())
    return Enrolled(identity, tuple(reaches(contact)), mandates, said)


def assessed_of(given: Given) -> Assessed:
    """Return the assessment that the answers of several steps together make."""
    return Assessed(
        one(given, "seen"), one(given, "basis"), tuple(given.get("needs", ())), one(given, "near"),
        one(given, "near_why"), tuple(given.get("safe_ways", ())), one(given, "safe_times"),
        one(given, "code_word"), one(given, "support"), one(given, "helps"),
    )  # fmt: skip


def mandate_of(given: Given) -> Mandate:
    """Return the mandate that the answers about somebody make. Raises `PersonImpossible`."""
    begins = day(given, "begins")
    if begins is None:
        raise PersonImpossible("A mandate needs a first day. Give it.")
    made = Mandate(
        one(given, "acting_name"), one(given, "role"), begins, day(given, "ends"),
        one(given, "standing") == "yes", one(given, "holder") == "yes", one(given, "channel"),
        tuple(reaches(given, "acting_")), one(given, "acting_knows") == "yes",
        one(given, "acting_conflict"), one(given, "acting_language"),
    )  # fmt: skip
    return normal_mandate(made)


def given_of(mandate: Mandate) -> dict[str, list[str]]:
    """Return the answers that make this mandate, to fill its form in."""
    said = {
        "acting_name": mandate.name, "role": mandate.role, "begins": mandate.begins.isoformat(),
        "ends": mandate.ends.isoformat() if mandate.ends else "", "holder": _yes(mandate.holder),
        "acting_knows": _yes(mandate.informed), "acting_conflict": mandate.conflict,
        "channel": mandate.channel, "acting_language": mandate.language, "standing": _yes(mandate.standing),
    }  # fmt: skip
    said |= {f"acting_{kind}": mandate.address(kind) or "" for kind in (EMAIL, PHONE, POST)}
    return {name: [value] for name, value in said.items() if value}


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def born(who: Given) -> tuple[date | None, date | None]:
    """Return the first and last day on which somebody may have been born, None for a bound not known."""
    if (known := day(who, "born")) is not None:
        return known, known
    return day(who, "born_from"), day(who, "born_to")


def wrong_birth(given: Given, today: date) -> dict[str, str]:
    """Return what is wrong with a name and the days of birth together."""
    between = one(given, "born_from") or one(given, "born_to")
    if one(given, "born") and between:
        return {"born": "twice"}
    field = "born_from" if between else "born"
    try:
        check_identity(Identity(one(given, "name"), *born(given)), today)
    except PersonImpossible:
        return {field: "birth"}
    return {}


def wrong_mandate(given: Given) -> dict[str, str]:
    """Return what is wrong with the answers about a mandate together."""
    begins, ends = day(given, "begins"), day(given, "ends")
    if begins and ends and ends < begins:
        return {"ends": "order"}
    if one(given, "holder") == "yes" and one(given, "role") not in ("parent", "guardian"):
        return {"holder": "holder"}
    needed = {"email": EMAIL, "sms": PHONE, "letter": POST}.get(one(given, "channel"))
    if needed and not one(given, f"acting_{needed}"):
        return {f"acting_{needed}": "way"}
    return {}
