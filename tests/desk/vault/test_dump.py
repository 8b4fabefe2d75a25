"""Who gets hold of either database, or of both, learns no name and cannot tie a person to a finding."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from luwte.desk.project.databases import ENVIRONMENT, FILES
from tests.support.dumps import dump

OPAQUE = re.compile(r"[0-9a-f]{32,}")
SECRETS = (
    b"Geheimenaam",
    b"noor.adres",
    b"example.org",
    b"Vertegenwoordiger",
    b"adres-v",
    b"12345678",
    b"Postbus",
)
SCRIPT = """
from luwte.desk.project import ready
ready.init()
from tests.support.desk import NOON, report, someone
from luwte.desk.findings.services import register
from luwte.desk.telling import services
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Mandate, Reach
from luwte.desk.vault import drafts
from luwte.desk.vault.assessed import Assessed
from luwte.desk.vault.assessments import assess
from luwte.desk.telling.subjects import mark_of_assessment
from luwte.desk.wishes.rules import Choice, Source
from luwte.base.clock import ManualClock
noor = someone("Noor Geheimenaam", series="reeks-7", choice=Choice(True), email="noor.adres@example.org")
vault.change_address(noor.id, Reach("phone", "06-12345678"))
vault.change_address(noor.id, Reach("post", "Noor Geheimenaam\\nPostbus 7\\n9999 ZZ Verzonnen"))
reach = Reach("email", "adres-v@law.example")
lawyer = Mandate("Vertegenwoordiger", "lawyer", NOON.date(), channel="email", reaches=(reach,))
ada = vault.add_representative(noor.id, lawyer)
vault.sign_in_link_for(ada, NOON)
register(report({"reeks-7": {"a": (2, 0)}}), NOON)
vault.sign_in_link(noor.id, NOON)
draft = drafts.begin(by="staff:1", now=NOON)
drafts.keep(draft, "who", {"name": ["Geheimenaam"]}, by="staff:1", now=NOON)
made = assess(noor.id, Assessed(support="Geheimenaam"), by="staff:1", now=NOON)
services.set_wish(noor.id, Source.RIGHTS, Choice(True), set_by="Wim", conversation="call", now=NOON,
    assessment=f"assessment {mark_of_assessment(made)}")
services.tell(ManualClock(NOON))
print(noor.id, noor.subject)
"""


@pytest.mark.desk
def test_databases_show_no_name_and_share_no_value(tmp_path: Path) -> None:
    environment = os.environ | {"LUWTE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    person, subject = done.stdout.split()
    files = {name: dump(tmp_path, alias) for name, alias in (("desk", "default"), ("vault", "vault"))}
    for content in files.values():
        for secret in SECRETS:
            assert secret not in content
    assert person.encode() in files["vault"]
    assert subject.encode() in files["desk"]
    assert person.encode() not in files["desk"]
    assert subject.encode() not in files["vault"]
    assert b"reeks-7" not in files["vault"]
    shared = _values(tmp_path, "default") & _values(tmp_path, "vault")
    assert shared == set(), "a value in both databases ties a person to a finding"


def _values(home: Path, alias: str) -> set[str]:
    """Every opaque value (hex of 128 bits or more) in the tables."""
    address = os.environ.get(ENVIRONMENT[alias])
    named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    if not address:
        named = "SELECT name FROM sqlite_master WHERE type = 'table'"
    opened = psycopg.connect(address) if address else sqlite3.connect(home / "desk" / FILES[alias])
    with closing(opened) as connection:
        tables = [name for (name,) in connection.execute(named).fetchall()]
        found = [connection.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables]
    return {match for rows in found for row in rows for value in row for match in OPAQUE.findall(str(value))}
