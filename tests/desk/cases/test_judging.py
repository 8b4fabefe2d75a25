"""Which steps stand: the same ones whatever the order, and one that came too early once its base is there."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from luwte.desk.cases.judging import Judged, Told, Why, judge
from luwte.desk.cases.vocabulary import Fact, Step, standing

DAY = date(2026, 1, 1)


def told(name: str, step: Step, day: int = 1, known: int = 1, corrects: str = "", **more: Any) -> Told:
    """Return a step of a day of January 2026."""
    at = DAY + timedelta(days=day - 1)
    about = more.pop("about", "")
    fact = Fact(name, step, at, DAY + timedelta(days=known - 1), supersedes=corrects, **more)
    return Told(fact, about)


SET = told("set", Step.HEARING_SET, 20, 1, hearing="h1")
MOVE = told("move", Step.HEARING_MOVED, 27, 5, hearing="h1")


def test_a_move_waits_for_its_hearing_and_is_applied_by_itself() -> None:
    assert judge([MOVE]) == Judged((), {}, {"move": Why.NO_HEARING})
    assert judge([MOVE, SET]).standing == ("set", "move")
    other = told("other", Step.HEARING_SET, 20, 1, hearing="h2")
    assert judge([MOVE, other]).waiting == {"move": Why.NO_HEARING}


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    better = told("better", Step.HEARING_SET, 21, 2, "set", hearing="h1")
    best = told("best", Step.HEARING_SET, 22, 2, "better", hearing="h1")
    found = judge([best, SET, better])
    assert (found.standing, found.chains) == (("best",), {"best": ("set", "better", "best")})
    assert found.corrected == {"set", "better"}


def test_a_correction_of_nothing_waits_and_so_does_what_corrects_it() -> None:
    better = told("better", Step.HEARING_SET, 21, 2, "set", hearing="h1")
    best = told("best", Step.HEARING_SET, 22, 2, "better", hearing="h1")
    assert judge([best, better]).waiting == dict.fromkeys(("better", "best"), Why.NOTHING_TO_CORRECT)


def test_of_two_corrections_the_one_known_later_holds() -> None:
    first = told("a", Step.HEARING_SET, 21, 3, "set", hearing="h1")
    later = told("b", Step.HEARING_SET, 22, 4, "set", hearing="h1")
    below = told("c", Step.HEARING_SET, 23, 9, "a", hearing="h1")
    found = judge([below, later, first, SET])
    assert (found.standing, found.waiting) == (("b",), {"a": Why.RIVAL, "c": Why.RIVAL})


def test_what_rests_on_a_step_that_was_taken_back_waits_again() -> None:
    back = told("back", Step.TAKEN_BACK, 3, 3, "set")
    found = judge([SET, MOVE, back])
    assert (found.standing, found.waiting) == ((), {"move": Why.NO_HEARING})
    assert found.chains == {"back": ("set", "back")}


def test_what_rests_on_what_waits_waits_too() -> None:
    decided = told("decided", Step.APPEAL_DECIDED, 9)
    appeal = told("appeal", Step.APPEAL_FILED, 5)
    assert judge([appeal, decided]).waiting == {"appeal": Why.NO_JUDGMENT, "decided": Why.NO_APPEAL}
    assert len(judge([appeal, decided, told("judgment", Step.JUDGMENT, 2)]).standing) == 3


def test_a_judgment_of_another_defendant_carries_nothing() -> None:
    appeal = told("appeal", Step.APPEAL_FILED, 5, defendant="D1")
    other = told("judgment", Step.JUDGMENT, 2, defendant="D2")
    whole = told("judgment", Step.JUDGMENT, 2)
    assert judge([appeal, other]).waiting == {"appeal": Why.NO_JUDGMENT}
    assert not judge([appeal, whole]).waiting


def test_a_representative_of_one_ends_for_that_one() -> None:
    ended = told("ended", Step.REPRESENTATIVE_ENDED, 5, about="s-1")
    assert judge([ended, told("set", Step.REPRESENTATIVE_SET, 2, about="s-2")]).waiting
    assert not judge([ended, told("set", Step.REPRESENTATIVE_SET, 2, about="s-1")]).waiting


def test_a_case_full_of_steps_that_wait_is_judged_at_once() -> None:
    """Whoever delivers nothing but moves of hearings that nobody set holds nobody up."""
    moves = [told(f"n{number}", Step.HEARING_MOVED, 20, 1, hearing=f"h{number}") for number in range(5000)]
    begun = time.process_time()
    assert len(judge(moves).waiting) == 5000
    assert time.process_time() - begun < 2


STEPS = [Step.HEARING_SET, Step.HEARING_MOVED, Step.HEARING_CANCELLED, Step.CHARGED, Step.CHARGE_CHANGED,
         Step.JUDGMENT, Step.APPEAL_FILED, Step.APPEAL_DECIDED, Step.JUDGMENT_FINAL,
         Step.TAKEN_BACK]  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> list[Told]:
    """Return steps of a case; corrections point at an earlier one, at nothing, or at nobody's."""
    found: list[Told] = []
    for number in range(draw(st.integers(1, 9))):
        corrects = draw(st.sampled_from(["", "", "", "gone", *(one.fact.id for one in found)]))
        found.append(
            told(
                f"n{number}",
                draw(st.sampled_from(STEPS)),
                draw(st.integers(1, 9)),
                draw(st.integers(1, 4)),
                corrects,
                hearing=draw(st.sampled_from(["h1", "h2"])),
                defendant=draw(st.sampled_from(["", "D1", "D2"])),
            )
        )
    return found


@settings(max_examples=300)
@given(cases(), st.randoms(use_true_random=False))
def test_any_order_gives_the_same(steps: list[Told], order: object) -> None:
    shuffled = list(steps)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(shuffled) == judge(steps)


@settings(max_examples=300)
@given(cases())
def test_each_step_stands_was_corrected_or_waits_and_the_seam_says_the_same(steps: list[Told]) -> None:
    found = judge(steps)
    on = {one for chain in found.chains.values() for one in chain}
    assert all(end in on for end in found.standing)
    facts = {one.fact.id: one.fact for one in steps}
    held = standing(tuple(facts[one] for one in on))
    assert {one.id for one in held if one.step != Step.TAKEN_BACK} == set(found.standing)
    lost = facts.keys() - on - found.waiting.keys()
    assert all(_leads_to_a_waiting_end(one, facts, found) for one in lost)


def _leads_to_a_waiting_end(one: str, facts: dict[str, Fact], found: Judged) -> bool:
    """A step that was corrected by one that waits: nothing of its chain stands."""
    later = [fact.id for fact in facts.values() if fact.supersedes == one]
    return any(each in found.waiting or _leads_to_a_waiting_end(each, facts, found) for each in later)
