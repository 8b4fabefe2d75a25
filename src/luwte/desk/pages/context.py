"""What every template may use: the help lines, and the place to come back to after a change of language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a page. The answer to a form has no address to come back to: the first page has."""
    here = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return {"place": here, "help_lines": settings.HELP_LINES}
