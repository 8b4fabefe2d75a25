from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.wishes import checks
from luwte.desk.wishes.errors import WishImpossible
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Quiet, Register, Rhythm, Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
ADA, MO = "a" * 32, "b" * 32

IMPOSSIBLE = [
    (Source.CASE, Choice(True, Rhythm.EACH, weekday=1), "weekday goes with a fixed rhythm"),
    (Source.CASE, Choice(True, Rhythm.ON_REQUEST, weekday=1), "weekday goes with a fixed rhythm"),
    (Source.CASE, Choice(True, weekday=7), "no such day of the week"),
    (Source.CASE, Choice(True, weekday=-1), "no such day of the week"),
    (Source.CASE, Choice(True, hours=(9, 9)), "hours are empty"),
    (Source.CASE, Choice(True, hours=(17, 9)), "hours are empty"),
    (Source.CASE, Choice(True, hours=(9, 25)), "hours are empty"),
    (Source.CASE, Choice(True, hours=(-1, 9)), "hours are empty"),
    (Source.CASE, Choice(False, hours=(9, 25)), "hours are empty"),
    (Source.CASE, Choice(True, Rhythm.EACH, Channel.EMAIL, cover=True), "needs a fixed rhythm"),
    (Source.CASE, Choice(True, Rhythm.ON_REQUEST, Channel.EMAIL, cover=True), "needs a fixed rhythm"),
    (Source.CASE, Choice(True, channel=Channel.PORTAL, cover=True), "needs e-mail, SMS or a letter"),
    (Source.CASE, Choice(True, channel=Channel.CARE_WORKER, cover=True), "needs e-mail, SMS or a letter"),
    (Source.CASE, Choice(True, channel=Channel.LAWYER, cover=True), "needs e-mail, SMS or a letter"),
    (Source.CASE, Choice(True, forward=True), "Only a right can lapse"),
    (Source.SAFETY, Choice(True, Rhythm.WEEKLY), "cannot wait for a rhythm"),
    (Source.SAFETY, Choice(True, Rhythm.ON_REQUEST), "cannot wait for a rhythm"),
    (Source.SAFETY, Choice(True, Rhythm.EACH, Channel.LETTER), "comes too late"),
    (Source.SAFETY, Choice(True, Rhythm.EACH, hours=(9, 17)), "at any hour"),
    (Source.CASE, Choice(True, others=frozenset({PERSON})), "told anyway"),
    (Source.CASE, Choice(True, until=TODAY - 2 * DAY), "is over"),
]
POSSIBLE = [
    (Source.CASE, Choice(True, Rhythm.WEEKLY, weekday=6, hours=(0, 1))),
    (Source.CASE, Choice(True, Rhythm.EACH, hours=(23, 24))),
    (Source.CASE, Choice(True, Rhythm.YEARLY, Channel.LETTER, cover=True)),
    (Source.RIGHTS, Choice(True, forward=True)),
    (Source.SAFETY, Choice(True, Rhythm.EACH, Channel.SMS)),
    (Source.CASE, Choice(True, others=frozenset({ADA}), until=TODAY)),
]


@pytest.mark.parametrize(("source", "choice", "match"), IMPOSSIBLE)
def test_what_contradicts_itself_is_refused_with_what_to_change(
    source: Source, choice: Choice, match: str
) -> None:
    with pytest.raises(WishImpossible, match=match) as refused:
        checks.check_choice(source, choice, NOW)
    assert str(refused.value).rstrip(".").count(". ") == 1, "one sentence on what, one on what to do"


@pytest.mark.parametrize(("source", "choice"), POSSIBLE)
def test_what_can_be_kept_is_taken(source: Source, choice: Choice) -> None:
    checks.check_choice(source, choice, NOW)


@given(
    st.sampled_from(Source),
    st.sampled_from(Rhythm),
    st.sampled_from(Channel),
    st.booleans(),
    st.booleans(),
    st.none() | st.dates(),
)
def test_to_want_nothing_is_never_refused(
    source: Source, rhythm: Rhythm, channel: Channel, forward: bool, cover: bool, until: date | None
) -> None:
    """T1: whoever stops is let stop, whatever else the form says."""
    choice = Choice(False, rhythm, channel, until=until, weekday=1, forward=forward, cover=cover)
    checks.check_choice(source, choice, NOW)
    checks.check_parties(choice, {"x"}, [], [])


def test_last_day_counts_until_it_is_over_everywhere() -> None:
    evening = Choice(True, until=TODAY)
    checks.check_choice(Source.CASE, evening, NOW + timedelta(hours=23))
    with pytest.raises(WishImpossible):
        checks.check_choice(Source.CASE, evening, NOW + timedelta(hours=25))


def test_who_chose_is_the_person_or_has_a_mandate() -> None:
    checks.check_parties(Choice(True), {PERSON, ADA}, [ADA], [])
    with pytest.raises(WishImpossible, match="One of those who chose this"):
        checks.check_parties(Choice(True), {PERSON, ADA}, [MO], [])


def test_others_have_a_mandate() -> None:
    checks.check_parties(Choice(True, others=frozenset({ADA})), {PERSON}, [ADA], [])
    with pytest.raises(WishImpossible, match="told too is no representative"):
        checks.check_parties(Choice(True, others=frozenset({ADA})), {PERSON}, [MO], [])


def test_channel_lawyer_needs_a_lawyer() -> None:
    through = Choice(True, channel=Channel.LAWYER)
    checks.check_parties(through, {PERSON}, [ADA], [ADA])
    with pytest.raises(WishImpossible, match="no lawyer"):
        checks.check_parties(through, {PERSON}, [ADA], [])


def test_somebody_chose_it() -> None:
    with pytest.raises(WishImpossible, match="Somebody must have chosen"):
        checks.check_setting([], Choice(True), set(), ("Wim", "gesprek"), "beoordeling")


@pytest.mark.parametrize(
    ("first", "last", "yearly", "match"),
    [
        (TODAY, TODAY - DAY, False, "ends before it begins"),
        (TODAY, TODAY - DAY, True, "ends before it begins"),
        (TODAY, TODAY + 366 * DAY, False, "at most a year"),
        (date(2026, 1, 1), date(2027, 1, 1), True, "whole year"),
        (date(2026, 1, 1), date(2026, 12, 31), True, "whole year"),
        (date(2026, 6, 1), date(2028, 5, 31), True, "at most a year"),
        (date(2027, 3, 1), date(2028, 2, 29), True, "whole year"),
        (date(2024, 2, 29), date(2025, 2, 28), True, "whole year"),
        (TODAY - 9 * DAY, TODAY - 2 * DAY, False, "is over"),
    ],
)
def test_impossible_quiet_period_is_refused(first: date, last: date, yearly: bool, match: str) -> None:
    with pytest.raises(WishImpossible, match=match):
        checks.check_quiet(Quiet("s", first, last, yearly), NOW)


@pytest.mark.parametrize(
    ("first", "last", "yearly"),
    [
        (TODAY, TODAY, False),
        (TODAY, TODAY + 365 * DAY, False),
        (date(2025, 12, 20), date(2026, 1, 5), True),
        (date(2020, 2, 29), date(2020, 2, 29), True),
        (date(2026, 1, 2), date(2026, 12, 31), True),
    ],
)
def test_possible_quiet_period_is_taken(first: date, last: date, yearly: bool) -> None:
    checks.check_quiet(Quiet("s", first, last, yearly), NOW)


def test_quiet_periods_must_leave_the_weekday_some_day() -> None:
    early = Quiet("s", date(2020, 1, 1), date(2020, 6, 30), True)
    late = Quiet("s", date(2020, 7, 2), date(2020, 12, 31), True)
    checks.check_room([Choice(True), Choice(True, weekday=2)], [early, late], NOW)
    with pytest.raises(WishImpossible, match="no day within a year"):
        checks.check_room([Choice(True, weekday=1)], [early, late], NOW)
    free = [Choice(True, Rhythm.ON_REQUEST), Choice(False)]
    checks.check_room(free, [early, Quiet("s", date(2020, 7, 1), date(2020, 12, 31), True)], NOW)


def refused(parse: Callable[[str], object], text: str) -> None:
    """`parse` refuses `text` in a sentence that names it."""
    with pytest.raises(WishImpossible) as error:
        parse(text)
    assert repr(text) in str(error.value)


def test_words_and_hours_are_read_or_refused() -> None:
    assert checks.register_of("nl-youth") == Register.YOUTH
    assert checks.hours_of("9-17") == (9, 17)
    assert checks.hours_of(" 0 - 24 ") == (0, 24)
    for text in ("", "9", "a-b", "9-17-20", "-1-9", "٩-17", "900-1000"):
        refused(checks.hours_of, text)
    refused(checks.register_of, "fr")
