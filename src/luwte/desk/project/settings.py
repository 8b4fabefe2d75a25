"""Django settings of the desk."""

from __future__ import annotations

SECRET_KEY = "replaced-by-the-desk-room"  # noqa: S105
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, dict[str, object]] = {}
USE_TZ = True
