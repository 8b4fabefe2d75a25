"""The rules of telling by example: what stands in the way of the person, and one contact for the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from luwte.desk.telling.values import (
    Born,
    Conflict,
    Event,
    Life,
    Reason,
    Recipient,
    State,
)
from luwte.desk.wishes.rules import (
    Channel,
    Choice,
    Detail,
    Hold,
    HoldKind,
    Quiet,
    Register,
    Rhythm,
    Source,
)
from tests.support.rules import (
    AMSTERDAM,
    DAY,
    HOUR,
    MONTHLY,
    NOON,
    World,
    finding,
    person,
    representative,
    told,
    wish,
)


def test_what_may_be_told_is_one_contact_in_the_order_it_came() -> None:
    early = finding("z", registered=NOON - 2 * DAY)
    english = replace(MONTHLY, words=Register.ENGLISH, detail=Detail.EVERYTHING)
    [decision] = World([wish(english)], [finding("b"), finding("a"), early]).decide()
    assert (decision.outcome.value, decision.reason) == ("tell", Reason.DUE)
    assert decision.items == ("z", "a", "b")
    assert (decision.channel, decision.detail) == (Channel.EMAIL, Detail.EVERYTHING)
    assert (decision.words, decision.sources) == (Register.ENGLISH, frozenset({Source.CASE}))


def test_a_digest_carries_what_goes_by_the_same_channel_in_the_lowest_detail() -> None:
    wishes = [
        wish(replace(MONTHLY, detail=Detail.EVERYTHING)),
        wish(replace(MONTHLY, detail=Detail.SOMETHING), Source.INTERNET),
        wish(Choice(True), Source.TAKEDOWN),
    ]
    events = [Event("t", "s", Source.TAKEDOWN, NOON)]
    contact, later = World(wishes, [finding(), finding("i", Source.INTERNET)], events).decide()
    assert (contact.items, contact.detail) == (("f", "i"), Detail.SOMETHING)
    assert contact.sources == {Source.CASE, Source.INTERNET}
    assert (later.items, later.reason) == (("t",), Reason.OTHER_CHANNEL)


def test_a_call_that_was_chosen_is_asked_of_a_human() -> None:
    assert World([wish(Choice(True, channel=Channel.CARE_WORKER))]).reasons() == ["call call_chosen"]


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"recipients": (person(deceased=True),)}, ["withhold deceased"]),
        ({"recipients": (person(conflict=Conflict.CERTAIN),)}, ["call conflict"]),
        ({"recipients": (person(conflict=Conflict.DOUBT),)}, ["call conflict_doubt"]),
        ({"recipients": (person(informed=False),)}, ["call does_not_know"]),
        ({"wishes": []}, ["call never_asked"]),
        ({"wishes": [wish(source=Source.INTERNET)]}, ["call never_asked"]),
        ({"wishes": [wish(since=NOON + HOUR)]}, ["call never_asked"]),
        ({"wishes": [wish(Choice(False))]}, ["withhold not_wanted"]),
        ({"wishes": [wish(Choice(False), since=NOON + HOUR)]}, ["withhold not_wanted"]),
        ({"wishes": [wish(replace(MONTHLY, until=date(2026, 3, 2)))]}, ["tell due"]),
        ({"wishes": [wish(replace(MONTHLY, until=date(2026, 3, 1)))]}, ["call wish_ended"]),
        ({"wishes": [wish(replace(MONTHLY, rhythm=Rhythm.ON_REQUEST))]}, ["wait only_when_asked"]),
        ({"recipients": (person(stopped=frozenset({Channel.EMAIL})),)}, ["withhold channel_stopped"]),
        ({"recipients": (person(stopped=frozenset({Channel.SMS})),)}, ["tell due"]),
        ({"findings": [finding(identical=0, near=3)]}, ["withhold not_confirmed"]),
        ({"findings": [finding(identical=0, near=3, confirmed=1)]}, ["tell due"]),
        ({"findings": [finding(identical=0, quarantined=3)]}, ["withhold quarantined"]),
        ({"findings": [finding(quarantined=3)]}, ["tell due"]),
        ({"findings": []}, ["nothing nothing_new"]),
    ],
)
def test_what_stands_in_the_way_of_the_person(changes: dict[str, Any], reasons: list[str]) -> None:
    assert World(**changes).reasons() == reasons


def test_each_open_item_has_one_decision_and_what_was_told_has_none() -> None:
    findings = [finding(), finding("n", identical=0, near=1), finding("i", Source.INTERNET), finding("old")]
    world = World(findings=findings, history=[told(NOON - 60 * DAY, "old")])
    assert sorted(item for one in world.decide() for item in one.items) == ["f", "i", "n"]


@pytest.mark.parametrize("state", list(State))
def test_only_what_certainly_never_left_is_told_again(state: State) -> None:
    reasons = World(history=[told(NOON - 60 * DAY, "f", state=state)]).reasons()
    again = state in (State.WITHHELD, State.REFUSED)
    assert reasons == (["tell due"] if again else ["nothing nothing_new"])


def test_what_is_on_its_way_goes_before_the_next() -> None:
    assert World(history=[told(NOON - HOUR, "g", state=State.PLANNED)]).reasons() == ["wait on_its_way"]


@pytest.mark.parametrize(
    ("rhythm", "last", "due"),
    [
        (Rhythm.WEEKLY, datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 8, 9, tzinfo=UTC)),
        (Rhythm.MONTHLY, datetime(2026, 2, 28, 9, tzinfo=UTC), datetime(2026, 3, 28, 9, tzinfo=UTC)),
        (Rhythm.MONTHLY, datetime(2026, 2, 2, 13, tzinfo=UTC), datetime(2026, 3, 2, 13, tzinfo=UTC)),
        (Rhythm.QUARTERLY, datetime(2025, 12, 31, 9, tzinfo=UTC), datetime(2026, 3, 31, 8, tzinfo=UTC)),
        (Rhythm.YEARLY, datetime(2025, 12, 30, 9, tzinfo=UTC), datetime(2026, 12, 30, 9, tzinfo=UTC)),
    ],
)
def test_the_rhythm_goes_by_the_calendar(rhythm: Rhythm, last: datetime, due: datetime) -> None:
    world = World([wish(Choice(True, rhythm, Channel.EMAIL))], history=[told(last, "g")])
    [decision] = world.decide()
    assert (decision.reason, decision.next_at) == (Reason.RHYTHM, due)
    assert replace(world, now=due).reasons() == ["tell due"]
    assert world.look() == due


def test_a_contact_about_another_source_counts_for_the_ceiling_alone() -> None:
    other = told(NOON - DAY, "i", sources=frozenset({Source.INTERNET}))
    [decision] = World(history=[other]).decide()
    assert (decision.reason, decision.next_at) == (Reason.CEILING, NOON + 6 * DAY)


def test_what_was_asked_for_counts_for_nothing() -> None:
    assert World(history=[told(NOON - HOUR, "g", asked=True)]).reasons() == ["tell due"]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((HoldKind.CARE,), "wait held_by_care"),
        ((HoldKind.CARE, HoldKind.PERSON), "wait paused"),
        ((HoldKind.PERSON, HoldKind.HARM, HoldKind.CARE), "call harm"),
    ],
)
def test_a_pause_stops_everything_until_the_last_ends(kinds: tuple[HoldKind, ...], expected: str) -> None:
    holds = [Hold("s", NOON, NOON + (count + 1) * DAY, kind) for count, kind in enumerate(kinds)]
    world = World(holds=holds)
    assert world.reasons() == [expected]
    assert [one.next_at for one in world.decide()] == [holds[-1].ends]
    assert replace(world, now=holds[-1].ends).reasons() == ["tell due"]


def test_a_pause_of_a_care_worker_that_is_to_come_is_looked_at_when_it_begins() -> None:
    world = World(holds=[Hold("s", NOON + DAY, NOON + 2 * DAY, HoldKind.CARE)])
    assert world.reasons() == ["tell due"]
    assert world.look() == NOON + DAY


def test_a_sign_of_harm_that_ends_before_a_pause_is_looked_at_when_it_ends() -> None:
    harm, pause = (
        Hold("s", NOON, NOON + DAY, HoldKind.HARM),
        Hold("s", NOON, NOON + 9 * DAY, HoldKind.PERSON),
    )
    world = World(holds=[harm, pause])
    assert world.reasons() == ["call harm"]
    assert world.look() == harm.ends
    assert replace(world, now=harm.ends).reasons() == ["wait paused"]


def test_unopened_contacts_in_a_row_ask_for_a_call_once_they_are_old_enough() -> None:
    rows = [told(NOON - days * DAY, f"g{days}", id=f"c{days}") for days in (54, 34, 14)]
    weekly = [wish(Choice(True, Rhythm.WEEKLY, Channel.EMAIL), since=NOON - 90 * DAY)]
    world = World(weekly, history=rows)
    assert world.reasons() == ["call unopened"]
    assert replace(world, now=NOON - HOUR).reasons() == ["tell due"]
    assert replace(world, now=NOON - HOUR).look() == NOON
    assert replace(world, history=rows[1:]).reasons() == ["tell due"]
    assert replace(world, history=[rows[0], replace(rows[1], opened=NOON), rows[2]]).reasons() == ["tell due"]
    assert replace(world, recipients=(person(seen=rows[0].at),)).reasons() == ["tell due"]
    in_portal = [replace(row, channel=Channel.PORTAL) for row in rows]
    assert replace(world, history=in_portal).reasons() == ["tell due"]
    empty = [replace(rows[0], items=frozenset()), *rows[1:]]
    assert replace(world, history=empty).reasons() == ["tell due"]


def test_quiet_and_hours_postpone_and_say_until_when() -> None:
    court = Quiet("s", date(2026, 3, 2), date(2026, 3, 3))
    [decision] = World([wish(replace(MONTHLY, hours=(9, 17)))], holds=[court]).decide()
    assert (decision.reason, decision.next_at) == (Reason.QUIET, datetime(2026, 3, 4, 8, tzinfo=UTC))
    [evening] = World([wish(replace(MONTHLY, hours=(18, 20)))]).decide()
    assert (evening.reason, evening.next_at) == (Reason.HOURS, datetime(2026, 3, 2, 17, tzinfo=UTC))


def test_a_rhythm_that_comes_due_in_quiet_waits_for_its_end() -> None:
    quiet = Quiet("s", date(2026, 3, 20), date(2026, 4, 2))
    [decision] = World(holds=[quiet], history=[told(NOON - 4 * DAY, "g")]).decide()
    assert (decision.reason, decision.next_at) == (Reason.RHYTHM, datetime(2026, 4, 2, 22, tzinfo=UTC))


COVER = replace(MONTHLY, rhythm=Rhythm.WEEKLY, cover=True)


def test_a_cover_comes_at_each_turn_without_news() -> None:
    world = World([wish(COVER)], [], now=NOON + 7 * DAY)
    [decision] = world.decide()
    assert (decision.outcome.value, decision.reason, decision.items) == ("tell", Reason.COVER, ())
    assert (decision.channel, decision.detail) == (Channel.EMAIL, Detail.SOMETHING)
    assert decision.sources == {Source.CASE}
    early = replace(world, now=NOON + 7 * DAY - HOUR)
    assert early.reasons() == ["nothing nothing_new"]
    assert early.look() == NOON + 7 * DAY


def test_a_cover_goes_along_with_news_and_comes_after_what_waits() -> None:
    wishes = [wish(COVER), wish(source=Source.INTERNET)]
    news = World(wishes, [finding("i", Source.INTERNET)], now=NOON + 7 * DAY)
    [contact] = news.decide()
    assert (contact.reason, contact.sources) == (Reason.DUE, frozenset({Source.CASE, Source.INTERNET}))
    waits = replace(news, findings=[finding("n", identical=0, near=1)])
    assert waits.reasons() == ["withhold not_confirmed", "tell cover"]
    elsewhere = replace(news, wishes=[wish(replace(COVER, channel=Channel.SMS)), wishes[1]])
    assert [one.sources for one in elsewhere.decide()] == [{Source.INTERNET}]


def test_a_pause_and_quiet_stop_a_cover_too() -> None:
    world = World([wish(COVER)], [], now=NOON + 7 * DAY)
    pause = Hold("s", NOON, NOON + 20 * DAY, HoldKind.PERSON)
    assert replace(world, holds=[pause]).reasons() == ["nothing nothing_new"]
    assert replace(world, holds=[pause]).look() == pause.ends
    quiet = Quiet("s", date(2026, 3, 9), date(2026, 3, 9))
    assert replace(world, holds=[quiet]).reasons() == ["nothing nothing_new"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"recipients": (person(deceased=True),)}, "withhold deceased"),
        ({"recipients": (person(informed=False),)}, "call does_not_know"),
        ({"wishes": []}, "call never_asked"),
        ({"wishes": [wish(MONTHLY, Source.CASE, "mum")]}, "call consent_missing"),
        ({"wishes": [wish(replace(MONTHLY, until=date(2026, 3, 1)))]}, "call wish_ended"),
        ({"wishes": [wish(Choice(False))]}, "nothing nothing_new"),
        ({"wishes": [wish(Choice(False), Source.CASE, "mum")]}, "nothing nothing_new"),
    ],
)
def test_with_nothing_open_a_human_may_still_have_to_ask(changes: dict[str, Any], reason: str) -> None:
    assert World(findings=[], **changes).reasons() == [reason]


def test_events_of_safety_are_no_item() -> None:
    event = Event("e", "s", Source.SAFETY, NOON)
    assert World([wish(source=Source.SAFETY)], [], [event]).reasons() == ["nothing nothing_new"]


def test_an_unknown_birth_date_is_asked_about() -> None:
    unknown = Recipient("s", AMSTERDAM, life=Life(Born()))
    assert World(recipients=(unknown,)).reasons() == ["call age_unknown"]


def test_each_recipient_is_decided_for_in_the_given_order() -> None:
    others = [replace(person(), subject=name) for name in ("b", "a")]
    decided = World(recipients=(*others, person())).decide()
    assert [(one.subject, one.reason) for one in decided] == [
        ("b", Reason.NEVER_ASKED),
        ("a", Reason.NEVER_ASKED),
        ("s", Reason.DUE),
    ]


def test_a_subject_without_its_person_is_refused() -> None:
    for recipients in [(representative("mum"),), (person(), person())]:
        with pytest.raises(ValueError, match="the person"):
            World(recipients=recipients).decide()


def test_the_end_of_a_wish_is_looked_at_after_its_last_day() -> None:
    world = World([wish(replace(MONTHLY, until=date(2026, 3, 2)))])
    midnight = datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert world.look() == midnight
    assert replace(world, now=midnight).reasons() == ["call wish_ended"]


def test_when_nothing_can_change_by_itself_there_is_no_next_look() -> None:
    assert World(findings=[]).look() is None


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_ends_of_the_calendar_are_no_moment_to_look_and_stop_nobody(zone: str) -> None:
    ada = representative("ada", ends=date.max)
    for until in (date.max, date.max - timedelta(days=1)):
        ends = World([wish(replace(MONTHLY, until=until))], findings=[])
        ends.recipients = replace(person(), zone=ZoneInfo(zone)), ada
        assert ends.look() is None
