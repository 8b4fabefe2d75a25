"""The units of systemd: each runs a command that there is, hardened, with no more than its world is given."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from luwte.cli._main import luwte

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
FOLDER = DEPLOY / "systemd"
HARDENING = FOLDER / "luwte-.service.d" / "hardening.conf"
ALARM = FOLDER / "luwte-alarm@.service"
SERVICES = sorted(set(FOLDER.glob("*.service")) - {ALARM})
PROGRAM = "/opt/luwte/bin/luwte"
RECORDS = ("desk", "vault")
MOST_EXPOSED = 2.0
TALKING = {f"luwte-{name}.service" for name in ("telling", "tell", "casework", "interface", "notices")}
DEMANDED = {
    "UMask": "0077", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict",
    "ProtectHome": "yes", "ProtectProc": "invisible", "PrivateTmp": "yes", "PrivateDevices": "yes",
    "PrivateUsers": "yes", "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes",
    "ProtectControlGroups": "yes", "MemoryDenyWriteExecute": "yes", "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes", "LockPersonality": "yes", "SystemCallArchitectures": "native",
    "IPAddressDeny": "any", "LimitCORE": "0", "StandardOutput": "null",
}  # fmt: skip


def options(path: Path) -> list[tuple[str, str]]:
    """Return the options of a unit, in their order."""
    lines = path.read_text().splitlines()
    return [
        (name, value)
        for line in lines
        if (found := re.fullmatch(r"(\w+)=(.*)", line))
        for name, value in [found.groups()]
    ]


def values(path: Path, name: str) -> list[str]:
    return [value for option, value in options(path) if option == name]


def parsed(words: list[str]) -> click.Command:
    """Let the real command take `words` apart, without running it; return the command at the end."""
    command: click.Command = luwte
    context = click.Context(luwte)
    while isinstance(command, click.Group) and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
        context = click.Context(command)
    command.make_context("x", words)
    return command


def commands(path: Path) -> list[list[str]]:
    """Return the words of what a unit runs; of a template for each record, for both."""
    lines = values(path, "ExecStart")
    return [
        shlex.split(line.replace("%i", one)) for line in lines for one in (RECORDS if "%i" in line else [""])
    ]


def test_what_the_hardening_holds_for_each_unit() -> None:
    found = dict(options(HARDENING))
    assert DEMANDED.items() <= found.items()
    assert values(HARDENING, "SystemCallFilter") == ["@system-service", "~@privileged @resources"]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_each_unit_runs_a_command_that_there_is(path: Path) -> None:
    assert len(values(path, "ExecStart")) == 1, "what fails first would keep the next from being done"
    for program, *words in commands(path):
        assert program == PROGRAM
        parsed(words)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_somebody_hears_of_a_unit_that_fails(path: Path) -> None:
    assert values(path, "OnFailure") == ["luwte-alarm@%n.service"]


def test_the_alarm_is_told_the_unit_and_given_nothing_of_the_desk() -> None:
    assert values(ALARM, "ExecStart") == ["/etc/luwte/alarm %i"]
    assert values(ALARM, "User") == ["luwte_alarm"]
    assert "/var/lib/luwte-vault" in values(ALARM, "InaccessiblePaths")[0]
    assert (
        not {"OnFailure", "EnvironmentFile", "LoadCredential", "StateDirectory"} & dict(options(ALARM)).keys()
    )


def test_each_record_is_signed_and_verified_by_itself_against_what_was_signed_before() -> None:
    signed, verified = (commands(FOLDER / f"luwte-{what}@.service") for what in ("checkpoint", "verify"))
    for record, sign, verify in zip(RECORDS, signed, verified, strict=True):
        given = ["--log", record]
        assert sign[3:5] == verify[3:5] == given
        assert sign[sign.index("--out") + 1] == verify[verify.index("--checkpoint") + 1]
        assert sign[-1].endswith(f"/{record}.txt")


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_no_unit_takes_its_hardening_away_or_holds_a_secret(path: Path) -> None:
    mine = dict(options(path))
    assert path.name.startswith("luwte-")
    assert not DEMANDED.keys() & mine.keys()
    assert mine["User"] in ("luwte_telling", "luwte_casework")
    assert mine["StateDirectoryMode"] == "0700"
    assert not re.search(r"(?i)password=(?!%)|_PIN=|_KEY=", path.read_text())


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_has_the_network_only_when_it_talks_to_somebody(path: Path) -> None:
    talks = path.name in TALKING
    assert (values(path, "PrivateNetwork") == ["yes"]) is not talks
    assert values(path, "IPAddressAllow") == (["localhost"] if talks else [])


@pytest.mark.parametrize("name", ["intake@", "casework", "interface", "notices"])
def test_casework_is_given_nothing_of_the_vault(name: str) -> None:
    content = (FOLDER / f"luwte-{name}.service").read_text()
    assert "User=luwte_casework" in content
    assert "InaccessiblePaths=-/var/lib/luwte-telling -/var/lib/luwte-vault" in content
    assert not re.search("LUWTE_VAULT|TOKEN|LoadCredential", content)


def test_each_timer_has_its_service_and_catches_up() -> None:
    for path in FOLDER.glob("*.timer"):
        assert path.with_suffix(".service") in SERVICES
        assert values(path, "Persistent") == ["yes"]
        assert len(values(path, "OnCalendar")) == 1


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_itself_takes_the_units_and_finds_them_little_exposed(tmp_path: Path) -> None:
    for path in FOLDER.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(FOLDER)
            copy.parent.mkdir(exist_ok=True)
            runs = path.read_text().replace(PROGRAM, "/bin/true")
            copy.write_text(runs.replace("/etc/luwte/alarm", "/bin/true"))
    units = [str(path) for path in sorted(tmp_path.glob("luwte-*.*")) if path.is_file()]
    environment = {"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"}
    verified = subprocess.run(
        ["systemd-analyze", "verify", *units], env=environment, capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    for unit in units:
        if unit.endswith(".service"):
            command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", unit]
            said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
            level = re.search(r"exposure level for \S+: ([0-9.]+)", said)
            assert level is not None, said
            assert float(level[1]) <= MOST_EXPOSED, unit
