"""Switches, doubtful ages, corrections, what is refused, and that nothing proposed is a right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from luwte.desk.rights.changes import Cause, changed
from luwte.desk.rights.engine import Matter, rights
from luwte.desk.rights.errors import CaseImpossible, NoLaw
from luwte.desk.rights.law import Jurisdiction, Status
from luwte.desk.rights.shelf import day_of_law, in_force, shipped
from luwte.desk.rights.told import MOST_FACTS
from luwte.desk.rights.values import Doubt, Key, Person, Right
from tests.desk.rights.worked_nl import ADULT, MOVED, NL1, NL3
from tests.desk.rights.worked_us import CHILD
from tests.support.case_histories import BEGIN
from tests.support.rights import born, day, fact, parent

NL, US = shipped()["nl-2024-07-01"], shipped()["us-2018-12-07"]


def one(law: Jurisdiction, rule: str, matter: Matter, on: str) -> Right:
    return next(right for right in rights(law, matter, day(on)) if right.key.rule == rule)


def switched(law: Jurisdiction, **practice: bool) -> Jurisdiction:
    return replace(law, practice=replace(law.practice, **practice))  # type: ignore[arg-type]


def test_the_weekend_switch_is_off_and_not_verified() -> None:
    for law in shipped().values():
        assert not law.practice.roll
        assert law.practice.source.mark == "unverified"


def test_with_the_weekend_switch_on_an_end_moves_to_monday() -> None:
    """US2: 2026-10-31 is a Saturday."""
    matter = Matter((fact("loss_discovered", "2026-09-01"),), ADULT)
    assert one(US, "us-loss-new", matter, "2026-09-01").until == day("2026-10-31")
    assert one(switched(US, roll=True), "us-loss-new", matter, "2026-09-01").until == day("2026-11-02")


def test_terms_longer_than_three_months_do_not_roll_in_the_netherlands() -> None:
    """NL6: 2036-04-20 is a Sunday, of a term of years; a term of 14 days that ends on one does roll."""
    facts = (
        fact("offence_ended", "2026-04-20"),
        fact("right_denied", "2026-04-18", right="nl-file"),
    )
    law = switched(NL, roll=True)
    assert one(law, "nl-fund", Matter(facts, ADULT), "2026-05-01").until == day("2036-04-20")
    assert one(law, "nl-file-objection", Matter(facts, ADULT), "2026-05-01").until == day("2026-05-04")


def test_days_before_a_hearing_never_roll() -> None:
    hearing = fact("sentencing_set", "2026-03-10", "A", known="2025-12-01", hearing="s")
    found = one(switched(US, roll=True), "us-loss-unknown", Matter((hearing,), ADULT), "2025-12-01")
    assert found.until == day("2026-02-28")


def test_the_switch_of_the_leap_day() -> None:
    """US6: born on 2008-02-29."""
    matter = Matter((fact("charged", "2026-01-01", "A"),), CHILD)
    for law, grown in ((US, "2026-03-01"), (switched(US, leap_early=True), "2026-02-28")):
        before = (day(grown) - timedelta(days=1)).isoformat()
        assert one(law, "us-protected", matter, before).whose == ("guardian",)
        assert one(law, "us-protected", matter, grown).whose == ("victim",)


def test_in_doubt_the_victim_is_a_child_for_as_long_as_possible() -> None:
    between = Person(day("2007-01-01"), day("2009-01-01"), around=(parent(),))
    matter = Matter((fact("charged", "2026-01-05", "A", offence="252"),), between)
    for on, whose, doubts in (
        ("2026-12-31", ("mother",), (Doubt.AGE,)),
        ("2027-01-01", ("victim",), ()),
    ):
        found = one(NL, "nl-join", matter, on)
        assert (found.whose, found.doubts) == (whose, doubts)


def test_of_unknown_age_the_victim_is_a_child_and_a_human_looks() -> None:
    found = one(NL, "nl-join", Matter((fact("charged", "2026-01-05", "A"),), Person()), "2026-01-05")
    assert (str(found.state), found.whose) == ("open", ())
    assert set(found.doubts) == {Doubt.AGE, Doubt.NOBODY}


def test_a_special_curator_goes_before_parents() -> None:
    child = born("2015-01-01", parent(), parent("curator", kind="curator"))
    assert one(NL, "nl-join", Matter(NL1, child), "2026-08-01").whose == ("curator",)
    gone = born("2015-01-01", parent(), parent("curator", kind="curator", ends="2026-07-31"))
    assert one(NL, "nl-join", Matter(NL1, gone), "2026-08-01").whose == ("mother",)


def test_who_died_and_who_cannot_are_spoken_for() -> None:
    kin, partner = parent("sister", kind="family"), parent("partner", kind="partner")
    died = replace(born("1990-01-01", kin), deceased=True)
    unable = replace(born("1990-01-01", partner), unable=True)
    assert one(NL, "nl-speak-kin", Matter(NL1, died), "2026-08-01").whose == ("sister",)
    assert str(one(NL, "nl-join", Matter(NL1, died), "2026-08-01").state) == "not applicable"
    assert one(NL, "nl-speak-family", Matter(NL1, unable), "2026-08-01").whose == ("partner",)


def test_without_a_charge_told_the_right_stands_and_a_human_looks() -> None:
    found = one(NL, "nl-speak", Matter(NL1[1:], ADULT), "2026-08-01")
    assert (str(found.state), found.doubts) == ("open", (Doubt.OFFENCE,))


@pytest.mark.parametrize(
    ("charged", "state", "doubts"),
    [
        ("252 Sr", "open", ()),
        ("art. 252 lid 1 Sr", "open", ()),
        ("252(1)", "open", ()),
        ("310 Sr, 300 lid 2 Sr", "open", ()),
        ("6 WVW", "open", ()),
        ("310 Sr", "not applicable", ()),
        ("6 Sr", "not applicable", ()),
        ("2522", "not applicable", ()),
        ("300 Sr", "open", (Doubt.OFFENCE,)),
        ("possession", "open", (Doubt.OFFENCE,)),
    ],
)
def test_an_article_is_read_however_it_is_written(
    charged: str, state: str, doubts: tuple[Doubt, ...]
) -> None:
    found = one(
        NL,
        "nl-speak",
        Matter((fact("charged", "2026-06-15", "A", offence=charged), NL1[1]), ADULT),
        "2026-08-01",
    )
    assert (str(found.state), found.doubts) == (state, doubts)


def test_a_charge_of_which_only_the_years_were_told_may_be_any() -> None:
    for years, doubts in ((8, ()), (6, (Doubt.OFFENCE,))):
        facts = (fact("charged", "2026-06-15", "A", maximum_years=years), NL1[1])
        assert one(NL, "nl-speak", Matter(facts, ADULT), "2026-08-01").doubts == doubts


def test_articles_of_the_united_states() -> None:
    for charged, state in (
        ("18 U.S.C. § 2252A(a)(2)", "open"),
        ("18 USC 2252(a)(4)", "open"),
        ("1591", "not applicable"),
    ):
        facts = (fact("judgment", "2026-01-05", "A", offence=charged),)
        assert str(one(US, "us-assistance", Matter(facts, ADULT), "2026-08-01").state) == state


def test_a_cancelled_hearing_has_no_speaking() -> None:
    gone = fact("hearing_cancelled", "2026-08-02", "A", hearing="h")
    assert str(one(NL, "nl-speak", Matter((*NL1, gone), ADULT), "2026-08-02").reason) == "hearing cancelled"
    assert str(one(NL, "nl-speak", Matter((*NL1, gone), ADULT), "2026-08-01").state) == "open"


def test_a_hearing_and_a_sentencing_of_the_same_name_are_two() -> None:
    facts = (
        fact("hearing_set", "2026-05-01", "A", known="2026-01-01"),
        fact("sentencing_set", "2026-06-01", "A", known="2026-01-01"),
    )
    rows = [
        right
        for right in rights(US, Matter(facts, ADULT), day("2026-01-02"))
        if right.key.rule == "us-attend"
    ]
    assert {right.key.hearing: right.until for right in rows} == {
        "": day("2026-05-01"),
        "sentencing_set:": day("2026-06-01"),
    }


def test_a_move_that_was_told_before_the_hearing_was_set_is_of_that_hearing() -> None:
    facts = (
        fact("hearing_moved", "2026-06-20", "A", known="2026-01-01", hearing="s"),
        fact("sentencing_set", "2026-06-01", "A", known="2026-01-05", hearing="s"),
        fact("hearing_moved", "2026-07-01", "A", known="2026-01-09", hearing="s"),
    )
    rows = {right.key.rule: right for right in rights(US, Matter(facts, ADULT), day("2026-01-10"))}
    assert rows["us-heard"].key.hearing == "sentencing_set:s"
    assert rows["us-heard"].until == day("2026-07-01")
    assert rows["us-loss-list"].until == day("2026-04-02")


def test_what_is_taken_back_did_not_happen() -> None:
    facts = (
        fact("charged", "2026-01-05", "A", id="slip"),
        fact("taken_back", "2026-01-05", "A", known="2026-01-06", supersedes="slip"),
        fact("charged", "2026-01-07", "B"),
    )
    rows = [
        right for right in rights(NL, Matter(facts, ADULT), day("2026-01-08")) if right.key.rule == "nl-join"
    ]
    assert [right.key.defendant for right in rows] == ["B"]
    before = rights(NL, Matter(facts, ADULT), day("2026-01-05"))
    assert one(NL, "nl-join", Matter(facts, ADULT), "2026-01-05") in before


def test_what_is_proposed_is_never_a_right() -> None:
    proposed = {rule.id for law in shipped().values() for rule in law.rules if rule.status == Status.PROPOSED}
    assert proposed == {"nl-report-20"}
    facts = (fact("report_filed", "2026-01-01"),)
    for law in shipped().values():
        assert not proposed & {
            right.key.rule for right in rights(law, Matter(facts, ADULT), day("2026-01-01"))
        }


def test_a_corrected_step_keeps_its_row_and_says_what_changed() -> None:
    first = fact("right_denied", "2026-02-10", right="nl-file", id="r1")
    again = fact("right_denied", "2026-02-05", known="2026-02-20", right="nl-file", id="r2", supersedes="r1")
    before = rights(NL, Matter((first,), ADULT), day("2026-02-20"))
    after = rights(NL, Matter((first, again), ADULT), day("2026-02-20"))
    change = next(one for one in changed(before, after) if one.key.rule == "nl-file-objection")
    assert change.key == Key("nl-file-objection", "", "", "r1")
    assert (change.before and change.before.until, change.after and change.after.until) == (
        day("2026-02-24"),
        day("2026-02-19"),
    )
    assert (change.cause, change.steps) == (Cause.STEPS, ("r1", "r2"))
    assert {"until", "opens", "state"} <= set(change.fields)


def test_what_a_moved_hearing_changes() -> None:
    before = rights(NL, Matter(NL3, ADULT), day("2026-06-01"))
    after = rights(NL, Matter((*NL3, MOVED), ADULT), day("2026-06-01"))
    found = {change.key.rule: change for change in changed(before, after)}
    assert set(found) == {"nl-speak", "nl-join", "nl-notice-moved"}
    assert found["nl-notice-moved"].before is None
    assert changed(after, after) == ()


def test_time_and_another_law_are_causes_too() -> None:
    matter = Matter(NL3, ADULT)
    held = rights(NL, matter, day("2026-06-15"))
    assert {one.cause for one in changed(rights(NL, matter, day("2026-04-10")), held)} == {Cause.TIME}
    old = rights(shipped()["nl-2013-01-01"], matter, day("2026-06-15"))
    assert {one.cause for one in changed(old, held) if one.before and one.after} == {Cause.LAW}


def test_a_case_keeps_the_law_of_its_offence() -> None:
    facts = (fact("offence_ended", "2024-06-30", known="2025-02-01"), fact("charged", "2025-03-01", "A"))
    kept = day_of_law(facts)
    assert kept == day("2024-06-30")
    assert in_force("nl", kept).version == "nl-2013-01-01"
    assert in_force("nl", day("2024-07-01")).version == "nl-2024-07-01"
    assert day_of_law(facts[1:]) == day("2025-03-01")
    assert day_of_law(()) is None


def test_no_law_is_said_in_one_sentence() -> None:
    with pytest.raises(NoLaw, match=r"No law of 'nl' is known for 2012-12-31: the first is of 2013-01-01\."):
        in_force("nl", day("2012-12-31"))
    with pytest.raises(NoLaw, match="no file is of this country"):
        in_force("xx", day("2026-01-01"))


@pytest.mark.parametrize(
    ("matter", "sentence"),
    [
        (Matter((fact("charged", "2026-01-01"),) * 2, ADULT), "same id"),
        (Matter((fact("charged", "0001-01-01"),), ADULT), "too far away"),
        (Matter((fact("charged", "9999-12-31"),), ADULT), "too far away"),
        (Matter((fact("hearing_set", "2026-01-01", hearing="plea_hearing:x"),), ADULT), "another name"),
        (Matter((), Person(date(2010, 1, 2), date(2010, 1, 1))), "after the last"),
        (Matter((), Person(date(1, 1, 1), date(1, 1, 1))), "day of birth is too far"),
        (
            Matter(tuple(fact("charged", "2026-01-01", id=str(n)) for n in range(MOST_FACTS + 1)), ADULT),
            f"at most {MOST_FACTS}",
        ),
    ],
)
def test_what_cannot_be_computed_with_is_refused(matter: Matter, sentence: str) -> None:
    with pytest.raises(CaseImpossible, match=sentence):
        rights(NL, matter, BEGIN)


def test_corrections_in_a_ring_do_not_hang() -> None:
    ring = (
        fact("charged", "2026-01-01", id="a", supersedes="b"),
        fact("charged", "2026-01-02", id="b", supersedes="a"),
        fact("charged", "2026-01-03", id="c", supersedes="a"),
    )
    assert one(NL, "nl-join-form", Matter(ring, ADULT), "2026-02-01").opens == day("2026-01-03")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "steps",
    [
        ("charged", "hearing_set", "right_denied", "judgment", "closing_speech"),
        ("hearing_set", "hearing_started"),
        ("prosecution_declined", "aware", "information_requested"),
    ],
)
def test_the_largest_case_is_computed_in_time(steps: tuple[str, ...]) -> None:
    """All steps that a case may have, with as many hearings and defendants as make it hard."""
    many = len(steps)
    facts = tuple(
        fact(
            steps[n % many],
            "2026-03-01",
            f"d{n % 20}" if many == 5 else "A",
            known="2026-02-01",
            hearing=f"h{n // many}",
            id=str(n),
        )
        for n in range(MOST_FACTS)
    )
    assert len(rights(NL, Matter(facts, ADULT), day("2026-04-01"))) > MOST_FACTS
