"""The staff have words for everything that the rules and the tasks may say, and claim nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

import luwte.desk.telling
from luwte.desk.audit.acts import Act
from luwte.desk.pages import wording
from luwte.desk.staff import words
from luwte.desk.telling import outbox, safety_outbox, troubles
from luwte.desk.telling.errors import CallImpossible
from luwte.desk.telling.leaving import LEAVING
from luwte.desk.telling.steps import STEP_TAKEN_BACK
from luwte.desk.telling.taken_back import TAKEN_BACK, Fell
from luwte.desk.telling.tasks import CallOutcome
from luwte.desk.telling.values import Outcome, Reason
from luwte.desk.vault.rules import ROLES
from luwte.desk.wishes.rules import Channel
from luwte.desk.words.claims import Language, breaches
from tests.support.pages import text_of
from tests.support.tour import staff_pages
from tests.support.tour_accounts import account_pages

FOLDER = Path(luwte.desk.telling.__file__).parent


def causes_of_call_impossible() -> set[str]:
    """Return the causes that the code raises."""
    found = set()
    for module in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == CallImpossible.__name__:
                assert isinstance(node.args[0], ast.Constant)
                found.add(str(node.args[0].value))
    return found


def test_every_reason_outcome_and_channel_has_words() -> None:
    assert set(words.reasons()) == set(Reason)
    assert set(words.outcomes()) == set(Outcome)
    assert set(words.channels()) == set(Channel)
    assert set(wording.roles()) == set(ROLES)
    assert set(words.causes()) == {*troubles.CAUSES, *(one.value for one in Fell)}


def test_every_kind_of_task_has_words() -> None:
    kinds = {outbox.UNKNOWN_OUTCOME, outbox.ADDRESS_FAILS, outbox.SERVER_SILENT, troubles.DECEASED}
    assert set(words.tasks()) == kinds | {
        safety_outbox.CARE, TAKEN_BACK, STEP_TAKEN_BACK, LEAVING, "call", "harm_lifted",
    }  # fmt: skip
    made = "".join(module.read_text() for module in FOLDER.rglob("*.py"))
    asked = {
        line.split("ask_human(contact, ")[1].split(",")[0]
        for line in made.splitlines()
        if "ask_human(contact, " in line
    }
    assert {one.rpartition(".")[2] for one in asked} == {"UNKNOWN_OUTCOME", "ADDRESS_FAILS", "SERVER_SILENT"}


def test_every_cause_has_words() -> None:
    causes = causes_of_call_impossible()
    assert causes == {"taken", "full", "past", "not_yours", "no_call", "first"}
    assert all(words.impossible(cause) for cause in causes)


@pytest.mark.parametrize("last", ["", *CallOutcome, "not needed"])
def test_what_came_of_a_call_has_words_or_none(last: str) -> None:
    assert bool(words.outcome_of_call(last)) == (last in ("no_answer", "later"))


@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.usefixtures("clock", "signed")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_page_of_the_staff_claims_what_may_never_be_claimed(language: Language) -> None:
    with translation.override(language):
        for name, page in (*staff_pages(language), *account_pages(language)):
            shown = without_acts(text_of(page.content.decode(), "main"))
            assert not breaches(shown, language), name


def without_acts(text: str) -> str:
    """Leave out what the record calls its acts: names in code, which an auditor reads as they are."""
    for act in Act:
        text = text.replace(act.value, "")
    return text
