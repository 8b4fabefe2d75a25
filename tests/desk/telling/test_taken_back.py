"""What follows from a decision of reviewers that was taken back, from the register to the care worker."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.findings import lists
from luwte.desk.findings import services as register
from luwte.desk.review import services as review
from luwte.desk.review.rules import Answer
from luwte.desk.staff import words
from luwte.desk.telling import planner, reading, services, tasks
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.telling.outbox import Outbox
from luwte.desk.telling.stakes import stakes
from luwte.desk.telling.taken_back import TAKEN_BACK, Fell
from luwte.desk.wishes.rules import Channel, Choice
from tests.support.desk import (
    NOON,
    KeepingChannel,
    Someone,
    cluster,
    cluster_id,
    entry_id,
    remembering,
    report,
    someone,
    ways,
)
from tests.support.review import MINUTE, reported, reviewers

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_MAIL = Choice(True, channel=Channel.EMAIL)
A, X = entry_id("a"), cluster_id("x")


@pytest.fixture
def noor() -> Someone:
    """Somebody who wants e-mail, and of whom two files in a case resemble entry a."""
    found = someone(series="s-1", choice=BY_MAIL)
    reported(cluster("x", "a", 2))
    reviewers("Wim", "Ria")
    return found


def confirm(*names: str, now: datetime = NOON) -> None:
    """Let reviewers confirm, each in turn, with what telling says hangs on it."""
    for name in names:
        found = review.next_for(name, stakes, now)
        assert isinstance(found, review.Question)
        review.answer(name, found.cluster, Answer.CONFIRMED, now + MINUTE)


def tell(mail: KeepingChannel, after: timedelta) -> None:
    """Run one round of telling, `after` noon."""
    services.tell(ManualClock(NOON + after), ways(mail))


def open_tasks() -> list[tuple[str, str]]:
    """Return kind and reason of the tasks that are open."""
    return list(CareTask.objects.filter(done=None).order_by("made").values_list("kind", "reason"))


def test_one_reviewer_is_not_enough_to_tell_and_two_are(noor: Someone) -> None:
    mail = KeepingChannel()
    confirm("Wim")
    tell(mail, HOUR)
    assert mail.kept == []
    confirm("Ria")
    tell(mail, 2 * HOUR)
    assert len(mail.kept) == 1


def test_what_is_planned_and_undone_is_not_told(noor: Someone) -> None:
    mail = KeepingChannel()
    confirm("Wim", "Ria")
    planner.notice(NOON)
    planner.plan_due(NOON, ways(mail))
    assert Contact.objects.get().state == "planned"
    review.undo(X, "Bo", "the wrong folder", NOON)
    Outbox(ways(mail), ManualClock(NOON + HOUR)).hand_over_all()
    assert mail.kept == []
    assert Contact.objects.get().state == "withheld"
    tell(mail, 2 * HOUR)
    assert [one.reason.value for one in reading.why(noor.id, NOON + 2 * HOUR).reasons] == ["not_confirmed"]
    assert open_tasks() == []
    confirm("Wim", "Ria", now=NOON + 3 * HOUR)
    tell(mail, 4 * HOUR)
    assert len(mail.kept) == 1


@pytest.mark.parametrize("fate", [Fate.DELIVERED, Fate.UNKNOWN])
def test_what_was_told_and_undone_comes_before_a_human_with_the_reason(noor: Someone, fate: Fate) -> None:
    mail = KeepingChannel(fate)
    confirm("Wim", "Ria")
    tell(mail, HOUR)
    review.undo(X, "Bo", "the wrong folder", NOON + 2 * HOUR)
    tell(mail, 3 * HOUR)
    tell(mail, 4 * HOUR)
    assert (TAKEN_BACK, "undone") in open_tasks()
    assert [task.kind for task in reading.why(noor.id, NOON + 4 * HOUR).tasks].count(TAKEN_BACK) == 1
    assert len(mail.kept) == 1


def test_a_task_that_was_done_is_not_opened_again_unless_something_falls_anew(noor: Someone) -> None:
    mail = KeepingChannel()
    confirm("Wim", "Ria")
    tell(mail, HOUR)
    review.undo(X, "Bo", "the wrong folder", NOON + 2 * HOUR)
    tell(mail, 3 * HOUR)
    tasks.look_done(CareTask.objects.get(done=None).id, "Wim", NOON + 4 * HOUR)
    register.register(report({"s-1": {"c": (0, 1)}}), NOON + 4 * HOUR)
    tell(mail, 5 * HOUR)
    assert open_tasks() == []
    confirm("Wim", "Ria", now=NOON + 1 * DAY)
    tell(mail, DAY + HOUR)
    review.undo(X, "Bo", "again", NOON + DAY + 2 * HOUR)
    tell(mail, DAY + 3 * HOUR)
    assert open_tasks() == [(TAKEN_BACK, "undone")]


@pytest.mark.parametrize("left", [False, True])
def test_what_was_found_by_a_decision_that_is_undone_is_not_told(noor: Someone, left: bool) -> None:
    """Another case shows the same files, by a list that remembers them; a lab goes on with that list."""
    mail = KeepingChannel()
    confirm("Wim", "Ria")
    tell(mail, HOUR)
    register.register(remembering(report({"s-1": {"a": (2, 0)}}, "C-2"), "a", 2, "x"), NOON + HOUR)
    planner.notice(NOON + 40 * DAY)
    planner.plan_due(NOON + 40 * DAY, ways(mail))
    assert Contact.objects.filter(state="planned").count() == 1
    if left:
        tell(mail, 40 * DAY)
    review.undo(X, "Bo", "the wrong folder", NOON + 40 * DAY + HOUR)
    register.register(remembering(report({"s-1": {"a": (3, 0)}}, "C-3"), "a", 3, "x"), NOON + 41 * DAY)
    tell(mail, 41 * DAY)
    assert len(mail.kept) == 1 + left
    assert (TAKEN_BACK, "undone") in open_tasks()
    confirm("Wim", "Ria", now=NOON + 80 * DAY)
    tell(mail, 81 * DAY)
    assert len(mail.kept) == 2 + left


def test_a_file_found_since_does_not_make_up_for_those_that_fell(noor: Someone) -> None:
    mail = KeepingChannel()
    confirm("Wim", "Ria")
    tell(mail, HOUR)
    review.undo(X, "Bo", "the wrong folder", NOON + 2 * HOUR)
    register.register(report({"s-1": {"d": (1, 0)}}), NOON + 2 * HOUR)
    tell(mail, 3 * HOUR)
    assert (TAKEN_BACK, "undone") in open_tasks()


def test_confirmed_again_before_a_human_came_needs_nobody(noor: Someone) -> None:
    mail = KeepingChannel()
    confirm("Wim", "Ria")
    tell(mail, HOUR)
    review.undo(X, "Bo", "a doubt", NOON + 2 * HOUR)
    tell(mail, 3 * HOUR)
    confirm("Wim", "Ria", now=NOON + 3 * HOUR)
    tell(mail, 4 * HOUR)
    assert open_tasks() == []
    assert len(mail.kept) == 1


def test_every_act_of_a_human_by_which_files_fall_asks_for_a_talk() -> None:
    mail = KeepingChannel()
    for number, name in enumerate(("Eva", "Demi", "Gijs")):
        someone(name, series=f"s-{name}", choice=BY_MAIL)
        register.register(report({f"s-{name}": {name: (2, 0)}}, case=f"C-{number}"), NOON)
    tell(mail, timedelta(0))
    assert len(mail.kept) == 3
    lists.withdraw(entry_id("Eva"), "Bo", "somebody else", NOON + HOUR)
    gijs = next(one.person.id for one in reading.standing() if one.person.identity.name == "Gijs")
    services.unlink_series(gijs, "s-Gijs", NOON + HOUR)
    lists.dispute(entry_id("Demi"), "Bo", "a doubt", NOON + HOUR)
    tell(mail, 2 * HOUR)
    assert sorted(open_tasks()) == [(TAKEN_BACK, "unlinked"), (TAKEN_BACK, "withdrawn")]
    lists.settle_dispute(entry_id("Demi"), True, "Bo", NOON + 2 * HOUR)
    tell(mail, 3 * HOUR)
    assert sorted(open_tasks()) == [
        (TAKEN_BACK, "unlinked"),
        (TAKEN_BACK, "withdrawn"),
        (TAKEN_BACK, "withdrawn"),
    ]


def test_a_quarantine_asks_for_a_talk_only_when_a_human_keeps_it() -> None:
    mail = KeepingChannel()
    someone(series="s-1", choice=BY_MAIL)
    register.register(report({"s-1": {"a": (2, 0)}}), NOON)
    tell(mail, timedelta(0))
    for number in range(6):
        register.register(report({"s-9": {"a": (1, 0)}}, case=f"C-{number + 10}"), NOON + 300 * DAY)
    tell(mail, 300 * DAY)
    assert (TAKEN_BACK, "kept") not in open_tasks()
    register.keep(A, "Bo", NOON + 301 * DAY)
    tell(mail, 301 * DAY)
    assert (TAKEN_BACK, "kept") in open_tasks()
    register.release(A, "Bo", NOON + 302 * DAY)
    tell(mail, 302 * DAY)
    assert (TAKEN_BACK, "kept") not in open_tasks()


def test_staff_read_what_to_do_and_why() -> None:
    assert TAKEN_BACK in words.tasks()
    assert {one.value for one in Fell} <= words.causes().keys()
