"""What is kept of a try to sign in that failed: the name that was given, from where, how often."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest


class Tries(AxesDatabaseHandler):  # type: ignore[misc]
    """Axes' own, without what the browser says of itself: a lock needs none of it."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count one more."""
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = ""  # type: ignore[attr-defined]
        super().user_login_failed(sender, credentials, request, **kwargs)
