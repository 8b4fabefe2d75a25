"""No word of a person gets into a log, an error page, an export, a measure, or, in clear, into a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.canaries import CASE, OF_ADDRESSES, OF_PEOPLE, OF_VISITS
from tests.support.dumps import dump

CHECKOUT = Path(__file__).resolve().parents[3]
EVENTS = {"request.done", "request.failed", "command.done", "command.failed", "log.other"}


def canaries(content: bytes, names: tuple[str, ...]) -> set[str]:
    """Return which of `names` stand in `content`, also in capitals or in hex."""
    lowered = content.lower()
    return {name for name in names if any(form in lowered for form in _forms(name))}


def _forms(name: str) -> list[bytes]:
    cases = (name, name.lower(), name.upper())
    return [name.lower().encode(), *(one.encode().hex().encode() for one in cases)]


def test_a_canary_is_seen_in_any_form() -> None:
    for form in (b"x Kanarienaam", b"KANARIENAAM", b"Kanarienaam".hex().encode()):
        assert canaries(form, ("Kanarienaam",)) == {"Kanarienaam"}
    assert canaries(b"nothing", OF_PEOPLE) == set()


@pytest.mark.desk
def test_no_word_of_a_person_is_left_behind(tmp_path: Path) -> None:
    given = {"LUWTE_HOME": str(tmp_path), "LUWTE_LOG": "json", "LUWTE_DESK_HOSTS": "testserver"}
    command = [sys.executable, "-m", "tests.support.canaries"]
    done = subprocess.run(command, cwd=CHECKOUT, env=os.environ | given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    left = json.loads(done.stdout)
    visits = (*OF_VISITS, left["token"])
    everything = (*OF_PEOPLE, *visits)

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["event"] for line in lines} >= EVENTS
    assert len([line for line in lines if line["event"] == "request.failed"]) >= 4
    assert canaries(done.stderr, (*everything, CASE)) == set()
    # The switch of languages leads back to where its visitor is, so a page holds its own address.
    of_pages = (*OF_PEOPLE, CASE, *(one for one in OF_VISITS if one not in OF_ADDRESSES))
    for page in left["pages"]:
        assert canaries(page.encode(), of_pages) == set()
    for export in left["exports"]:
        assert canaries(export.encode("latin-1"), (*everything, CASE)) == set()
    assert canaries(dump(tmp_path, "default"), everything) == set()
    assert canaries(dump(tmp_path, "vault"), (*everything, CASE)) == set()
