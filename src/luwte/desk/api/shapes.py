"""What documents of the interface look like; the description (OpenAPI) is made from these."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from luwte.desk.cases.rules import KINDS

_MOMENT = re.compile(
    r"(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"(Z|[+][0-1][0-9]:[0-5][0-9]|-(?!00:00)[0-1][0-9]:[0-5][0-9])"
)
MOMENT = _MOMENT.pattern
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f\ud800-\udfff]+$"
REPORT_ID = r"^[0-9a-f]{32}$"
LARGEST = 2**63 - 1
"""The largest number that the database counts to."""


def _is_moment(value: object) -> object:
    """ADR /core/date-time: RFC 3339 with a zone, upper case, never -00:00; of a year that can be meant."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError
    return value


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _is_printable(value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise ValueError
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_is_moment), AfterValidator(_in_utc)]
Source = Literal["events", "rights", "takedown", "safety"]
Kind = Literal[
    "charge", "no_prosecution", "hearing", "hearing_moved", "hearing_cancelled", "verdict", "final", "appeal",
    "information", "claim", "statement", "file_access", "complaint", "restitution", "advance", "requested",
    "removed", "back", "release", "leave", "escape", "transfer",
]  # fmt: skip
CaseNumber = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_is_printable)]
Series = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_is_printable)]


class Document(Schema):
    """A document: camelCase, and nothing in it that is not known."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=False, extra="forbid")


class TokenGiven(Schema):
    """A token, and how long and for what it holds (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1)]
    scope: str


class Files(Document):
    """Files of a report, each counted once."""

    identical: Annotated[int, Field(ge=0)]
    same_picture: Annotated[int, Field(ge=0)]
    near: Annotated[int, Field(ge=0)]


class ReportStatus(Document):
    """What became of a report: it is in the register. Nothing is said of who is known there."""

    id: Annotated[str, Field(pattern=REPORT_ID)]
    state: Literal["registered"]
    made: datetime
    received: datetime
    files: Files


class CaseEvent(Document):
    """An event of a case. `series`: only for whom this series shows; else for all whom the case is about."""

    case: CaseNumber
    source: Source
    kind: Kind
    at: Moment
    lapses: Moment | None = None
    series: Series | None = None


class CaseEventStatus(Document):
    """An event of a case that is kept."""

    id: Annotated[str, Field(pattern=REPORT_ID)]
    state: Literal["registered"]
    source: Source
    kind: Kind
    at: datetime
    lapses: datetime | None
    received: datetime


class Notice(Document):
    """A CloudEvent without information: what came in, and where to ask."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: str


class Notices(Document):
    """Notices in the order in which they came. `next`: what to ask `after` next time."""

    events: list[Notice]
    next: Annotated[int, Field(ge=0)]


class Fault(Document):
    """What is wrong at one place of a request."""

    name: str
    reason: str


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault] | None = None
    error: str | None = None
    error_description: str | None = None


if {kind for kinds in KINDS.values() for kind in kinds} != set(Kind.__args__):  # type: ignore[attr-defined]
    raise TypeError("the kinds of events are not those of luwte.desk.cases.rules")
