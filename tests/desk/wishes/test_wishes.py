from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from luwte.desk.wishes import models, services
from luwte.desk.wishes.errors import QuietUnknown, WishesAreNeverEdited, WishImpossible
from luwte.desk.wishes.rules import (
    Channel,
    Choice,
    Detail,
    HoldKind,
    Quiet,
    QuietKind,
    Register,
    Rhythm,
    Source,
    latest,
)
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db

SUBJECT = "ab" * 16
DAY = timedelta(days=1)
TODAY = NOON.date()


def choose(choice: Choice, source: Source = Source.CASE) -> int:
    """Record `choice` and return its version."""
    return services.set_wish(
        SUBJECT, source, choice, set_by="Wim", conversation="gesprek", now=NOON, assessment="beoordeling"
    ).version


def test_versions_are_added_and_earlier_ones_stay() -> None:
    monthly = Choice(True, Rhythm.MONTHLY)
    yearly = Choice(True, Rhythm.YEARLY, Channel.EMAIL, until=date(2027, 1, 1))
    assert [choose(monthly), choose(yearly), choose(monthly, Source.INTERNET)] == [1, 2, 1]
    found = services.wishes([SUBJECT])
    assert [(wish.source, wish.version, wish.choice) for wish in found] == [
        (Source.CASE, 1, monthly),
        (Source.CASE, 2, yearly),
        (Source.INTERNET, 1, monthly),
    ]
    newest = latest(found, Source.CASE, NOON)
    assert newest is not None
    assert newest.choice == yearly
    assert latest(found, Source.CASE, NOON - DAY) is None


def test_a_wish_is_never_edited() -> None:
    choose(Choice(True))
    row = models.Wish.objects.get()
    row.told = False
    with pytest.raises(WishesAreNeverEdited):
        row.save()
    with pytest.raises(WishesAreNeverEdited):
        row.delete()
    with pytest.raises(WishesAreNeverEdited):
        models.Wish.objects.filter(told=True).update(told=False)
    with pytest.raises(WishesAreNeverEdited):
        models.Wish.objects.all().delete()
    assert models.Wish.objects.get().told


def test_withdrawal_adds_a_version_for_each_source() -> None:
    choose(Choice(True))
    choose(Choice(True), Source.INTERNET)
    assert services.withdraw(SUBJECT, now=NOON + DAY) == 2
    assert services.withdraw(SUBJECT, now=NOON + DAY) == 0
    told = [
        latest(services.wishes([SUBJECT]), source, NOON + DAY) for source in (Source.CASE, Source.INTERNET)
    ]
    assert [wish is not None and wish.choice.told for wish in told] == [False, False]


@pytest.mark.parametrize(
    ("by", "conversation", "until", "match"),
    [
        ("", "g", None, "who set it"),
        ("Wim", " ", None, "conversation"),
        ("Wim", "g", date(2026, 3, 1), "over"),
    ],
)
def test_impossible_wish_is_refused(by: str, conversation: str, until: date | None, match: str) -> None:
    with pytest.raises(WishImpossible, match=match):
        services.set_wish(
            SUBJECT, Source.CASE, Choice(True, until=until), set_by=by, conversation=conversation, now=NOON
        )
    assert not models.Wish.objects.exists()


def test_pause_begins_at_once_ends_by_itself_and_can_be_lifted() -> None:
    ends = services.pause(SUBJECT, NOON)
    (hold,) = services.holds([SUBJECT])
    assert ends == NOON + services.PAUSE
    assert [hold.holds(moment) for moment in (NOON, ends - DAY, ends)] == [True, True, False]
    assert hold.holds(NOON - DAY), "a clock that was set back must not undo a pause"
    assert services.resume(SUBJECT, NOON + DAY) == 1
    assert services.resume(SUBJECT, NOON + DAY) == 0
    (lifted,) = services.holds([SUBJECT])
    assert not lifted.holds(NOON + DAY)
    assert lifted.holds(NOON)


def test_pause_of_a_care_worker_needs_a_reason_and_an_end_and_stays() -> None:
    services.hold(SUBJECT, set_by="Wim", reason="examen", ends=NOON + DAY, now=NOON)
    assert services.resume(SUBJECT, NOON) == 0
    assert services.holds([SUBJECT])[0].holds(NOON)
    assert not services.holds([SUBJECT])[0].holds(NOON - DAY)
    assert services.resume(SUBJECT, NOON, HoldKind.CARE) == 1
    for reason, ends in ((" ", NOON + DAY), ("examen", NOON)):
        with pytest.raises(WishImpossible):
            services.hold(SUBJECT, set_by="Wim", reason=reason, ends=ends, now=NOON)


@pytest.mark.parametrize("text", ["", " ", "a\nb", "a\x1b[31m", "n" * 201])
def test_who_set_a_wish_and_where_are_short_readable_words(text: str) -> None:
    for set_by, where in ((text, "gesprek"), ("Wim", text)):
        with pytest.raises(WishImpossible, match="in which conversation"):
            services.set_wish(SUBJECT, Source.CASE, Choice(True), set_by=set_by, conversation=where, now=NOON)
    assert services.wishes([SUBJECT]) == []


def test_whole_choice_comes_back_with_who_chose_it() -> None:
    lawyer, mother = "a" * 32, "b" * 32
    choice = Choice(
        True,
        Rhythm.WEEKLY,
        Channel.SMS,
        Detail.SOMETHING,
        date(2027, 1, 1),
        weekday=1,
        hours=(9, 17),
        forward=True,
        cover=True,
        others=frozenset({lawyer}),
        words=Register.YOUTH,
    )
    by = frozenset({"person", mother})
    services.set_wish(
        SUBJECT,
        Source.RIGHTS,
        choice,
        set_by="Wim",
        conversation="c",
        now=NOON,
        by=by,
        assessment="IB 12",
    )
    (found,) = services.wishes([SUBJECT])
    assert (found.choice, found.by) == (choice, by)
    assert models.Wish.objects.get().assessment == "IB 12"


def test_first_wish_to_be_told_needs_an_assessment() -> None:
    def choose_without(choice: Choice, source: Source = Source.CASE) -> int:
        return services.set_wish(SUBJECT, source, choice, set_by="Wim", conversation="c", now=NOON).version

    choose_without(Choice(False))
    with pytest.raises(WishImpossible, match="individual assessment"):
        choose_without(Choice(True))
    choose(Choice(True))
    assert choose_without(Choice(True, Rhythm.YEARLY), Source.INTERNET) == 1


def unchanged() -> bool:
    """Whether the planner has nothing to look at; afterwards it has not."""
    changed = models.WishBook.objects.filter(changed=True).exists()
    models.WishBook.objects.update(changed=False)
    return not changed


def test_every_change_is_noticed() -> None:
    acts: list[Callable[[], object]] = [
        lambda: choose(Choice(True)),
        lambda: services.withdraw(SUBJECT, now=NOON),
        lambda: services.pause(SUBJECT, NOON),
        lambda: services.resume(SUBJECT, NOON),
        lambda: services.hold(SUBJECT, set_by="Wim", reason="examen", ends=NOON + DAY, now=NOON),
        lambda: services.harm(SUBJECT, NOON),
        lambda: services.add_quiet(Quiet(SUBJECT, TODAY, TODAY), set_by="Wim", now=NOON),
        lambda: services.lift_quiet(services.quiet_periods(SUBJECT)[0][0], NOON),
    ]
    for act in acts:
        act()
        assert not unchanged()
        assert unchanged()


def test_sign_of_harm_stands_until_a_human_lifts_it() -> None:
    services.harm(SUBJECT, NOON)
    ends = services.harm(SUBJECT, NOON + DAY)
    (hold,) = services.holds([SUBJECT])
    assert (hold.kind, hold.ends) == (HoldKind.HARM, ends)
    assert ends == NOON + DAY + services.HARM
    assert services.resume(SUBJECT, NOON) == 0, "a person's own step lifts no sign of harm"
    assert services.resume(SUBJECT, NOON + DAY, HoldKind.HARM) == 1
    assert not services.holds([SUBJECT])[0].holds(NOON + DAY)


def test_quiet_period_stands_until_it_is_lifted_and_stays_on_record() -> None:
    exams = Quiet(SUBJECT, date(2026, 5, 1), date(2026, 5, 20), kind=QuietKind.EXAMS)
    quiet_id = services.add_quiet(exams, set_by="Wim", now=NOON)
    assert services.quiets([SUBJECT]) == [exams]
    assert services.quiet_periods(SUBJECT) == [(quiet_id, exams)]
    services.lift_quiet(quiet_id, NOON)
    assert services.quiets([SUBJECT]) == []
    assert models.Quiet.objects.get().lifted == NOON
    with pytest.raises(QuietUnknown, match=quiet_id):
        services.lift_quiet(quiet_id, NOON)


def test_quiet_periods_that_leave_a_wish_no_day_are_refused() -> None:
    choose(Choice(True))
    services.add_quiet(Quiet(SUBJECT, date(2026, 1, 1), date(2026, 6, 30), True), set_by="Wim", now=NOON)
    with pytest.raises(WishImpossible, match="no day within a year"):
        services.add_quiet(Quiet(SUBJECT, date(2026, 7, 1), date(2026, 12, 31), True), set_by="Wim", now=NOON)
    assert len(services.quiets([SUBJECT])) == 1


def test_wish_that_finds_no_open_day_is_refused() -> None:
    for first, last in ((date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 2), date(2026, 12, 31))):
        services.add_quiet(Quiet(SUBJECT, first, last, True), set_by="Wim", now=NOON)
    tuesday, wednesday = (Choice(True, Rhythm.WEEKLY, weekday=day) for day in (1, 2))
    assert choose(wednesday) == 1, "1 July 2026 is a Wednesday"
    with pytest.raises(WishImpossible, match="no day within a year"):
        choose(tuesday)
    assert choose(Choice(True, Rhythm.EACH), Source.SAFETY) == 1
