"""Every model has its line in the table, and docs/retention.md shows the table as it is."""

from __future__ import annotations

import pytest
from django.apps import apps

from luwte.desk.retention.kinds import BY_MODEL
from luwte.desk.retention.people import left_in_register, register_rows, vault_rows
from luwte.desk.retention.rules import CASE, CONTACT, LETTERS, MADE, PERSON, Then
from luwte.desk.retention.table import row_of, shipped
from tests.support.retention_table import DOCS, written


def test_every_model_has_a_line() -> None:
    """A model without one fails here: say in desk/retention/table.toml how long it is kept, and why."""
    models = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert {label for label in models if row_of(label, shipped()) is None} == set()


def test_no_line_is_of_a_model_that_is_not_there() -> None:
    labels = {model._meta.label for model in apps.get_models()}
    rooms = {app.label for app in apps.get_app_configs()}
    for model in shipped():
        assert model in labels | {LETTERS, MADE} or (model.endswith(".*") and model[:-2] in rooms)


def test_what_has_a_term_is_deleted_by_it() -> None:
    terms = {row.model for row in shipped().values() if row.after is not None}
    assert terms == {*BY_MODEL, CASE, CONTACT, LETTERS, PERSON}
    assert {row.model for row in shipped().values() if row.then in (Then.DELETE, Then.FORGET)} == terms


@pytest.mark.django_db(databases=["default", "vault"])
def test_what_goes_with_a_person_does() -> None:
    """Whatever has a pseudonym goes when the person was erased."""
    register = {rows.model._meta.label for rows in register_rows(["s"])}
    vault = {rows.model._meta.label for rows in vault_rows(["p"])}
    labels = {row.model for row in shipped().values() if row.then == Then.PERSON}
    assert labels <= register | vault
    for model in apps.get_models():
        columns = {column.name for column in model._meta.get_fields() if column.concrete}
        if "subject" in columns:
            assert model._meta.label in register
        if "person" in columns:
            assert model._meta.label in vault
    assert left_in_register(["s"]) == set()


def test_the_docs_show_the_table_as_it_is() -> None:
    """`python -m tests.support.retention_table` writes it anew."""
    assert written(DOCS.read_text()) == DOCS.read_text()
