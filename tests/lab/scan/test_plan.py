"""Which unit is next, whatever is done, lost or broken off."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.scan.plan import MOST_BREAKS, MOST_LOSSES, Plan, Stand
from luwte.lab.scan.units import End, Unit

MARK = "0" * 16


def end(root: int, *, ended: bool = True, broke: str | None = None) -> End:
    return End(root, MARK, ended=ended, whole=True, broke=broke)


def test_alone_a_carrier_is_one_unit_then_its_space_then_its_hash() -> None:
    plan = Plan([Stand(verify=True), Stand(verify=False)], None)
    parts = []
    while not plan.finished:
        unit = plan.next()
        assert unit is not None
        parts.append((unit.carrier, unit.part, unit.first, unit.last))
        plan.reached(unit, 9, MARK)
        plan.ended(unit, end(9))
    assert parts == [
        (0, "files", 0, None),
        (0, "space", 9, None),
        (0, "verify", 0, None),
        (1, "files", 0, None),
        (1, "space", 9, None),
    ]
    assert plan.next() is None


def test_what_was_done_is_left_out_and_what_stands_before_it_is_known() -> None:
    done: dict[int, tuple[int, str | None]] = {0: (10, "a" * 16), 20: (30, "b" * 16)}
    plan = Plan([Stand(verify=False, done=done)], None)
    assert plan.next() == Unit(0, "files", 10, 20, "a" * 16)
    assert plan.next() == Unit(0, "files", 30, None, "b" * 16)


def test_space_waits_for_all_files_and_the_hash_does_not() -> None:
    plan = Plan([Stand(verify=True, roots=20)], 10)
    first, second = plan.next(), plan.next()
    assert first is not None
    assert second is not None
    assert plan.next() == Unit(0, "verify")
    assert plan.next() is None
    plan.reached(first, 10, MARK)
    plan.ended(first, end(10, ended=False))
    assert plan.next() is None
    plan.reached(second, 20, MARK)
    plan.ended(second, end(20, ended=False))
    assert plan.next() == Unit(0, "space", 20, None, MARK)


def test_a_carrier_that_broke_off_too_often_gets_no_unit_of_a_scan_that_goes_on_either() -> None:
    once_more = Stand(verify=True, broke=MOST_BREAKS - 1, done={0: (10, None)})
    assert Plan([once_more], None).next() == Unit(0, "files", 10)
    assert Plan([Stand(verify=True, broke=MOST_BREAKS, done={0: (10, None)})], None).finished


def test_a_unit_that_is_lost_comes_back_behind_what_was_reached_of_it() -> None:
    plan = Plan([Stand(verify=False)], 10)
    unit = plan.next()
    assert unit is not None
    plan.reached(unit, 4, MARK)
    assert not plan.lost(unit)
    assert plan.next() == Unit(0, "files", 4, 14, MARK)


def test_a_unit_that_is_lost_too_often_at_one_place_is_given_up_with_its_carrier() -> None:
    plan = Plan([Stand(verify=False)], 10)
    given_up = []
    for _ in range(MOST_LOSSES):
        unit = plan.next()
        assert unit is not None
        given_up.append(plan.lost(unit))
    assert given_up == [False] * (MOST_LOSSES - 1) + [True]
    assert (plan.next(), plan.finished) == (None, True)


def test_reading_that_breaks_off_goes_on_behind_the_place_but_not_for_ever() -> None:
    plan = Plan([Stand(verify=False)], None)
    for time in range(MOST_BREAKS):
        unit = plan.next()
        assert unit == Unit(0, "files", time, None)
        plan.reached(unit, time + 1, None)
        plan.ended(unit, End(time + 1, None, ended=False, whole=False, broke="its reader stopped"))
    assert (plan.next(), plan.finished) == (None, True)


def test_reading_that_breaks_off_at_once_is_not_tried_again() -> None:
    plan = Plan([Stand(verify=True)], None)
    unit = plan.next()
    assert unit is not None
    plan.ended(unit, End(0, None, ended=False, whole=False, broke="its reader stopped"))
    assert (plan.next(), plan.finished) == (None, True)


@given(
    roots=st.integers(0, 40),
    slice_=st.one_of(st.none(), st.integers(1, 9)),
    hands=st.integers(1, 4),
    chances=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 5)), max_size=60),
)
def test_each_root_is_done_once_whoever_is_lost(
    roots: int, slice_: int | None, hands: int, chances: list[tuple[int, int, int]]
) -> None:
    """As long as nobody is lost too often at one place, all is done, and nothing twice."""
    plan, running, done = Plan([Stand(verify=True)], slice_), list[Unit](), list[int]()
    parts: list[str] = []
    while not plan.finished:
        while len(running) < (1 if slice_ is None else hands) and (unit := plan.next()) is not None:
            running.append(unit)
        who, share, fate = chances.pop() if chances else (0, 0, 5)
        unit = running.pop(who % len(running))
        last = roots if unit.last is None else min(roots, unit.last)
        stretch = range(unit.first, last) if unit.part == "files" else range(0)
        if fate == 0 and stretch and share % len(stretch):
            done += stretch[: share % len(stretch)]
            plan.reached(unit, unit.first + share % len(stretch), MARK)
            assert not plan.lost(unit)
            continue
        done += stretch
        plan.reached(unit, max(last, unit.first), MARK)
        parts += [unit.part] * (unit.part != "files")
        reached_end = unit.part != "files" or unit.last is None or unit.last > roots
        plan.ended(unit, end(roots if reached_end else last, ended=reached_end))
    assert sorted(done) == list(range(roots))
    assert sorted(parts) == ["space", "verify"]
