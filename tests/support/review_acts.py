"""Acts of the review desk and of the quality of lists, for tests that kill the process in the middle."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

HOUR = timedelta(hours=1)
FILES = 2


def clusters() -> None:
    """Take in a report with one cluster of the person "portal", and let Wim confirm it.

    In another case lie files that are identical to those of the cluster, by a list that remembers it.
    """
    from luwte.desk.findings.services import register
    from luwte.desk.review.rules import Answer
    from luwte.exchange.home import Home
    from tests.support.desk import NOON, cluster, remembering, report
    from tests.support.review import look, reviewers

    one = cluster("x", "a", FILES, series="s-portal")
    house = Home.open().identity
    register(report({"s-portal": {"a": (1, FILES)}}, "C-1", "12" * 16, house, clusters=(one,)), NOON)
    again = report({"s-portal": {"a": (FILES, 0)}}, "C-2", "13" * 16, house)
    register(remembering(again, "a", FILES, "x"), NOON)
    reviewers("Wim", "Ria")
    look("Wim", Answer.CONFIRMED)


def judge(act: str) -> None:
    """Do one act: take the cluster, answer it, take that back; dispute, withdraw or declare foreign.

    Or have a withdrawal proposed by one and approved by another.
    """
    from luwte.desk.findings import lists
    from luwte.desk.findings.provenance import Of
    from luwte.desk.review import proposals, services
    from luwte.desk.review.proposals import Change
    from luwte.desk.review.rules import Answer
    from tests.support.desk import NOON, cluster_id, entry_id
    from tests.support.review import asked, look

    later = NOON + HOUR
    acts: dict[str, Any] = {
        "take": lambda: asked("Ria", later),
        "answer": lambda: look("Ria", Answer.CONFIRMED, later),
        "undo": lambda: services.undo(cluster_id("x"), "Bo", "a slip", later),
        "dispute": lambda: lists.dispute(entry_id("a"), "Bo", "a doubt", later),
        "withdraw": lambda: lists.withdraw(entry_id("a"), "Bo", "wrong", later),
        "declare": lambda: lists.declare_foreign(Of.SERIES, "s-portal", "one", "Bo", later),
        "propose": lambda: proposals.ask(Change.WITHDRAW, entry_id("a"), "wrong", by="Bo", now=later),
        "approve": lambda: proposals.approve(proposals.waiting(later)[0].id, by="Ria", now=later),
    }
    acts[act]()


def judged() -> dict[str, Any]:
    """Return what the register and the review desk hold."""
    from luwte.desk.findings.models import Cluster, EntrySource, Finding, Objection, Origin
    from luwte.desk.review.models import Look, Proposal

    return {
        "answers": sorted(Look.objects.filter(undone=None).values_list("answer", flat=True)),
        "outcome": Cluster.objects.get().outcome,
        "files": [
            [one.identical, one.confirmed, one.quarantined]
            for one in Finding.objects.order_by("case__number")
        ],
        "held": sorted(Objection.objects.filter(closed=None).values_list("kind", flat=True)),
        "foreign": [Origin.objects.count(), EntrySource.objects.count()],
        "proposed": list(Proposal.objects.values_list("result", flat=True)),
    }
