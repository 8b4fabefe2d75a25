"""The normal form by which people are looked up: spellings of one thing become one. Plain values.

- name: NFKC (Unicode UAX 15), case folded, without diacritics; what is no letter or digit parts words.
  `Noor  de-Vries` and `NOÖR DE VRIES` are one name; `Vries, Noor de` is another.
- day of birth: ISO 8601; without one known day the name stands alone, and is found with any day.
- e-mail: case folded, before and after the @: mailboxes that differ in case alone are in practice one.
- telephone: E.164, as `reaches` gives it.
- an account at the broker: its mark (`luwte.desk.vault.brokered`), as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from luwte.desk.vault.reaches import EMAIL, PHONE, Reach, normal_reach

IDENTITY = "identity"
BROKER = "broker"
KINDS = (IDENTITY, EMAIL, PHONE)
_DAY_UNKNOWN = "?"


def normal_name(name: str) -> str:
    """Return the normal form of a name; empty when nothing of it is a letter or a digit."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    kept = (letter for letter in folded if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in kept).split())


def identity_value(name: str, born: date | None) -> str:
    """Return what a person of this `name` is looked up by: `born` is the day of birth, None when unknown."""
    return f"{normal_name(name)}|{born.isoformat() if born else _DAY_UNKNOWN}"


def reach_value(reach: Reach) -> str:
    """Return what someone with this address is looked up by. Raises `PersonImpossible` when it is none."""
    value = normal_reach(reach).value
    return unicodedata.normalize("NFKC", value).casefold() if reach.kind == EMAIL else value


def values_of(
    name: str, earliest: date | None, latest: date | None, reaches: Iterable[Reach], account: str = ""
) -> frozenset[tuple[str, str]]:
    """Return all that a person is looked up by, as (kind, value); a postal address is not among it.

    `account`: the mark of the person's account at the broker, empty without one.
    """
    born = earliest if earliest == latest else None
    found = {(IDENTITY, identity_value(name, born))}
    found |= {(reach.kind, reach_value(reach)) for reach in reaches if reach.kind in KINDS}
    return frozenset(found | ({(BROKER, account)} if account else set()))
