"""Who reviews: each by one name, so that two looks are those of two people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.review.errors import ReviewerImpossible, ReviewerUnknown
from luwte.desk.review.models import Reviewer
from luwte.desk.review.names import name_key, scripts

LONGEST = 200


@transaction.atomic
def add(name: str, now: datetime) -> str:
    """Add a reviewer, or let one who left come back; return the name that is kept. Twice changes nothing.

    Raises `ReviewerImpossible` for what cannot be a name.
    """
    said = " ".join(name.split())
    if not name_key(said) or len(said) > LONGEST or not said.isprintable():
        raise ReviewerImpossible(f"A reviewer has a name of 1 to {LONGEST} printable characters. Give that.")
    _check_script(said)
    row, new = Reviewer.objects.get_or_create(key=name_key(said), defaults={"name": said, "since": now})
    if new or row.ended is not None:
        row.ended = None
        row.save()
        DESK.record(Act.REVIEWER_ADDED, now, by=actor(), about=row.id)
    return row.name


@transaction.atomic
def leave(name: str, now: datetime) -> None:
    """Record that somebody reviews no more; the answers stand. Raises `ReviewerUnknown`."""
    row = reviewer(name)
    row.ended = now
    row.save()
    row.looks.filter(ended=None).update(ended=now, answer="stopped")
    DESK.record(Act.REVIEWER_LEFT, now, by=actor(), about=row.id)


def reviewer(name: str) -> Reviewer:
    """Return who has this name, however it is written. Raises `ReviewerUnknown`."""
    row = Reviewer.objects.filter(key=name_key(name), ended=None).first()
    if row is None:
        raise ReviewerUnknown(name)
    return row


def names() -> list[str]:
    """Return the names of all who review now."""
    return list(Reviewer.objects.filter(ended=None).order_by("name").values_list("name", flat=True))


def _check_script(name: str) -> None:
    """A name in the letters of two scripts, or of another than those of the others, may be one of theirs."""
    script = scripts(name)
    if len(script) > 1:
        raise ReviewerImpossible(
            f"The name {name!r} mixes letters of {' and '.join(sorted(script))}, which look alike. "
            "Write it in one script."
        )
    others = {scripts(other) for other in Reviewer.objects.values_list("name", flat=True)}
    if script and others and script not in others:
        raise ReviewerImpossible(
            f"The name {name!r} is in {' '.join(script)} letters, and those of the other reviewers are not: "
            "one person could have two names. Write it as theirs."
        )
