"""A machine of its own: systemd boots in a container without a network, with Luwte where a deployment has it.

The tree of this machine is read-only there, and nothing of it is changed. `systemd-nspawn` needs root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

import luwte
from luwte import _native

CHECKOUT = Path(__file__).resolve().parents[2]
UNITS = CHECKOUT / "deploy" / "systemd"
NAME = f"luwte-trial-{os.getpid()}"
USERS = ("postgres", "luwte_telling", "luwte_casework", "luwte_alarm")
HIERARCHIES = ("systemd", "unified")
LINKS = ("bin", "sbin", "lib", "lib64")
LIMIT = 480
"""Seconds until a machine is given up."""
PROGRAM = """#!/opt/python/bin/python3 -I
import sys
sys.path[:0] = ["/opt/luwte/lib", "/opt/luwte/site"]
from luwte.cli import main
main()
"""
TRIAL = """[Unit]
Description=The trial
Requires=basic.target
After=basic.target
SuccessAction=poweroff-force
FailureAction=poweroff-force

[Service]
Type=oneshot
ExecStart=/opt/python/bin/python3 -I /opt/trial.py
StandardOutput=file:/trial/said
StandardError=inherit
"""
POSTGRESQL = """[Unit]
Description=PostgreSQL

[Service]
Type=notify
User=postgres
Group=postgres
RuntimeDirectory=postgresql
StateDirectory=postgresql
ExecStartPre={bin}/initdb -D /var/lib/postgresql/data -E UTF8 --no-locale -A peer
ExecStartPre=/usr/bin/cp /etc/luwte-pg/pg_hba.conf /etc/luwte-pg/pg_ident.conf /var/lib/postgresql/data
ExecStart={bin}/postgres -D /var/lib/postgresql/data -k /run/postgresql -c listen_addresses=
"""
HBA = """local all luwte_owner scram-sha-256
local all luwte_telling,luwte_backup,luwte_retention peer map=luwte
local all all peer
"""
IDENT = "".join(f"luwte luwte_telling luwte_{role}\n" for role in ("telling", "backup", "retention"))


def forbidden() -> str:
    """Return why nobody can boot one here, which no package mends; "" when it can be done."""
    if os.geteuid() != 0:
        return "only root can boot a machine in a container"
    if not all(os.access(f"/sys/fs/cgroup/{one}", os.W_OK) for one in HIERARCHIES):
        return "the control groups of this machine cannot be used"
    return ""


def missing() -> str:
    """Return which program this machine lacks for it, "" when it has all."""
    for tool, part in (("systemd-nspawn", "systemd-container"), ("bwrap", "bubblewrap")):
        if shutil.which(tool) is None:
            return f"{tool} is not installed here (Debian: apt-get install {part})"
    return without_postgresql()


def without_postgresql() -> str:
    """Return what is missing when PostgreSQL is not here, else ""."""
    return "" if postgresql() else "PostgreSQL is not installed here (Debian: apt-get install postgresql)"


def booted(folder: Path, script: Path, files: dict[str, str], out: Path) -> None:
    """Boot a machine whose tree is made in `folder`, with `files` in it; end when `script` has run there.

    `out` is the folder /trial of that machine. Raises `TimeoutExpired` after `LIMIT` seconds.
    """
    _make(folder, script, files)
    bound = {
        "/usr": "/usr",
        sys.base_prefix: "/opt/python",
        str(site()): "/opt/luwte/site",
    }
    words = [
        "systemd-nspawn", "--quiet", "--boot", f"--machine={NAME}", f"--directory={folder}",
        "--register=no", "--keep-unit", "--private-network", "--resolv-conf=off", "--timezone=off",
        "--link-journal=no", "--console=pipe", f"--bind={out}:/trial",
        *(f"--bind-ro={here}:{there}" for here, there in bound.items()), "--", "--unit=trial.service",
    ]  # fmt: skip
    with _group() as enter, (out / "console").open("wb") as console:
        subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            preexec_fn=enter,
            timeout=LIMIT,
            check=False,
        )


def install(folder: Path) -> None:
    """Put Luwte as it is here into a tree; whoever starts it there binds `site` at /opt/luwte/site."""
    program = folder / "opt/luwte/bin/luwte"
    for path in (program.parent, folder / "opt/luwte/site"):
        path.mkdir(parents=True)
    shutil.copytree(Path(luwte.__file__).parent, folder / "opt/luwte/lib/luwte", ignore=_compiled)
    shutil.copy(_native.__file__, folder / "opt/luwte/lib/luwte")
    program.write_text(PROGRAM)
    program.chmod(0o755)


def libraries(folder: Path) -> None:
    """Let the loader of a tree, of which this is the folder etc, look into /opt/python first."""
    shutil.copytree("/etc/ld.so.conf.d", folder / "ld.so.conf.d")
    (folder / "ld.so.conf").write_text("/opt/python/lib\ninclude /etc/ld.so.conf.d/*.conf\n")
    links = [word for one in LINKS for word in ("--symlink", f"usr/{one}", f"/{one}")]
    bound = ("--ro-bind", "/usr", "/usr", "--ro-bind", sys.base_prefix, "/opt/python")
    subprocess.run(["bwrap", "--bind", str(folder), "/etc", *bound, *links, "ldconfig"], check=True)


def site() -> Path:
    """Return the folder of the libraries that Luwte is used with here."""
    return Path(click.__file__).parent.parent


def postgresql() -> str:
    """Return the folder of PostgreSQL's programs, "" when it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return str(found[-1]) if found else ""


def _make(folder: Path, script: Path, files: dict[str, str]) -> None:
    """Make the tree: users, the units as they lie in deploy/, Luwte in /opt, and what the test gives."""
    for name in ("usr", "opt/python", "trial", "var/log", "var/lib", "tmp", "root", "home"):
        (folder / name).mkdir(parents=True)
    for name in LINKS:
        (folder / name).symlink_to(f"usr/{name}")
    (folder / "tmp").chmod(0o1777)
    shutil.copytree(UNITS, folder / "etc/systemd/system")
    install(folder)
    shutil.copy(script, folder / "opt/trial.py")
    shutil.copy("/etc/os-release", folder / "etc")
    libraries(folder / "etc")
    for name, text in (_own() | files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if text.startswith("#!") else 0o600 if "secret" in name else 0o644)


def _own() -> dict[str, str]:
    people = {"root": 0, "nobody": 65534} | {name: 700 + at for at, name in enumerate(USERS)}
    groups = people | {"tty": 5, "utmp": 43, "systemd-journal": 800}
    return {
        "etc/passwd": "".join(f"{one}:x:{at}:{at}::/nonexistent:/bin/false\n" for one, at in people.items()),
        "etc/group": "".join(f"{one}:x:{at}:\n" for one, at in groups.items()),
        "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
        "etc/hosts": "127.0.0.1 localhost\n",
        "etc/machine-id": f"{7:032x}\n",
        "etc/luwte-pg/pg_hba.conf": HBA,
        "etc/luwte-pg/pg_ident.conf": IDENT,
        "etc/systemd/system/postgresql.service": POSTGRESQL.format(bin=postgresql()),
        "etc/systemd/system/trial.service": TRIAL,
    }


def _compiled(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__"}


@contextmanager
def _group() -> Iterator[Callable[[], None]]:
    """Give what a process calls to enter control groups of its own, which are taken away afterwards."""
    made = [Path("/sys/fs/cgroup") / one / NAME for one in HIERARCHIES]
    for one in made:
        one.mkdir()

    def enter() -> None:
        for one in made:
            (one / "cgroup.procs").write_text(str(os.getpid()))

    try:
        yield enter
    finally:
        for one in made:
            for inner in sorted(one.rglob("*"), key=lambda path: -len(path.parts)):
                if inner.is_dir():
                    inner.rmdir()
            one.rmdir()
        shutil.rmtree(Path("/run/systemd/nspawn/propagate") / NAME, ignore_errors=True)
