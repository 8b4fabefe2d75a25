"""Nothing lapses in silence: what ends soon, and of what ended who could act and who knew."""

from __future__ import annotations

from datetime import date
from random import Random

from luwte.desk.rights.engine import Matter, rights
from luwte.desk.rights.lapses import Telling, ends_soon, lapses
from luwte.desk.rights.shelf import shipped
from luwte.desk.rights.values import VICTIM, Act, Doing, Key, Mandate, Right, State
from tests.desk.rights.worked_nl import ADULT, MOTHER
from tests.support.case_histories import history, some_day, victim
from tests.support.rights import born, day, fact

NL = shipped()["nl-2024-07-01"]
DENIED = fact("right_denied", "2026-02-10", right="nl-file", id="r")
KEY = Key("nl-file-objection", "", "", "r")


def now(on: str, *acts: Act, mandates: tuple[Mandate, ...] = ()) -> tuple[Right, ...]:
    return rights(NL, Matter((DENIED,), ADULT, acts, mandates), day(on))


def test_what_ends_within_some_days_stands_first_to_end_first() -> None:
    facts = (DENIED, fact("loss_discovered", "2021-02-20"))
    found = ends_soon(rights(NL, Matter(facts, ADULT), day("2026-02-10")), day("2026-02-10"), 14)
    assert [one.until for one in found] == [day("2026-02-20"), day("2026-02-24")]
    assert len(ends_soon(now("2026-02-10"), day("2026-02-10"), 13)) == 0
    assert ends_soon(now("2026-02-25"), day("2026-02-25"), 14) == ()


def test_a_lapse_says_who_could_act_and_who_knew() -> None:
    told = {KEY: (Telling(VICTIM, day("2026-02-12")), Telling("a stranger", day("2026-02-11")))}
    (lapse,) = lapses(now("2026-02-24"), now("2026-02-25"), told)
    assert (lapse.key, lapse.last, str(lapse.reason)) == (KEY, day("2026-02-24"), "deadline passed")
    assert (lapse.could_act, lapse.told, lapse.silent) == (
        (VICTIM,),
        (Telling(VICTIM, day("2026-02-12")),),
        False,
    )
    assert (lapse.owed, lapse.version) == (False, "nl-2024-07-01")


def test_nobody_knew_or_only_afterwards_is_said_plainly() -> None:
    assert lapses(now("2026-02-24"), now("2026-02-25"), {})[0].silent
    late = {KEY: (Telling(VICTIM, day("2026-02-25")),)}
    assert lapses(now("2026-02-24"), now("2026-02-25"), late)[0].silent


def test_the_mandate_under_which_it_lapsed_is_named() -> None:
    mandate = Mandate("m", VICTIM, "lawyer", day("2026-01-01"))
    before = now("2026-02-24", mandates=(mandate,))
    assert lapses(before, now("2026-02-25", mandates=(mandate,)), {})[0].mandate == "m"


def test_what_was_used_or_waived_does_not_lapse() -> None:
    for doing in Doing:
        act = Act(KEY, doing, day("2026-02-20"), VICTIM)
        assert lapses(now("2026-02-24", act), now("2026-02-25", act), {}) == ()


def test_a_use_that_is_taken_back_leaves_a_lapse() -> None:
    used = Act(KEY, Doing.USED, day("2026-02-20"), VICTIM)
    assert [one.key for one in lapses(now("2026-02-26", used), now("2026-02-26"), {})] == [KEY]


def test_a_right_that_an_age_ended_names_who_had_it() -> None:
    matter = Matter(
        (
            fact("charged", "2026-01-05", "A", offence="252"),
            fact("hearing_set", "2026-06-01", "A", known="2026-02-01", hearing="h"),
        ),
        born("2014-03-01", MOTHER),
    )
    found = lapses(rights(NL, matter, day("2026-02-28")), rights(NL, matter, day("2026-03-01")), {})
    assert [(one.key.rule, str(one.reason), one.could_act) for one in found] == [
        ("nl-speak-for-child", "ended by age", ("mother",))
    ]


def test_every_lapse_of_random_histories_has_a_record() -> None:
    """From before the first step to some day: as many records as rights that lapsed."""
    met = 0
    for seed in range(400):
        random = Random(f"lapses{seed}")
        matter = Matter(history(random), victim(random))
        after = rights(NL, matter, some_day(random))
        records = lapses(rights(NL, matter, date(2020, 1, 1)), after, {})
        assert {one.key for one in records} == {one.key for one in after if one.state == State.LAPSED}
        assert all(one.silent for one in records)
        met += len(records)
    assert met > 200
