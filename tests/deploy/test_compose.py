"""The compose file: every service hardened, and casework with no way to the vault's database."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.deploy.test_systemd import DEPLOY, commands, parsed

FOLDER = DEPLOY / "container"
FILE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
DATABASES = {"desk-db", "vault-db"}
OUTSIDE = {"casework-pages": ["casework-proxy"], "interface": ["proxy"], "notices": ["relay"]}


def test_there_are_services() -> None:
    assert {"telling", "tell", "casework"} | DATABASES <= SERVICES.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["pids_limit"]
    assert service["mem_limit"]
    assert all("noexec" in one or "/run/" in one for one in service["tmpfs"])
    assert not {"privileged", "ports", "network_mode", "cap_add", "devices", "pid"} & service.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_holds_a_secret_in_its_environment(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        assert not re.search(r"://[^@/]*:[^@/]*@", str(value)), variable
        if re.search("PASSWORD|KEY|PIN", variable):
            assert variable.endswith("_FILE")
            assert str(value).startswith("/run/secrets/")


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - DATABASES))
def test_each_service_of_the_desk_runs_a_command_that_there_is(name: str) -> None:
    parsed(list(SERVICES[name]["command"]))


def test_every_unit_that_a_timer_starts_has_its_service() -> None:
    timed = {
        tuple(command[1:])
        for timer in (DEPLOY / "systemd").glob("*.timer")
        for command in commands(timer.with_suffix(".service"))
    }
    ours = {tuple(service["command"]) for service in SERVICES.values()}

    def words(command: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in command if not one.startswith("/"))

    assert timed
    assert set(map(words, timed)) <= set(map(words, ours))


@pytest.mark.parametrize("name", ["casework", "casework-pages", "interface", "notices"])
def test_casework_cannot_reach_the_vaults_database(name: str) -> None:
    casework = SERVICES[name]
    assert set(casework["networks"]) == {"register", *OUTSIDE.get(name, ())}
    assert not set(casework["networks"]) & set(SERVICES["vault-db"]["networks"])
    assert not [one for one in casework["volumes"] if "vault" in one or "telling" in one]
    assert not [one for one in casework["secrets"] if "telling" in one or "vault" in one]
    assert "LUWTE_VAULT_DATABASE" not in casework["environment"]


def test_the_databases_have_no_way_out() -> None:
    for name in DATABASES:
        assert all(FILE["networks"][network]["internal"] for network in SERVICES[name]["networks"])
    leads_out = {network for network, choices in FILE["networks"].items() if not choices.get("internal")}
    found = {name for name, service in SERVICES.items() if leads_out & set(service["networks"])}
    assert found == {"tell", "notices"}


def test_lines_to_the_databases_are_checked() -> None:
    addresses = re.findall(r"postgresql://\S+", (FOLDER / "compose.yaml").read_text())
    assert addresses
    assert all("sslmode=verify-full" in address for address in addresses)


def test_every_volume_covers_a_folder_of_the_image_that_its_user_owns() -> None:
    """An engine gives an empty volume the owner of the folder under it, and root where there is none."""
    content = (FOLDER / "Dockerfile").read_text().replace("\\\n", " ")
    made = re.findall(r"install -d -m 0700 -o (\d+) -g (\d+) ((?:/\S+ ?)+)", content)
    owners = {path: f"{user}:{group}" for user, group, paths in made for path in paths.split()}
    for name in SERVICES.keys() - DATABASES:
        service = SERVICES[name]
        mounts = [one.split(":") for one in service["volumes"]]
        targets = {target for source, target, *_ in mounts if source in FILE["volumes"]}
        assert targets
        assert {owners.get(target) for target in targets} == {service["user"]}, name
        home = service["environment"].get("LUWTE_HOME", "/home-of-luwte")
        assert home in targets, name
    assert "LUWTE_HOME=/home-of-luwte" in content


def test_the_image_runs_as_nobody_in_particular() -> None:
    lines = (FOLDER / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines
    assert any("--require-hashes" in line for line in lines)
    assert not [line for line in lines if line.startswith(("ARG", "ADD"))]
