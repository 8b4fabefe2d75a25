"""The grammar of deadlines: what it reads, and the one sentence with which it refuses the rest."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest

from luwte.desk.cases.vocabulary import Step
from luwte.desk.rights.days import Unit, birthday, later, rolled
from luwte.desk.rights.errors import ExpressionWrong
from luwte.desk.rights.grammar import Before, Kind, Moment, Never, On, Pick, Term, ending, opening
from tests.support.slow_law import step_days, step_months, step_years


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("none", Never()),
        ("before closing_speech", Before(Moment(Kind.STEP, Step.CLOSING_SPEECH))),
        ("before the hearing", Before(Moment(Kind.HEARING))),
        ("on known of this step", On(Moment(Kind.THIS, known=True))),
        ("14 days after known of charged", Term(14, Unit.DAYS, Moment(Kind.STEP, Step.CHARGED, known=True))),
        ("1 hour after first escaped", Term(1, Unit.HOURS, Moment(Kind.FIRST, Step.ESCAPED))),
        ("3 months after aware of this step", Term(3, Unit.MONTHS, Moment(Kind.AWARE))),
        ("60 days before the hearing as first set", Term(-60, Unit.DAYS, Moment(Kind.FIRST_SET))),
        ("10 years after birthday 18", Term(10, Unit.YEARS, Moment(Kind.BIRTHDAY, age=18))),
        (
            "the earlier of none and on judgment",
            Pick(later=False, one=Never(), other=On(Moment(Kind.STEP, Step.JUDGMENT))),
        ),
        (
            "1 day after the later of charged and judgment",
            Term(
                1,
                Unit.DAYS,
                Pick(
                    later=True,
                    one=Moment(Kind.STEP, Step.CHARGED),
                    other=Moment(Kind.STEP, Step.JUDGMENT),
                ),
            ),
        ),
    ],
)
def test_what_an_end_means(text: str, meaning: object) -> None:
    assert ending(text) == meaning


def test_what_opens_a_right_does_so_the_first_time() -> None:
    assert opening("charged") == Moment(Kind.FIRST, Step.CHARGED)
    assert opening("8 months after judgment_final") == Term(
        8, Unit.MONTHS, Moment(Kind.STEP, Step.JUDGMENT_FINAL)
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "1 to 300 characters"),
        ("before " + "x" * 300, "1 to 300 characters"),
        ("before nothing", "at word 2 stands 'nothing'. What may stand there: a step of a case"),
        ("14 days", "at word 3 stands the end"),
        ("14 weeks after charged", "hours, days, months or years"),
        ("0 days after charged", "a number is 1 to 4000"),
        ("4001 days after charged", "a number is 1 to 4000"),
        ("-1 days after charged", "a number"),
        ("1_0 days after charged", "a number"),
        ("\u0661 days after charged", "a number"),
        ("14  days after charged", "hours, days"),
        ("14 days after charged or judgment", "at word 5 stands 'or'. What may stand there: nothing more"),
        ("14 days after birthday 100", "an age"),
        ("the earlier of none", '"and"'),
        ("charged", "a number"),
        ("the later of " * 20 + "none", "more than 3 choices"),
        ("on known of the hearing as first set", "nothing more"),
    ],
)
def test_what_is_no_end_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ExpressionWrong) as refused:
        ending(text)
    assert sentence in str(refused.value)


def test_random_words_are_refused_or_read_and_never_more() -> None:
    words = ["none", "before", "on", "the", "earlier", "later", "of", "and", "14", "days", "after", "known"]
    words += ["this", "step", "hearing", "charged", "first", "birthday", "aware", "18", ""]
    random, read = Random(8), 0
    for _ in range(20_000):
        text = " ".join(random.choices(words, k=random.randint(1, 9)))
        with suppress(ExpressionWrong):
            ending(text)
            read += 1
    assert 50 < read < 10_000


def test_terms_are_those_of_the_calendar_step_by_step() -> None:
    """Over leap years and ends of months, against stepping through the calendar."""
    for number in range(1500):
        day = date(2027, 1, 1) + timedelta(days=number)
        assert later(day, 14, Unit.DAYS) == step_days(day, 14)
        assert later(day, -60, Unit.DAYS) == step_days(day, -60)
        assert later(day, 3, Unit.MONTHS) == step_months(day, 3)
        assert later(day, 8, Unit.MONTHS) == step_months(day, 8)
        assert later(day, 10, Unit.YEARS) == step_years(day, 10)
        assert rolled(day) - day == timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def test_hours_are_whole_days_rounded_down_and_no_day_is_out_of_bounds() -> None:
    day = date(2026, 10, 5)
    assert [later(day, hours, Unit.HOURS) - day for hours in (1, 23, 24, 72)] == [
        timedelta(days=days) for days in (0, 0, 1, 3)
    ]
    for unit in Unit:
        assert later(date(2200, 12, 31), 4000, unit) == date(2200, 12, 31)
        assert later(date(1900, 1, 1), -4000, unit) == date(1900, 1, 1)


def test_birthdays_of_the_leap_day() -> None:
    born = date(2008, 2, 29)
    assert birthday(born, 18, leap_early=False) == date(2026, 3, 1)
    assert birthday(born, 18, leap_early=True) == date(2026, 2, 28)
    assert birthday(born, 20, leap_early=True) == date(2028, 2, 29)
