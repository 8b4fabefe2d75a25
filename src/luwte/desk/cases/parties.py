"""Who takes part in a case, and as what. Pure: no framework, no clock, no database."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from luwte.desk.cases.courts import JURISDICTIONS
from luwte.desk.cases.errors import PartyImpossible
from luwte.desk.cases.given import EARLIEST

_AGENCY = re.compile(r"[a-z0-9][a-z0-9 .-]{0,59}")
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,99}")


class Status(StrEnum):
    """Whether somebody is a victim in a case: presumed until somebody says otherwise."""

    PRESUMED = "presumed"
    CONTESTED = "contested"
    RECOGNISED = "recognised"


def check_agency(agency: str, jurisdiction: str, reference: str) -> None:
    """Raise `PartyImpossible` unless this can be an agency, its jurisdiction and what it calls the case."""
    if not _AGENCY.fullmatch(agency):
        raise PartyImpossible("agency")
    if jurisdiction not in JURISDICTIONS:
        raise PartyImpossible("law")
    if len(reference) > 100 or not reference.isprintable():
        raise PartyImpossible("agency_reference")


def check_status(status: str, source: str, decided: date, known: date, today: date) -> Status:
    """Return the status. Raises `PartyImpossible` for an unknown one, or a day that cannot be."""
    if status not in set(Status):
        raise PartyImpossible("status")
    if not _SOURCE.fullmatch(source):
        raise PartyImpossible("source")
    if not EARLIEST <= decided <= known <= today:
        raise PartyImpossible("status_days")
    return Status(status)
