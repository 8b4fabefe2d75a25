"""`pytest --on postgresql`: every test that touches the desk runs on PostgreSQL instead of SQLite.

One cluster serves the whole run. The desk is set up in it once; what a test needs is copied from there: the
test databases of each worker, and for a test that starts processes (marker `desk`) two of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from luwte.base.ids import new_id
from luwte.desk.project.databases import ENVIRONMENT, databases
from tests.support.postgres import MISSING, SHARED, Cluster, installed, started

NAMES = {"default": "luwte_desk", "vault": "luwte_vault"}
INIT = [sys.executable, "-c", "from luwte.cli import main; main()", "desk", "init"]
TOUCHES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def begin(config: pytest.Config) -> None:
    """Start the cluster, in the first process of the run, and turn Django to it."""
    if not installed():
        pytest.exit(f"{MISSING}; the tests of the desk on it did not run.", 1 if os.environ.get("CI") else 0)
    if SHARED not in os.environ:
        stack = ExitStack()
        cluster = stack.enter_context(started())
        config.add_cleanup(stack.close)
        os.environ[SHARED] = str(cluster.folder)
        stack.callback(os.environ.pop, SHARED)
        _set_up(cluster)
    cluster = _cluster()
    addresses = {ENVIRONMENT[alias]: cluster.address(name) for alias, name in NAMES.items()}
    found = databases(Path(), addresses)
    for alias, name in NAMES.items():
        found[alias]["TEST"] = {"TEMPLATE": name, "NAME": f"test_{name}"}
    settings.DATABASES = found
    connections.__dict__.pop("settings", None)


def chosen(item: pytest.Item) -> bool:
    """Return whether a test touches the desk, and not only its files or the other kind of database."""
    if item.get_closest_marker("embedded") or item.get_closest_marker("browser"):
        return False
    fixtures: tuple[str, ...] = getattr(item, "fixturenames", ())
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("desk")
    return marked is not None or not TOUCHES.isdisjoint(fixtures)


@contextmanager
def databases_of_its_own() -> Iterator[dict[str, str]]:
    """Give the variables that lead a process of the desk to two fresh databases, set up and empty."""
    cluster, mark = _cluster(), new_id()[:12]
    copies = {alias: f"{name}_{mark}" for alias, name in NAMES.items()}
    try:
        yield {ENVIRONMENT[alias]: cluster.create(copy, NAMES[alias]) for alias, copy in copies.items()}
    finally:
        for copy in copies.values():
            cluster.drop(copy)


def _cluster() -> Cluster:
    return Cluster(Path(os.environ[SHARED]))


def _set_up(cluster: Cluster) -> None:
    addresses = {ENVIRONMENT[alias]: cluster.create(name) for alias, name in NAMES.items()}
    with tempfile.TemporaryDirectory(prefix="luwte-home-") as home:
        subprocess.run(
            INIT, env=os.environ | addresses | {"LUWTE_HOME": home}, check=True, capture_output=True
        )
    # Each home makes its own keys.
    cluster.run("DELETE FROM vault_ring", NAMES["vault"])
