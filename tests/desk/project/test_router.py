from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import router

from luwte.desk.findings.models import Finding
from luwte.desk.project.router import RelationAcrossTheWall
from luwte.desk.vault.models import Address, Person


def test_people_live_in_the_vault_and_all_else_outside() -> None:
    for model in apps.get_models(include_auto_created=True):
        home = "vault" if model._meta.app_label == "vault" else "default"
        assert router.db_for_write(model) == router.db_for_read(model) == home
        assert router.allow_migrate_model(home, model)
        assert not router.allow_migrate_model("default" if home == "vault" else "vault", model)


def test_no_relation_crosses_the_wall() -> None:
    assert router.allow_relation(Person(), Address())
    with pytest.raises(RelationAcrossTheWall):
        router.allow_relation(Person(), Finding())
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field.related_model, type):
                assert router.db_for_read(field.related_model) == router.db_for_read(model)


@pytest.mark.django_db(databases=["default", "vault"])
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
