"""The services of the compose file, started as an engine would: each in a box with what the file gives it.

Run as root in a network namespace of its own (`unshare --net python -m tests.support.contained FOLDER`). A
box has a root that cannot be written, no capability, no new privilege, the user, variables, folders and
secrets of its service, and knows the names of the services that share a network with it. What stands in for
the engine is bubblewrap, and one loopback for all networks.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support import machine
from tests.support.certificates import chain

CONTAINER = machine.CHECKOUT / "deploy" / "container"
FILE: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
DATABASES = {"desk-db": "127.0.0.2", "vault-db": "127.0.0.3"}
GIVEN = {
    "LUWTE_DESK_HOSTS": "telling.example",
    "LUWTE_PORTAL_URL": "https://telling.example/",
    "LUWTE_MAIL_FROM": "desk@telling.example",
    "LUWTE_SMTP_HOST": "relay.example",
    "LUWTE_CASEWORK_HOSTS": "casework.example",
    "LUWTE_CASEWORK_URL": "https://casework.example/",
}
PASSWORD = "a password of the trial"
ROLES = ("owner", "telling", "casework", "backup", "retention")
SERVED = {"telling": "/", "casework-pages": "/staff/sign-in/", "interface": "/openapi.json"}
IN_THEIR_ORDER = (
    "stakes", "tell", "checkpoint", "checkpoint-vault", "verify", "verify-vault", "backup", "retention",
    "notices", "casework", "check",
)  # fmt: skip
FOLDERS = ("/opt", "/run", "/run/secrets", "/var", "/var/lib", "/var/lib/postgresql")
PATIENCE = 90


def filled(value: object) -> str:
    """Return a value of the file with its variables replaced, as Compose does."""
    return re.sub(r"\$\{(\w+)(?::[?-][^}]*)?\}", lambda found: GIVEN[found[1]], str(value))


def image() -> dict[str, str]:
    """Return the variables that the image sets."""
    found = re.search(r"^ENV (.*)$", (CONTAINER / "Dockerfile").read_text(), re.MULTILINE)
    assert found is not None
    told = dict(one.split("=", 1) for one in found[1].split())
    return told | {"PATH": told["PATH"].replace("$PATH", "/usr/bin:/bin")}


@dataclass(frozen=True, slots=True)
class Engine:
    """Stands in for the engine: `folder` holds the volumes, the secrets and a tree with Luwte in it."""

    folder: Path

    def words(self, name: str, command: Sequence[str] = (), **more: str) -> list[str]:
        """Return what starts a service in its box, with another command and `more` variables if given."""
        service = SERVICES[name]
        user, group = service["user"].split(":")
        variables = {} if name in DATABASES else image()
        variables |= {key: filled(one) for key, one in service["environment"].items()} | more
        run = list(command or service["command"])
        run = [_program(run[0]), *run[1:]] if name in DATABASES else ["/opt/luwte/bin/luwte", *run]
        unprivileged = (
            "setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs",
            "--inh-caps=-all", "--bounding-set=-all",
        )  # fmt: skip
        capabilities = [
            word for one in ("SETUID", "SETGID", "SETPCAP") for word in ("--cap-add", f"CAP_{one}")
        ]
        return [
            "bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", *capabilities,
            *(word for one in FOLDERS for word in ("--perms", "0755", "--dir", one)),
            "--clearenv", *(word for key, one in variables.items() for word in ("--setenv", key, one)),
            *self._tree(name), *self._volumes(name), *self._secrets(name), "--remount-ro", "/",
            "--chdir", "/", *unprivileged, "--", *run,
        ]  # fmt: skip

    def run(self, name: str, command: Sequence[str] = (), said: str = "", **more: str) -> dict[str, Any]:
        """Let a service run to its end; return how that was."""
        words = self.words(name, command, **more)
        done = subprocess.run(words, input=said, capture_output=True, text=True, timeout=300, check=False)
        return {"code": done.returncode, "out": done.stdout, "err": done.stderr[-4000:]}

    @contextmanager
    def started(self, name: str, *more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Let a service run while the block does."""
        with (self.folder / f"{name}.log").open("wb") as log:
            words = [*self.words(name), *more]
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                yield process
            finally:
                process.terminate()
                process.wait(timeout=60)

    def _tree(self, name: str) -> Iterator[str]:
        for link in machine.LINKS:
            yield from ("--symlink", f"usr/{link}", f"/{link}")
        shared = set(SERVICES[name]["networks"])
        near = {one: at for one, at in DATABASES.items() if shared & set(SERVICES[one]["networks"])}
        hosts = self.folder / f"hosts-{name}"
        hosts.write_text("127.0.0.1 localhost\n" + "".join(f"{at} {one}\n" for one, at in near.items()))
        bound = {
            "/usr": "/usr",
            str(self.folder / "etc"): "/etc",
            str(self.folder / "tree/opt/luwte"): "/opt/luwte",
            str(machine.site()): "/opt/luwte/site",
            sys.base_prefix: "/opt/python",
            str(hosts): "/etc/hosts",
        }
        yield from (word for here, there in bound.items() for word in ("--ro-bind", here, there))
        yield from ("--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp")

    def _volumes(self, name: str) -> Iterator[str]:
        for one in SERVICES[name]["volumes"]:
            source, target, *ro = one.split(":")
            here = self.folder / "volumes" / source.removeprefix("./")
            if not here.exists():
                here.mkdir(parents=True, mode=0o700)
                shutil.chown(here, *map(int, SERVICES[name]["user"].split(":")))
            yield from ("--ro-bind" if ro == ["ro"] else "--bind", str(here), target)

    def _secrets(self, name: str) -> Iterator[str]:
        for one in SERVICES[name].get("secrets", ()):
            source, target = (one, one) if isinstance(one, str) else (one["source"], one["target"])
            file = self.folder / "secrets" / Path(FILE["secrets"][source]["file"]).name
            mine = self.folder / f"secrets-{name}" / source
            mine.parent.mkdir(exist_ok=True)
            shutil.copy(file, mine)
            mine.chmod(0o400)
            shutil.chown(mine, *map(int, SERVICES[name]["user"].split(":")))
            yield from ("--ro-bind", str(mine), f"/run/secrets/{target}")


def _program(name: str) -> str:
    return f"{machine.postgresql()}/{name}"


def make(folder: Path) -> Engine:
    """Make the secrets as docs/deployment.md says, and a tree with Luwte."""
    machine.install(folder / "tree")
    (folder / "etc").mkdir()
    machine.libraries(folder / "etc")
    people = {"root": 0, "postgres": 999, "luwte_telling": 10001, "luwte_casework": 10002}
    rows = "".join(f"{one}:x:{at}:{at}::/nonexistent:/bin/false\n" for one, at in people.items())
    (folder / "etc/passwd").write_text(rows)
    (folder / "etc/nsswitch.conf").write_text("passwd: files\nhosts: files\n")
    (folder / "etc/hosts").touch()
    secrets = folder / "secrets"
    secrets.mkdir()
    for name, text in chain(*DATABASES).items():
        (secrets / name).write_text(text)
    for role in ROLES:
        (secrets / f"pgpass-{role}").write_text(f"*:*:*:luwte_{role}:{PASSWORD}\n")
    (secrets / "smtp-password").touch()
    import pyrage

    (secrets / "recipients.txt").write_text(f"{pyrage.x25519.Identity.generate().to_public()}\n")
    return Engine(folder)


@contextmanager
def database(engine: Engine, name: str) -> Iterator[None]:
    """Let a database run as its service says; what the image's entry point does first is done here."""
    owner = SERVICES[name]["environment"]["POSTGRES_USER"]
    (engine.folder / "secrets" / f"{name}-owner").write_text(PASSWORD)
    data = "/var/lib/postgresql/data"
    words = ["initdb", "-D", data, "-U", owner, "-E", "UTF8", "--no-locale", "-A", "scram-sha-256"]
    made = engine.run(name, [*words, "--pwfile", "/run/secrets/owner-password"])
    assert made["code"] == 0, made
    files = engine.folder / "volumes" / name
    with (files / "pg_hba.conf").open("a") as rules:
        rules.write("host all all all scram-sha-256\n")
    more = ("-D", data, "-c", f"listen_addresses={DATABASES[name]}", "-c", "unix_socket_directories=")
    with engine.started(name, *more):
        ends = time.monotonic() + PATIENCE
        name_of = SERVICES[name]["environment"]["POSTGRES_DB"]
        while psql(name, "postgres", f"CREATE DATABASE {name_of}") and time.monotonic() < ends:
            time.sleep(0.5)
        yield


def psql(name: str, at: str, said: str) -> str:
    """Let the owner say something to a database; return what is wrong, "" when nothing is."""
    words = [_program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-h", DATABASES[name], "-U", "luwte_owner", at]
    done = subprocess.run(
        words,
        input=said,
        env={**os.environ, "PGPASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr if done.returncode else ""


def set_up(engine: Engine) -> None:
    """Roles, tables and rights, as the owner; then the accounts of casework."""
    roles = "".join(f"CREATE ROLE luwte_{one} LOGIN PASSWORD '{PASSWORD}';" for one in (*ROLES[1:], "vault"))
    ours = SERVICES["telling"]["environment"]
    as_owner = {
        name: filled(ours[name]).replace("luwte_telling@", "luwte_owner@")
        for name in ("LUWTE_DESK_DATABASE", "LUWTE_VAULT_DATABASE")
    } | {"PGPASSWORD": PASSWORD}
    for name in DATABASES:
        assert psql(name, "postgres", roles) == ""
    assert (done := engine.run("telling", ["desk", "init"], **as_owner))["code"] == 0, done
    for name, which in zip(DATABASES, ("desk", "vault"), strict=True):
        rights = engine.run("telling", ["desk", "grants", which], **as_owner)
        assert rights["code"] == 0, rights
        assert (wrong := psql(name, f"luwte_{which}", rights["out"])) == "", wrong
    assert (done := engine.run("casework", ["desk", "init"]))["code"] == 0, done


def served(engine: Engine, name: str, path: str) -> dict[str, Any]:
    """Start a service, wait for its health check, and ask for a page as the proxy would."""
    words = SERVICES[name]["command"]
    port, health = (words[words.index(option) + 1] for option in ("--port", "--health-port"))
    with engine.started(name) as process:
        ends = time.monotonic() + PATIENCE
        while (
            (ready := asked(health, "/ready")) != 200 and time.monotonic() < ends and process.poll() is None
        ):
            time.sleep(0.5)
        host = filled(SERVICES[name]["environment"]["LUWTE_DESK_HOSTS"])
        page = asked(port, path, {"Host": host, "X-Forwarded-Proto": "https"})
    return {"ready": ready, "page": page, "log": (engine.folder / f"{name}.log").read_text()[-2000:]}


def asked(port: str, path: str, headers: Mapping[str, str] | None = None) -> int:
    """Return the status of what is served at a port; 0: nothing is."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def main(folder: Path) -> None:
    """Start every service of the file in its turn; print what came of each."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    engine = make(folder)
    with database(engine, "desk-db"), database(engine, "vault-db"):
        set_up(engine)
        found: dict[str, Any] = {name: served(engine, name, path) for name, path in SERVED.items()}
        found |= {name: engine.run(name) for name in IN_THEIR_ORDER}
        found["casework to the vault"] = engine.run(
            "casework", ["desk", "lists", "show"], LUWTE_DESK_DATABASE=_of_the_vault()
        )
    sys.stdout.write(json.dumps(found))


def _of_the_vault() -> str:
    return filled(SERVICES["casework"]["environment"]["LUWTE_DESK_DATABASE"]).replace("desk-db", "vault-db")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
