"""The planner: looks only at people of whom something is new or due, some hundreds at a time.

What is new is first put on the agenda, and stays due there until the decisions that follow are recorded, in
one transaction. Whatever step it dies at, the next round looks again; looking twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from luwte.base.faults import fault_point
from luwte.desk.findings.models import Touched
from luwte.desk.telling import agenda
from luwte.desk.telling.facts import Facts, Known
from luwte.desk.telling.recording import record_all
from luwte.desk.telling.subjects import subject_of
from luwte.desk.telling.values import Decision, Reason
from luwte.desk.vault import services as vault
from luwte.desk.wishes.models import WishBook
from luwte.desk.wishes.rules import Channel

BATCH = 200
A_DAY = timedelta(days=1)
FAULT_POINTS = (
    "telling.noticed",
    "telling.touched",
    "telling.books",
    "telling.settle",
    "telling.settled",
    "telling.record",
    "telling.recorded",
)


def notice(now: datetime) -> None:
    """Put everyone of whom something is new on the agenda."""
    _every_batch(_touched, now)
    _every_batch(_books, now)
    _every_batch(_people, now)
    fault_point("telling.noticed")


def plan_due(now: datetime, ways: Collection[Channel] | None = None) -> int:
    """Decide for everyone who is due at `now`, and record it; return for how many."""
    looked = 0
    while batch := agenda.due(now, BATCH):
        looked += _plan(batch, now, ways)
        fault_point("telling.recorded")
    return looked


def plan_now(subjects: Iterable[str], now: datetime, ways: Collection[Channel] | None = None) -> int:
    """Decide for `subjects` whether or not they are due, and record it; return for how many."""
    wanted, looked = sorted(subjects), 0
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        agenda.look_again(batch, now)
        looked += _plan(batch, now, ways)
        fault_point("telling.recorded")
    return looked


@transaction.atomic
def _plan(batch: list[str], now: datetime, ways: Collection[Channel] | None) -> int:
    """The books are locked first: what is chosen meanwhile comes before or after, never in between."""
    lock_all(batch)
    wanted = agenda.still_due(batch, now)
    known = Known.of(wanted, ways)
    facts = Facts.about(known, known.found)
    decided: dict[str, list[Decision]] = {subject: [] for subject in wanted}
    for decision in facts.decide(now):
        decided[decision.subject].append(decision)
    record_all(decided, now)
    agenda.looked(_next_looks(decided, facts, now), now)
    fault_point("telling.record")
    return len(known.found)


def lock_all(subjects: Iterable[str]) -> None:
    """Lock the wish books of `subjects`, made when they are new, in one order. Only inside a transaction."""
    wanted = sorted(set(subjects))
    WishBook.objects.bulk_create(
        [WishBook(subject=subject, changed=False) for subject in wanted], ignore_conflicts=True
    )
    list(WishBook.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


def _next_looks(
    decided: dict[str, list[Decision]], facts: Facts, now: datetime
) -> dict[str, datetime | None]:
    """Of someone who was erased nothing changes any more."""
    by_subject = facts.apart()
    return {
        subject: _next_look(by_subject[subject], decisions, now) if subject in by_subject else None
        for subject, decisions in decided.items()
    }


def _next_look(facts: Facts, decisions: list[Decision], now: datetime) -> datetime | None:
    """Nobody says when a way is set up at this desk, so who waits for one is looked at every day."""
    found = facts.next_look(decisions, now)
    if all(decision.reason != Reason.CHANNEL_STOPPED for decision in decisions):
        return found
    return min(now + A_DAY, found or now + A_DAY)


def _every_batch(step: Callable[[datetime], int], now: datetime) -> None:
    while step(now):
        pass


@transaction.atomic
def _touched(now: datetime) -> int:
    rows = list(Touched.objects.order_by("id").values_list("id", "subject")[: BATCH * 10])
    agenda.look_again((subject for _, subject in rows), now)
    Touched.objects.filter(id__in=[found for found, _ in rows]).delete()
    fault_point("telling.touched")
    return len(rows)


@transaction.atomic
def _books(now: datetime) -> int:
    changed = WishBook.objects.filter(changed=True).order_by("pk")[:BATCH]
    subjects = [book.pk for book in changed.select_for_update()]
    agenda.look_again(subjects, now)
    WishBook.objects.filter(pk__in=subjects).update(changed=False)
    fault_point("telling.books")
    return len(subjects)


def _people(now: datetime) -> int:
    """The vault is another database: its mark goes only when the agenda holds the person.

    What changes between the two is on the agenda once more, whoever planned meanwhile.
    """
    ids = vault.changed_people(BATCH)
    subjects = [subject_of(person_id) for person_id in ids]
    agenda.look_again(subjects, now)
    fault_point("telling.settle")
    vault.settle(ids)
    agenda.look_again(subjects, now)
    fault_point("telling.settled")
    return len(ids)
