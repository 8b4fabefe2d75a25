"""Which log lines the desk writes, and that they hold no words of people (`luwte.base.logs`)."""

from __future__ import annotations

from typing import Any

from luwte.base.logs import JsonLines


def logging_config(*, everything: bool) -> dict[str, Any]:
    """Return Django's LOGGING; with `everything` also requests and commands that ended well."""
    quiet = {"handlers": [], "propagate": True, "level": "NOTSET"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": JsonLines}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": {
            "luwte": {"level": "INFO" if everything else "ERROR"},
            # Django's own handlers would mail to administrators, and print messages.
            "django": quiet,
            # `Traced` says it: what failed and where, without the address.
            "django.request": {"level": "CRITICAL"},
            "django.security": {"level": "ERROR"},
            "django.security.csrf": {"level": "ERROR"},
            "notifications_python_client": {"level": "CRITICAL"},
            "weasyprint": {"level": "CRITICAL"},
            # Who signs in from where stands in the record, by number; axes would log names and addresses.
            "axes": {"level": "CRITICAL"},
        },
        "root": {"handlers": ["lines"], "level": "WARNING"},
    }
