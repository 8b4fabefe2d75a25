"""Who reviews: each by one name, so that two looks are those of two people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luwte.desk.review.errors import ReviewerImpossible, ReviewerUnknown
from luwte.desk.review.models import Reviewer

LONGEST = 200


@transaction.atomic
def add(name: str, now: datetime) -> str:
    """Add a reviewer, or let one who left come back; return the name that is kept. Twice changes nothing.

    Raises `ReviewerImpossible` for what cannot be a name.
    """
    said = " ".join(name.split())
    if not said or len(said) > LONGEST or not said.isprintable():
        raise ReviewerImpossible(f"A reviewer has a name of 1 to {LONGEST} printable characters. Give that.")
    row, _ = Reviewer.objects.get_or_create(key=_key(name), defaults={"name": said, "since": now})
    if row.ended is not None:
        row.ended = None
        row.save()
    return row.name


@transaction.atomic
def leave(name: str, now: datetime) -> None:
    """Record that somebody reviews no more; the answers stand. Raises `ReviewerUnknown`."""
    row = reviewer(name)
    row.ended = now
    row.save()
    row.looks.filter(ended=None).update(ended=now, answer="stopped")


def reviewer(name: str) -> Reviewer:
    """Return who has this name, however it is written. Raises `ReviewerUnknown`."""
    row = Reviewer.objects.filter(key=_key(name), ended=None).first()
    if row is None:
        raise ReviewerUnknown(name)
    return row


def names() -> list[str]:
    """Return the names of all who review now."""
    return list(Reviewer.objects.filter(ended=None).order_by("name").values_list("name", flat=True))


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
