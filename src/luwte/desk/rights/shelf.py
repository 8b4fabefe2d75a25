"""The files of law that are shipped, and which one holds for a case. Nothing else is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from luwte.desk.cases.vocabulary import HEARINGS, Fact, Step
from luwte.desk.rights.errors import NoLaw
from luwte.desk.rights.law import Jurisdiction
from luwte.desk.rights.reading import read_law

FOLDER = Path(__file__).with_name("jurisdictions")


@cache
def shipped() -> Mapping[str, Jurisdiction]:
    """Return each file of law by its version (nl-2024-07-01). Raises `JurisdictionWrong`."""
    files = sorted(FOLDER.glob("*.toml"))
    return MappingProxyType({file.stem: read_law(file.read_bytes(), file.name) for file in files})


def in_force(country: str, day: date) -> Jurisdiction:
    """Return the law of `country` that held on `day`. Raises `NoLaw`."""
    dated = {law.valid_from: law for law in shipped().values() if law.country == country}
    held = [since for since in dated if since <= day]
    if not held:
        raise NoLaw(country, day, min(dated, default=None))
    return dated[max(held)]


def day_of_law(facts: Iterable[Fact]) -> date | None:
    """Return the day whose law a case keeps: of the offence when that was told, else of its earliest step."""
    told = list(facts)
    offence = [fact.occurred for fact in told if fact.step == Step.OFFENCE_ENDED]
    happened = [min(fact.occurred, fact.known) for fact in told if fact.step not in HEARINGS]
    return min(offence or happened or [fact.known for fact in told], default=None)
