"""Why the person got one message: what was decided then, and what they had chosen (T11)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from luwte.desk.pages import choice_words
from luwte.desk.pages.moment import now
from luwte.desk.portal import visit
from luwte.desk.portal.page import page
from luwte.desk.telling.because import because
from luwte.desk.telling.errors import MessageUnknown
from luwte.desk.telling.reasons import explain
from luwte.desk.telling.subjects import acting_names, person_of


@require_safe
@visit.by_person
def why_told(request: HttpRequest, subject: str, message_id: str) -> HttpResponse:
    """Explain a message that was handed over. Before it was opened, it says nothing of what it is about."""
    try:
        found = because(subject, message_id, now())
    except MessageUnknown as error:
        raise Http404 from error
    zone, names = timezone.get_current_timezone(), acting_names(person_of(subject))
    register = choice_words.own_register(found.wishes)
    return page(
        request,
        "portal/why_told.html",
        message_id=message_id,
        at=found.at,
        sentence=explain(found.decision, register, zone) if found.decision else "",
        choices=[choice_words.read_back(one, zone, names) for one in found.wishes] if found.opened else [],
        opened=found.opened,
    )
