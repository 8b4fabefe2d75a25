"""Every worked case gives what the law says, and every rule of every file of law has worked cases."""

from __future__ import annotations

import pytest

from luwte.desk.rights.law import Status
from luwte.desk.rights.shelf import shipped
from tests.desk.rights.worked_nl import CASES as NL
from tests.desk.rights.worked_us import CASES as US
from tests.support.rights import Expect, Worked, differs, row

RUNS = [
    (version, case, expect)
    for case in (*NL, *US)
    for version, law in shipped().items()
    if case.law in (version, law.country)
    for expect in case.expects
    if expect.rule in {rule.id for rule in law.rules}
]


@pytest.mark.parametrize(
    ("version", "case", "expect"),
    RUNS,
    ids=[
        f"{version}-{case.name}-{expect.rule}-{expect.on}-{expect.defendant}"
        for version, case, expect in RUNS
    ],
)
def test_a_worked_case_gives_what_the_law_says(version: str, case: Worked, expect: Expect) -> None:
    assert differs(row(shipped()[version], case, expect), expect) == {}


@pytest.mark.parametrize("version", shipped())
def test_every_rule_has_a_worked_case(version: str) -> None:
    tried = {expect.rule for run, _, expect in RUNS if run == version}
    rules = {rule.id for rule in shipped()[version].rules if rule.status == Status.IN_FORCE}
    assert rules - tried == set()
