"""Two organisations are two desks: of one, nothing is read, used or believed at the other."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from luwte.exchange.bundle import write_bundle
from luwte.exchange.home import Home
from tests.support import exchange
from tests.support.exchange import entries
from tests.support.worlds import Process, reported

STRANGER = 65534
"""The user `nobody`, who stands for the system user of another organisation."""
ASK = """
import json, sys
from luwte.desk.project import ready
ready.start()
from django.core import signing
from django.test import Client
from django.test.utils import override_settings

told = json.loads(sys.argv[1])
with override_settings(ALLOWED_HOSTS=["testserver"]):
    if told["link"] is None:
        client = Client()
        link = sys.argv[2]
        client.post(link)
        json.dump({"cookie": client.cookies["s"].value, "signed": signing.dumps("x"),
                   "page": "/pauze/" in client.get("/").content.decode()}, sys.stdout)
    else:
        client, kept = Client(), Client()
        kept.cookies["s"] = told["cookie"]
        try:
            signed = signing.loads(told["signed"])
        except signing.BadSignature:
            signed = None
        json.dump({"link": client.post(told["link"]).status_code,
                   "page": "/pauze/" in kept.get("/").content.decode(), "signed": signed}, sys.stdout)
"""


@dataclass(frozen=True)
class Desks:
    """Two desks on one machine, each in a home of its own, and Noor, who is known at the first."""

    first: Process
    second: Process
    noor: str
    folder: Path


@pytest.fixture(scope="module")
def desks() -> Iterator[Desks]:
    """Set both up; in a folder that every user of the machine may enter."""
    with tempfile.TemporaryDirectory(prefix="luwte-two-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        first, second = Process(folder / "first"), Process(folder / "second")
        for one in (first, second):
            one("desk", "init")
        yield Desks(first, second, first("desk", "person", "add", "Noor").strip(), folder)


def asked(process: Process, told: dict[str, object], *more: str) -> dict[str, object]:
    """Ask the pages of a desk in a process of its own."""
    ended = process.started(json.dumps(told), *more, program=ASK)
    out, error = ended.communicate(timeout=240)
    assert ended.returncode == 0, error
    found: dict[str, object] = json.loads(out)
    return found


def test_links_sessions_and_signatures_of_one_are_nothing_at_the_other(desks: Desks) -> None:
    piet = desks.first("desk", "person", "add", "Piet").strip()
    links = desks.first.day(f"desk sign-in {desks.noor}", f"desk sign-in {piet}")
    used, fresh = (f"/in/{one.strip().rstrip('/').rpartition('/')[2]}/" for one in links)
    here = asked(desks.first, {"link": None}, used)
    assert here["page"] is True
    told = {"link": fresh, "cookie": here["cookie"], "signed": here["signed"]}
    assert asked(desks.second, told) == {"link": 410, "page": False, "signed": None}
    assert asked(desks.first, told) == {"link": 302, "page": True, "signed": "x"}


def test_ids_of_one_are_unknown_at_the_other(desks: Desks) -> None:
    commands = (
        f"desk why {desks.noor}",
        f"desk person show {desks.noor}",
        f"desk link {desks.noor} s-1",
        f"desk sign-in {desks.noor}",
        f"desk person erase {desks.noor} --yes",
    )
    assert [code for code, _, _ in desks.second.ends(*commands)] == [2] * len(commands)
    assert desks.noor in desks.first("desk", "person", "list")
    assert desks.second("desk", "person", "list") == ""


def test_reports_and_lists_of_one_are_refused_by_the_other(desks: Desks, tmp_path: Path) -> None:
    report = reported(desks.first.home, tmp_path / "r.lwreport")
    bundle = tmp_path / "known.lwref"
    write_bundle(bundle, entries(3), Home.open(desks.first.home), exchange.CLOCK)
    refused = desks.second.ends(f"desk intake {report}", f"reference show {bundle}")
    assert [(code, said) for code, said, _ in refused] == [(2, ""), (2, "")]
    assert "s-1" not in "".join(complained for *_, complained in refused)
    assert desks.first.ends(f"desk intake {report}", f"reference show {bundle}")[0][0] == 0


@pytest.mark.parametrize("command", ["desk person list", "desk tell", "desk init"])
def test_the_keys_of_one_do_not_open_the_vault_of_the_other(desks: Desks, command: str) -> None:
    keys = (desks.first.home / "desk" / "keys.json").read_text()
    foreign = Process(desks.second.home, {"LUWTE_DESK_KEYS": keys})
    done = foreign.ended(*command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not the one that this vault was set up with" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")
def test_the_files_of_one_are_closed_to_the_user_of_the_other(desks: Desks) -> None:
    home = desks.first.home
    files = [str(path) for path in home.rglob("*") if path.is_file()]
    assert subprocess.run(["/bin/sh", "-c", 'head -c 1 "$0"', files[0]], capture_output=True).returncode == 0
    assert {"desk.sqlite3", "vault.sqlite3", "keys.json", "secret.key"} <= {Path(one).name for one in files}
    tries = 'for file; do head -c 1 "$file" && echo "$file"; done 2>&1 | grep -v "Permission denied"'
    done = subprocess.run(
        ["/bin/sh", "-c", tries, "sh", *files],
        user=STRANGER, group=STRANGER, extra_groups=[], capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")
