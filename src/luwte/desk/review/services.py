"""What can be done at the review desk; each change is one transaction. Nobody is told anything here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from luwte.base.faults import fault_point
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.findings import joined, places
from luwte.desk.findings import services as register
from luwte.desk.findings.gate import enter
from luwte.desk.review import people
from luwte.desk.review.answers import ANSWERS
from luwte.desk.review.authority import limits, version
from luwte.desk.review.beliefs import Prior
from luwte.desk.review.errors import LookOver, NothingToUndo
from luwte.desk.review.floors import Floor
from luwte.desk.review.hours import NotNow, Span, Why, not_now, reach
from luwte.desk.review.learning import prior
from luwte.desk.review.models import Look, Reviewer
from luwte.desk.review.ports import Stakes
from luwte.desk.review.queue import REFUSED, waiting
from luwte.desk.review.rules import Answer, Outcome, outcome, queue

LEASE = timedelta(minutes=20)
"""How long one cluster is before one reviewer; then somebody else may get it."""
STOPPED, LAPSED = "stopped", "lapsed"
REVIEW_POINTS = ("review.given", "review.answered", "review.decided", "review.undone")


@dataclass(frozen=True, slots=True)
class Question:
    """What a reviewer sees of a cluster; its files they find by its id in their own forensic tool.

    `files` in `cases` (their numbers), of `series_files` of the series there; `likelihood` in per mille.
    """

    cluster: str
    entry: str
    series_files: int
    files: int
    likelihood: int
    verdict: str
    cases: tuple[str, ...]
    until: datetime


def next_for(name: str, stakes: Stakes, now: datetime) -> Question | NotNow:
    """Put the cluster before a reviewer that is worth the most now, or say why not now.

    Who has one before them gets the same one again. The queue is worked out before the gate is taken; what
    comes first in it is looked at once more behind the gate. Raises `ReviewerUnknown`.
    """
    found = _at_once(name, now)
    if found is None:
        reviewer = people.reviewer(name).id
        known = prior(), version().floor
        order = queue(waiting(stakes, now), reviewer, now, *known)
        given = (_give(name, one.cluster, stakes, now, *known) for one in order)
        found = next((one for one in given if one is not None), None)
    return found or NotNow(Why.NOTHING)


@transaction.atomic
def _give(
    name: str, cluster: str, stakes: Stakes, now: datetime, prior: Prior, floor: Floor
) -> Question | NotNow | None:
    """Put a cluster before a reviewer, or return None when it may not be any more."""
    enter()
    if (found := _at_once(name, now)) is not None:
        return found
    reviewer = people.reviewer(name)
    waits = waiting(stakes, now, only=cluster)
    if not queue(waits, reviewer.id, now, prior, floor):
        return None
    sampled = not queue(waits, reviewer.id, now, prior, replace(floor, sample=0))
    look = Look.objects.create(
        cluster_id=cluster, reviewer=reviewer, given=now, until=now + LEASE, sampled=sampled
    )
    DESK.record(Act.LOOK_GIVEN, now, by=actor(), about=cluster, look=look.id)
    fault_point("review.given")
    return _question(look)


@transaction.atomic
def _at_once(name: str, now: datetime) -> Question | NotNow | None:
    """Return what is before a reviewer already, or why nothing may be; None when the queue says."""
    enter()
    reviewer = people.reviewer(name)
    _lapse(now)
    held = Look.objects.filter(reviewer=reviewer, ended=None).first()
    return _question(held) if held is not None else _not_now(reviewer, now)


def before(name: str, now: datetime) -> Question | NotNow | None:
    """Return what is before a reviewer, or why nothing may be; None when they may ask for the next one.

    Nothing is given out. Raises `ReviewerUnknown`.
    """
    reviewer = people.reviewer(name)
    held = Look.objects.filter(reviewer=reviewer, ended=None, until__gt=now).first()
    return _question(held) if held is not None else _not_now(reviewer, now)


@transaction.atomic
def answer(name: str, cluster: str, found: Answer, now: datetime) -> Outcome | None:
    """Record what a reviewer says of the cluster before them; return what was decided, if anything was.

    Raises `ReviewerUnknown`, or `LookOver` when that cluster is not before them.
    """
    enter()
    _end(_mine(name, cluster, now), found.value, now)
    fault_point("review.answered")
    return _settle(cluster, now)


@transaction.atomic
def refuse(name: str, cluster: str, now: datetime) -> None:
    """Take a cluster away from a reviewer who does not want to look at it; no reason is asked.

    They do not get it again. Raises `ReviewerUnknown` or `LookOver`.
    """
    enter()
    _end(_mine(name, cluster, now), REFUSED, now)


@transaction.atomic
def stop(name: str, now: datetime) -> bool:
    """Take away what is before a reviewer who stops; no reason is asked. Return whether there was anything.

    Raises `ReviewerUnknown`.
    """
    enter()
    _lapse(now)
    look = Look.objects.filter(reviewer=people.reviewer(name), ended=None).first()
    if look is not None:
        _end(look, STOPPED, now)
    return look is not None


@transaction.atomic
def undo(cluster: str, by: str, why: str, now: datetime) -> None:
    """Take back every answer on a cluster, and what was decided: it is asked anew.

    Its files do not count as confirmed any more, so what is planned on them alone is not told, and what was
    told is put before a care worker with the next round of telling. Raises `NothingToUndo`.
    """
    enter()
    looks = Look.objects.filter(cluster=cluster, answer__in=ANSWERS, undone=None)
    if not looks.update(undone=now, undone_by=by[:200], undone_why=why[:500]):
        raise NothingToUndo(cluster)
    DESK.record(Act.CLUSTER_UNDONE, now, by=actor(), about=cluster)
    register.settle_cluster(cluster, "", now)
    fault_point("review.undone")


def _not_now(reviewer: Reviewer, now: datetime) -> NotNow | None:
    """The day and its hours go by the authority's clock; minutes in a row go on over midnight."""
    here, held = timezone.localtime(now), limits()
    day = here.replace(hour=0, minute=0, second=0, microsecond=0)
    begin = min(day, here - reach(held) - LEASE)
    looks = Look.objects.filter(given__gte=begin, given__lte=now)
    rows = looks.values_list("reviewer", "given", "ended", "until")
    spans = [
        Span(who, timezone.localtime(given), timezone.localtime(ended or min(until, now)))
        for who, given, ended, until in rows
    ]
    return not_now(held, spans, reviewer.id, here)


def _lapse(now: datetime) -> None:
    """A browser that was closed loses nothing: what was before it is given out again."""
    for look in Look.objects.filter(ended=None, until__lte=now):
        _end(look, LAPSED, look.until)


def _mine(name: str, cluster: str, now: datetime) -> Look:
    look = Look.objects.filter(reviewer=people.reviewer(name), cluster=cluster, ended=None).first()
    if look is None or look.until <= now:
        raise LookOver
    return look


def _end(look: Look, found: str, now: datetime) -> None:
    look.answer, look.ended = found, now
    look.save()
    details = {"look": look.id, "answer": found}
    DESK.record(Act.LOOK_ENDED, now, by=actor(), about=look.cluster_id, **details)


def _settle(cluster: str, now: datetime) -> Outcome | None:
    rows = Look.objects.filter(cluster=cluster, answer__in=ANSWERS, undone=None)
    found = outcome({who: Answer(said) for who, said in rows.values_list("reviewer", "answer")})
    if found is not None:
        DESK.record(Act.CLUSTER_DECIDED, now, by=actor(), about=cluster, outcome=found.value)
        register.settle_cluster(cluster, found.value, now)
        fault_point("review.decided")
    return found


def _question(look: Look) -> Question:
    row = look.cluster
    found = places.of_joined({row.id: joined.parts(row.id)})[row.id]
    return Question(
        row.id,
        row.entry,
        places.series_files(row.series, found),
        max(found.values(), default=0),
        row.likelihood,
        row.verdict,
        places.case_numbers(found),
        look.until,
    )
