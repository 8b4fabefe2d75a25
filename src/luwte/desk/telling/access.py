"""Opening who a person is outside one's duties; what the person is owed for it is to be told, as they chose.

The notice is an event under the source of rights: wishes, safety, pauses and rhythm hold for it as for any
other, and who wants silence has it in the register and gets it when they ask.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luwte.base.faults import fault_point
from luwte.desk.cases import services as cases
from luwte.desk.telling.agenda import look_again
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault import break_glass
from luwte.desk.vault.services import KnownPerson

SEEN = "seen"
ACCESS_POINTS = ("access.noticed",)


def open_person(request_id: str, *, by: str, now: datetime) -> KnownPerson:
    """Record that the person is to be told, then return who the person is.

    In this order: what is recorded and was not opened harms nobody, the other way round would hide it.
    Opening twice under one request is one notice. Raises `GlassUnknown` or `GlassClosed`.
    """
    found = break_glass.check_open(request_id, by=by, now=now)
    subject = subject_of(found.person_id)
    with transaction.atomic():
        cases.record_notice(subject, SEEN, at=found.approved or now, now=now)
        look_again([subject], now)
    fault_point("access.noticed")
    return break_glass.open_glass(request_id, by=by, now=now)
