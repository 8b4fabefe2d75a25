"""Telling from the register to the channel, on real tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from luwte.base.clock import ManualClock
from luwte.desk.findings.models import Finding
from luwte.desk.findings.services import register, settle_cluster
from luwte.desk.telling import lists, outbox, reading, services
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.errors import NothingToCall, TaskUnknown
from luwte.desk.telling.facts import Known
from luwte.desk.telling.models import CareTask, Contact, ContactItem, Decision
from luwte.desk.telling.outbox import Outbox
from luwte.desk.telling.subjects import (
    party_of,
    people_behind,
    person_of,
    representative_of,
    subject_of,
)
from luwte.desk.telling.tasks import CallTask
from luwte.desk.telling.values import Reason, State
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.vault.rules import Mandate, Reach
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm
from tests.support.desk import NOON, KeepingChannel, Someone, cluster, cluster_id, report, someone, ways, wish

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_MAIL = Choice(True, Rhythm.EACH, Channel.EMAIL)


def found(*cases: str, series: str = "s-1", near: int = 0) -> None:
    """Register one report for each case in which `series` turned up."""
    for case in cases:
        clusters = (cluster("x", case, near, series=series),) if near else ()
        register(report({series: {case: (0, near) if near else (3, 0)}}, case=case, clusters=clusters), NOON)


def tell(mail: KeepingChannel, after: timedelta = timedelta(0)) -> services.Round:
    """Run one round of telling, `after` noon."""
    return services.tell(ManualClock(NOON + after), ways(mail))


def reasons(person: Someone, after: timedelta = timedelta(0)) -> list[tuple[str, int]]:
    """Return the reasons that stand for a person now."""
    return [(one.reason.value, one.findings) for one in reading.why(person.id, NOON + after).reasons]


def states(person: Someone) -> list[str]:
    """Return the states of a person's contacts, in order."""
    return list(
        Contact.objects.filter(subject=person.subject).order_by("number").values_list("state", flat=True)
    )


def test_five_hundred_files_in_three_cases_are_one_contact() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel()
    found("C-1", "C-2", "C-3")
    done = tell(mail)
    assert (done.people, dict(done.contacts)) == (1, {"done": 1})
    assert len(mail.kept) == 1
    assert mail.kept[0].address == "noor@example.org"
    assert ContactItem.objects.filter(contact__subject=noor.subject).count() == 3
    tell(mail, HOUR)
    tell(mail, 30 * DAY)
    assert len(mail.kept) == 1
    assert reasons(noor, 30 * DAY) == [("nothing_new", 0)]


def test_a_flood_waits_for_the_ceiling_and_nothing_is_lost() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel()
    found("C-0")
    tell(mail)
    found(*[f"C-{number}" for number in range(1, 30)])
    for hours in range(1, 7 * 24, 12):
        tell(mail, hours * HOUR)
    assert len(mail.kept) == 1
    assert reasons(noor, DAY) == [("ceiling", 29)]
    tell(mail, 7 * DAY)
    assert len(mail.kept) == 2
    assert ContactItem.objects.count() == 30


def test_a_decision_that_stands_is_not_recorded_again_and_a_new_one_replaces_it() -> None:
    noor, mail = someone(series="s-1", choice=Choice(False)), KeepingChannel()
    found("C-1")
    tell(mail)
    tell(mail, HOUR)
    (first,) = Decision.objects.all()
    assert (first.reason, first.items) == ("not_wanted", [Finding.objects.get().id])
    wish(noor.id, BY_MAIL, NOON + HOUR)
    tell(mail, 2 * HOUR)
    first.refresh_from_db()
    assert first.replaced == NOON + 2 * HOUR
    assert Decision.objects.get(replaced=None).reason == Reason.DUE


def test_near_matches_wait_for_a_reviewer() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel()
    found("C-1", near=4)
    tell(mail)
    assert mail.kept == []
    assert reasons(noor) == [("not_confirmed", 1)]
    settle_cluster(cluster_id("x"), "confirmed", NOON)
    tell(mail, HOUR)
    assert len(mail.kept) == 1


def test_the_same_picture_waits_for_a_reviewer_unless_the_authority_accepts_it() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel()
    register(report({"s-1": {"a": (0, 0, 4)}}), NOON)
    tell(mail)
    assert mail.kept == []
    assert reasons(noor) == [("not_confirmed", 1)]
    with override_settings(ACCEPT_SAME_PICTURE=True):
        tell(mail, HOUR)
        assert len(mail.kept) == 1
        tell(mail, 2 * HOUR)
    assert len(mail.kept) == 1
    assert ContactItem.objects.get().identical == 4


def test_more_of_the_same_case_is_no_news() -> None:
    noor, mail = (
        someone(series="s-1", choice=Choice(True, Rhythm.EACH, Channel.PORTAL, Detail.EVERYTHING)),
        KeepingChannel(),
    )
    found("C-1")
    tell(mail)
    register(report({"s-1": {"b": (90, 0)}}), NOON + DAY)
    tell(mail, 20 * DAY)
    (message,) = reading.messages(noor.subject, NOON + 20 * DAY)
    assert [item.files for item in message.items] == [3]
    assert Finding.objects.get().identical == 93


@pytest.mark.parametrize("begun", [False, True])
def test_wish_withdrawn_on_the_way_stops_the_contact(begun: bool) -> None:
    noor, mail, clock = someone(series="s-1", choice=BY_MAIL), KeepingChannel(), ManualClock(NOON)
    found("C-1")
    services.plan_all(Known.everyone(), NOON)
    box = Outbox(ways(mail), clock)
    contact = box.lease()
    assert contact is not None
    if begun:
        assert box._begin(contact)
        wishes.withdraw(noor.subject, now=NOON)
        box._hand([contact], State.HANDING)
    else:
        wishes.withdraw(noor.subject, now=NOON)
        box.hand_over(contact)
    assert mail.kept == []
    assert states(noor) == ["withheld"]
    assert Decision.objects.get(replaced=None).reason == Reason.NOT_WANTED
    assert reading.messages(noor.subject, NOON) == []
    wish(noor.id, BY_MAIL, NOON + HOUR)
    tell(mail, 2 * HOUR)
    assert states(noor) == ["withheld", "done"]


@pytest.mark.parametrize("what", ["pause", "hold", "channel", "expired", "erased"])
def test_whatever_changes_on_the_way_is_looked_at_again(what: str) -> None:
    until = (NOON + 3 * DAY).date()
    choice = Choice(True, Rhythm.EACH, Channel.EMAIL, until=until)
    noor, mail, clock = someone(series="s-1", choice=choice), KeepingChannel(), ManualClock(NOON)
    found("C-1")
    services.plan_all(Known.everyone(), NOON)
    if what == "pause":
        services.pause(noor.id, NOON)
    elif what == "hold":
        wishes.hold(noor.subject, set_by="Wim", reason="examen", ends=NOON + DAY, now=NOON)
    elif what == "channel":
        wish(noor.id, Choice(True, Rhythm.EACH, Channel.PORTAL), NOON)
    elif what == "erased":
        vault.erase(noor.id)
    else:
        clock.advance(5 * DAY)
    Outbox(ways(mail), clock).hand_over_all()
    assert mail.kept == []
    assert states(noor) == (["withheld", "done"] if what == "channel" else ["withheld"])


def test_the_address_of_the_moment_is_used() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel()
    found("C-1")
    services.plan_all(Known.everyone(), NOON)
    vault.change_address(noor.id, Reach("email", "new@example.org"))
    Outbox(ways(mail), ManualClock(NOON)).hand_over_all()
    assert [envelope.address for envelope in mail.kept] == ["new@example.org"]


def test_refusal_stops_the_channel_makes_a_task_and_never_falls_back() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel(Fate.REFUSED)
    found("C-1")
    tell(mail)
    assert states(noor) == ["refused"]
    assert reasons(noor) == [("channel_stopped", 1)]
    assert reading.messages(noor.subject, NOON) == []
    (task,) = reading.why(noor.id, NOON).tasks
    assert task.kind == outbox.ADDRESS_FAILS
    mail.fate = Fate.DELIVERED
    tell(mail, 30 * DAY)
    assert len(mail.kept) == 1
    services.solve_channel(task.id, "Wim", NOON + 30 * DAY)
    tell(mail, 30 * DAY)
    assert states(noor) == ["refused", "done"]
    with pytest.raises(TaskUnknown):
        services.solve_channel(task.id, "Wim", NOON)


def test_no_address_is_a_channel_that_does_not_work() -> None:
    noor = someone(series="s-1", choice=BY_MAIL, email=None)
    found("C-1")
    tell(KeepingChannel())
    assert reasons(noor) == [("channel_stopped", 1)]
    assert states(noor) == []


@pytest.mark.parametrize("arrived", [True, False])
def test_unknown_outcome_is_left_to_a_human(arrived: bool) -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel(Fate.UNKNOWN)
    found("C-1")
    tell(mail)
    tell(mail, 30 * DAY)
    assert states(noor) == ["unknown"]
    assert len(mail.kept) == 1
    assert len(reading.messages(noor.subject, NOON)) == 1
    (task,) = [one.task for one in lists.waiting()]
    mail.fate = Fate.DELIVERED
    services.settle(task.id, arrived, "Wim", NOON + 31 * DAY)
    tell(mail, 31 * DAY)
    assert states(noor) == (["done"] if arrived else ["withheld", "done"])
    assert not CareTask.objects.filter(done=None).exists()


def test_what_did_not_arrive_is_told_by_the_same_decision_taken_anew() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel(Fate.UNKNOWN)
    found("C-1")
    tell(mail)
    services.settle(CareTask.objects.get().id, False, "Wim", NOON)
    mail.fate = Fate.DELIVERED
    tell(mail, HOUR)
    assert states(noor) == ["withheld", "done"]
    assert len({envelope.key for envelope in mail.kept}) == 2


def test_unknown_message_is_not_shown_after_a_withdrawal() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel(Fate.UNKNOWN)
    found("C-1")
    tell(mail)
    wishes.withdraw(noor.subject, now=NOON)
    assert reading.messages(noor.subject, NOON) == []


def test_silent_server_is_tried_later_and_later_and_then_shown_to_a_human() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel(Fate.NOT_REACHED)
    found("C-1")
    tell(mail)
    tell(mail, HOUR / 120)
    assert len(mail.kept) == 1
    (late,) = reading.late(noor.id)
    assert (late.next_try, reading.late()) == (NOON + HOUR / 60, [late])
    for hours in range(1, 5):
        tell(mail, hours * HOUR)
    assert states(noor) == ["planned"]
    assert [task.kind for task in reading.why(noor.id, NOON).tasks] == [outbox.SERVER_SILENT]
    assert reasons(noor, 5 * HOUR) == [("nothing_new", 0)]
    mail.fate = Fate.DELIVERED
    tell(mail, 10 * DAY)
    assert states(noor) == ["done"]
    assert reading.late() == []


@pytest.mark.parametrize("opened", [False, True])
def test_bounce_after_delivery(opened: bool) -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel()
    found("C-1")
    tell(mail)
    if opened:
        reading.open_message(noor.subject, reading.messages(noor.subject, NOON)[0].id, NOON)
    assert services.bounced(mail.kept[0].key, NOON)
    assert not services.bounced("no such key", NOON)
    assert states(noor) == (["done"] if opened else ["refused"])
    assert reasons(noor) == ([("nothing_new", 0)] if opened else [("channel_stopped", 1)])
    assert CareTask.objects.get().kind == outbox.ADDRESS_FAILS


def test_call_is_made_by_a_human_and_counts_as_told() -> None:
    noor = someone(series="s-1", choice=Choice(True, Rhythm.MONTHLY, Channel.CARE_WORKER))
    found("C-1")
    tell(KeepingChannel())
    assert states(noor) == []
    assert [one.subject for one in lists.waiting()] == [noor.subject]
    services.record_call(noor.id, "Wim", NOON)
    assert lists.waiting() == []
    with pytest.raises(NothingToCall):
        services.record_call(noor.id, "Wim", NOON)
    found("C-2")
    assert reasons(noor, DAY) == [("rhythm", 1)]


def test_never_asked_waits_for_a_call_with_and_without_findings() -> None:
    someone("Bo")
    someone("Noor", series="s-1")
    found("C-1")
    mail = KeepingChannel()
    tell(mail)
    waiting = [(one.person.identity.name, one.task) for one in lists.opened(lists.waiting(), NOON)]
    assert sorted((name, call.reason) for name, call in waiting if isinstance(call, CallTask)) == [
        ("Bo", "never_asked"),
        ("Noor", "never_asked"),
    ]
    assert mail.kept == []


def test_asking_gives_what_waits_and_does_not_count_as_a_contact() -> None:
    noor, mail = someone(series="s-1", choice=BY_MAIL), KeepingChannel()
    found("C-1")
    tell(mail)
    found("C-2")
    services.pause(noor.id, NOON + DAY)
    asked = services.ask(noor.subject, NOON + DAY)
    assert asked is not None
    assert services.ask(noor.subject, NOON + DAY) is None
    assert len(reading.messages(noor.subject, NOON + DAY)) == 2
    found("C-3")
    services.resume(noor.id, NOON + DAY)
    tell(mail, 7 * DAY)
    assert len(mail.kept) == 2


def test_asking_gives_nothing_without_a_wish_or_a_confirmation() -> None:
    bo = someone("Bo", series="s-1")
    noor = someone("Noor", series="s-2", choice=BY_MAIL)
    no = someone("Kim", series="s-1", choice=Choice(False))
    found("C-1")
    found("C-2", series="s-2", near=3)
    assert [services.ask(person.subject, NOON) for person in (bo, noor, no)] == [None, None, None]


@pytest.mark.parametrize("detail", Detail)
def test_message_shows_as_much_as_chosen(detail: Detail) -> None:
    choice = Choice(True, Rhythm.EACH, Channel.PORTAL, detail)
    noor = someone(series="s-1", choice=choice)
    found("C-1", "C-2")
    tell(KeepingChannel())
    (message,) = reading.messages(noor.subject, NOON)
    bands = [item.band and item.band.value for item in message.items]
    cases = [item.case for item in message.items]
    if detail == Detail.SOMETHING:
        assert (message.band, message.files, bands, cases) == (None, None, [None, None], [None, None])
    else:
        assert message.band is not None
        assert (message.band.value, bands) == ("2-5", ["2-5", "2-5"])
    if detail == Detail.EVERYTHING:
        assert cases == ["C-1", "C-2"]
        assert [item.files for item in message.items] == [3, 3]
        assert [item.searched[0].files for item in message.items] == [10, 10]
    else:
        assert cases == [None, None]
        assert [item.searched for item in message.items] == [(), ()]


def test_message_follows_a_change_of_the_level() -> None:
    noor = someone(series="s-1", choice=Choice(True, Rhythm.EACH, Channel.PORTAL, Detail.EVERYTHING))
    found("C-1")
    tell(KeepingChannel())
    wish(noor.id, Choice(True, Rhythm.EACH, Channel.PORTAL, Detail.SOMETHING), NOON + HOUR)
    (message,) = reading.messages(noor.subject, NOON + HOUR)
    assert message.items[0].case is None
    opened = reading.open_message(noor.subject, message.id, NOON + HOUR)
    assert opened.id == message.id
    assert reading.messages(noor.subject, NOON)[0].opened == NOON + HOUR
    other = someone("Bo")
    with pytest.raises(Exception, match="no such message"):
        reading.open_message(other.subject, message.id, NOON)


def test_two_processes_share_the_outbox_and_a_dead_one_is_taken_over() -> None:
    noor, mail, clock = someone(series="s-1", choice=BY_MAIL), KeepingChannel(), ManualClock(NOON)
    found("C-1")
    services.plan_all(Known.everyone(), NOON)
    services.plan_all(Known.everyone(), NOON)
    dead, living = Outbox(ways(mail), clock), Outbox(ways(mail), clock)
    contact = dead.lease()
    assert contact is not None
    assert living.hand_over_all() == []
    clock.advance(outbox.LEASE + HOUR)
    assert living.hand_over_all() == [contact]
    dead.hand_over(contact)
    assert len(mail.kept) == 1
    assert states(noor) == ["done"]


def test_pseudonym_leads_back_only_to_who_is_here() -> None:
    noor = someone()
    gone = someone("Sara")
    vault.erase(gone.id)
    assert person_of(noor.subject) == noor.id
    assert people_behind([noor.subject, gone.subject, "ff" * 16, "?"]) == {noor.subject: noor.id}
    for nobody in ("ff" * 16, gone.subject, "?", noor.id):
        with pytest.raises(PersonUnknown):
            person_of(nobody)
    with pytest.raises(PersonUnknown):
        subject_of("Noor")


def test_party_leads_back_to_the_representative() -> None:
    noor = someone()
    mother = vault.add_representative(noor.id, Mandate("Moeder", "parent", NOON.date()))
    assert representative_of(party_of(mother)) == mother
    for nobody in ("ff" * 16, "?", mother, noor.subject):
        with pytest.raises(PersonUnknown):
            representative_of(nobody)
    with pytest.raises(PersonUnknown):
        party_of("Moeder")
    vault.erase(noor.id)
    with pytest.raises(PersonUnknown):
        representative_of(party_of(mother))


def test_record_stands_after_a_round() -> None:
    someone(series="s-1", choice=BY_MAIL)
    found("C-1")
    tell(KeepingChannel())
    (standing,) = reading.standing("en")
    assert [(one.reason.value, one.findings) for one in standing.reasons] == [("due", 1)]
    assert (standing.told, standing.last_told) == (1, NOON)
