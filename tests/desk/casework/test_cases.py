"""The pages of cases: as they stand, a step added, what waits dismissed, and what nobody charged."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from luwte.desk.cases.errors import PARTY_FAULTS, STEP_FAULTS
from luwte.desk.cases.judging import Why
from luwte.desk.cases.models import Case, CaseStep, Dismissal, VictimStatus
from luwte.desk.cases.vocabulary import Step
from luwte.desk.casework import step_words
from luwte.desk.casework.roles import Role
from luwte.desk.findings.services import register as take_in
from tests.support.cases import CASE, count, tell
from tests.support.casework import worker
from tests.support.desk import NOON, Someone, entry_id, report, someone
from tests.support.pages import words

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def noor() -> Someone:
    """Someone with two entries found in case C-1."""
    found = someone("Noor", series="s-1")
    take_in(report({"s-1": {"a": (1, 0), "b": (1, 0)}}, case=CASE), NOON)
    return found


@pytest.fixture
def officer(noor: Someone) -> Client:
    """A case officer."""
    return worker("otto", Role.CASE_OFFICER)


def page(officer: Client) -> str:
    """Return the address of case C-1."""
    return f"/staff/cases/{Case.objects.get(number=CASE).id}/"


def sent(officer: Client, **fields: str) -> tuple[int, str]:
    """Send a step by the form; return the status and the words of what follows."""
    html = officer.get(page(officer)).content.decode()
    found = re.search(r'name="reference" value="([^"]+)"', html)
    assert found is not None
    given = {"act": "step", "reference": found[1], "known": "2026-03-02"} | fields
    answer = officer.post(page(officer), given, follow=True)
    return answer.status_code, words(answer)


def test_a_case_is_shown_as_it_stands(officer: Client, noor: Someone) -> None:
    tell("charged", "2026-02-02", defendant="D1", counts=(count("a"),))
    tell("hearing_set", "2026-06-15", hearing="h1", reference="r1", said={"court": "RBMNE", "time": "09:30"})
    tell("hearing_set", "2026-06-16", hearing="h1", reference="r2", corrects="r1")
    tell("appeal_decided", "2026-02-12")
    said = words(officer.get(page(officer)))
    for part in (
        "Zaak C-1", "Verdachten: D1", noor.subject, "verondersteld", "252 Sr, possession", "16 juni 2026",
        "verbetert die van 15 juni 2026", "Er is nog geen hoger beroep", entry_id("b"),
        "De volgende zitting is op 16 juni 2026",
    ):  # fmt: skip
        assert part in said, part
    assert "Noor" not in said
    assert entry_id("a") not in said


def test_a_step_is_added_once_however_often_it_is_sent(officer: Client) -> None:
    form = {"act": "step", "reference": "t-1", "step": "hearing_set", "occurred": "2026-06-15",
            "known": "2026-03-02", "hearing": "h1", "court": "RBMNE", "time": "09:30"}  # fmt: skip
    for _ in range(2):
        assert "De stap is bewaard." in words(officer.post(page(officer), form, follow=True))
    row = CaseStep.objects.get()
    assert (row.step, row.said, row.told_by.split(":")[0]) == (
        "hearing_set", {"court": "RBMNE", "time": "09:30"}, "casework",
    )  # fmt: skip
    other = officer.post(page(officer), form | {"hearing": "h2"})
    assert (other.status_code, CaseStep.objects.count()) == (400, 1)


def test_a_charge_sheet_is_typed_in_lines(officer: Client) -> None:
    lines = f"252 Sr; possession; 2024-01-05; 2024-03-01; {entry_id('a')} {entry_id('b')}\n\n"
    assert sent(officer, step="charged", occurred="2026-02-02", defendant="D1", counts=lines)[0] == 200
    assert CaseStep.objects.get().counts[0]["entries"] == sorted([entry_id("a"), entry_id("b")])
    assert "Niets: wat meetelt" in words(officer.get(page(officer)))


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"step": "judgment", "occurred": "2206-01-01"}, "moet nog komen"),
        ({"step": "hearing_set", "occurred": "2206-01-01", "hearing": "h"}, "te ver weg"),
        ({"step": "judgment", "occurred": "gisteren"}, "Een dag ontbreekt"),
        ({"step": "judgment", "occurred": "2026-02-30"}, "Een dag ontbreekt"),
        ({"step": "judgment", "occurred": ""}, "Een dag ontbreekt"),
        ({"step": "judgment", "occurred": "2026-02-02", "defendant": "Jansen"}, "kan een naam zijn"),
        ({"step": "hearing_set", "occurred": "2026-06-15"}, "welke zitting"),
        ({"step": "charged", "occurred": "2026-02-02", "counts": "252 Sr; x"}, "vijf delen"),
        ({"step": "x", "occurred": "2026-02-02"}, "kan zo niet worden bewaard"),
        ({"step": "judgment", "occurred": "2026-02-02", "corrects": "ab" * 16}, "kan zo niet worden bewaard"),
        ({"step": "judgment", "occurred": "2026-02-02", "whom": "ab" * 16}, "kan zo niet worden bewaard"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    officer: Client, fields: dict[str, str], match: str
) -> None:
    status, said = sent(officer, **fields)
    assert (status, CaseStep.objects.count()) == (400, 0)
    assert match in said


def test_what_waits_is_on_the_work_list_and_is_dismissed_with_a_reason(officer: Client) -> None:
    early = tell("hearing_moved", "2026-06-29", hearing="h1").row
    assert "1 stap wacht op iets dat eerst moet komen." in words(officer.get("/staff/"))
    assert "Niemand meldde dat deze zitting is gepland." in words(officer.get(page(officer)))
    empty = officer.post(page(officer), {"act": "dismiss", "step": early.id, "reason": " "})
    assert (empty.status_code, Dismissal.objects.count()) == (400, 0)
    form = {"act": "dismiss", "step": early.id, "reason": "van een andere zaak"}
    assert "De stap is afgewezen." in words(officer.post(page(officer), form, follow=True))
    assert "wacht op iets" not in words(officer.get("/staff/"))
    assert "van een andere zaak" in words(officer.get(page(officer)))
    assert "wacht niet meer" in words(officer.post(page(officer), form))


def test_a_gap_is_on_the_work_list_before_the_hearing(officer: Client) -> None:
    tell("charged", "2026-02-02", counts=(count("a"),))
    assert "tenlastelegging" not in words(officer.get("/staff/")), "no hearing is set"
    assert ": 1 vermelding, geen zitting gepland" in words(officer.get("/staff/cases/"))
    tell("hearing_set", "2026-06-15", hearing="h1")
    assert "1 vermelding staat op geen tenlastelegging, en op 15 juni 2026 is er een zitting." in words(
        officer.get("/staff/")
    )
    assert "volgende zitting op 15 juni 2026" in words(officer.get("/staff/cases/"))


def test_a_status_is_a_version(officer: Client, noor: Someone) -> None:
    form = {
        "act": "status",
        "whom": noor.subject,
        "status": "recognised",
        "source": "RBMNE",
        "decided": "2026-02-03",
    }
    assert "nieuwe versie" in words(officer.post(page(officer), form, follow=True))
    assert "erkend" in words(officer.get(page(officer)))
    assert officer.post(page(officer), form | {"decided": "2027-01-01"}).status_code == 400
    assert officer.post(page(officer), form | {"whom": "ab" * 16}).status_code == 400
    assert VictimStatus.objects.count() == 1


def test_a_case_is_found_by_its_number(officer: Client) -> None:
    assert officer.get("/staff/cases/", {"number": CASE}).headers["location"] == page(officer)
    assert "Geen zaak heeft dit nummer." in words(officer.get("/staff/cases/", {"number": "x"}))
    assert officer.get("/staff/cases/nothing/").status_code == 404
    assert officer.post(page(officer), {"act": "other"}).status_code == 404


def test_a_case_that_holds_markup_is_shown_as_text(officer: Client) -> None:
    from luwte.desk.cases import register

    register.name_agency("<b>1</b>", "om", "NL", "<script>", NOON)
    case = Case.objects.get(number="<b>1</b>")
    html = officer.get(f"/staff/cases/{case.id}/").content.decode()
    assert "<b>1" not in html
    assert "&lt;script&gt;" in html


def test_every_step_wait_and_fault_has_its_words() -> None:
    assert set(step_words.steps()) == set(Step)
    assert set(step_words.waits()) == set(Why)
    assert set(step_words.faults()) <= {*STEP_FAULTS, *PARTY_FAULTS}
