"""What must be right before the desk may hold people's data: checks for `luwte desk check`.

One module a subject. Each check is a function without arguments that yields what is wrong; none of them
writes anything, but what opening a database brings with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from django.core.checks import CheckMessage, run_checks
from django.core.checks import Warning as Finding
from django.core.checks.registry import register

Check = Callable[[], Iterable[CheckMessage]]
TAG = "luwte"
SECURITY = "security"
SAID_BY_OURS = frozenset({"security.W004", "security.W008", "security.W012", "security.W016"})
"""Findings of Django that LUWTE_DESK_HTTPS alone brings about: `web.https` says what to do."""


def finding(name: str, what: str, do: str) -> Finding:
    """Return what is wrong (a sentence that says where) and what to do about it."""
    return Finding(what, hint=do, id=name)


def databases() -> list[str]:
    """Return the databases of this process: with the accounts of its pages where those were set up."""
    from django.conf import settings

    from luwte.desk.project.databases import ACCOUNTS
    from luwte.desk.project.folder import casework_folder
    from luwte.desk.project.lost import MARK_FILE

    served = (casework_folder() / MARK_FILE).exists()
    return [one for one in settings.WORLD.with_pages if one != ACCOUNTS or served]


def findings() -> Iterator[CheckMessage]:
    """Yield all that is not safe, by Django's own checks and ours, in the world of this process.

    Raises `DatabaseError` when a database does not answer.
    """
    from django.conf import settings

    from luwte.desk.project.checks import (
        backups,
        files,
        interface,
        keys,
        letters,
        postgres,
        process,
        record,
        sqlite,
        web,
    )
    from luwte.desk.project.databases import ACCOUNTS
    from luwte.desk.project.worlds import World

    rooms = [process, files, keys, sqlite, postgres, record, backups, letters, interface]
    tags = [TAG, "models", "database"]
    if settings.WORLD == World.TELLING or ACCOUNTS in databases():  # those that have pages
        from luwte.desk.project.checks import accounts

        rooms += [web, accounts]
        tags += [SECURITY, "urls", "templates", "translation", "staticfiles", "caches"]
    for room in rooms:
        for check in room.CHECKS:
            register(_as_django_calls(check), TAG, deploy=True)
    for found in run_checks(tags=tags, include_deployment_checks=True, databases=databases()):
        if found.id not in SAID_BY_OURS and not found.is_silenced():
            yield found


@cache
def _as_django_calls(check: Check) -> Callable[..., list[CheckMessage]]:
    def called(**_: object) -> list[CheckMessage]:
        return list(check())

    return called
