"""How this process runs: as whom, with what in its environment, by what clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage

from luwte.base.faults import ENVIRONMENT as FAULT
from luwte.desk.project.checks import Check, finding
from luwte.desk.project.databases import ENVIRONMENT as DATABASES
from luwte.desk.project.worlds import World
from luwte.desk.vault.ring import TOKEN_PIN, TOKEN_PIN_FILE

DEBUG = "LUWTE_DEBUG"
_SECRETS = {
    TOKEN_PIN: TOKEN_PIN_FILE,
    "LUWTE_SMTP_PASSWORD": "LUWTE_SMTP_PASSWORD_FILE",  # the name of a setting - no secret # nosec B105
    "LUWTE_NOTIFY_KEY": "LUWTE_NOTIFY_KEY_FILE",
    "LUWTE_BROKER_SECRET": "LUWTE_BROKER_SECRET_FILE",  # the name of a setting - no secret # nosec B105
}


def runs_as_root() -> Iterator[CheckMessage]:
    """The desk needs no right that only root has."""
    if os.geteuid() == 0:
        yield finding(
            "process.root",
            "This process runs as root.",
            "Give each world a system user of its own, as in deploy/systemd.",
        )


def shows_more_than_it_should() -> Iterator[CheckMessage]:
    """Tracebacks hold data of people; fault points kill the process."""
    if os.environ.get(DEBUG):
        yield finding(
            "process.debug",
            f"{DEBUG} is set: a failure prints a traceback, in which data of people may stand.",
            "Take it out of the environment.",
        )
    if os.environ.get(FAULT):
        yield finding("process.fault", f"{FAULT} is set, which is for tests.", "Take it out.")


def holds_secrets_in_its_environment() -> Iterator[CheckMessage]:
    """An environment is inherited by every child and stands in /proc."""
    for name, better in _SECRETS.items():
        if os.environ.get(name):
            yield finding(
                "process.secret",
                f"{name} stands in the environment of this process.",
                f"Put it into a file of mode 0400 and name that in {better}.",
            )
    for name in DATABASES.values():
        if _password_in(os.environ.get(name, "")):
            yield finding(
                "process.secret",
                f"A password stands in {name}, in the environment of this process.",
                "Take it out: use the socket of the machine, a certificate, or a file named in PGPASSFILE.",
            )


def has_what_its_world_has_not() -> Iterator[CheckMessage]:
    """Casework never has a way to the keys, not even to a token's."""
    if settings.WORLD != World.CASEWORK:
        return
    for name in (TOKEN_PIN, TOKEN_PIN_FILE):
        if os.environ.get(name):
            yield finding(
                "process.world", f"{name} is set in a process of casework, which has no keys.", "Take it out."
            )


def _password_in(address: str) -> bool:
    try:
        return bool(urlsplit(address).password)
    except ValueError:
        return False


CHECKS: tuple[Check, ...] = (
    runs_as_root,
    shows_more_than_it_should,
    holds_secrets_in_its_environment,
    has_what_its_world_has_not,
)
