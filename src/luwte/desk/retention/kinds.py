"""Rows that go by themselves when their term is over: which they are, for each line of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Least

from luwte.desk.audit.acts import PROOFS, Act
from luwte.desk.audit.log import Log
from luwte.desk.findings.models import Cluster, EntrySighting, Objection
from luwte.desk.retention.needed import held_cases, held_clusters, held_people, held_since, held_subjects
from luwte.desk.retention.taking import PEOPLE, REGISTER, Book
from luwte.desk.review.answers import ANSWERS
from luwte.desk.review.models import Look, Proposal, Reviewer
from luwte.desk.review.queue import REFUSED
from luwte.desk.telling.calls import CALL
from luwte.desk.telling.models import CareTask, CoverageStatement, Decision, FirstContact, StoppedChannel
from luwte.desk.telling.values import Outcome
from luwte.desk.vault.models import BreakGlass, Draft, SignInLink
from luwte.desk.wishes.models import Hold, Quiet, Wish
from luwte.desk.wishes.rules import HoldKind

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows that go in steps of their own: `over` gives those whose term was over before a moment.

    `counted`: the expression for the moment that the term is counted from.
    """

    model: str
    over: Callable[[datetime], Rows]
    counted: Any
    book: Book = REGISTER
    forget: bool = False

    def oldest(self, before: datetime) -> datetime | None:
        """Return the oldest moment that a term of these is counted from."""
        found: datetime | None = self.over(before).aggregate(found=Min(self.counted))["found"]
        return found


def _mine(rows: Rows, column: str = "subject") -> Rows:
    """Without those whom a case under a legal hold is about."""
    held = held_subjects()
    return rows.exclude(**{f"{column}__in": held}) if held else rows


def _decisions(before: datetime) -> Rows:
    return _mine(Decision.objects.filter(replaced__lt=before))


def _tasks(before: datetime) -> Rows:
    """A call answers the decisions that stood then; one that reached somebody lets a care worker go on."""
    asks = Decision.objects.filter(subject=OuterRef("subject"), replaced=None, outcome=Outcome.CALL.value)
    harm = Hold.objects.filter(book=OuterRef("subject"), kind=HoldKind.HARM.value, lifted=None)
    rows = CareTask.objects.filter(done__lt=before, contact=None)
    return _mine(rows.exclude(Exists(asks), kind=CALL).exclude(Exists(harm)))


def _first(before: datetime) -> Rows:
    return _mine(FirstContact.objects.filter(task__done__lt=before), "task__subject")


def _channels(before: datetime) -> Rows:
    return _mine(StoppedChannel.objects.filter(solved__lt=before))


def _statements(before: datetime) -> Rows:
    return _mine(CoverageStatement.objects.filter(made__lt=before))


def _wishes(before: datetime) -> Rows:
    """A later version that stood already then took their place for good."""
    later = Wish.objects.filter(
        book=OuterRef("book"), source=OuterRef("source"), version__gt=OuterRef("version"), since__lt=before
    )
    return _mine(Wish.objects.filter(Exists(later)), "book")


def _holds(before: datetime) -> Rows:
    return _mine(Hold.objects.filter(Q(ends__lt=before) | Q(lifted__lt=before)), "book")


def _quiets(before: datetime) -> Rows:
    past = Q(yearly=False, last__lt=before.date()) | Q(lifted__lt=before)
    return _mine(Quiet.objects.filter(past), "book")


def _objections(before: datetime) -> Rows:
    """Without those to entries that were found, or resembled, in a case under a legal hold."""
    entries = EntrySighting.objects.filter(case__in=held_cases()).values("entry")
    near = Cluster.objects.filter(pk__in=held_clusters()).values("entry")
    rows = Objection.objects.filter(closed__lt=before)
    return rows.exclude(entry__in=entries).exclude(entry__in=near)


def _looks(before: datetime) -> Rows:
    """Nobody gets again what they refused, as long as it is not decided."""
    none = ~Q(answer__in=ANSWERS) | Q(undone__lt=before)
    rows = Look.objects.filter(none, ended__lt=before).exclude(cluster__in=held_clusters())
    return rows.exclude(answer=REFUSED, cluster__outcome="")


def _reviewers(before: datetime) -> Rows:
    return Reviewer.objects.filter(ended__lt=before, looks=None)


def _proposals(before: datetime) -> Rows:
    return Proposal.objects.filter(closed__lt=before)


def _glass(before: datetime) -> Rows:
    rows = BreakGlass.objects.filter(asked__lt=before)
    held = held_people()
    return rows.exclude(person__in=held) if held else rows


def _drafts(before: datetime) -> Rows:
    return Draft.objects.filter(changed__lt=before)


def _links(before: datetime) -> Rows:
    return SignInLink.objects.filter(expires__lt=before)


def _sessions(before: datetime) -> Rows:
    return Session.objects.filter(expire_date__lt=before)


def _tries(before: datetime) -> Rows:
    return _of("axes.AccessAttempt").filter(attempt_time__lt=before)


def _requests(before: datetime) -> Rows:
    return _of("staff.Request").filter(asked__lt=before)


def _kept(before: datetime) -> Rows:
    return _of("staff.Kept").filter(expires__lt=before)


def _answers(before: datetime) -> Rows:
    return _of("api.Kept").filter(made__lt=before)


def _tokens(before: datetime) -> Rows:
    return _of("api.Token").filter(expires__lt=before)


def _tried(before: datetime) -> Rows:
    return _of("api.Tries").filter(until__lt=before)


def _deliveries(before: datetime) -> Rows:
    return _of("api.Delivery").filter(received__lt=before)


def _notices(before: datetime) -> Rows:
    return _of("api.Notice").filter(made__lt=before)


def _of(model: str) -> Rows:
    """Return the rows of a model of the pages, which stand above this room."""
    found: Rows = apps.get_model(model)._default_manager.all()
    return found


def _acts(log: Log) -> Callable[[datetime], Rows]:
    """Nothing is forgotten of the time since a case was opened that is under a legal hold."""

    def over(before: datetime) -> Rows:
        before = min(before, held_since() or before)
        rows = log.leaf.objects.filter(at__lt=before, content__isnull=False).exclude(act__in=PROOFS)
        if log is not REGISTER.log:
            return rows
        shown = CoverageStatement.objects.filter(since__lte=OuterRef("at"), until__gt=OuterRef("at"))
        rows = rows.exclude(Exists(shown), act=Act.TAKEN_IN.value)
        return rows.exclude(pk__in=CoverageStatement.objects.values("leaf"))

    return over


_END = Least("ends", Coalesce("lifted", "ends"))
KINDS: tuple[Kind, ...] = (
    Kind("telling.Decision", _decisions, F("replaced")),
    Kind("telling.FirstContact", _first, F("task__done")),
    Kind("telling.CareTask", _tasks, F("done")),
    Kind("telling.StoppedChannel", _channels, F("solved")),
    Kind("telling.CoverageStatement", _statements, F("made")),
    Kind("wishes.Wish", _wishes, F("since")),
    Kind("wishes.Hold", _holds, _END),
    Kind("wishes.Quiet", _quiets, F("since")),
    Kind("findings.Objection", _objections, F("closed")),
    Kind("review.Look", _looks, F("ended")),
    Kind("review.Reviewer", _reviewers, F("ended")),
    Kind("review.Proposal", _proposals, F("closed")),
    Kind("sessions.Session", _sessions, F("expire_date")),
    Kind("axes.AccessAttempt", _tries, F("attempt_time")),
    Kind("staff.Request", _requests, F("asked")),
    Kind("staff.Kept", _kept, F("expires")),
    Kind("api.Kept", _answers, F("made")),
    Kind("api.Token", _tokens, F("expires")),
    Kind("api.Tries", _tried, F("until")),
    Kind("api.Delivery", _deliveries, F("received")),
    Kind("api.Notice", _notices, F("made")),
    Kind("vault.BreakGlass", _glass, F("asked"), PEOPLE),
    Kind("vault.Draft", _drafts, F("changed"), PEOPLE),
    Kind("vault.SignInLink", _links, F("expires"), PEOPLE),
    Kind("audit.Leaf", _acts(REGISTER.log), F("at"), REGISTER, forget=True),
    Kind("vault.Leaf", _acts(PEOPLE.log), F("at"), PEOPLE, forget=True),
)
BY_MODEL: Mapping[str, Kind] = {kind.model: kind for kind in KINDS}
