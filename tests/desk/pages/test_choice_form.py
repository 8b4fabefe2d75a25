"""What a form shows of a choice is the choice that comes back; what is no answer is refused by its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from luwte.desk.pages.choice_form import (
    LONGEST,
    MOST,
    READERS,
    ChoiceUnreadable,
    choice,
    exposes,
    fields,
    fitting,
    only_less,
    parts,
)
from luwte.desk.wishes.checks import check_choice
from luwte.desk.wishes.rules import Channel, Choice, Detail, Register, Rhythm, Source

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOURS = st.integers(0, 23).flatmap(lambda first: st.tuples(st.just(first), st.integers(first + 1, 24)))
CHOICES = st.builds(
    Choice,
    told=st.booleans(),
    rhythm=st.sampled_from(Rhythm),
    channel=st.sampled_from(Channel),
    detail=st.sampled_from(Detail),
    until=st.none() | st.dates(),
    weekday=st.none() | st.integers(0, 6),
    hours=HOURS,
    forward=st.booleans(),
    cover=st.booleans(),
    others=st.frozensets(st.text("0123456789abcdef", min_size=32, max_size=32), max_size=4),
    words=st.sampled_from(Register),
)
STANDING = Choice(True)


@given(CHOICES, CHOICES)
def test_every_choice_comes_back_from_its_form(one: Choice, standing: Choice) -> None:
    assert choice(fields(one), standing) == one
    assert fields(one).keys() == READERS.keys()


@given(CHOICES, CHOICES, st.sampled_from(sorted(READERS)))
def test_what_is_not_sent_stays(one: Choice, standing: Choice, field: str) -> None:
    found = choice({field: fields(one)[field]}, standing)
    sent = fields(found)
    assert sent[field] == fields(one)[field]
    assert {name: sent[name] for name in sent if name != field} == {
        name: values for name, values in fields(standing).items() if name != field
    }
    assert choice({}, standing) == standing


@given(st.sampled_from(sorted(READERS)), st.lists(st.text(max_size=80), max_size=3))
def test_whatever_is_sent_is_read_or_refused_by_its_field(field: str, values: list[str]) -> None:
    try:
        found: Choice | ChoiceUnreadable = choice({field: values}, STANDING)
    except ChoiceUnreadable as error:
        found = error
    assert isinstance(found, Choice) or (found.field == field and repr(field) in str(found))


@pytest.mark.parametrize("field", sorted(READERS))
def test_too_much_is_refused(field: str) -> None:
    for values in ([""] * (MOST + 1), ["x" * (LONGEST + 1)]):
        with pytest.raises(ChoiceUnreadable):
            choice({field: values}, STANDING)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("told", ["true"]), ("told", []), ("told", ["yes", "no"]), ("rhythm", ["daily"]),
        ("channel", ["Email"]), ("detail", [""]), ("until", ["31-12-2026"]), ("until", ["2026-02-30"]),
        ("weekday", ["7"]), ("weekday", ["-1"]), ("hours", ["9"]), ("hours", ["nine-five"]),
        ("cover", ["on"]), ("words", ["fr"]),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(field: str, values: list[str]) -> None:
    with pytest.raises(ChoiceUnreadable):
        choice({field: values}, STANDING)


@given(CHOICES, st.sampled_from([one for one in Source if one != Source.SAFETY]))
def test_a_choice_that_was_made_to_fit_can_be_kept(one: Choice, source: Source) -> None:
    wanted = replace(one, told=True, until=None, forward=False)
    check_choice(source, fitting(wanted), NOON)
    assert fitting(fitting(wanted)) == fitting(wanted)


@given(CHOICES, st.sampled_from(Source))
def test_only_what_the_rhythm_and_the_way_leave_open_is_asked(one: Choice, source: Source) -> None:
    asked = parts(source, replace(one, told=True))
    assert parts(source, replace(one, told=False)) == ()
    assert "words" in asked
    assert ("rhythm" in asked) == ("detail" in asked) == (source != Source.SAFETY)
    if "cover" in asked or "weekday" in asked:
        assert one.rhythm in (Rhythm.WEEKLY, Rhythm.MONTHLY, Rhythm.QUARTERLY, Rhythm.YEARLY)
    if one.rhythm == Rhythm.ON_REQUEST:
        assert "channel" not in asked
        assert "hours" not in asked


@given(CHOICES, CHOICES)
def test_less_is_never_more(before: Choice, after: Choice) -> None:
    levels = list(Detail)
    less = only_less(before, after)
    if less and after.told:
        assert levels.index(after.detail) <= levels.index(before.detail)
        assert replace(after, detail=before.detail) == before
        assert not exposes(before, after)
    assert only_less(before, replace(before, told=False))


def test_more_detail_and_another_way_expose_and_less_does_not() -> None:
    before = Choice(True, channel=Channel.PORTAL, detail=Detail.BANDS)
    assert exposes(before, replace(before, detail=Detail.EVERYTHING))
    assert exposes(before, replace(before, channel=Channel.EMAIL))
    assert not exposes(before, replace(before, detail=Detail.SOMETHING))
    assert not exposes(before, replace(before, rhythm=Rhythm.WEEKLY))
    assert not exposes(before, replace(before, channel=Channel.EMAIL, told=False))
    assert not only_less(before, replace(before, detail=Detail.EVERYTHING))
    assert not only_less(before, replace(before, detail=Detail.SOMETHING, until=date(2030, 1, 1)))


@given(CHOICES)
def test_a_quiet_source_asks_nothing(one: Choice) -> None:
    assume(not one.told)
    assert parts(Source.CASE, one) == ()
