"""A list on more than one page: which part of it is asked for, and which pages there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

T = TypeVar("T")
ROWS = 50
"""How many lines a page shows: of people, so many dossiers are opened at most."""


def some(request: HttpRequest, found: Sequence[T] | QuerySet[Any, T], *, sent: bool = False) -> Page[T]:
    """Return the page of a list that is asked for; without a number that it has, the first or the last.

    `sent`: the number comes in a form and not in the address, as where a name is searched for.
    """
    return Paginator(found, ROWS).get_page((request.POST if sent else request.GET).get("page"))


def numbers(shown: Page[Any]) -> Iterator[str | int]:
    """Return the numbers of the pages to show, with a sign where some are left out."""
    return shown.paginator.get_elided_page_range(shown.number, on_each_side=1, on_ends=1)
