"""The rules of telling against a second, slower reading of them, and over random lives."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from luwte.desk.telling.rules import plan
from tests.model.checks import check_history, check_moment
from tests.model.reference import World
from tests.model.worlds import due_moments, moments


@settings(max_examples=1000, deadline=None)
@given(due_moments() | moments())
def test_every_decision_agrees_with_the_reference(moment: tuple[World, datetime]) -> None:
    check_moment(plan, *moment)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_life_keeps_the_invariants(data: st.DataObject) -> None:
    check_history(plan, data)
