"""T14 by example: an event of safety is tried until it is confirmed, or a human decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luwte.desk.telling.safety import EVERY, MOST, Act, Alert, Step, next_step
from luwte.desk.telling.values import Born, Conflict, Event, Life, Reason, Recipient
from luwte.desk.wishes.rules import Channel, Choice, Hold, HoldKind, Rhythm, Source, Wish

NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)
EVENT = Event("e", "s", Source.SAFETY, NIGHT)
ALERT = Alert(EVENT)
CHOICE = Choice(True, Rhythm.YEARLY, Channel.SMS, hours=(9, 10), weekday=6)


def wish(choice: Choice = CHOICE, *by: str) -> Wish:
    """Return the wish for safety, chosen by the person."""
    return Wish("s", Source.SAFETY, 1, NIGHT, choice, frozenset(by or {"person"}))


def person(year: int = 1990) -> Recipient:
    """Return someone born in `year`."""
    day = date(year, 1, 1)
    return Recipient("s", ZoneInfo("Europe/Amsterdam"), life=Life(Born(day, day)))


def step(
    alert: Alert = ALERT,
    chosen: Wish | None = None,
    *holds: Hold,
    recipient: Recipient | None = None,
    now: datetime = NIGHT,
) -> Step:
    """Return the next step."""
    return next_step(alert, chosen or wish(), holds, recipient or person(), now)


def test_it_is_sent_at_once_whatever_the_hour_weekday_and_rhythm() -> None:
    assert step() == Step(Act.SEND, NIGHT, Reason.DUE)


def test_it_is_tried_again_every_half_hour() -> None:
    alert = Alert(EVENT, 1, NIGHT)
    due = NIGHT + EVERY
    assert step(alert, now=due - timedelta(seconds=1)) == Step(Act.WAIT, due, Reason.ON_ITS_WAY)
    assert step(alert, now=due) == Step(Act.SEND, due, Reason.DUE)


def test_after_two_attempts_or_a_failure_a_care_worker_is_asked_too() -> None:
    assert step(Alert(EVENT, 2, NIGHT - EVERY)) == Step(Act.SEND, NIGHT, Reason.DUE, care=True)
    assert step(Alert(EVENT, 2, NIGHT)).care
    assert step(Alert(EVENT, 1, NIGHT, failed=True)).care
    assert not step(Alert(EVENT, 1, NIGHT)).care


def test_after_the_last_attempt_it_is_left_to_a_human() -> None:
    assert step(Alert(EVENT, MOST - 1, NIGHT - EVERY)).act == Act.SEND
    assert step(Alert(EVENT, MOST, NIGHT)) == Step(Act.HUMAN, NIGHT, Reason.UNOPENED, care=True)


def test_once_confirmed_it_is_done_whatever_changed() -> None:
    confirmed = Alert(EVENT, 3, NIGHT, confirmed=NIGHT)
    assert step(confirmed, wish(Choice(False))).act == Act.DONE


def test_who_does_not_want_it_hears_nothing() -> None:
    assert step(ALERT, wish(Choice(False))) == Step(Act.WITHHOLD, NIGHT, Reason.NOT_WANTED)


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        (replace(person(), conflict=Conflict.CERTAIN), Reason.CONFLICT),
        (replace(person(), conflict=Conflict.DOUBT), Reason.CONFLICT_DOUBT),
        (replace(person(), informed=False), Reason.DOES_NOT_KNOW),
        (
            replace(person(), life=Life(Born(date(1990, 1, 1), date(1990, 1, 1)), deceased=True)),
            Reason.DECEASED,
        ),
        (replace(person(), life=Life(Born())), Reason.AGE_UNKNOWN),
        (person(2018), Reason.FOR_REPRESENTATIVES),
        (person(2012), Reason.FOR_REPRESENTATIVES),
        (replace(person(), stopped=frozenset({Channel.SMS})), Reason.CHANNEL_STOPPED),
    ],
)
def test_where_a_machine_may_not_reach_someone_a_human_decides(recipient: Recipient, reason: Reason) -> None:
    assert step(recipient=recipient) == Step(Act.HUMAN, NIGHT, reason, care=True)


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        (wish(replace(CHOICE, until=date(2026, 3, 1))), Reason.WISH_ENDED),
        (wish(replace(CHOICE, channel=Channel.CARE_WORKER)), Reason.CALL_CHOSEN),
        (wish(replace(CHOICE, channel=Channel.LAWYER)), Reason.THROUGH_LAWYER),
        (wish(CHOICE, "mum"), Reason.CONSENT_MISSING),
        (replace(wish(), since=datetime(2007, 1, 1, tzinfo=UTC)), Reason.ADULT_NOW),
    ],
)
def test_where_the_wish_does_not_carry_it_a_human_decides(chosen: Wish, reason: Reason) -> None:
    assert step(ALERT, chosen) == Step(Act.HUMAN, NIGHT, reason, care=True)


def test_who_was_never_asked_is_left_to_a_human() -> None:
    assert next_step(ALERT, None, [], person(), NIGHT) == Step(
        Act.HUMAN, NIGHT, Reason.NEVER_ASKED, care=True
    )


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (HoldKind.HARM, Reason.HARM),
        (HoldKind.PERSON, Reason.PAUSED),
        (HoldKind.CARE, Reason.HELD_BY_CARE),
    ],
)
def test_during_a_pause_a_human_decides_at_once(kind: HoldKind, reason: Reason) -> None:
    pause = Hold("s", NIGHT, NIGHT + timedelta(days=7), kind)
    assert step(ALERT, wish(), pause) == Step(Act.HUMAN, NIGHT, reason, care=True)
    assert step(ALERT, wish(), pause, now=pause.ends).act == Act.SEND


def test_news_of_any_other_source_cannot_become_an_alert() -> None:
    for source in set(Source) - {Source.SAFETY}:
        with pytest.raises(ValueError, match="safety alone"):
            Alert(replace(EVENT, source=source))
