"""What is kept of a try to sign in that failed: the name that was given, from where, how often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest

MOST = 50
"""Failed tries for one name from everywhere within AXES_COOLOFF_TIME; a passkey alone still lets in then."""


class Tries(AxesDatabaseHandler):  # type: ignore[misc]
    """Axes' own, with a limit for each name too, and without what the browser says of itself."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether too many tries failed for the name from this address, or from everywhere together."""
        here = bool(super().is_locked(request, credentials))
        return _everywhere(request, (credentials or {}).get("username") or "") >= MOST or here

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count one more."""
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = ""  # type: ignore[attr-defined]
        super().user_login_failed(sender, credentials, request, **kwargs)


def _everywhere(request: HttpRequest, name: str) -> int:
    since = get_cool_off_threshold(request)
    failed = AccessAttempt.objects.filter(username=name, attempt_time__gte=since)
    return int(failed.aggregate(count=Sum("failures_since_start"))["count"] or 0)


def too_many(now: datetime) -> dict[str, datetime]:
    """Return for which names too many tries failed within AXES_COOLOFF_TIME, with the last of them."""
    recent = AccessAttempt.objects.filter(attempt_time__gte=now - settings.AXES_COOLOFF_TIME)
    rows = recent.values("username").annotate(
        most=Max("failures_since_start"), together=Sum("failures_since_start"), last=Max("attempt_time")
    )
    return {
        row["username"]: row["last"]
        for row in rows
        if row["username"] and (row["most"] >= settings.AXES_FAILURE_LIMIT or row["together"] >= MOST)
    }
