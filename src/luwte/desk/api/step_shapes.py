"""What documents about steps of cases look like; the description (OpenAPI) is made from these."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StringConstraints

from luwte.desk.api.shapes import LARGEST, REPORT_ID, CaseNumber, Document, Series
from luwte.desk.cases.given import MOST_COUNTS, MOST_ENTRIES, MOST_SAID
from luwte.desk.cases.judging import Why
from luwte.desk.cases.vocabulary import Step

DAY = r"^(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9]$"
_CODE = r"^[A-Za-z0-9()§][A-Za-z0-9 ()§._:,/-]*$"


def _is_day(value: object) -> object:
    """RFC 3339, full-date: text, never a number of seconds."""
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError
    return value


Day = Annotated[date, BeforeValidator(_is_day)]
Reference = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]
Defendant = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]*$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_CODE)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,31}$")]
EntryId = Annotated[str, Field(pattern=REPORT_ID)]


class CountGiven(Document):
    """A count of a charge sheet: article, offence, its first and last day, and the entries that it lists."""

    article: Code
    offence: Code
    first: Day
    last: Day
    entries: Annotated[list[EntryId], Field(max_length=MOST_ENTRIES)] = []


class CaseStepGiven(Document):
    """A step of a case.

    `reference`: what the agency calls this step, one for each. `corrects`: the reference of the step that
    this one takes the place of. `known`: the day on which it was known to whoever passes it on. `hearing`:
    what a hearing is called among its moves. `series`: only those whom this series shows.
    """

    case: CaseNumber
    reference: Reference
    step: Step
    occurred: Day
    known: Day
    defendant: Defendant | None = None
    hearing: Reference | None = None
    corrects: Reference | None = None
    series: Series | None = None
    said: Annotated[dict[Key, StrictBool | StrictInt | Code], Field(max_length=MOST_SAID)] = {}
    counts: Annotated[list[CountGiven], Field(max_length=MOST_COUNTS)] = []


class CaseStepStatus(Document):
    """A step that is kept, and how it stands now. `waitsFor`: what it rests on and is not there."""

    id: Annotated[str, Field(pattern=REPORT_ID)]
    state: Literal["standing", "corrected", "waiting", "dismissed"]
    waits_for: Why | None
    reference: str
    step: Step
    occurred: date
    known: date
    received: datetime


class ChargeGap(Document):
    """What was found in a case and stands on no charge sheet; `hearing`: the day of the next one."""

    case: str
    hearing: date | None
    entries: list[EntryId]


class ChargeGaps(Document):
    """Gaps, the nearest hearing first. `next`: what to ask `after` next time."""

    gaps: list[ChargeGap]
    next: Annotated[int, Field(ge=0, le=LARGEST)]
