"""Of a style sheet stays what some page can use, and nothing of it changes."""

from __future__ import annotations

import pytest

from luwte.desk.pages.sheets import classes_of, rules_of, usable


def kept(sheet: str, *classes: str) -> str:
    return "".join(rule.text for rule in usable(rules_of(sheet), set(classes)))


def test_a_rule_stays_when_all_its_classes_are_there() -> None:
    sheet = ".a{color:red}.a.b{color:blue}.b .a{color:green}p{color:grey}"
    assert kept(sheet, "a") == ".a{color:red}p{color:grey}"
    assert kept(sheet, "a", "b") == sheet


def test_of_several_selectors_those_stay_that_can_match() -> None:
    assert kept(".a, .b > p, .c:is(.d, p) { color: red; }", "b", "c") == ".b > p,.c:is(.d, p){color:red}"


@pytest.mark.parametrize(
    ("selector", "stays"),
    [
        (".a:where(.b)", False),
        (".a:where(.b, .a)", True),
        (".a:has(> :where(.b))", False),
        (".a:not(.b)", True),
        (".a:not(:has(*, .b))", True),
        (".b:not(.a)", False),
        ("[hidden]", True),
    ],
)
def test_what_stands_in_brackets_is_read(selector: str, stays: bool) -> None:
    assert bool(kept(f"{selector}{{color:red}}", "a")) == stays


def test_a_group_stays_with_what_stays_in_it_and_goes_when_it_is_empty() -> None:
    sheet = "@media print{.a{color:red}.b{color:blue}}@media (min-width:1rem){.b{color:red}}"
    assert kept(sheet, "a") == "@media print{.a{color:red}}"


def test_values_are_left_as_they_are() -> None:
    sheet = '/* a; } */ .a::before {\n  content: "; } /* " ;\n  --b: var(--c, calc(1px + (2px * 3)));\n}'
    assert kept(sheet, "a") == '.a::before{content:"; } /* ";--b:var(--c, calc(1px + (2px * 3)))}'


def test_the_classes_of_rules() -> None:
    assert classes_of(rules_of(".a{margin:.5rem}@media print{.b:not(.c){color:red}}")) == {"a", "b", "c"}


@pytest.mark.parametrize("sheet", [".a{color:red", ".a", ".a{color:red}}", "@import url(x);"])
def test_half_a_style_sheet_is_refused(sheet: str) -> None:
    with pytest.raises(ValueError, match="this style sheet is not whole"):
        rules_of(sheet)
