"""What a test of the log does in a process of its own."""

from __future__ import annotations

from typing import Any


def checkpoint() -> str:
    """Sign the state of the desk's log and return the note."""
    from luwte.desk.audit.checkpoints import checkpoint, signer
    from luwte.desk.audit.desk import DESK
    from luwte.exchange.home import Home
    from tests.support.desk import NOON

    return checkpoint(DESK, signer(Home.open().identity, DESK), NOON)


def state() -> str:
    """State what was searched this year for one person, and return the statement's id."""
    from datetime import timedelta

    from luwte.desk.findings.models import SeriesLink
    from luwte.desk.telling.stating import content_of, state
    from tests.support.desk import NOON

    subject = SeriesLink.objects.get(series="s-portal").subject
    statement = state(subject, NOON.year, NOON + timedelta(hours=1))
    content_of(subject, statement)
    return statement


def stated() -> tuple[int, int]:
    """Return how many coverage statements are kept, and how many are recorded."""
    from luwte.desk.audit.acts import Act
    from luwte.desk.audit.models import Leaf
    from luwte.desk.telling.models import CoverageStatement

    return CoverageStatement.objects.count(), Leaf.objects.filter(act=Act.COVERAGE_STATED).count()


def verified_meanwhile() -> dict[str, Any]:
    """Check the desk's log while another connection goes on recording and signing; return what is wrong."""
    from threading import Thread

    from django.db import connections

    from luwte.desk.audit.checking import verify
    from luwte.desk.audit.checkpoints import signer
    from luwte.desk.audit.desk import DESK
    from luwte.exchange.home import Home
    from tests.support.audit import acts

    def go_on() -> None:
        acts(DESK, 300)
        checkpoint()
        acts(DESK, 2)
        connections.close_all()

    def meanwhile(_done: int) -> None:
        other = Thread(target=go_on)
        other.start()
        other.join()

    acts(DESK, 5)
    checkpoint()
    found = verify(DESK, signer(Home.open().identity, DESK).verifier, progress=meanwhile)
    return {"problems": found.problems, "placed": found.placed, "waiting": found.waiting, "now": DESK.size()}


def audited() -> dict[str, Any]:
    """Return what the log says of each kind of row, beside the rows, and what is wrong with it."""
    from luwte.desk.audit.acts import Act
    from luwte.desk.audit.checking import verify
    from luwte.desk.audit.checkpoints import signer
    from luwte.desk.audit.desk import DESK
    from luwte.desk.audit.models import Leaf
    from luwte.desk.findings.models import ReportReceipt
    from luwte.desk.telling.models import Contact, Decision
    from luwte.exchange.home import Home

    found = verify(DESK, signer(Home.open().identity, DESK).verifier)
    rows = {
        Act.TAKEN_IN: ReportReceipt.objects.count(),
        Act.DECIDED: Decision.objects.count(),
        Act.HANDED_OVER: Contact.objects.filter(state__in=("done", "refused")).count(),
    }
    return {
        "problems": list(found.problems),
        "waiting": found.waiting,
        "placed": found.placed,
        "acts": {act: Leaf.objects.filter(act=act).count() for act in rows},
        "rows": dict(rows),
        "backups": [Leaf.objects.filter(act=act).count() for act in (Act.BACKED_UP, Act.BACKUP_WRITTEN)],
        "leaves": Leaf.objects.count(),
    }
