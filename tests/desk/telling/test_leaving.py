"""Who asks to be erased is erased after some days, and until then it can be taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from luwte.desk.audit.acts import Act
from luwte.desk.audit.models import Leaf, Restoration
from luwte.desk.telling import leaving, services, tasks
from luwte.desk.telling.errors import TaskUnknown, TellingHeld
from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.models import PersonKey
from tests.support.desk import NOON, Someone, someone
from tests.support.stage import chooser, found, tell

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]
LAST = NOON + leaving.DAYS
SECOND = timedelta(seconds=1)


def here(person: Someone) -> bool:
    return PersonKey.objects.filter(pk=person.id).exists()


def test_it_is_one_request_with_the_days_of_the_first() -> None:
    person = someone()
    first = leaving.ask(person.subject, NOON)
    assert first == leaving.Leaving(NOON, LAST)
    assert leaving.ask(person.subject, NOON + timedelta(days=3)) == first
    assert leaving.standing(person.subject) == first
    assert CareTask.objects.filter(kind=leaving.LEAVING).count() == 1
    assert Leaf.objects.filter(act=Act.LEAVING_ASKED, about=person.subject).count() == 1


@pytest.mark.parametrize(("late", "gone"), [(-SECOND, 0), (timedelta(0), 1), (timedelta(days=400), 1)])
def test_the_days_go_by_first(late: timedelta, gone: int) -> None:
    person, other = someone(), someone("Piet")
    leaving.ask(person.subject, NOON)
    assert leaving.erase_due(LAST + late) == gone
    assert here(person) == (not gone)
    assert here(other)
    assert leaving.erase_due(LAST + late) == 0


def test_taken_back_nothing_happens_and_it_can_be_asked_again() -> None:
    person = someone()
    leaving.ask(person.subject, NOON)
    assert leaving.keep(person.subject, LAST - SECOND)
    assert not leaving.keep(person.subject, LAST - SECOND)
    assert leaving.standing(person.subject) is None
    assert leaving.erase_due(LAST + timedelta(days=99)) == 0
    assert here(person)
    assert Leaf.objects.filter(act=Act.LEAVING_TAKEN_BACK, about=person.subject).count() == 1
    again = leaving.ask(person.subject, LAST)
    assert again.due == LAST + leaving.DAYS


def test_a_call_that_was_made_does_not_stop_it_but_taking_it_back_in_the_call_does() -> None:
    one, two = someone(), someone("Piet")
    for person in (one, two):
        leaving.ask(person.subject, NOON)
    rows = {row.subject: row.id for row in CareTask.objects.filter(kind=leaving.LEAVING)}
    tasks.look_done(rows[one.subject], "wim", NOON)
    leaving.keep_for(rows[two.subject], "wim", NOON)
    with pytest.raises(TaskUnknown):
        leaving.keep_for(rows[two.subject], "wim", NOON)
    with pytest.raises(TaskUnknown):
        leaving.keep_for("0" * 32, "wim", NOON)
    assert leaving.erase_due(LAST) == 1
    assert (here(one), here(two)) == (False, True)


def test_taken_back_at_the_last_moment_counts() -> None:
    """The round has chosen whom to erase, and then waits for the lock that taking it back holds."""
    person = someone()
    leaving.ask(person.subject, NOON)
    row = CareTask.objects.get(kind=leaving.LEAVING)
    leaving.keep(person.subject, LAST)
    assert not leaving._erase(row, LAST)
    assert here(person)


def test_another_task_cannot_be_taken_back_as_one() -> None:
    row = CareTask.objects.create(subject=someone().subject, kind="call", made=NOON)
    with pytest.raises(TaskUnknown):
        leaving.keep_for(row.id, "wim", NOON)


def test_a_round_of_telling_erases_before_it_tells(signed: None) -> None:
    person = chooser("Noor")
    leaving.ask(person.subject, NOON)
    found("Noor", [(7, 0)], LAST)
    tell(LAST)
    assert not here(person)
    assert not Contact.objects.filter(subject=person.subject, handed__isnull=False).exists()
    with pytest.raises(PersonUnknown):
        vault.person(person.id)


def test_after_a_restore_nobody_is_erased_until_a_human_looked() -> None:
    """What was taken back in the time that was lost would be lost too, and with it the person."""
    person = someone()
    leaving.ask(person.subject, NOON)
    Restoration.objects.create(id="1" * 32, made=NOON, begun=NOON, loaded=NOON, finished=NOON)
    with pytest.raises(TellingHeld):
        tell(LAST)
    assert here(person)


def test_who_was_erased_meanwhile_is_no_fault() -> None:
    person = someone()
    leaving.ask(person.subject, NOON)
    vault.erase(person.id, now=NOON)
    assert leaving.erase_due(LAST) == 1
    assert leaving.erase_due(LAST) == 0


@pytest.mark.parametrize(
    ("born", "alone"),
    [(date(2010, 3, 2), True), (date(2010, 3, 3), False), (date(1980, 1, 1), True), (None, False)],
)
def test_from_sixteen_on_one_asks_alone(born: date | None, alone: bool) -> None:
    assert leaving.may_ask(someone(born=born).subject, NOON) == alone


def test_the_pause_and_the_choice_stand_until_then(signed: None) -> None:
    person = chooser("Noor")
    leaving.ask(person.subject, NOON)
    found("Noor", [(7, 0)])
    tell()
    assert Contact.objects.filter(subject=person.subject, handed__isnull=False).exists()
    assert services.resume(person.id, NOON) == 0
