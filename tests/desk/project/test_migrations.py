"""Every schema that ever was, with data in it, comes up to this one: nothing is lost, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from luwte.base.ids import new_id
from luwte.desk.project.databases import ENVIRONMENT
from tests.support.migration_steps import STEPS
from tests.support.postgres import Cluster

CHECKOUT = Path(__file__).resolve().parents[3]


def test_each_migration_has_its_step() -> None:
    """A new migration needs a step in tests/support/migration_steps.py: what it finds, and what it leaves."""
    ours = {
        (app, name)
        for (app, name), found in MigrationLoader(None).disk_migrations.items()
        if type(found).__module__.startswith("luwte.")
    }
    assert {(step.room, step.name) for step in STEPS} == ours


@pytest.mark.parametrize("on", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_data_of_every_schema_comes_up_whole(on: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    variables = {"LUWTE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "luwte.desk.project.settings"}
    (tmp_path / "desk").mkdir()
    if on == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        variables |= {name: cluster.create(f"{alias}_{new_id()[:8]}") for alias, name in ENVIRONMENT.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUWTE_")}
    command = [sys.executable, "-m", "tests.support.migration_steps"]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=kept | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_models_have_their_migrations() -> None:
    assert connection.vendor in ("sqlite", "postgresql")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
