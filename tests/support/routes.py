"""Every route of the desk, read from its addresses."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Give the route of each page, as the addresses write it, and the dotted name of its function."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif isinstance(one, URLPattern):
            yield route, named(one.callback)


def named(function: object) -> str:
    """Return the dotted name of what a decorated function wraps."""
    found = inspect.unwrap(function)  # type: ignore[arg-type]
    return f"{found.__module__}.{found.__qualname__}"
