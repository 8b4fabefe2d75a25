from __future__ import annotations

import pytest
from django.apps import apps
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


def test_no_two_rows_of_the_two_worlds_are_tied() -> None:
    models = apps.get_models(include_auto_created=True)
    vault = [model for model in models if router.db_for_read(model) == "vault"]
    others = [model for model in models if router.db_for_read(model) != "vault"]
    assert len(vault) > 5
    assert len(others) > 20
    for one in vault:
        for other in others:
            for pair in ((one(), other()), (other(), one())):
                with pytest.raises(RelationAcrossTheWall):
                    router.allow_relation(*pair)


def test_no_table_points_at_just_any_table() -> None:
    """A generic relation would name a table of the other world and no router would see it."""
    for model in apps.get_models(include_auto_created=True):
        kinds = {type(field).__name__ for field in (*model._meta.get_fields(), *model._meta.private_fields)}
        assert not {name for name in kinds if name.startswith("GenericRel") or name == "GenericForeignKey"}, (
            model
        )
