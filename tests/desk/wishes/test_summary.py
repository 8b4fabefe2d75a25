"""Whatever was chosen is read back whole, in words that claim nothing and are easy to read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.wishes.rules import (
    PERSON,
    Channel,
    Choice,
    Detail,
    Quiet,
    QuietKind,
    Register,
    Rhythm,
    Source,
    Wish,
)
from luwte.desk.wishes.summary import PHRASES, summary
from luwte.desk.words.claims import breaches
from luwte.desk.words.readability import too_hard

AMSTERDAM, YORK = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/New_York")
SINCE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2032, 12, 31))
HOURS = st.integers(0, 23).flatmap(lambda first: st.tuples(st.just(first), st.integers(first + 1, 24)))
CHOICES = st.builds(
    Choice,
    told=st.sampled_from([True, True, True, False]),
    rhythm=st.sampled_from(Rhythm),
    channel=st.sampled_from(Channel),
    detail=st.sampled_from(Detail),
    until=st.none() | DAYS,
    weekday=st.none() | st.integers(0, 6),
    hours=st.just((0, 24)) | HOURS,
    forward=st.booleans(),
    cover=st.booleans(),
    others=st.frozensets(st.sampled_from(["a", "b", "c"])),
)
BY = st.sampled_from([frozenset({PERSON}), frozenset({"a"}), frozenset({PERSON, "a"})])
WISHES = st.builds(
    Wish, st.just("s"), st.sampled_from(Source), st.integers(1, 3), st.just(SINCE), CHOICES, BY
)
QUIETS = st.builds(Quiet, st.just("s"), DAYS, DAYS, st.booleans(), st.sampled_from(QuietKind))


def wish(source: Source = Source.CASE, by: frozenset[str] = frozenset({PERSON}), **choice: object) -> Wish:
    return Wish("s", source, 1, SINCE, Choice(True, **choice), by)  # type: ignore[arg-type]


def of(one: Wish, register: Register = Register.ENGLISH, zone: ZoneInfo = AMSTERDAM) -> str:
    return summary([one], [], register, zone, {"a": "Ans", "b": "Bea"})[list(Source).index(one.source)]


@given(st.lists(WISHES, max_size=6), st.lists(QUIETS, max_size=3), st.sampled_from(Register), st.booleans())
def test_every_choice_is_read_back_whole_and_easy(
    wishes: list[Wish], quiets: list[Quiet], register: Register, far: bool
) -> None:
    found = summary(wishes, quiets, register, YORK if far else AMSTERDAM, {"a": "Ans", "b": "Bea"})
    assert len(found) == len(Source) + len(quiets)
    for text in found:
        assert text.endswith(".")
        assert not {"{", "}"} & set(text)
        assert not {"  ", "..", " ,", " ."} & {text[i : i + 2] for i in range(len(text))}
        assert not breaches(text, register)
        assert not too_hard(text, register), text


def test_a_choice_in_english() -> None:
    chosen = wish(
        rhythm=Rhythm.MONTHLY, weekday=1, hours=(9, 17), channel=Channel.EMAIL, others=frozenset("ab")
    )
    assert of(chosen) == (
        "Investigations by the police: You hear from us at most once a month. "
        "That is on a Tuesday, between 9 and 17 o'clock. "
        "A neutral e-mail says that a message is waiting for you. We say roughly how much it is. "
        "Ans and Bea may hear this too. This holds until you choose something else. "
        "You chose this on 2 March 2026."
    )


def test_a_choice_in_dutch_of_young_people() -> None:
    chosen = wish(
        Source.RIGHTS,
        frozenset({"a"}),
        rhythm=Rhythm.ON_REQUEST,
        until=date(2027, 3, 1),
        others=frozenset("a"),
    )
    assert of(chosen, Register.YOUTH) == (
        "Je rechten: Je vraagt zelf of er iets is. Het antwoord lees je op onze website. "
        "Wij sturen niets uit onszelf. Wij zeggen ongeveer hoeveel het is. Ook Ans mag dit horen. "
        "Dit geldt tot en met 1 maart 2027. Daarna vragen wij opnieuw wat je wilt. "
        "Dit is voor je gekozen op 2 maart 2026."
    )


@pytest.mark.parametrize(
    ("hours", "said"),
    [((9, 17), "between 9 and 17 o'clock"), ((9, 24), "from 9 o'clock on"), ((0, 17), "before 17 o'clock")],
)
def test_hours(hours: tuple[int, int], said: str) -> None:
    assert said in of(wish(hours=hours))
    assert "o'clock" not in of(wish())


def test_a_clock_elsewhere_is_named() -> None:
    assert "clock of New York" in of(wish(hours=(9, 17)), zone=YORK)
    assert "clock of" not in of(wish(), zone=YORK)


def test_safety_comes_at_night_too_and_has_no_rhythm() -> None:
    text = of(wish(Source.SAFETY, rhythm=Rhythm.YEARLY, hours=(9, 17)))
    assert "also at night" in text
    assert "year" not in text
    assert "o'clock" not in text


def test_what_was_not_chosen_is_said_too() -> None:
    found = summary([], [], Register.ENGLISH, AMSTERDAM)
    assert found[0] == "Investigations by the police: Nothing was chosen about this yet. So we send nothing."


def test_the_highest_version_counts() -> None:
    old = Wish("s", Source.CASE, 1, SINCE, Choice(True))
    new = Wish("s", Source.CASE, 2, SINCE, Choice(False))
    assert "You hear nothing about this." in summary([new, old], [], Register.ENGLISH, AMSTERDAM)[0]


def test_quiet_periods() -> None:
    exams = Quiet("s", date(2026, 5, 11), date(2026, 5, 28), kind=QuietKind.EXAMS)
    yearly = Quiet("s", date(2026, 6, 3), date(2026, 6, 3), yearly=True)
    assert summary([], [yearly, exams], Register.ENGLISH, AMSTERDAM)[-2:] == [
        "From 11 May 2026 up to and including 28 May 2026 we send you nothing. There are exams then. "
        "What there is, comes after that.",
        "Each year on 3 June we send you nothing. What there is, comes after that.",
    ]


def test_every_register_has_the_same_phrases() -> None:
    def shape(value: object) -> object:
        return {key: shape(one) for key, one in value.items()} if isinstance(value, dict) else None

    assert shape(PHRASES["nl"]) == shape(PHRASES["nl-youth"]) == shape(PHRASES["en"])
