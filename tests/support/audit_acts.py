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
        "unknown": Leaf.objects.filter(act=Act.OUTCOME_UNKNOWN).count(),
    }
