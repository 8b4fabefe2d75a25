"""The units of systemd, really started: on a machine of its own that is set up as docs/deployment.md says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pyrage
import pytest

from luwte.exchange.home import Home
from tests.deploy.test_systemd import FOLDER
from tests.deploy.trial import IN_THEIR_ORDER, SERVED, TIMERS
from tests.support import machine
from tests.support.worlds import reported

SCRIPT = Path(__file__).with_name("trial.py")
LIMITS = {"CapEff": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"}
ADDRESS = "postgresql://luwte_{}@/luwte_{}?host=/run/postgresql"
EXPECTED = {"record.witness"}
"""What `luwte desk check` says of such a desk: nobody else signs its record yet."""


def environment(role: str) -> str:
    """Return the file of variables of a role in both databases."""
    told = {
        "LUWTE_DESK_DATABASE": ADDRESS.format(role, "desk"),
        "LUWTE_VAULT_DATABASE": ADDRESS.format(role, "vault"),
        "LUWTE_DESK_HOSTS": "telling.example",
        "LUWTE_DESK_HTTPS": "1",
        "LUWTE_PORTAL_URL": "https://telling.example/",
        "LUWTE_MAIL_FROM": "desk@telling.example",
        "LUWTE_SMTP_HOST": "127.0.0.1",
    }
    return "".join(f"{name}={value}\n" for name, value in told.items())


def casework() -> str:
    told = {
        "LUWTE_DESK_DATABASE": ADDRESS.format("casework", "desk"),
        "LUWTE_DESK_HOSTS": "casework.example,interface.example",
        "LUWTE_DESK_HTTPS": "1",
        "LUWTE_PORTAL_URL": "https://casework.example/",
    }
    return "".join(f"{name}={value}\n" for name, value in told.items())


def trial(folder: Path) -> dict[str, Any]:
    """Boot, and return what the trial found."""
    out, lab = folder / "out", Home.open(folder / "lab")
    out.mkdir()
    reported(folder / "lab", out / "r.lwreport")
    (out / "lab.pub").write_text(json.dumps(lab.public_document()))
    secrets = {f"etc/luwte/secrets/{name}": "" for name in ("token-pin", "smtp-password", "notify-key")}
    files = secrets | {
        "etc/luwte/telling.env": environment("telling"),
        "etc/luwte/backup.env": environment("backup"),
        "etc/luwte/retention.env": environment("retention"),
        "etc/luwte/casework.env": casework(),
        "etc/luwte/recipients.txt": f"{pyrage.x25519.Identity.generate().to_public()}\n",
        "etc/luwte/alarm": '#!/bin/sh\necho "alarm: $1" >&2\n',
    }
    machine.booted(folder / "tree", SCRIPT, files, out)
    assert (out / "found.json").exists(), (out / "console").read_text(errors="replace")[-4000:]
    found: dict[str, Any] = json.loads((out / "found.json").read_text())
    assert "broke" not in found, found["broke"]
    return found


@pytest.mark.timeout(900)
def test_every_unit_starts_under_systemd_and_keeps_within_its_limits(tmp_path: Path) -> None:
    """One machine for all of it: booting one is what takes time."""
    if why := machine.forbidden():
        pytest.skip(why)
    if why := machine.missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    found = trial(tmp_path)
    for name, one in found["served"].items():
        what_stays_serves_with_no_more_than_it_needs(one)
        assert found["stopped"][name] == "success"
    casework_sees_neither_the_vault_nor_a_secret(found["served"])
    what_runs_by_the_clock_ends_well(found)
    assert found["failing"]["Result"] == "exit-code"
    assert "alarm: luwte-intake@nowhere.lwreport.service" in found["alarm"]


def test_every_unit_is_tried() -> None:
    tried = {name.partition("@")[0] for name in (*IN_THEIR_ORDER, *SERVED, "alarm")}
    assert tried == {path.stem.removeprefix("luwte-").rstrip("@") for path in FOLDER.glob("*.service")}
    timed = {timer.partition("@")[0] for timer in TIMERS}
    assert timed == {path.stem.removeprefix("luwte-").rstrip("@") for path in FOLDER.glob("*.timer")}


def what_stays_serves_with_no_more_than_it_needs(one: dict[str, Any]) -> None:
    assert (one["ready"], one["measures"], one["page"], one["outside"]) == (200, 200, 200, 400)
    assert {part: one["status"][part] for part in LIMITS} == LIMITS
    assert "0" not in one["status"]["Uid"].split()
    assert (one["writes"], one["home"]) == ([], [])


def casework_sees_neither_the_vault_nor_a_secret(served: dict[str, Any]) -> None:
    assert served["telling"]["keys"], "where the vault is, its keys are seen: else this shows nothing"
    assert served["telling"]["secrets"]
    for name in ("casework", "interface"):
        assert (served[name]["keys"], served[name]["secrets"]) == ([], [])
        given = served[name]["environment"]
        assert not [variable for variable in given if "VAULT" in variable or "TOKEN" in variable]


def what_runs_by_the_clock_ends_well(found: dict[str, Any]) -> None:
    ended = {name: (one["Result"], one["ExecMainStatus"]) for name, one in found["once"].items()}
    assert ended.pop("check") == ("exit-code", "1")
    assert set(ended.values()) == {("success", "0")}, found["once"]
    said = [json.loads(line) for line in found["once"]["check"]["journal"].splitlines() if line[:1] == "{"]
    assert {one["finding"] for one in said if one["event"] == "check.finding"} == EXPECTED
    for timer in found["timers"].values():
        assert timer["ActiveState"] == "active"
        assert timer["NextElapseUSecRealtime"]
