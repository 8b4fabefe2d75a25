"""Calls are handed over warmly: accepted by name, booked, and their outcome recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from luwte.desk.telling import tasks
from luwte.desk.telling.calls import CALL
from luwte.desk.telling.errors import CallImpossible, TaskUnknown
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.tasks import CallOutcome
from luwte.desk.telling.values import Reason
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
HOUR = timedelta(hours=1)


def call(subject: str = "a" * 32, reason: Reason = Reason.NEVER_ASKED, hours: int = 0) -> str:
    made = NOON + hours * HOUR
    return CareTask.objects.create(subject=subject, kind=CALL, reason=reason, made=made).id


def test_the_most_pressing_reason_comes_first_then_the_oldest() -> None:
    late, early = call(hours=2), call(hours=1)
    safety = CareTask.objects.create(subject="b" * 32, kind="safety", reason="due", made=NOON + 9 * HOUR).id
    chosen, harm = call(reason=Reason.CALL_CHOSEN, hours=3), call(reason=Reason.HARM, hours=4)
    assert [one.id for one in tasks.queue()] == [safety, harm, chosen, early, late]


def test_a_call_is_accepted_by_one_name_only() -> None:
    task = call()
    tasks.accept(task, "Wim", NOON)
    tasks.accept(task, "Wim", NOON + HOUR)
    with pytest.raises(CallImpossible, match="Wim took this call"):
        tasks.accept(task, "Els", NOON)
    assert CareTask.objects.get(pk=task).accepted == NOON


@override_settings(CALLS_OPEN=2)
def test_full_hands_take_no_more_until_a_call_is_over() -> None:
    first, second, third = (call(subject=letter * 32) for letter in "abc")
    tasks.accept(first, "Wim", NOON)
    tasks.accept(second, "Wim", NOON)
    with pytest.raises(CallImpossible, match="hold 2 calls"):
        tasks.accept(third, "Wim", NOON)
    tasks.accept(third, "Els", NOON)
    tasks.record_outcome(first, CallOutcome.REACHED, "Wim", NOON)
    assert tasks.free_hands("Wim") == 1


def test_a_call_is_booked_by_who_holds_it_and_for_later() -> None:
    task = call()
    with pytest.raises(CallImpossible, match="not yours"):
        tasks.book(task, NOON + HOUR, "Wim", NOON)
    tasks.accept(task, "Wim", NOON)
    with pytest.raises(CallImpossible, match="time is over"):
        tasks.book(task, NOON, "Wim", NOON)
    tasks.book(task, NOON + HOUR, "Wim", NOON)
    assert tasks.queue()[0].slot == NOON + HOUR


@pytest.mark.parametrize("outcome", CallOutcome)
def test_only_a_call_that_was_answered_is_over(outcome: CallOutcome) -> None:
    task = call()
    tasks.accept(task, "Wim", NOON)
    tasks.record_outcome(task, outcome, "Wim", NOON)
    over = outcome in (CallOutcome.REACHED, CallOutcome.NOT_WANTED)
    assert (tasks.queue() == []) is over
    row = CareTask.objects.get(pk=task)
    assert (row.outcome, row.done_by) == (outcome.value, "Wim" if over else "")


def test_a_call_can_be_given_back() -> None:
    task = call()
    tasks.accept(task, "Wim", NOON)
    tasks.book(task, NOON + HOUR, "Wim", NOON)
    tasks.give_back(task, "Wim", NOON)
    assert (tasks.queue()[0].accepted_by, tasks.queue()[0].slot) == ("", None)
    with pytest.raises(TaskUnknown):
        tasks.accept("0" * 32, "Wim", NOON)
