"""What P10 makes of its visits: which answers are errors, and the pace of each kind of page."""

from __future__ import annotations

import random
from itertools import product

import pytest

from bench import load
from bench.load_visits import BEGINNINGS, PORTAL, STAFF, THINK, Crowd, Seen, code, kind_of, think, wrong

CROWD = Crowd(people=50, staff=20, seconds=300, others=450)


def _visits(*seen: Seen) -> load.Visits:
    return load.Visits(CROWD, "SQLite", 0.0, seen)


def _even(kind: str, number: int, most: float = 1.0) -> list[Seen]:
    return [Seen(kind, 0.1, "")] * (number - 2) + [Seen(kind, 0.1 * most, "")] * 2


@pytest.mark.parametrize(
    ("method", "path", "status", "fault"),
    [
        ("GET", "/", 200, ""),
        ("POST", "/vraag/", 302, ""),
        ("GET", "/", 302, "GET 302"),
        ("POST", "/vraag/", 200, "POST 200"),
        ("POST", "/vraag/", 403, "POST 403"),
        ("GET", "/", 500, "GET 500"),
        ("POST", "/staff/people/", 200, ""),
        ("POST", "/staff/people/", 302, "POST 302"),
        ("GET", "/staff/people/", 200, ""),
    ],
)
def test_only_a_page_and_a_form_that_was_taken_are_right(
    method: str, path: str, status: int, fault: str
) -> None:
    assert wrong(method, path, status) == fault


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/in/abc/", "link"),
        ("POST", "/in/abc/", "link sent"),
        ("GET", "/", "first page"),
        ("GET", "/?asked", "answer"),
        ("POST", "/vraag/", "question"),
        ("POST", "/staff/people/", "search"),
        ("GET", "/mijn/rechten/", "rights"),
        ("GET", "/staff/numbers/", "numbers"),
        ("POST", "/staff/sign-in/code/", "code sent"),
        ("POST", "/staff/call/abc/", "call"),
    ],
)
def test_each_page_has_a_kind(method: str, path: str, kind: str) -> None:
    assert kind_of(method, path) == kind


def test_a_page_is_of_the_staff_or_of_people_and_waits_or_not() -> None:
    kinds = {kind_of(method, path) for method, path in product(("GET", "POST"), STAFF)}
    kinds |= {kind for start, kind in BEGINNINGS.items() if start.startswith("/staff/")}
    assert kinds == load.OF_STAFF
    assert set(PORTAL.values()) >= load.STEPPED


def test_ninety_five_of_a_hundred_may_not_take_five_times_as_long() -> None:
    pages = _even("choices", 100), _even("searched", 20, most=6)
    first = load.row("P10", "pages", _visits(*pages[0]), {"choices", "searched"})
    assert first.met
    assert first.ratio == pytest.approx(1)
    both = load.row("P10", "pages", _visits(*pages[0], *pages[1]), {"choices", "searched"})
    assert not both.met
    assert both.ratio == pytest.approx(6)
    assert [both.ours, both.limit] == pytest.approx([600, 100])


def test_an_error_misses_the_target_and_has_no_pace() -> None:
    visits = _visits(*_even("choices", 100), Seen("choices", 60.0, "GET TimeoutError"))
    row = load.row("P10", "pages", visits, {"choices"})
    assert not row.met
    assert "100 requests, 1 errors" in row.work


def test_an_error_on_another_page_misses_the_target_too() -> None:
    visits = _visits(*_even("choices", 100), Seen("call", 1.0, "POST 403"))
    assert not load.row("P10", "pages", visits, {"choices"}).met


def test_a_kind_that_was_hardly_asked_for_has_no_pace_of_its_own() -> None:
    seen = [*_even("choices", 19), *_even("searched", 19)]
    assert [(pace.kind, pace.number) for pace in load.paces(seen, {"choices", "searched"})] == [("all", 38)]
    assert [pace.kind for pace in load.paces([*seen, *_even("why", 20)], {"choices", "why"})] == ["why"]
    with pytest.raises(RuntimeError, match="measures nothing"):
        load.paces(seen, {"why"})


def test_people_think_seven_seconds_on_average_and_never_long() -> None:
    dice = random.Random(1)
    found = [think(THINK, dice) for _ in range(20_000)]
    assert sum(found) / len(found) == pytest.approx(THINK, rel=0.03)
    assert max(found) <= 70


def test_the_code_is_that_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # appendix B, the last six of its eight digits
    assert [code(secret, at) for at in (59, 1111111109, 2000000000)] == ["287082", "081804", "279037"]
