"""Steps of cases by the interface: once, in any order, corrected; and what nobody charged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.api.models import Notice
from luwte.desk.cases import register
from luwte.desk.cases.models import CaseStep, Event
from luwte.desk.findings.services import register as take_in
from luwte.desk.telling.steps import spread_steps
from tests.support.desk import NOON, entry_id, report, someone
from tests.support.interface import STEP, Machine

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
MOVE = STEP | {"reference": "r-2", "step": "hearing_moved", "occurred": "2026-06-29"}
COUNT = {"article": "252 Sr", "offence": "possession", "first": "2024-01-05", "last": "2024-03-01"}
CHARGE: dict[str, Any] = {
    "case": "C-1", "reference": "c-1", "step": "charged", "occurred": "2026-02-02", "known": "2026-02-02",
    "defendant": "D1",
}  # fmt: skip


def test_a_step_is_kept_once_and_says_how_it_stands(machine: Machine) -> None:
    token = machine.let_in("cases:write")
    one, two = (machine.step(token, STEP) for _ in range(2))
    assert (one.status, two.status, one.json()) == (201, 200, two.json())
    assert (one.json()["state"], one.json()["waitsFor"]) == ("standing", None)
    assert machine.ask("GET", one.headers["location"], token=token).json() == one.json()
    assert (CaseStep.objects.count(), Notice.objects.count()) == (1, 1)


def test_a_step_that_comes_too_early_waits_and_stands_by_itself(machine: Machine) -> None:
    token = machine.let_in()
    early = machine.step(token, MOVE)
    assert (early.status, early.json()["state"], early.json()["waitsFor"]) == (201, "waiting", "no_hearing")
    machine.step(token, STEP)
    found = machine.ask("GET", early.headers["location"], token=token).json()
    assert (found["state"], found["waitsFor"]) == ("standing", None)


def test_a_correction_may_come_first(machine: Machine) -> None:
    token = machine.let_in()
    better = machine.step(token, STEP | {"reference": "r-9", "occurred": "2026-06-16", "corrects": "r-1"})
    assert better.json()["waitsFor"] == "nothing_to_correct"
    first = machine.step(token, STEP)
    assert first.json()["state"] == "corrected"
    assert machine.ask("GET", better.headers["location"], token=token).json()["state"] == "standing"
    register.dismiss(machine.step(token, MOVE | {"hearing": "h7"}).json()["id"], "of another case", NOON)
    assert machine.step(token, MOVE | {"hearing": "h7"}).json()["state"] == "dismissed"


def test_a_correction_is_of_ones_own_step(machine: Machine) -> None:
    """What another agency calls its steps is its own affair."""
    machine.step(machine.let_in(), STEP)
    other = machine.step(machine.let_in(), STEP | {"reference": "r-9", "corrects": "r-1"})
    assert other.json()["waitsFor"] == "nothing_to_correct"
    again = machine.step(machine.let_in(), STEP)
    assert again.status == 201, "and the same reference of another one is another step"


def test_the_same_reference_with_other_words_is_refused(machine: Machine) -> None:
    token = machine.let_in()
    machine.step(token, STEP)
    other = machine.step(token, STEP | {"occurred": "2026-06-16"})
    assert (other.status, other.json()["type"]) == (409, "urn:luwte:problem:step-differs")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"occurred": "2126-06-15"}, "too far away"),
        ({"occurred": "0206-06-15"}, "before 1900"),
        ({"step": "judgment"}, "still to come"),
        ({"known": "2026-05-05"}, "Nobody knows this yet"),
        ({"hearing": None}, "which hearing"),
        ({"defendant": "Jansen1"}, "somebody's name"),
        ({"said": {"court": "RBXYZ"}}, "No court"),
        ({"counts": [COUNT]}, "Only a charge"),
        ({"corrects": "r-1"}, "round in a circle"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_of_the_request(
    machine: Machine, change: dict[str, Any], words: str
) -> None:
    answer = machine.step(machine.let_in(), STEP | change)
    problem = answer.json()
    assert (answer.status, problem["type"]) == (400, "urn:luwte:problem:step-impossible")
    assert words in problem["detail"]
    assert "Jansen" not in answer.body.decode()
    assert not CaseStep.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"occurred": 20260615}, {"occurred": "15-06-2026"}, {"occurred": "2026-06-31"},
        {"step": "arrested"}, {"reference": "a b"}, {"reference": ""}, {"case": " C"}, {"said": {"A": 1}},
        {"said": {"x": 1.5}}, {"said": {"x": "a\nb"}}, {"said": [1]}, {"counts": {}}, {"counts": [{}]},
        {"name": "x"}, {"defendant": "De Vries"}, {"counts": [COUNT | {"entries": ["zz"]}]}, {"known": None},
    ],
)  # fmt: skip
def test_what_has_not_the_form_is_refused(machine: Machine, change: dict[str, Any]) -> None:
    answer = machine.step(machine.let_in(), STEP | change)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["errors"]
    assert not CaseStep.objects.exists()


def test_a_large_charge_sheet_fits_and_a_larger_one_does_not(machine: Machine) -> None:
    token = machine.let_in()
    entries = [entry_id(f"e{number:05}") for number in range(5000)]
    sheet = CHARGE | {"counts": [COUNT | {"entries": entries}]}
    assert machine.step(token, sheet).status == 201
    assert len(CaseStep.objects.get().counts[0]["entries"]) == 5000
    more = CHARGE | {"reference": "c-2", "counts": [COUNT | {"entries": entries[:3000]}] * 2}
    assert machine.step(token, more).status == 400
    assert machine.step(token, CHARGE | {"counts": [COUNT | {"entries": entries * 3}]}).status == 413


def test_steps_of_machines_reach_whom_they_concern(machine: Machine, clock: ManualClock) -> None:
    noor = someone("Noor", series="s-1")
    take_in(report({"s-1": {"a": (1, 0)}}, case="C-1"), NOON)
    token = machine.let_in()
    for one in (MOVE, CHARGE, STEP, MOVE):
        machine.step(token, one)
    assert spread_steps(clock.now()) == 3
    assert set(Event.objects.filter(subject=noor.subject).values_list("kind", flat=True)) == {
        "charge", "hearing", "hearing_moved",
    }  # fmt: skip


def test_gaps_are_of_everything_found_in_ones_own_cases(machine: Machine) -> None:
    """Of the entries of whom nobody knows too: what is listed says nothing of who is known."""
    someone("Noor", series="s-1")
    take_in(report({"s-1": {"a": (1, 0), "b": (1, 0)}, "s-nobody": {"c": (1, 0)}}, case="C-1"), NOON)
    take_in(report({"s-1": {"d": (1, 0)}}, case="C-2"), NOON)
    token = machine.let_in()
    assert gaps(machine, token) == []
    machine.step(token, CHARGE | {"counts": [COUNT | {"entries": [entry_id("a")]}]})
    machine.step(token, STEP)
    assert gaps(machine, token) == [
        {"case": "C-1", "hearing": "2026-06-15", "entries": sorted([entry_id("b"), entry_id("c")])}
    ]
    assert gaps(machine, machine.let_in()) == [], "another agency's"
    page = machine.ask("GET", "/api/v1/charge-gaps?after=1", token=token).json()
    assert page == {"gaps": [], "next": 1}


def gaps(machine: Machine, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(machine.ask("GET", "/api/v1/charge-gaps", token=token).body)[
        "gaps"
    ]
    return found
