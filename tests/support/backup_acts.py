"""What a test of backup and restore does in a process of its own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

HOUR = timedelta(hours=1)


def backup(file: str, key: str) -> int:
    """Write a backup and return how many rows it holds."""
    from luwte.desk.backup.making import make
    from luwte.exchange.home import Home
    from tests.support.desk import NOON

    return make(Path(file), [key], NOON, Home.open()).rows


def restore(file: str, secret: str) -> dict[str, Any]:
    """Put it back, a day later; return how many people were erased again, or the name of what refused it."""
    from luwte.base.errors import LuwteError
    from luwte.desk.backup.restoring import restore as put_back
    from tests.support.desk import NOON

    try:
        done = put_back(Path(file), [secret], [], NOON + 24 * HOUR)
    except LuwteError as error:
        return {"refused": type(error).__name__}
    return {"erased": done.erased, "older": done.older, "rows": _rows(done.seen.manifest)}


def _rows(manifest: Any) -> int:
    return sum(table.count for table in manifest.tables.values())


def stands() -> str:
    """Return why no command of the desk runs, "" when they do."""
    from luwte.base.errors import LuwteError
    from luwte.desk.project import ready

    try:
        ready.require_ready()
    except LuwteError as error:
        return type(error).__name__
    return ""


def resumed(mails: str, resume: bool = True) -> dict[str, Any]:
    """Let telling go on and run a round; return whether telling was held, and what stands for everyone."""
    from luwte.desk.audit import restored
    from luwte.desk.telling import after_restore
    from luwte.desk.telling.models import CareTask, Contact
    from luwte.desk.telling.outbox import UNKNOWN_OUTCOME
    from tests.support.desk import NOON
    from tests.support.telling_driver import _ways

    now, ways = NOON + 25 * HOUR, _ways(Path(mails), 0)
    held = restored.held() is not None
    if resume and held:
        after_restore.resume("staff:7", now, ways)
    found = Contact.objects.order_by("subject", "number").values_list("channel", "state")
    tasks = CareTask.objects.filter(done=None, kind=UNKNOWN_OUTCOME)
    return {"held": held, "contacts": [*found], "tasks": tasks.count()}


def one_moment() -> dict[str, bool]:
    """Look at one moment while another connection writes to the vault between the two looks.

    Return whether it had to wait, and whether what it wrote is in the moment.
    """
    from collections.abc import Iterator
    from contextlib import contextmanager

    from django.db import OperationalError, connections

    from luwte.desk.audit.still import still
    from luwte.desk.backup import moment
    from luwte.desk.vault.models import Erasure

    looked: list[str] = []
    found = {"waited": False}

    @contextmanager
    def meddled(using: str) -> Iterator[None]:
        looked.append(using)
        if len(looked) == 2:
            other = connections["vault"].copy()
            try:
                with other.cursor() as cursor:
                    if other.vendor == "sqlite":
                        cursor.execute("PRAGMA busy_timeout = 0")
                    cursor.execute("INSERT INTO vault_erasure (person_id, at) VALUES ('m', '2026-03-02')")
            except OperationalError:
                found["waited"] = True
            finally:
                other.close()
        with still(using):
            yield

    vars(moment)["still"] = meddled
    with moment.one_moment():
        return found | {"seen": Erasure.objects.filter(pk="m").exists()}
