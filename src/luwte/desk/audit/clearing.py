"""Letting rows go whose term is over: the one way in which a row of a clearable table is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from luwte.desk.audit.models import Clearing


@contextmanager
def clearing() -> Iterator[None]:
    """Let rows of clearable tables of the desk's database be deleted inside the block, in one transaction.

    Nobody else sees that this is open. On PostgreSQL only a role that may add to its table can open it.
    """
    with transaction.atomic():
        mark = Clearing.objects.create()
        yield
        mark.delete()
