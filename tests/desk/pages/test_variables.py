"""What nobody sets is answered where the style sheet is made, with what the browser would come to."""

from __future__ import annotations

import pytest

from luwte.desk.pages.sheets import rules_of
from luwte.desk.pages.variables import settled


def made(sheet: str) -> str:
    return "".join(rule.text for rule in settled(rules_of(sheet)))


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        ("var(--no, 1px)", "1px"),
        ("var(--no, var(--none, 2px))", "2px"),
        ("var(--no)", "unset"),
        ("1px solid var(--no)", "unset"),
        ("var(--no) !important", "unset!important"),
        ("calc(var(--no, 1px)*2) var(--no, auto)", "calc(1px*2) auto"),
        ("min(100%, var(--no, var(--none)))", "unset"),
        ("red", "red"),
    ],
)
def test_a_property_that_nobody_sets_is_answered(value: str, becomes: str) -> None:
    assert made(f".a{{color:{value}}}") == f".a{{color:{becomes}}}"


def test_a_property_that_some_rule_sets_is_asked_for() -> None:
    sheet = ".wide{--w:9rem}.a{width:var(--w,4rem)}"
    assert made(sheet) == sheet


def test_an_answer_behind_one_that_is_set_is_kept_only_when_it_is_one() -> None:
    sheet = ":root{--set:1px}.a{width:var(--set,var(--no,2px));height:var(--set,var(--no))}"
    assert made(sheet) == ":root{--set:1px}.a{width:var(--set,2px);height:var(--set)}"


def test_what_is_read_by_nobody_goes_and_so_does_what_only_that_read() -> None:
    assert made(":root{--a:1px;--b:var(--a);--c:2px}.a{width:var(--c)}") == ":root{--c:2px}.a{width:var(--c)}"


def test_a_property_that_comes_to_nothing_in_one_place_takes_away_what_was_set_above() -> None:
    sheet = ":root{--a:1px}.b{--a:var(--no)}.b p{width:var(--a)}"
    assert made(sheet) == ":root{--a:1px}.b{--a:initial}.b p{width:var(--a)}"


def test_in_a_group_too_and_an_empty_rule_goes() -> None:
    assert made("@media print{.a{width:var(--no,1px)}.b{--x:1px}}") == "@media print{.a{width:1px}}"
