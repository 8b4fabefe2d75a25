"""Desks that may be killed: on SQLite and on PostgreSQL, copied from one that was set up once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from luwte.base.ids import new_id
from tests.support.postgres import Cluster

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk in `home`, its databases in `environment`; `people` by name, `mails` where e-mails go."""

    home: Path
    environment: dict[str, str]
    people: dict[str, str]

    @property
    def mails(self) -> Path:
        """The file that e-mails are written to."""
        return self.home / "mails"

    def start(self, *words: object, fault: str = "") -> subprocess.Popen[str]:
        """Start a process of the desk that runs the acts `words` (act, values, ...)."""
        texts = [word if isinstance(word, str) else json.dumps(word) for word in words]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LUWTE_")}
        environment |= self.environment | {"LUWTE_HOME": str(self.home), "LUWTE_FAULT": fault}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.support.telling_driver", *texts],
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: object) -> list[Any]:
        """Run acts to their end and return their answers."""
        process = self.start(*words)
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        answers: list[Any] = json.loads(out)
        return answers

    def killed(self, *words: object, fault: str) -> bool:
        """Run acts until the fault point `fault` kills the process; return whether it did."""
        process = self.start(*words, fault=fault)
        _, error = process.communicate(timeout=120)
        assert process.returncode in (0, -9), error
        return process.returncode == -9

    def sent(self) -> list[dict[str, Any]]:
        """Return the e-mails that left."""
        lines = self.mails.read_text().splitlines() if self.mails.exists() else []
        return [line for line in map(json.loads, lines) if "sent" in line]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk on SQLite with its people, to be copied."""
    home = tmp_path_factory.mktemp("sqlite") / "home"
    people: dict[str, str] = Desk(home, {}, {}).run("set-up", {})[0]
    return Desk(home, {}, people)


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk on PostgreSQL with its people, to be copied."""
    home = tmp_path_factory.mktemp("postgres") / "home"
    environment = _addresses(postgres, "template_desk", "template_vault", "template1", "template1")
    people: dict[str, str] = Desk(home, environment, {}).run("set-up", {})[0]
    return Desk(home, environment, people)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    """Gives fresh desks on the database of this run."""
    copies: list[str] = []

    def on_sqlite() -> Desk:
        template: Desk = request.getfixturevalue("sqlite_template")
        home = tmp_path / new_id()[:8]
        shutil.copytree(template.home, home)
        return Desk(home, {}, template.people)

    def on_postgres() -> Desk:
        template: Desk = request.getfixturevalue("postgres_template")
        cluster: Cluster = request.getfixturevalue("postgres")
        name = new_id()[:8]
        home = tmp_path / name
        shutil.copytree(template.home, home)
        copies.extend([f"desk_{name}", f"vault_{name}"])
        environment = _addresses(cluster, copies[-2], copies[-1], "template_desk", "template_vault")
        return Desk(home, environment, template.people)

    yield on_sqlite if request.param == "sqlite" else on_postgres
    for copy in copies:
        request.getfixturevalue("postgres").drop(copy)


def _addresses(
    cluster: Cluster, desk: str, vault: str, desk_template: str, vault_template: str
) -> dict[str, str]:
    return {
        "LUWTE_DESK_DATABASE": cluster.create(desk, desk_template),
        "LUWTE_VAULT_DATABASE": cluster.create(vault, vault_template),
    }
