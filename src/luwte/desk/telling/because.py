"""Why a contact was made: the decision behind it, and the wishes that it followed from (T11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luwte.desk.telling import values
from luwte.desk.telling.errors import MessageUnknown
from luwte.desk.telling.messages import messages
from luwte.desk.telling.models import Contact, Decision
from luwte.desk.telling.reading import recorded_of
from luwte.desk.telling.values import State
from luwte.desk.wishes.rules import Source, Wish, latest
from luwte.desk.wishes.services import wishes

_LEFT = (State.HANDED, State.DONE)


@dataclass(frozen=True, slots=True)
class Because:
    """When a message was handed over, whether it was opened, the `wishes` that stood when it was decided.

    `decision`: None when the person asked for it in the portal.
    """

    at: datetime
    opened: bool
    decision: values.Decision | None
    wishes: tuple[Wish, ...]


def because(subject: str, message_id: str, now: datetime) -> Because:
    """Return why the person got a message that was handed over. Raises `MessageUnknown` for any other."""
    seen = {one.id for one in messages(subject, now)}
    row = Contact.objects.filter(pk=message_id, state__in=_LEFT).first() if message_id in seen else None
    if row is None:
        raise MessageUnknown
    decided = Decision.objects.filter(contact=row).order_by("decided", "id").first()
    given = wishes([subject])
    stood = [latest(_until(given, row.decided), Source(one), row.decided) for one in row.sources]
    return Because(
        row.handed or row.decided,
        row.opened is not None,
        recorded_of(decided) if decided is not None and not row.asked else None,
        tuple(one for one in stood if one is not None),
    )


def _until(given: list[Wish], moment: datetime) -> list[Wish]:
    """A withdrawal counts whatever the clock says, but not for what was decided before it."""
    return [one for one in given if one.since <= moment]
