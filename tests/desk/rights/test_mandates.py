"""Every mandate with every right at every age: who gives it, whom it is about, when and where it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from luwte.desk.rights.amounts import Money
from luwte.desk.rights.engine import Matter, rights
from luwte.desk.rights.law import DUTY, Jurisdiction
from luwte.desk.rights.shelf import shipped
from luwte.desk.rights.values import VICTIM, Act, Doing, Key, Mandate, Person, Right
from tests.support.rights import born, fact, parent

DAY = date(2028, 3, 1)
AGES = (0, 11, 12, 15, 16, 17, 18, 40)
FACTS = (
    fact("offence_ended", "2027-01-01"),
    fact("first_contact", "2027-02-01"),
    fact("report_filed", "2027-02-01"),
    fact("information_requested", "2027-02-01"),
    fact("suspect_arrested", "2027-03-01", "A"),
    fact("charged", "2028-02-01", "A", offence="285,2252A(a)(2)", maximum_years=8, court="Utrecht"),
    fact("hearing_set", "2028-04-01", "A", known="2028-02-20", hearing="h"),
    fact("sentencing_set", "2028-05-01", "A", known="2028-02-20", hearing="s"),
    fact("plea_offered", "2028-02-25", "A"),
    fact("right_denied", "2028-02-28", "A", id="denied"),
    fact("penal_order", "2028-02-20", "B", id="order"),
    fact("prosecution_declined", "2028-02-20", "C", id="declined"),
    fact("loss_discovered", "2028-02-20"),
    fact("judgment", "2028-02-27", "D", offence="2252A(a)(2)", convicted=True),
)
MANDATES: dict[str, dict[str, Any]] = {
    "all": {},
    "of half the rights": {},
    "of another right": {"rights": frozenset({"nl-other"})},
    "of this court": {"courts": frozenset({"Utrecht"})},
    "of another court": {"courts": frozenset({"Lyon"})},
    "last day": {"ends": DAY},
    "over": {"ends": DAY - timedelta(days=1)},
    "to come": {"begins": DAY + timedelta(days=1)},
}
HOLDS = ("all", "of half the rights", "of this court", "last day")


def person(age: int) -> Person:
    return born(f"{2028 - age}-01-15", parent())


def row(law: Jurisdiction, matter: Matter, key: Key, day: date = DAY) -> Right:
    return next(right for right in rights(law, matter, day) if right.key == key)


@pytest.mark.parametrize("version", shipped())
def test_all_mandates_with_all_rights_at_all_ages(version: str) -> None:
    """An open right is mandated when, and only when, whose it is gave a mandate that covers it."""
    law, met = shipped()[version], set()
    rules = frozenset(rule.id for rule in law.rules[::2])
    for age, (name, limits), by in product(AGES, MANDATES.items(), (VICTIM, "mother", "stranger")):
        matter = Matter(FACTS, person(age))
        given: dict[str, Any] = {"begins": DAY - timedelta(days=30)} | limits
        if name == "of half the rights":
            given["rights"] = rules
        mandate = Mandate("m", by, "lawyer", **given)
        before = {right.key: right for right in rights(law, matter, DAY)}
        for found in rights(law, replace(matter, mandates=(mandate,)), DAY):
            right = before[found.key]
            court = name != "of this court" or right.key.defendant in ("", "A")
            named = name != "of half the rights" or right.key.rule in rules
            holds = by in right.whose and name in HOLDS and court and named and right.holder not in DUTY
            wanted = "mandated" if right.state == "open" and holds else str(right.state)
            assert str(found.state) == wanted, (age, right.key, name, by)
            assert found.mandate == ("m" if wanted == "mandated" else "")
            assert (found.until, found.opens) == (right.until, right.opens)
            met.add((age, name, str(found.state)))
    assert {(age, name) for age, name, state in met if state == "mandated"} == set(product(AGES, HOLDS))


def test_a_mandate_of_a_parent_ends_when_the_victim_comes_of_age() -> None:
    law = shipped()["nl-2024-07-01"]
    mandate = Mandate("m", "mother", "lawyer", date(2028, 1, 1))
    matter = Matter(FACTS, born("2010-03-02", parent()), mandates=(mandate,))
    key = Key("nl-join", "A")
    assert row(law, matter, key, date(2028, 3, 1)).state == "mandated"
    assert row(law, matter, key, date(2028, 3, 2)).state == "open"


def test_a_mandate_holds_up_to_its_amount() -> None:
    mandate = Mandate("m", VICTIM, "lawyer", DAY, most=Money("EUR", 500_000))
    assert mandate.covers("nl-join", "", DAY, Money("EUR", 500_000))
    assert not mandate.covers("nl-join", "", DAY, Money("EUR", 500_001))


KEY = Key("nl-join", "A")


@pytest.mark.parametrize(
    ("by", "doing", "on", "state", "doubts"),
    [
        (VICTIM, Doing.USED, "2028-02-20", "used", ()),
        (VICTIM, Doing.WAIVED, "2028-02-20", "waived", ()),
        ("lawyer", Doing.USED, "2028-02-20", "used", ()),
        ("lawyer", Doing.WAIVED, "2028-02-20", "mandated", ("exercised by somebody who may not",)),
        ("mother", Doing.USED, "2028-02-20", "mandated", ("exercised by somebody who may not",)),
        (VICTIM, Doing.USED, "2028-01-20", "mandated", ("exercised too late",)),
        (VICTIM, Doing.WAIVED, "2028-03-02", "mandated", ()),
    ],
)
def test_who_uses_or_waives_a_right(
    by: str, doing: Doing, on: str, state: str, doubts: tuple[str, ...]
) -> None:
    acts = (Act(KEY, doing, date.fromisoformat(on), by),)
    matter = Matter(FACTS, person(40), acts, (Mandate("m", VICTIM, "lawyer", date(2028, 1, 1)),))
    found = row(shipped()["nl-2024-07-01"], matter, KEY)
    assert (str(found.state), tuple(str(one) for one in found.doubts)) == (state, doubts)


def test_a_claim_after_the_end_is_no_use_and_is_looked_at() -> None:
    late = (fact("closing_speech", "2028-02-10", "A"), fact("claim_filed", "2028-02-11", "A"))
    found = row(shipped()["nl-2024-07-01"], Matter((*FACTS, *late), person(40)), KEY)
    assert (str(found.state), found.doubts) == ("lapsed", ("exercised too late",))
