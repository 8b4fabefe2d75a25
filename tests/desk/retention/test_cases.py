"""A case goes as a whole when its term is over; nobody is told of it again; what is needed stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from luwte.base.clock import ManualClock
from luwte.desk.audit.checking import verify
from luwte.desk.audit.checkpoints import checkpoint, signer
from luwte.desk.audit.clearing import clearing
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.models import Restoration
from luwte.desk.cases import holding
from luwte.desk.cases import register as cases
from luwte.desk.cases.errors import CaseUnknown, HoldImpossible
from luwte.desk.cases.models import Case, CaseStep, Dismissal, Event, LegalHold, VictimStatus
from luwte.desk.cases.services import record_notice
from luwte.desk.findings import lists
from luwte.desk.findings.models import Cluster, Finding, Quarantine, ReportReceipt
from luwte.desk.findings.services import register, settle_cluster
from luwte.desk.retention import services
from luwte.desk.retention.errors import RestoreNotLookedAt
from luwte.desk.retention.people import left_in_register, register_rows
from luwte.desk.retention.rules import Then
from luwte.desk.retention.survey import survey
from luwte.desk.retention.table import shipped
from luwte.desk.telling import services as telling
from luwte.desk.telling.facts import Facts, Known
from luwte.desk.telling.models import CareTask, Contact, ContactItem, Remembered
from luwte.desk.telling.values import State
from luwte.desk.wishes.rules import Channel, Choice, Rhythm, Source
from luwte.exchange.home import Home
from tests.support.cases import count
from tests.support.cases import tell as tell_step
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
    wish,
)
from tests.support.retention import DAY, HOUR, LATE, YEAR, clear, erase, found, read, tell, told, why
from tests.support.review import reported

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring", "signed"),
]
BY_MAIL = Choice(True, channel=Channel.EMAIL)
WITH_THE_CASE = [row.model for row in shipped().values() if row.then == Then.CASE]


def rows(model: str) -> int:
    return len(apps.get_model(model)._default_manager.all())


def kept() -> dict[str, int]:
    """Why cases are kept, as the dry run says it."""
    line = next(line for line in survey(shipped(), LATE) if line.row.model == "cases.Case")
    return dict(line.kept)


@pytest.fixture
def noor() -> Someone:
    """Somebody who wants e-mail, was told of a case and read it."""
    person = someone(series="s-1", choice=BY_MAIL)
    told(person)
    return person


def test_a_case_goes_with_all_that_hangs_on_it(noor: Someone) -> None:
    assert clear(LATE) > 0
    assert {
        model: rows(model) for model in (*WITH_THE_CASE, "cases.Case", "telling.Contact")
    } == dict.fromkeys((*WITH_THE_CASE, "cases.Case", "telling.Contact"), 0)
    assert why(noor, LATE) == {("nothing", "nothing_new")}


def _registered(noor: Someone) -> None:
    tell_step("charged", "2026-02-02", defendant="D1", counts=(count("a"),))
    tell_step("victim_spoke", "2026-02-03", subject=noor.subject)
    early = tell_step("hearing_moved", "2026-02-20", hearing="h1").row
    cases.dismiss(early.id, "of another case", NOON)
    cases.name_agency("C-1", "om", "NL", "", NOON)
    day = NOON.date()
    cases.set_status("C-1", "recognised", "RBMNE", decided=day, known=day, subject=noor.subject, now=NOON)


def test_what_was_told_of_a_case_goes_with_it(noor: Someone) -> None:
    _registered(noor)
    assert min(rows(f"cases.{name}") for name in ("CaseStep", "Dismissal", "CaseAgency", "VictimStatus")) > 0
    clear(LATE)
    assert {model: rows(model) for model in (*WITH_THE_CASE, "cases.Case")} == dict.fromkeys(
        (*WITH_THE_CASE, "cases.Case"), 0
    )


def test_a_step_that_came_later_keeps_its_case(noor: Someone) -> None:
    tell_step("judgment_final", "2030-02-02", "2030-02-02", now=NOON + 5 * YEAR)
    clear(LATE)
    assert Case.objects.exists()


def test_of_who_was_erased_no_step_and_no_status_is_left(noor: Someone) -> None:
    _registered(noor)
    other = "cd" * 16
    day = NOON.date()
    cases.set_status("C-1", "contested", "RBMNE", decided=day, known=day, subject=other, now=NOON)
    assert left_in_register([other]) == {other}
    for mine in register_rows([noor.subject, other]):
        if mine.model in (Dismissal, CaseStep, VictimStatus):
            with clearing():
                mine.delete()
    assert left_in_register([other]) == set()
    assert not VictimStatus.objects.exists()
    assert [row.step for row in CaseStep.objects.order_by("occurred")] == ["charged", "hearing_moved"]


def test_nothing_goes_a_moment_before_its_time(noor: Someone) -> None:
    last = NOON + 2 * HOUR  # when it was read
    just = last.replace(year=last.year + 10)
    assert survey(shipped(), just)[0].count == 0
    assert survey(shipped(), just + timedelta(seconds=1))[0].count == 1
    clear(just)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("again", ["report", "link", "contact number"])
def test_nobody_is_told_again_when_the_case_comes_back(noor: Someone, again: str) -> None:
    number = Contact.objects.get().number
    clear(LATE)
    if again == "link":
        telling.unlink_series(noor.id, "s-1", LATE)
        telling.link_series(noor.id, "s-1", LATE)
    found(now=LATE + DAY)
    assert Finding.objects.get().identical == 3
    assert tell(LATE + 2 * DAY).kept == []
    assert why(noor, LATE + 2 * DAY) == {("nothing", "nothing_new")}
    found(case="C-2", now=LATE + 2 * DAY)
    assert len(tell(LATE + 30 * DAY).kept) == 1
    assert Contact.objects.get().number == number + 1


def test_without_the_mark_they_would_be(noor: Someone) -> None:
    """The test above can fail: what keeps it true is the mark."""
    from tests.support.triggers import without_triggers

    clear(LATE)
    with without_triggers("default"):
        Remembered.objects.all().delete()
    found(now=LATE + DAY)
    assert len(tell(LATE + 2 * DAY).kept) == 1


def test_a_mark_says_nothing_of_the_case(noor: Someone) -> None:
    clear(LATE)
    text = str(list(Remembered.objects.values()))
    assert "C-1" not in text
    assert "s-1" not in text


def test_the_rules_decide_the_same_before_and_after(noor: Someone) -> None:
    """Two cases, of which one is over: for the other, and for what comes, nothing changes."""
    found(case="C-2", now=NOON + 10 * YEAR)
    moments = [LATE + step for step in (timedelta(), DAY, 40 * DAY, YEAR)]
    before = [Facts.about(Known.of([noor.subject]), [noor.subject]).decide(at) for at in moments]
    assert clear(LATE) > 0
    assert [case.number for case in Case.objects.all()] == ["C-2"]
    assert [Facts.about(Known.of([noor.subject]), [noor.subject]).decide(at) for at in moments] == before


def test_what_was_never_told_keeps_its_case() -> None:
    silent = someone(series="s-1", choice=Choice(False))
    found()
    assert kept() == {"untold": 1}
    clear(LATE)
    assert why(silent, LATE) == {("withhold", "not_wanted")}
    wish(silent.id, BY_MAIL, LATE)
    assert len(tell(LATE + HOUR).kept) == 1


def test_what_came_back_counts_as_untold(noor: Someone) -> None:
    contact = Contact.objects.get()
    contact.state = State.REFUSED.value
    contact.save()
    contact.items.update(live=False)
    assert kept() == {"untold": 1}


def test_who_wants_nothing_and_has_only_near_matches_keeps_no_case() -> None:
    someone(series="s-1", choice=BY_MAIL)
    register(report({"s-1": {"a": (0, 3)}}), NOON)
    assert clear(LATE) > 0
    assert not Case.objects.exists()


def test_who_never_opened_a_message_keeps_its_case() -> None:
    """T15: contacts in a row that nobody opened are a sign; and nobody read what was found."""
    person = someone(series="s-1", choice=BY_MAIL)
    found()
    tell(NOON + HOUR)
    assert kept() == {"unopened": 1}
    read(person, NOON + DAY)
    assert kept() == {}


def _open_task(noor: Someone) -> None:
    CareTask.objects.create(subject=noor.subject, kind="call", made=NOON)


def _planned(noor: Someone) -> None:
    Contact.objects.create(
        subject=noor.subject, number=9, key="k", channel="email", state="planned", decided=NOON
    )


def _quarantine(_: Someone) -> None:
    Quarantine.objects.create(entry=entry_id("e1"), since=NOON, cases=9, baseline=0.1)


def _dispute(_: Someone) -> None:
    lists.dispute(entry_id("e1"), "Ria", "other", NOON)


def _hold(_: Someone) -> None:
    holding.hold("C-1", "an appeal", "Wim", NOON)


def _hold_on_another(_: Someone) -> None:
    found(case="C-9", now=LATE - DAY, entry="e9")
    holding.hold("C-9", "an appeal", "Wim", NOON)


def _right(noor: Someone) -> None:
    Event.objects.create(
        subject=noor.subject, case=Case.objects.get(), source="rights", kind="claim", at=NOON,
        lapses=LATE + DAY, registered=NOON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("matter", "word"),
    [
        (_open_task, "running"),
        (_planned, "running"),
        (_quarantine, "decision"),
        (_dispute, "decision"),
        (_hold, None),
        (_hold_on_another, "hold"),
        (_right, None),
    ],
)
def test_what_a_running_matter_needs_stays(
    noor: Someone, matter: Callable[[Someone], Any], word: str | None
) -> None:
    matter(noor)
    assert kept() == ({word: 1} if word else {})
    clear(LATE)
    assert Case.objects.filter(number="C-1").exists()
    assert Contact.objects.filter(number=1).exists()
    assert Finding.objects.filter(case__number="C-1").exists()


def test_a_case_goes_when_its_hold_is_over(noor: Someone) -> None:
    holding.hold("C-1", "an appeal", "Wim", NOON)
    clear(LATE)
    holding.release("C-1", "it is over", "Ria", LATE)
    clear(LATE + DAY)
    assert not Case.objects.exists()
    assert not LegalHold.objects.exists()


def test_holds_that_cannot_be(noor: Someone) -> None:
    with pytest.raises(CaseUnknown):
        holding.hold("C-0", "why", "Wim", NOON)
    with pytest.raises(CaseUnknown):
        holding.hold("", "why", "Wim", NOON)
    for reason, by in (("", "Wim"), ("why", " "), ("x" * 501, "Wim"), ("a\nb", "Wim")):
        with pytest.raises(HoldImpossible):
            holding.hold("C-1", reason, by, NOON)
    holding.hold("C-1", "why", "Wim", NOON)
    with pytest.raises(HoldImpossible, match="held already"):
        holding.hold("C-1", "why", "Wim", NOON)
    holding.release("C-1", "over", "Wim", NOON)
    with pytest.raises(HoldImpossible, match="not held"):
        holding.release("C-1", "over", "Wim", NOON)


def test_a_contact_that_told_of_two_cases_stays_with_the_other(noor: Someone) -> None:
    found(case="C-2", entry="e2", now=NOON + DAY)
    found(case="C-3", entry="e3", now=NOON + DAY)
    tell(NOON + 40 * DAY)
    read(noor, NOON + 41 * DAY)
    found(case="C-3", entry="e4", now=NOON + 5 * YEAR)
    assert kept() == {}
    clear(LATE)
    assert [case.number for case in Case.objects.all()] == ["C-3"]
    assert ContactItem.objects.count() == 1
    assert tell(LATE + DAY).kept == []


def test_a_cluster_that_was_decided_stays_one_that_was_not_goes() -> None:
    clusters = (cluster("x", "a", 2), cluster("y", "a", 1))
    register(report({"s-1": {"a": (0, 3)}}, clusters=clusters), NOON)
    settle_cluster(cluster_id("x"), "rejected", NOON)
    clear(LATE)
    assert not ReportReceipt.objects.exists()
    assert [one.id for one in Cluster.objects.all()] == [cluster_id("x")]


def test_a_notice_goes_by_itself(noor: Someone) -> None:
    telling.set_wish(
        noor.id, Source.RIGHTS, BY_MAIL, set_by="Wim", conversation="c", now=NOON, assessment="a"
    )
    record_notice(noor.subject, "seen", at=NOON, now=NOON)
    record_notice(noor.subject, "seen", at=NOON + 5 * YEAR, now=NOON + 5 * YEAR)
    tell(NOON + 30 * DAY)
    read(noor, NOON + 31 * DAY)
    clear(LATE)
    assert [event.at for event in Event.objects.all()] == [NOON + 5 * YEAR]
    assert Case.objects.get().number == ""
    record_notice(noor.subject, "seen", at=NOON, now=LATE)
    assert tell(LATE + DAY).kept == []
    assert ContactItem.objects.count() == 1


def test_the_record_is_whole_afterwards(noor: Someone) -> None:
    key = signer(Home.open().identity, DESK)
    note = checkpoint(DESK, key, NOON + DAY)
    clear(LATE)
    found_ = verify(DESK, key.verifier, [note.encode()])
    assert found_.problems == ()
    assert found_.forgotten > 0
    checkpoint(DESK, key, LATE + DAY)
    assert verify(DESK, key.verifier).problems == ()


def test_who_was_erased_is_no_reason_to_keep_a_case() -> None:
    silent = someone(series="s-1", choice=Choice(False))
    found()
    erase(silent, LATE - DAY)
    clear(LATE)
    assert not Case.objects.exists()


def test_who_is_only_not_found_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vault that was put back to an older state must not look as if everyone had been erased."""
    from luwte.desk.vault.models import Person

    person = someone(series="s-1", choice=BY_MAIL)
    told(person)
    Person.objects.all().delete()
    assert kept() == {"rules": 1}
    clear(LATE)
    assert Finding.objects.exists()


@pytest.mark.parametrize("rhythm", [Rhythm.WEEKLY, Rhythm.YEARLY])
def test_a_cover_goes_and_the_rhythm_stays(rhythm: Rhythm) -> None:
    person = someone(series="s-1", choice=Choice(True, rhythm, channel=Channel.EMAIL, cover=True))
    mail = KeepingChannel()
    at = NOON
    for _ in range(5):
        at += YEAR + DAY
        tell(at, mail)
    before = len(mail.kept)
    assert before == 5
    assert clear(at + HOUR) > 0
    assert 0 < Contact.objects.filter(subject=person.subject).count() < before
    assert len(tell(at + 2 * HOUR, mail).kept) == before
    numbers = set(Contact.objects.values_list("number", flat=True))
    assert max(numbers) == before


def test_the_command_stops_before_anything_when_the_clock_is_wrong(noor: Someone) -> None:
    from luwte.desk.retention.errors import ClockWrong

    with pytest.raises(ClockWrong):
        services.apply(shipped(), ManualClock(LATE))
    with pytest.raises(ClockWrong):
        services.apply(shipped(), ManualClock(NOON - DAY), (NOON - DAY).date())
    assert Case.objects.exists()


def test_a_cluster_that_was_undone_stays_while_another_case_rests_on_it() -> None:
    """Were it gone, what was taken back would count again: what is not known counts as decided elsewhere."""
    someone(series="s-1", choice=BY_MAIL)
    reported(cluster("x", "a", 3))
    settle_cluster(cluster_id("x"), "confirmed", NOON)
    younger = LATE - YEAR
    register(remembering(report({"s-1": {"a": (2, 0)}}, "C-2"), "a", 2, "x"), younger)
    settle_cluster(cluster_id("x"), "", NOON)
    clear()
    assert not Case.objects.filter(number="C-1").exists()
    register(report({"s-1": {"b": (1, 0)}}, "C-2"), LATE)
    assert Finding.objects.get(case__number="C-2").identical == 1


def test_after_a_restore_nothing_is_deleted_before_somebody_looked() -> None:
    found()
    Restoration.objects.create(id="b" * 32, made=NOON, begun=LATE, loaded=LATE, finished=LATE)
    with pytest.raises(RestoreNotLookedAt, match="luwte desk resume"):
        clear()
    assert Case.objects.exists()
