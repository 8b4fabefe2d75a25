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
    return {"erased": done.erased, "older": done.older, "rows": _rows(done.manifest)}


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


def one_moments(count: int) -> list[int]:
    """Look at one moment of both databases again and again while another connection writes to both.

    It writes to the register and then to the vault. Return by how many rows the register is ahead each time.
    """
    from threading import Event, Thread

    from django.db import connections

    from luwte.desk.backup.moment import one_moment
    from luwte.desk.telling.models import Agenda
    from luwte.desk.vault.models import Erasure
    from tests.support.desk import NOON

    stop, begun = Event(), Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            Agenda.objects.create(subject=f"m{number}", look_at=NOON)
            Erasure.objects.create(person_id=f"m{number}", at=NOON)
            begun.set()
            number += 1
        connections.close_all()

    writer = Thread(target=write)
    writer.start()
    begun.wait()
    found = []
    for _ in range(count):
        with one_moment():
            register = Agenda.objects.filter(subject__startswith="m").count()
            found.append(register - Erasure.objects.filter(person_id__startswith="m").count())
    stop.set()
    writer.join()
    return found
