"""A PostgreSQL cluster of the tests' own, on a Unix socket of its own, thrown away afterwards.

With `--on postgresql` one cluster serves every process of the tests; else each that asks gets its own.
PostgreSQL refuses to run as root, so then it runs as the user `postgres`. The bench uses this too: nothing
of pytest is in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

USER = "luwte"
MISSING = "PostgreSQL is not installed here (Debian: apt-get install postgresql)"
SHARED = "LUWTE_TEST_CLUSTER"
"""The variable that names the folder of the cluster that every process of the tests uses."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server, reached through the socket in `folder`."""

    folder: Path

    def address(self, database: str, user: str = USER) -> str:
        """Return the address of `database` for `user` as the desk's settings take it."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.folder), safe='')}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run one SQL statement outside a transaction."""
        command = [
            _tool("psql"),
            "-qX",
            "-h",
            str(self.folder),
            "-U",
            USER,
            "-d",
            database,
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            statement,
        ]
        subprocess.run(command, check=True, capture_output=True)

    def create(self, database: str, template: str = "template1") -> str:
        """Make `database` as a copy of `template` and return its address."""
        self.run(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.address(database)

    def drop(self, database: str) -> None:
        """Remove `database`, whoever is connected."""
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def installed() -> bool:
    """Return whether PostgreSQL is on this machine."""
    return _tool("initdb") != ""


@contextmanager
def started(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster and throw it away at the end; unless `durable` it loses everything with the machine."""
    folder = Path(tempfile.mkdtemp(prefix="luwte-pg-"))
    try:
        _own(folder)
        _as_server(_tool("initdb"), "-D", str(folder / "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "-N")
        control = [_tool("pg_ctl"), "-D", str(folder / "data"), "-w", "-s"]
        _as_server(*control, "-l", str(folder / "log"), "-o", _options(folder, durable=durable), "start")
        try:
            yield Cluster(folder)
        finally:
            _as_server(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _options(folder: Path, *, durable: bool) -> str:
    """Unless `durable` nothing waits for the disk, and databases are copied as files, faster while small."""
    off = () if durable else ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
    return " ".join([f"-k {folder}", "-c listen_addresses=", *(f"-c {name}=off" for name in off)])


def _tool(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or ""


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        folder.chmod(0o755)


def _as_server(*command: str) -> None:
    """The server keeps its output streams open, so it gets none of ours."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*prefix, *command],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, done.stderr.decode()
