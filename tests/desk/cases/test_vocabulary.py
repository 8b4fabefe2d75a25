"""The words for steps in a case, and which of the facts that were told still stand."""

from __future__ import annotations

from datetime import date

from luwte.desk.cases.vocabulary import CUSTODY, HEARINGS, Fact, Step, standing

DAY = date(2026, 6, 1)


def test_a_corrected_fact_stands_in_the_place_of_the_one_before() -> None:
    first = Fact("1", Step.HEARING_SET, DAY, DAY, hearing="H1")
    later = Fact("2", Step.JUDGMENT, DAY.replace(day=20), DAY)
    mended = Fact("3", Step.HEARING_SET, DAY.replace(day=9), DAY, hearing="H1", supersedes="1")
    again = Fact("4", Step.HEARING_SET, DAY.replace(day=3), DAY, hearing="H1", supersedes="3")
    assert standing((later, first)) == (first, later)
    assert standing((first, later, mended)) == (mended, later)
    assert standing((again, mended, first, later)) == (again, later)


def test_no_step_is_both_of_safety_and_a_hearing() -> None:
    assert not CUSTODY & HEARINGS
