"""The rules of telling by example: representatives, the steps of the ladder, and rights that would lapse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from luwte.desk.telling.values import (
    Conflict,
    Kind,
    Reason,
    Recipient,
    State,
    Told,
)
from luwte.desk.wishes.rules import (
    PERSON,
    Channel,
    Choice,
    Detail,
    Hold,
    HoldKind,
    Quiet,
    Register,
    Source,
)
from tests.support.rules import (
    DAY,
    MONTHLY,
    NOON,
    World,
    family,
    person,
    representative,
    right,
    told,
    wish,
)

PARENTS = ("mum", "dad")


def test_of_a_child_the_parents_hear_and_the_child_does_not() -> None:
    world = World([wish(MONTHLY, Source.CASE, *PARENTS)], recipients=family())
    assert world.reasons() == ["withhold for_representatives"]
    assert world.reasons("mum") == world.reasons("dad") == ["tell due"]
    assert [one.channel for one in world.decide()] == [None, Channel.PORTAL, Channel.PORTAL]


def test_with_one_parent_in_conflict_nobody_hears_and_a_human_is_asked() -> None:
    suspect = representative("dad", holder=True, conflict=Conflict.CERTAIN)
    world = World([wish(MONTHLY, Source.CASE, *PARENTS)], recipients=family(suspect))
    assert world.reasons() == ["call authority_unclear"]
    assert world.reasons("mum") == ["withhold not_chosen"]
    assert world.reasons("dad") == ["withhold conflict"]
    doubt = replace(world, recipients=family(replace(suspect, conflict=Conflict.DOUBT)))
    assert doubt.reasons("dad") == ["call conflict_doubt"]


def test_a_curator_hears_instead_of_the_parents() -> None:
    curator = representative("curator", Kind.CURATOR)
    world = World([wish(MONTHLY, Source.CASE, "curator")], recipients=family(curator))
    assert world.reasons("curator") == ["tell due"]
    assert world.reasons("mum") == world.reasons("dad") == ["withhold not_chosen"]


def test_a_mandate_ends_with_its_last_day() -> None:
    last = representative("mum", holder=True, ends=date(2026, 3, 2))
    world = World([wish(MONTHLY, Source.CASE, *PARENTS)], recipients=family(last))
    midnight = datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert world.reasons("mum") == ["tell due"]
    assert world.look() == midnight
    assert replace(world, now=midnight).reasons("mum") == ["withhold mandate_ended"]


@pytest.mark.parametrize(
    ("day", "by", "reasons"),
    [
        (date(2014, 3, 3), PARENTS, ["call consent_missing"]),
        (date(2014, 3, 3), (*PARENTS, PERSON), ["tell due"]),
        (date(2010, 3, 3), (*PARENTS, PERSON), ["tell due"]),
        (date(2008, 3, 3), (PERSON,), ["call adult_now"]),
    ],
)
def test_turning_12_16_and_18_is_looked_at_at_midnight(
    day: date, by: tuple[str, ...], reasons: list[str]
) -> None:
    world = World([wish(MONTHLY, Source.CASE, *by)], recipients=family(day=day))
    midnight = datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert world.look() == midnight
    assert replace(world, now=midnight).reasons() == reasons
    assert replace(world, now=midnight).reasons("mum") == ["withhold not_chosen"]


def test_someone_of_29_february_is_looked_at_on_both_days() -> None:
    world = World(recipients=(person(date(2008, 2, 29)),), now=NOON - 10 * DAY)
    between = datetime(2026, 2, 27, 23, tzinfo=UTC)
    world = replace(world, wishes=[wish(since=NOON - 20 * DAY)])
    assert world.look() == between
    assert replace(world, now=between).reasons() == ["call age_unknown"]
    assert replace(world, now=between).look() == between + DAY
    assert replace(world, now=between + DAY).reasons() == ["call adult_now"]


def test_a_representative_who_was_named_hears_when_informed() -> None:
    aunt = representative("aunt")
    named = replace(MONTHLY, others=frozenset({"aunt"}))
    world = World([wish(named)], recipients=(person(), aunt))
    assert world.reasons("aunt") == ["tell due"]
    assert replace(world, wishes=[wish()]).reasons("aunt") == ["withhold not_chosen"]
    not_yet = (person(), replace(aunt, informed=False))
    assert replace(world, recipients=not_yet).reasons("aunt") == ["call does_not_know"]


def test_of_an_adult_only_a_curator_who_chose_hears_as_well() -> None:
    curator, aunt = representative("curator", Kind.CURATOR), representative("aunt")
    world = World([wish(MONTHLY, Source.CASE, "curator", "aunt")], recipients=(person(), curator, aunt))
    assert world.reasons("curator") == ["tell due"]
    assert world.reasons("aunt") == ["withhold not_chosen"]
    assert replace(world, wishes=[wish()]).reasons("curator") == ["withhold not_chosen"]


def test_what_was_chosen_to_go_through_a_lawyer() -> None:
    lawyer = representative("lawyer", Kind.LAWYER)
    world = World([wish(replace(MONTHLY, channel=Channel.LAWYER))], recipients=(person(), lawyer))
    assert world.reasons() == ["withhold through_lawyer"]
    assert world.reasons("lawyer") == ["tell due"]
    for barred in (
        replace(lawyer, conflict=Conflict.DOUBT),
        replace(lawyer, informed=False),
        representative("lawyer", Kind.LAWYER, ends=date(2026, 3, 1)),
    ):
        assert replace(world, recipients=(person(), barred)).reasons() == ["call no_lawyer"]


MONTH_OFF = told(NOON - 10 * DAY, "g", sources=frozenset({Source.RIGHTS}))


@pytest.mark.parametrize(
    ("forward", "lapses", "reason"),
    [
        (False, NOON + DAY, "wait rhythm"),
        (True, NOON + DAY, "tell due"),
        (True, datetime(2026, 3, 20, 12, tzinfo=UTC), "tell due"),
        (True, datetime(2026, 3, 20, 12, 0, 1, tzinfo=UTC), "wait rhythm"),
        (True, NOON, "withhold right_lapsed"),
    ],
)
def test_a_right_comes_before_its_rhythm_only_if_chosen(forward: bool, lapses: datetime, reason: str) -> None:
    wishes = [wish(replace(MONTHLY, forward=forward), Source.RIGHTS)]
    world = World(wishes, [], [right(lapses)], [MONTH_OFF])
    assert world.reasons() == [reason]


def test_the_ceiling_and_quiet_hold_for_a_right_that_comes_first() -> None:
    wishes = [wish(replace(MONTHLY, forward=True), Source.RIGHTS)]
    recent = replace(MONTH_OFF, at=NOON - DAY)
    [decision] = World(wishes, [], [right(NOON + 8 * DAY)], [recent]).decide()
    assert (decision.reason, decision.next_at) == (Reason.CEILING, NOON + 6 * DAY)
    [too_late] = World(wishes, [], [right(NOON + 6 * DAY)], [recent]).decide()
    assert too_late.reason == Reason.RHYTHM


STANDING = representative("lawyer", Kind.LAWYER, standing=True, channel=Channel.EMAIL)


def test_a_standing_lawyer_is_asked_when_a_right_would_lapse_untold() -> None:
    world = World([], [], [right(NOON + DAY)], recipients=(person(), STANDING))
    lawyers = world.decide()[1]
    assert (lawyers.outcome.value, lawyers.reason) == ("tell", Reason.RIGHT_LAPSES)
    assert (lawyers.channel, lawyers.detail, lawyers.words) == (Channel.EMAIL, Detail.BANDS, Register.DUTCH)
    assert replace(world, now=NOON + DAY).reasons("lawyer") == ["withhold right_lapsed"]
    assert world.look() == NOON + DAY


@pytest.mark.parametrize(
    ("choice", "history", "asked"),
    [
        (MONTHLY, [], False),
        (MONTHLY, [MONTH_OFF], True),
        (replace(MONTHLY, forward=True), [MONTH_OFF], False),
        (Choice(False), [], True),
        (MONTHLY, [told(NOON - DAY, "r")], False),
        (MONTHLY, [told(NOON - DAY, "r", state=State.WITHHELD)], False),
    ],
)
def test_a_standing_lawyer_is_asked_only_when_the_person_will_not_hear_in_time(
    choice: Choice, history: list[Told], asked: bool
) -> None:
    world = World(
        [wish(choice, Source.RIGHTS)], [], [right(NOON + 2 * DAY)], history, recipients=(person(), STANDING)
    )
    assert (world.reasons("lawyer") == ["tell right_lapses"]) == asked


def test_pauses_quiet_and_rhythm_are_the_persons_but_the_ceiling_holds_for_the_lawyer() -> None:
    quiet = Quiet("s", date(2026, 3, 1), date(2026, 3, 31))
    pause = Hold("s", NOON, NOON + 20 * DAY, HoldKind.PERSON)
    world = World(
        [wish(source=Source.RIGHTS)],
        [],
        [right(NOON + 9 * DAY)],
        holds=[quiet, pause],
        recipients=(person(), STANDING),
    )
    assert world.reasons("lawyer") == ["tell right_lapses"]
    before = told(NOON - DAY, "x", recipient="lawyer")
    [_, decision] = replace(world, history=[before]).decide()
    assert (decision.reason, decision.next_at) == (Reason.CEILING, NOON + 6 * DAY)
    on_its_way = replace(before, state=State.PLANNED)
    assert replace(world, history=[on_its_way]).reasons("lawyer") == ["wait on_its_way"]
    stopped = replace(STANDING, stopped=frozenset({Channel.EMAIL}))
    assert replace(world, recipients=(person(), stopped)).reasons("lawyer") == ["withhold channel_stopped"]


@pytest.mark.parametrize(
    ("lawyer", "reason"),
    [
        (replace(STANDING, conflict=Conflict.CERTAIN), "withhold conflict"),
        (replace(STANDING, informed=False), "withhold not_chosen"),
        (representative("lawyer", Kind.LAWYER), "withhold not_chosen"),
        (
            representative("lawyer", Kind.LAWYER, standing=True, ends=date(2026, 3, 1)),
            "withhold mandate_ended",
        ),
        (
            representative("lawyer", Kind.LAWYER, standing=True, channel=Channel.CARE_WORKER),
            "call right_lapses",
        ),
    ],
)
def test_a_right_that_would_lapse_goes_to_nobody_who_may_not_hear(lawyer: Recipient, reason: str) -> None:
    world = World([], [], [right(NOON + DAY)], recipients=(person(), lawyer))
    assert world.reasons("lawyer") == [reason]
