"""Ten thousand random histories: both calculators agree on every right, and the properties hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from luwte.desk.cases.vocabulary import HEARINGS, Step
from luwte.desk.rights.engine import Matter, rights
from luwte.desk.rights.law import Mark
from luwte.desk.rights.shelf import shipped
from tests.support.agreeing import VERSIONS, both
from tests.support.case_histories import history, some_day, victim
from tests.support.rights import fact as step

HISTORIES = 10_000
ALWAYS = (
    step("information_requested", "2027-12-01", id="asked"),
    step("investigation_dropped", "2028-01-05", "A", id="dropped"),
)


@pytest.mark.timeout(240)
def test_the_slow_calculator_agrees_on_ten_thousand_histories() -> None:
    """All versions in turn; every state and every rule is met, so that agreement says something."""
    met: Counter[str] = Counter()
    for seed in range(HISTORIES):
        found, wanted = both(seed)
        differ = {key for key in found | wanted if found.get(key) != wanted.get(key)}
        assert not differ, (seed, {key: (found.get(key), wanted.get(key)) for key in differ})
        met.update(f"{key.rule} {state}" for key, (state, *_) in wanted.items())
    rules = {rule.id for law in shipped().values() for rule in law.rules if rule.status == "in force"}
    assert {one.split(" ", 1)[0] for one in met} == rules
    assert {one.split(" ", 1)[1] for one in met} == {"open", "used", "lapsed", "not yet", "not applicable"}


def cases(count: int, salt: str) -> list[tuple[str, Matter, Random]]:
    found = []
    for seed in range(count):
        random = Random(f"{salt}{seed}")
        found.append(
            (VERSIONS[seed % len(VERSIONS)], Matter((*history(random), *ALWAYS), victim(random)), random)
        )
    return found


def test_no_right_ends_before_it_opens_and_each_names_its_version_and_mark() -> None:
    for version, matter, random in cases(1000, "ends"):
        facts = {fact.id for fact in matter.facts}
        for right in rights(shipped()[version], matter, some_day(random)):
            assert right.opens is None or right.until is None or right.opens <= right.until
            assert right.version == version
            assert right.mark in Mark
            assert set(right.computed_from) <= facts
            assert right.endless <= (right.until is None)


def test_moving_a_hearing_moves_no_end_that_does_not_hang_on_one() -> None:
    """Of every rule that no move moves, the end is the same after one; the moved ones are met too."""
    moved = set()
    for version, matter, _ in cases(1000, "moves"):
        law, held = shipped()[version], [fact for fact in matter.facts if fact.step == Step.HEARING_SET]
        day = max(fact.known for fact in matter.facts)
        for fact in held:
            later = fact.occurred + timedelta(days=40)
            move = replace(fact, id="move", step=Step.HEARING_MOVED, occurred=later, known=day)
            before = {right.key: right for right in rights(law, matter, day)}
            after = rights(law, replace(matter, facts=(*matter.facts, move)), day)
            for right in after:
                if right.key not in before or right.until == before[right.key].until:
                    continue
                moved.add(right.key.rule)
                assert law.rule(right.key.rule).moved_by, right
    assert {"nl-join", "nl-speak", "us-attend"} <= moved


def test_known_later_never_makes_a_fourteen_day_clock_earlier() -> None:
    later_by = Counter[str]()
    for version, matter, random in cases(80, "known"):
        day = max(fact.known for fact in matter.facts) + timedelta(days=400)
        for fact in matter.facts:
            if fact.step in HEARINGS or fact.supersedes:
                continue
            delayed = replace(fact, known=fact.known + timedelta(days=random.randrange(1, 90)))
            facts = tuple(delayed if one is fact else one for one in matter.facts)
            before = {right.key: right.until for right in rights(shipped()[version], matter, day)}
            for right in rights(shipped()[version], replace(matter, facts=facts), day):
                old = before.get(right.key)
                if right.key.rule in ("nl-notice", "nl-notice-police") and old and right.until:
                    assert right.until >= old
                    later_by[right.key.rule] += right.until > old
    assert later_by["nl-notice"]
    assert later_by["nl-notice-police"]
