"""What an administrator does by docs/deployment.md, done on a machine of its own by `tests.support.machine`.

Runs there as root, under systemd, with nothing but the standard library; writes down what it found.
"""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OUT = Path("/trial")
LUWTE = "/opt/luwte/bin/luwte"
OWNER = "postgresql://luwte_owner@/{}?host=/run/postgresql"
SERVED = {"telling": (8000, 9464), "casework": (8001, 9465), "interface": (8002, 9466)}
IN_THEIR_ORDER = (
    "stakes", "tell", "checkpoint@desk", "checkpoint@vault", "verify@desk", "verify@vault", "backup",
    "retention", "notices", "intake@r.lwreport", "check",
)  # fmt: skip
TIMERS = (
    "tell", "stakes", "backup", "check", "retention", "notices", "checkpoint@desk", "checkpoint@vault",
    "verify@desk", "verify@vault",
)  # fmt: skip
PATIENCE = 90
TELLING = {
    "LUWTE_HOME": "/var/lib/luwte-telling",
    "LUWTE_VAULT_FOLDER": "/var/lib/luwte-vault",
    "LUWTE_DESK_DATABASE": OWNER.format("luwte_desk"),
    "LUWTE_VAULT_DATABASE": OWNER.format("luwte_vault"),
    "PGPASSWORD": "owner",
}
CASEWORK = {
    "LUWTE_HOME": "/var/lib/luwte-casework",
    "LUWTE_DESK_WORLD": "casework",
    "LUWTE_DESK_DATABASE": "postgresql://luwte_casework@/luwte_desk?host=/run/postgresql",
}


def run(*words: str, user: str = "root", given: Mapping[str, str] | None = None, said: str = "") -> str:
    """Run a command that ends well as a user; return what it printed."""
    begin = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user != "root" else []
    done = subprocess.run(
        [*begin, *words],
        env={"PATH": "/usr/bin:/usr/sbin", **(given or {})},
        input=said,
        capture_output=True,
        text=True,
        cwd="/",
    )
    if done.returncode:
        raise RuntimeError(f"{words}: {done.returncode} {done.stdout[-2000:]} {done.stderr[-2000:]}")
    return done.stdout


def set_up() -> None:
    """Databases, roles and rights as docs/worlds.md says, the folders, and both worlds."""
    run("systemctl", "start", "postgresql.service")
    roles = "".join(
        f"CREATE ROLE luwte_{one} LOGIN;" for one in ("casework", "telling", "vault", "retention", "backup")
    )
    owner = "CREATE ROLE luwte_owner LOGIN PASSWORD 'owner';"
    run("psql", "-qX", "-h", "/run/postgresql", "-d", "postgres", user="postgres", said=owner + roles)
    for name in ("luwte_desk", "luwte_vault"):
        run("createdb", "-h", "/run/postgresql", "-O", "luwte_owner", name, user="postgres")
    for user, names in (("luwte_telling", ("telling", "vault")), ("luwte_casework", ("casework",))):
        for name in names:
            run("install", "-d", "-m", "0700", "-o", user, "-g", user, f"/var/lib/luwte-{name}")
    run(LUWTE, "desk", "init", user="luwte_telling", given=TELLING)
    for which in ("desk", "vault"):
        rights = run(LUWTE, "desk", "grants", which, user="luwte_telling", given=TELLING)
        at = ("-h", "/run/postgresql", "-U", "luwte_owner", f"luwte_{which}")
        run("psql", "-qX", "-v", "ON_ERROR_STOP=1", *at, given={"PGPASSWORD": "owner"}, said=rights)
    incoming = "/var/lib/luwte-casework/incoming"
    owned = ("-o", "luwte_casework", "-g", "luwte_casework")
    run("install", "-d", "-m", "0700", *owned, incoming)
    run("install", "-m", "0600", *owned, "/trial/r.lwreport", incoming)
    run(LUWTE, "keys", "trust", "/trial/lab.pub", user="luwte_casework", given=CASEWORK)


def asked(port: int, path: str, **headers: str) -> int:
    """Return the status of what is served at a port; 0: nothing is."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def shown(unit: str, *names: str) -> dict[str, str]:
    """Return properties of a unit as systemd holds them."""
    said = run("systemctl", "show", unit, *(f"--property={name}" for name in names))
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def service(name: str) -> dict[str, Any]:
    """Start what stays, wait until it is ready, and look at its process from outside."""
    unit, (port, health) = f"luwte-{name}.service", SERVED[name]
    subprocess.run(["systemctl", "start", unit], check=False)
    ends = time.monotonic() + PATIENCE
    while (ready := asked(health, "/ready")) != 200 and time.monotonic() < ends:
        time.sleep(0.5)
    path = {"telling": "/", "casework": "/staff/sign-in/", "interface": "/openapi.json"}[name]
    behind = {"Host": f"{name}.example", "X_Forwarded_Proto": "https"}
    pid = shown(unit, "MainPID")["MainPID"]
    found: dict[str, Any] = {"ready": ready, "page": asked(port, path, **behind), "pid": pid}
    found["measures"] = asked(health, "/metrics")
    found["outside"] = asked(port, path, Host="else.example", X_Forwarded_Proto="https")
    if pid != "0":
        found |= looked_at(Path("/proc") / pid)
    return found


def looked_at(process: Path) -> dict[str, Any]:
    """Return what a process may do and see."""
    status = dict(
        line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line
    )
    environment = (process / "environ").read_text().rstrip("\0").split("\0")
    root = process / "root"
    return {
        "status": {name: status[name].strip() for name in ("Uid", "CapEff", "NoNewPrivs", "Seccomp")},
        "environment": dict(one.split("=", 1) for one in environment),
        "keys": [str(one) for one in (root / "var/lib/luwte-vault").glob("*") if one.name == "keys.json"],
        "secrets": sorted(one.name for one in (root / "etc/luwte/secrets").glob("*")),
        "writes": [where for where in ("etc", "opt/luwte", "usr", "var/lib") if not _kept(root / where)],
        "home": sorted(one.name for one in (root / "root").glob("*")),
    }


def _kept(folder: Path) -> bool:
    """Whether nothing can be written into a folder, as root sees it from there."""
    try:
        (folder / "written").touch()
    except OSError as error:
        return "Read-only" in str(error)
    (folder / "written").unlink()
    return False


def once(name: str) -> dict[str, str]:
    """Let a unit run to its end and say how that was."""
    unit = f"luwte-{name}.service"
    subprocess.run(["systemctl", "start", unit], check=False, capture_output=True)
    return shown(unit, "Result", "ExecMainStatus", "ActiveState") | {"journal": journal(unit)}


def journal(unit: str) -> str:
    """Return what a unit said."""
    return run("journalctl", "--no-pager", "-o", "cat", "-u", unit)


def main() -> None:
    """Do it all, and write down what was found."""
    found: dict[str, Any] = {}
    try:
        set_up()
        found["version"] = run("systemctl", "--version").splitlines()[0]
        found["served"] = {"interface": service("interface")}  # before casework has pages, and with them
        run(LUWTE, "desk", "init", user="luwte_casework", given=CASEWORK)
        found["served"] |= {name: service(name) for name in ("telling", "casework")}
        found["once"] = {name: once(name) for name in IN_THEIR_ORDER}
        found["failing"] = once("intake@nowhere.lwreport")
        time.sleep(2)
        found["alarm"] = journal("luwte-alarm@luwte-intake@nowhere.lwreport.service.service")
        timers = [f"luwte-{name}.timer" for name in TIMERS]
        run("systemctl", "start", *timers)
        found["timers"] = {one: shown(one, "ActiveState", "NextElapseUSecRealtime") for one in timers}
        run("systemctl", "stop", *timers, *(f"luwte-{name}.service" for name in SERVED))
        found["stopped"] = {name: shown(f"luwte-{name}.service", "Result")["Result"] for name in SERVED}
    except Exception as error:
        found["broke"] = repr(error)
    finally:
        (OUT / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
