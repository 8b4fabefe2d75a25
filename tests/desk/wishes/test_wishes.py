from __future__ import annotations

from datetime import date, timedelta

import pytest

from luwte.desk.wishes import models, services
from luwte.desk.wishes.errors import WishesAreNeverEdited, WishImpossible
from luwte.desk.wishes.rules import Channel, Choice, HoldKind, Rhythm, Source, latest
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db

SUBJECT = "ab" * 16
DAY = timedelta(days=1)


def choose(choice: Choice, source: Source = Source.CASE) -> int:
    """Record `choice` and return its version."""
    return services.set_wish(SUBJECT, source, choice, set_by="Wim", conversation="gesprek", now=NOON).version


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
