"""After a restore nothing leaves until a human resumes, and then nothing that may have left before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.audit import restored
from luwte.desk.audit.acts import Act
from luwte.desk.audit.models import Leaf, Restoration
from luwte.desk.findings.services import register
from luwte.desk.telling import planner, services
from luwte.desk.telling.after_restore import MAY_HAVE_LEFT, Resumed, resume
from luwte.desk.telling.errors import NothingHeld, TellingHeld
from luwte.desk.telling.messages import alerts, messages
from luwte.desk.telling.models import CareTask, Contact, SafetyAlert, SafetyAttempt
from luwte.desk.telling.outbox import UNKNOWN_OUTCOME, Outbox
from luwte.desk.telling.safety_outbox import SafetyOutbox
from luwte.desk.telling.values import State
from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm, Source
from tests.support.desk import NOON, KeepingChannel, Someone, report, someone, ways

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_MAIL = Choice(True, Rhythm.EACH, Channel.EMAIL)
BACKUP = "b" * 32


def restore(made: datetime = NOON, at: datetime = NOON + DAY) -> None:
    """The desk is as a restore leaves it."""
    Restoration.objects.create(id=BACKUP, made=made, begun=at, loaded=at, finished=at)


def found(series: str = "s-1") -> None:
    register(report({series: {"a": (3, 0)}}), NOON)


def told(person: Someone) -> list[tuple[str, str]]:
    rows = Contact.objects.filter(subject=person.subject).order_by("number")
    return [(row.state, row.receipt) for row in rows]


def tell(mail: KeepingChannel, at: datetime) -> None:
    services.tell(ManualClock(at), ways(mail))


@pytest.fixture
def noor() -> Someone:
    return someone("Noor", series="s-1", choice=BY_MAIL)


@pytest.fixture
def mail() -> KeepingChannel:
    return KeepingChannel()


def test_no_round_of_telling_runs(noor: Someone, mail: KeepingChannel) -> None:
    found()
    restore()
    with pytest.raises(TellingHeld, match=r"2026-03-02 12:00 UTC until 2026-03-03 12:00 UTC .* desk resume"):
        tell(mail, NOON + DAY)
    assert mail.kept == []


def test_what_was_planned_is_not_handed_over_either(noor: Someone, mail: KeepingChannel) -> None:
    found()
    planner.notice(NOON)
    planner.plan_due(NOON, ways(mail))
    box = Outbox(ways(mail), ManualClock(NOON))
    leased = box.lease()
    assert leased is not None
    restore()
    box.hand_over(leased)
    assert box.hand_over_all() == []
    assert mail.kept == []
    assert told(noor) == [("leased", "")]


def test_no_alert_of_safety_leaves_not_even_one_that_was_begun(noor: Someone, mail: KeepingChannel) -> None:
    services.set_wish(
        noor.id, Source.SAFETY, BY_MAIL, set_by="Wim", conversation="c", now=NOON, assessment="a"
    )
    services.record_event(noor.id, "C-1", Source.SAFETY, "release", at=NOON, now=NOON)
    box = SafetyOutbox(ways(mail), ManualClock(NOON))
    attempt = box._begin(SafetyAlert.objects.get().id)
    assert attempt is not None
    restore()
    assert not box._send(attempt)
    assert box.send_due() == 0
    assert mail.kept == []
    assert SafetyAttempt.objects.get().state == "stopped"
    resume("staff:7", NOON + DAY, ways(mail))
    tell(mail, NOON + DAY)
    assert len(mail.kept) == 1, "an alert of safety is sent until it is confirmed"


def test_who_asks_gets_nothing_and_no_call_may_tell(noor: Someone) -> None:
    found()
    restore()
    with pytest.raises(TellingHeld):
        services.ask(noor.subject, NOON + DAY)
    assert services.to_call(noor.id, NOON + DAY) == ()
    with pytest.raises(TellingHeld):
        services.record_call(noor.id, "Wim", NOON + DAY)
    assert not Contact.objects.exists()


def test_pauses_and_signs_of_harm_are_still_heard(noor: Someone) -> None:
    restore()
    services.pause(noor.id, NOON + DAY)
    services.distress(noor.subject, NOON + DAY)
    assert CareTask.objects.filter(subject=noor.subject, reason="harm").exists()


def test_what_stood_ready_goes_to_a_human_and_never_out(noor: Someone, mail: KeepingChannel) -> None:
    found()
    planner.notice(NOON)
    planner.plan_due(NOON, ways(mail))
    restore()
    assert resume("staff:7", NOON + DAY, ways(mail)) == Resumed(1, 1)
    tell(mail, NOON + 9 * DAY)
    assert mail.kept == []
    assert told(noor) == [("unknown", MAY_HAVE_LEFT)]
    assert [task.kind for task in CareTask.objects.all()] == [UNKNOWN_OUTCOME]


def test_what_a_human_found_not_to_have_arrived_is_told_anew(noor: Someone, mail: KeepingChannel) -> None:
    found()
    restore()
    resume("staff:7", NOON + DAY, ways(mail))
    services.settle(CareTask.objects.get().id, False, "Wim", NOON + DAY)
    tell(mail, NOON + DAY)
    assert [state for state, _ in told(noor)] == ["withheld", "done"]
    assert len(mail.kept) == 1


def test_what_could_have_been_decided_in_the_lost_time_counts_as_told(mail: KeepingChannel) -> None:
    """A digest of Monday evening: the backup is of noon, the desk is back on Wednesday."""
    hours = Choice(True, Rhythm.EACH, Channel.EMAIL, hours=(18, 20))
    noor = someone("Noor", series="s-1", choice=hours)
    found()
    tell(mail, NOON)
    assert mail.kept == []
    restore(at=NOON + 2 * DAY)
    assert resume("staff:7", NOON + 2 * DAY, ways(mail)).unsure == 1
    tell(mail, NOON + 2 * DAY + 6 * HOUR)
    assert mail.kept == []
    assert [state for state, _ in told(noor)] == ["unknown"]


def test_a_report_that_is_taken_in_again_while_telling_is_held_tells_nobody_twice(
    noor: Someone, mail: KeepingChannel
) -> None:
    restore()
    found()
    assert resume("staff:7", NOON + DAY, ways(mail)).unsure == 1
    tell(mail, NOON + 9 * DAY)
    assert mail.kept == []


def test_what_comes_in_afterwards_is_told(noor: Someone, mail: KeepingChannel) -> None:
    restore()
    resume("staff:7", NOON + DAY, ways(mail))
    register(report({"s-1": {"b": (1, 0)}}, case="C-2"), NOON + DAY)
    tell(mail, NOON + DAY)
    assert len(mail.kept) == 1


def test_who_is_sure_that_nothing_left_lets_it_go_out(noor: Someone, mail: KeepingChannel) -> None:
    found()
    restore()
    assert resume("staff:7", NOON + DAY, ways(mail), none_left=True) == Resumed(1, 0)
    tell(mail, NOON + DAY)
    assert len(mail.kept) == 1


def test_the_portal_shows_what_is_due_once(mail: KeepingChannel) -> None:
    noor = someone("Noor", series="s-1", choice=Choice(True, channel=Channel.PORTAL))
    found()
    restore()
    assert resume("staff:7", NOON + DAY, ways(mail)).unsure == 0
    tell(mail, NOON + DAY)
    assert [state for state, _ in told(noor)] == ["done"]


def test_resuming_is_on_record_and_is_done_once(noor: Someone, mail: KeepingChannel) -> None:
    restore()
    resume("staff:7", NOON + DAY, ways(mail))
    row = Restoration.objects.get()
    assert (row.resumed, row.resumed_by) == (NOON + DAY, "staff:7")
    act = Leaf.objects.get(act=Act.TELLING_RESUMED)
    assert act.about == BACKUP
    assert restored.held() is None
    with pytest.raises(NothingHeld):
        resume("staff:7", NOON + DAY, ways(mail))


def test_every_restore_is_waited_for(mail: KeepingChannel) -> None:
    restore()
    resume("staff:7", NOON + DAY, ways(mail))
    late = NOON + 3 * DAY
    Restoration.objects.create(id="c" * 32, made=NOON + 2 * DAY, begun=late, loaded=late)
    assert restored.held() == restored.Gap(NOON + 2 * DAY, late)
    with pytest.raises(TellingHeld):
        tell(mail, late)


def read(person: Someone, at: datetime = NOON + DAY) -> list[Detail]:
    """How much of each thing that was told somebody may read."""
    return [item.detail for message in messages(person.subject, at) for item in message.items]


def test_what_only_may_have_arrived_is_not_read_while_telling_is_held(
    noor: Someone, mail: KeepingChannel
) -> None:
    """A withdrawal after the backup is lost; it would have kept this from being read."""
    found()
    planner.notice(NOON)
    planner.plan_due(NOON, ways(mail))
    for state in (State.HANDING, State.UNKNOWN):
        Contact.objects.update(state=state.value)
        assert len(read(noor)) == 1
    restore()
    for state in (State.HANDING, State.UNKNOWN):
        Contact.objects.update(state=state.value)
        assert read(noor) == []


def test_no_more_is_read_than_that_it_is_there_while_telling_is_held(mail: KeepingChannel) -> None:
    """A level that was lowered after the backup is lost; what was told at the old one must not come back."""
    noor = someone("Noor", series="s-1", choice=replace(BY_MAIL, detail=Detail.EVERYTHING))
    found()
    tell(mail, NOON)
    assert read(noor) == [Detail.EVERYTHING]
    restore()
    assert read(noor) == [Detail.SOMETHING]
    (message,) = messages(noor.subject, NOON + DAY)
    assert (message.band, message.files, message.items[0].case) == (None, None, None)
    resume("staff:7", NOON + DAY, ways(mail))
    assert read(noor) == [Detail.EVERYTHING]


def test_an_alert_that_only_was_begun_is_not_read_while_telling_is_held(
    noor: Someone, mail: KeepingChannel
) -> None:
    services.set_wish(
        noor.id, Source.SAFETY, BY_MAIL, set_by="Wim", conversation="c", now=NOON, assessment="a"
    )
    services.record_event(noor.id, "C-1", Source.SAFETY, "release", at=NOON, now=NOON)
    box = SafetyOutbox(ways(mail), ManualClock(NOON))
    attempt = box._begin(SafetyAlert.objects.get().id)
    assert attempt is not None
    assert len(alerts(noor.subject, NOON)) == 1
    restore()
    assert alerts(noor.subject, NOON) == []
    SafetyAttempt.objects.update(state="delivered")
    assert len(alerts(noor.subject, NOON)) == 1, "what certainly was sent stays to be read and confirmed"
