"""The register of cases: told once, corrected and never changed, waiting for what it rests on."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from luwte.desk.audit.models import Leaf
from luwte.desk.cases import register
from luwte.desk.cases.book import Book, open_book, status_of
from luwte.desk.cases.errors import CaseUnknown, NothingWaits, PartyImpossible, StepDiffers, StepImpossible
from luwte.desk.cases.given import Given
from luwte.desk.cases.judging import Why
from luwte.desk.cases.models import Case, CaseStep, VictimStatus
from luwte.desk.cases.vocabulary import Fact, Step, standing
from luwte.desk.findings.uncharged import facts
from tests.support import cases as steps
from tests.support.cases import CASE, count, tell
from tests.support.desk import NOON, entry_id

pytestmark = pytest.mark.django_db

SUBJECT = "ab" * 16


def book() -> Book:
    """Return case C-1 as it stands."""
    return open_book(Case.objects.get(number=CASE))


def standing_steps() -> list[str]:
    """Return what stands in case C-1."""
    return [row.step for row in book().standing]


def acts() -> list[str]:
    """Return the acts on record, in order."""
    return list(Leaf.objects.order_by("pk").values_list("act", flat=True))


def test_a_step_is_kept_once_with_its_record() -> None:
    first, again = tell("charged", "2026-02-02"), tell("charged", "2026-02-02")
    assert (first.new, again.new, first.row.id) == (True, False, again.row.id)
    assert (CaseStep.objects.count(), acts()) == (1, ["cases.step-told"])
    assert (first.row.told_by, first.row.received) == ("command", NOON)


def test_the_same_reference_with_other_words_is_refused() -> None:
    tell("charged", "2026-02-02", reference="r1")
    with pytest.raises(StepDiffers, match="said something else"):
        tell("charged", "2026-02-03", reference="r1")
    assert CaseStep.objects.get().occurred == date(2026, 2, 2)


def test_a_move_before_its_hearing_waits_and_is_applied_by_itself() -> None:
    move = tell("hearing_moved", "2026-06-29", hearing="h1")
    assert (move.waits, standing_steps(), book().hearings) == (Why.NO_HEARING, [], [])
    tell("hearing_set", "2026-06-15", "2026-01-05", hearing="h1")
    assert standing_steps() == ["hearing_set", "hearing_moved"]
    assert [(one.id, one.day) for one in book().hearings] == [("h1", date(2026, 6, 29))]
    last = Leaf.objects.order_by("-pk")[0]
    assert json.loads(bytes(last.content or b""))["details"]["applied"] == 1


def test_a_cancelled_hearing_is_no_next_one() -> None:
    tell("hearing_set", "2026-06-15", hearing="h1")
    tell("hearing_set", "2026-07-15", hearing="h2")
    assert book().next_hearing(date(2026, 3, 2)).id == "h1"  # type: ignore[union-attr]
    tell("hearing_cancelled", "2026-02-20", hearing="h1")
    assert book().next_hearing(date(2026, 3, 2)).id == "h2"  # type: ignore[union-attr]
    tell("hearing_moved", "2026-06-20", "2026-02-25", hearing="h1")
    assert book().next_hearing(date(2026, 3, 2)).day == date(2026, 6, 20)  # type: ignore[union-attr]


def test_a_correction_stands_and_what_it_corrects_stays_on_record() -> None:
    tell("judgment", "2026-02-10", reference="r1")
    tell("judgment", "2026-02-11", reference="r2", corrects="r1")
    assert [row.occurred.day for row in book().standing] == [11]
    assert CaseStep.objects.count() == 2
    found = facts(CASE, SUBJECT)
    assert [fact.occurred.day for fact in standing(found)] == [11], "the seam says the same"


def test_rows_are_never_changed_nor_deleted() -> None:
    tell("charged", "2026-02-02")
    for act in (lambda: CaseStep.objects.update(known=date(2026, 1, 1)), CaseStep.objects.all().delete):
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            act()


def test_two_corrections_of_one_step_ask_a_human() -> None:
    tell("judgment", "2026-02-10", reference="r1")
    tell("judgment", "2026-02-11", reference="r2", corrects="r1")
    third = tell("judgment", "2026-02-12", reference="r3", corrects="r1")
    assert third.waits is None, "it was known later"
    (waits,) = book().waiting
    assert (waits.reference, book().judged.waiting[waits.id]) == ("r2", Why.RIVAL)
    register.dismiss(waits.id, "two letters", NOON)
    assert (book().waiting, [row.reference for row in book().standing]) == ([], ["r3"])
    assert acts()[-1] == "cases.step-dismissed"


def test_what_was_dismissed_counts_no_more_even_when_the_missing_one_comes() -> None:
    move = tell("hearing_moved", "2026-06-29", hearing="h1")
    register.dismiss(move.row.id, "of another case", NOON)
    tell("hearing_set", "2026-06-15", hearing="h1")
    assert standing_steps() == ["hearing_set"]
    with pytest.raises(NothingWaits):
        register.dismiss(move.row.id, "again", NOON)


def test_only_what_waits_is_dismissed_and_with_a_reason() -> None:
    row = tell("charged", "2026-02-02").row
    with pytest.raises(NothingWaits, match="Correct it"):
        register.dismiss(row.id, "wrong", NOON)
    with pytest.raises(StepImpossible, match="Say why"):
        register.dismiss(row.id, " ", NOON)


def test_a_step_taken_back_stands_no_more() -> None:
    tell("judgment", "2026-02-10", reference="r1")
    appeal = tell("appeal_filed", "2026-02-12")
    tell("taken_back", "2026-02-20", corrects="r1", reference="r2")
    assert (standing_steps(), book().judged.waiting) == ([], {appeal.row.id: Why.NO_JUDGMENT})


@pytest.mark.parametrize(
    ("step", "occurred", "more", "match"),
    [
        ("hearing_set", "2206-06-15", {"hearing": "h"}, "too far away"),
        ("charged", "1899-12-31", {}, "before 1900"),
        ("judgment", "2026-06-15", {}, "still to come"),
        ("judgment", "2026-02-15", {"known": "2026-02-14"}, "before it happened"),
        ("hearing_set", "2026-06-15", {"known": "2026-03-03", "hearing": "h"}, "Nobody knows this yet"),
        ("arrested", "2026-02-15", {}, "no such step"),
        ("hearing_set", "2026-06-15", {}, "which hearing"),
        ("taken_back", "2026-02-15", {}, "did not happen"),
        ("charged", "2026-02-15", {"reference": "a b"}, "The reference"),
        ("hearing_set", "2026-06-15", {"hearing": "h 1"}, "id of the hearing"),
        ("hearing_set", "2026-06-15", {"hearing": "h", "said": {"court": "RBXYZ"}}, "No court"),
        ("hearing_set", "2026-06-15", {"hearing": "h", "said": {"time": "25:00"}}, "HH:MM"),
        ("charged", "2026-02-15", {"said": {"note": "he said that\nit was"}}, "Names and sentences"),
        ("charged", "2026-02-15", {"said": {"Note": 1}}, "small letters"),
        ("charged", "2026-02-15", {"said": {"amount": 10**16}}, "whole number"),
        ("charged", "2026-02-15", {"said": {f"k{'a' * n}": 1 for n in range(21)}}, "At most 20"),
        ("judgment", "2026-02-15", {"counts": (count("a"),)}, "Only a charge"),
        ("charged", "2026-02-15", {"counts": (count("a"),) * 101}, "at most 100 counts"),
        ("charged", "2026-02-15", {"counts": (count("a", "a"),)}, "twice in one count"),
        ("charged", "2026-02-15", {"counts": (count(last=date(2023, 1, 1)),)}, "in that order"),
        ("charged", "2026-02-15", {"series": "s-1", "subject": SUBJECT}, "not both"),
    ],
)
def test_what_cannot_be_a_step_is_refused_in_one_sentence(
    step: str, occurred: str, more: dict[str, Any], match: str
) -> None:
    with pytest.raises(StepImpossible, match=match):
        tell(step, occurred, **more)
    assert not CaseStep.objects.exists()
    assert not Leaf.objects.exists()


@pytest.mark.parametrize("name", ["Jansen", "J. de Vries", "jan", "D1\n", "", "piet-1980", "x" * 41 + "1"])
def test_a_defendant_is_a_number_and_no_name(name: str) -> None:
    if name:
        with pytest.raises(PartyImpossible, match="somebody's name"):
            tell("charged", "2026-02-02", defendant=name)
    tell("charged", "2026-02-02", defendant="D1", reference="a")
    tell("charged", "2026-02-02", defendant="16-123456.26/2", reference="b")
    tell("charged", "2026-02-02", defendant="feedbeef" * 4, reference="c")
    assert len(book().defendants) == 3


def test_a_circle_of_corrections_is_refused() -> None:
    tell("judgment", "2026-02-10", reference="r1", corrects="r2")
    with pytest.raises(StepImpossible, match="circle"):
        tell("judgment", "2026-02-11", reference="r2", corrects="r1")
    with pytest.raises(StepImpossible, match="circle"):
        tell("judgment", "2026-02-11", reference="r3", corrects="r3")


def test_nothing_lies_before_the_offence_whichever_came_first() -> None:
    tell("charged", "2026-02-02", counts=(count("a"),), reference="c1")
    with pytest.raises(StepImpossible, match="before the first day of the offence"):
        tell("hearing_set", "2023-06-15", hearing="h1")
    tell("first_contact", "2023-06-15")
    tell("hearing_started", "2023-06-15", hearing="h0")  # it waits, so it says nothing yet
    with pytest.raises(StepImpossible, match="before the first day of the offence"):
        tell("hearing_set", "2023-06-14", hearing="h0")
    tell("file_sent", "2024-02-01")
    with pytest.raises(StepImpossible, match="before the first day"):
        tell("charge_changed", "2026-02-05", counts=(count("a", first=date(2024, 2, 20)),), reference="c2")


def test_the_charge_that_holds_is_the_latest_of_each_defendant() -> None:
    tell("charge_changed", "2026-02-20", defendant="D1", counts=(count("b", "c"),), reference="later")
    tell("charged", "2026-02-02", defendant="D1", counts=(count("a"),), reference="first")
    tell("charged", "2026-02-03", defendant="D2", counts=(count("d"),), reference="other")
    assert {defendant: row.reference for defendant, row in book().sheets.items()} == {
        "D1": "later", "D2": "other",
    }  # fmt: skip
    assert book().charged_entries == {entry_id(one) for one in "bcd"}


def test_a_step_concerns_everyone_or_one() -> None:
    tell("charged", "2026-02-02")
    tell("victim_spoke", "2026-02-03", subject=SUBJECT)
    tell("claim_filed", "2026-02-04", series="s-1")
    mine, other = book().facts(SUBJECT), book().facts("cd" * 16, ["s-1"])
    assert {fact.step for fact in mine} == {Step.CHARGED, Step.VICTIM_SPOKE}
    assert {fact.step for fact in other} == {Step.CHARGED, Step.CLAIM_FILED}


def test_a_status_is_versioned_and_the_latest_decision_holds() -> None:
    tell("charged", "2026-02-02")
    case = Case.objects.get()
    assert status_of(case, SUBJECT) is None
    days = {"decided": date(2026, 2, 3), "known": date(2026, 2, 4), "subject": SUBJECT, "now": NOON}
    for _ in range(2):
        register.set_status(CASE, "recognised", "RBMNE", **days)  # type: ignore[arg-type]
    earlier = days | {"decided": date(2026, 1, 3)}
    register.set_status(CASE, "contested", "defence", **earlier)  # type: ignore[arg-type]
    assert VictimStatus.objects.count() == 2
    found = status_of(case, SUBJECT)
    assert (found.status, found.source, found.decided) == ("recognised", "RBMNE", date(2026, 2, 3))  # type: ignore[union-attr]
    register.set_status(CASE, "contested", "GHARL", **days | {"decided": date(2026, 2, 4)})  # type: ignore[arg-type]
    assert status_of(case, SUBJECT).status == "contested"  # type: ignore[union-attr]
    assert acts().count("cases.status-set") == 3


def test_a_status_of_a_series_is_of_whom_it_shows() -> None:
    day = date(2026, 2, 3)
    row = register.set_status(CASE, "recognised", "RBMNE", decided=day, known=day, series="s-1", now=NOON)
    assert status_of(row.case, SUBJECT, ["s-1"]) == row
    assert status_of(row.case, SUBJECT, ["s-2"]) is None


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"status": "guilty"}, "no such status"),
        ({"source": ""}, "who decided"),
        ({"decided": date(2026, 3, 3)}, "neither is still to come"),
        ({"known": date(2025, 1, 1)}, "known then"),
        ({"subject": ""}, "Say of whom"),
        ({"series": "s"}, "Say of whom"),
    ],
)
def test_a_status_that_cannot_be_is_refused(change: dict[str, Any], match: str) -> None:
    day = date(2026, 2, 3)
    values = {"status": "recognised", "source": "RBMNE", "decided": day, "known": day, "subject": SUBJECT}
    values |= change
    with pytest.raises(PartyImpossible, match=match):
        register.set_status(CASE, values.pop("status"), values.pop("source"), now=NOON, **values)  # type: ignore[arg-type]


def test_agencies_of_a_case() -> None:
    for _ in range(2):
        register.name_agency(CASE, "om midden-nederland", "NL", "16/123456-26", NOON)
    register.name_agency(CASE, "usao-nysd", "US", "", NOON)
    assert [(one.agency, one.jurisdiction) for one in Case.objects.get().agencies.order_by("agency")] == [
        ("om midden-nederland", "NL"), ("usao-nysd", "US"),
    ]  # fmt: skip
    assert acts() == ["cases.agency-named"] * 2
    for agency, law in (("OM!", "NL"), ("om", "XX")):
        with pytest.raises(PartyImpossible):
            register.name_agency(CASE, agency, law, "", NOON)


def test_a_step_of_no_case_is_refused() -> None:
    with pytest.raises(CaseUnknown, match="Give the number"):
        register.tell_step(" ", steps.given("charged", "2026-02-02"), NOON)


HISTORY = [
    steps.given("charged", "2026-01-10", defendant="D1", counts=(count("a"),), reference="c1"),
    steps.given("charge_changed", "2026-01-20", defendant="D1", counts=(count("b"),), reference="c2"),
    steps.given("hearing_set", "2026-06-15", "2026-01-21", hearing="h1", reference="h1"),
    steps.given("hearing_set", "2026-06-16", "2026-01-22", hearing="h1", reference="h1b", corrects="h1"),
    steps.given("hearing_set", "2026-06-17", "2026-01-23", hearing="h1", reference="h1c", corrects="h1b"),
    steps.given("hearing_moved", "2026-06-29", "2026-02-01", hearing="h1", reference="h1m"),
    steps.given("hearing_cancelled", "2026-02-03", hearing="h2", reference="lost"),
    steps.given("judgment", "2026-02-05", defendant="D1", reference="j"),
    steps.given("taken_back", "2026-02-06", reference="jb", corrects="j"),
    steps.given("appeal_filed", "2026-02-07", defendant="D1", reference="a"),
    steps.given("released", "2026-02-08", defendant="D1", reference="r"),
    steps.given("charged", "2026-01-11", defendant="D2", reference="d2"),
]


class AnyOrder(TestCase):
    databases = {"default"}

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations([*HISTORY, *HISTORY[3:6]]))
    def test_any_order_of_arrival_gives_the_same_case(self, order: list[Given]) -> None:
        with transaction.atomic():
            for minutes, one in enumerate(order):
                register.tell_step(CASE, one, NOON + timedelta(minutes=minutes))
            found = book()
            assert [row.reference for row in found.standing] == ["c1", "d2", "c2", "h1c", "h1m", "r"]
            waits = {row.reference: found.judged.waiting[row.id] for row in found.waiting}
            assert waits == {"lost": Why.NO_HEARING, "a": Why.NO_JUDGMENT}
            assert [(one.id, one.day.day) for one in found.hearings] == [("h1", 29)]
            assert found.charged_entries == {entry_id("b")}
            assert facts(CASE, SUBJECT) == self._expected(found)
            assert CaseStep.objects.count() == len(HISTORY)
            transaction.set_rollback(True)

    def _expected(self, found: Book) -> tuple[Fact, ...]:
        """The facts of a history told in order, worked out without the book."""
        applied = [one for one in HISTORY if one.reference not in ("lost", "a")]
        rows = [
            Fact(
                register.step_id(CASE, "command", one.reference), Step(one.step), one.occurred, one.known,
                one.defendant, one.hearing, one.corrects, dict(one.said),
            )
            for one in applied
        ]  # fmt: skip
        return tuple(sorted(rows, key=lambda fact: (fact.known, fact.occurred, fact.id)))
