"""A Ray cluster of several machines, each one a network namespace of this machine, joined by a bridge.

All that runs in a namespace was started here, so a machine is killed by killing what is in its namespace.
The bench uses this too: nothing of pytest is in it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final

PORT: Final = 6379
SETTINGS: Final = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_health_check_initial_delay_ms": "2000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_timeout_ms": "2000",
}
_RAY = (sys.executable, "-m", "ray.scripts.scripts", "start", "--include-log-monitor=false")
_SMALL = ("--disable-usage-stats", "--object-store-memory=80000000")
_HEAD = ("--head", f"--port={PORT}", "--include-dashboard=false")
_NO_SPILLING = '--system-config={"automatic_object_spilling_enabled": false}'
_FOLDERS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
_SECONDS = 120
_numbers = count(1)


class NoCluster(Exception):
    """No cluster can be made here; the message says why."""


@dataclass
class Machine:
    """One machine: the network namespace `name`, with `address`, where Ray has `cores` (none: it only leads).

    `started` are the processes of Ray that ran before there was work.
    """

    name: str
    address: str
    folder: Path
    cores: Sequence[int]
    variables: dict[str, str]
    started: list[int] = field(default_factory=list)

    def command(self, *words: str | Path) -> list[str]:
        """Return the command that runs `words` on this machine."""
        return [_ip(), "netns", "exec", self.name, *map(str, words)]

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin to start Ray on this machine."""
        own = [
            f"--node-ip-address={self.address}",
            f"--num-cpus={len(self.cores)}",
            f"--temp-dir={self.folder}",
        ]
        bound = ["taskset", "-c", ",".join(map(str, self.cores))] if self.cores else []
        words = self.command(*bound, *_RAY, *own, *_SMALL, *arguments)
        env = os.environ | self.variables
        return subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def processes(self) -> dict[int, str]:
        """Return the processes that run on this machine, each with its command."""
        found = {}
        for word in _run("netns", "pids", self.name).split():
            with suppress(OSError):
                found[int(word)] = Path(f"/proc/{word}/cmdline").read_text().replace("\0", " ")
        return found

    def kill(self) -> None:
        """End all that runs on this machine, as a power cut does."""
        while processes := self.processes():
            _kill(processes)

    def kill_ray(self) -> None:
        """Kill what Ray had started on this machine before there was work, and nothing else."""
        _kill(self.started)


@dataclass
class Cluster:
    """Machines, the first of which is Ray's head and only leads, and `variables` for whoever uses it."""

    machines: list[Machine]
    variables: dict[str, str]

    @property
    def address(self) -> str:
        """Where the head is."""
        return f"{self.machines[0].address}:{PORT}"

    def mend(self) -> None:
        """Start all anew, unless all machines are as they were when they were started."""
        if all(
            machine.started and set(machine.started) <= set(machine.processes()) for machine in self.machines
        ):
            return
        for machine in self.machines:
            machine.kill()
            shutil.rmtree(machine.folder, ignore_errors=True)
        head, *others = self.machines
        _finish([(head, head.begin(*_HEAD, _NO_SPILLING))])
        _finish([(machine, machine.begin(f"--address={self.address}")) for machine in others])


@contextmanager
def cluster(homes: Sequence[Path], cores: Sequence[Sequence[int]]) -> Iterator[Cluster]:
    """Give a cluster of a leading machine and one for each of `homes` (its LUWTE_HOME) with its `cores`.

    Raises `NoCluster` where none can be made.
    """
    check()
    folder = Path(tempfile.mkdtemp(prefix="lwray-"))  # short: Ray has sockets below it
    token = folder / "token"
    token.write_text(secrets.token_hex(32))
    token.chmod(0o600)
    variables = SETTINGS | {"RAY_AUTH_TOKEN_PATH": str(token)}
    machines: list[Machine] = []
    try:
        for number, (home, own) in enumerate(zip([Path(), *homes], [(), *cores], strict=True), 1):
            name = f"lw{os.getpid()}-{next(_numbers)}"
            lab = {"LUWTE_HOME": str(home)} if number > 1 else {}
            machine = Machine(name, f"10.77.0.{number}", folder / str(number), own, variables | lab)
            machines.append(machine)
            _join(machine, machines[0], number)
        found = Cluster(machines, variables)
        found.mend()
        yield found
    finally:
        for machine in reversed(machines):
            with suppress(NoCluster):
                machine.kill()
                _run("netns", "del", machine.name)
        shutil.rmtree(folder, ignore_errors=True)


def check() -> None:
    """Raise `NoCluster` where none can be made."""
    if find_spec("ray") is None:
        raise NoCluster("Ray is not installed")
    if os.geteuid() != 0:
        raise NoCluster("only root may make network namespaces")
    probe = f"lw{os.getpid()}-probe"
    _run("netns", "add", probe)
    _run("netns", "del", probe)


def _join(machine: Machine, first: Machine, number: int) -> None:
    """Make the namespace of `machine` and join it to a bridge that lies in that of the `first`."""
    _run("netns", "add", machine.name)
    _run("-n", machine.name, "link", "set", "lo", "up")
    wire = "wire"
    if machine is first:
        _run("-n", machine.name, "link", "add", wire, "type", "bridge")
    else:
        port = f"port{number}"
        there = ("netns", machine.name, "type", "veth", "peer", "name", port, "netns", first.name)
        _run("link", "add", wire, *there)
        _run("-n", first.name, "link", "set", port, "master", wire, "up")
    _run("-n", machine.name, "addr", "add", f"{machine.address}/24", "dev", wire)
    _run("-n", machine.name, "link", "set", wire, "up")


def _finish(starting: Sequence[tuple[Machine, subprocess.Popen[bytes]]]) -> None:
    for machine, process in starting:
        told, _ = process.communicate(timeout=_SECONDS)
        if process.returncode != 0:
            raise NoCluster(f"Ray does not start: {told.decode(errors='replace')}")
        machine.started = list(machine.processes())


def _kill(processes: Iterable[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _ip() -> str:
    found = shutil.which("ip", path=_FOLDERS)
    if found is None:
        raise NoCluster("ip (iproute2) is not installed")
    return found


def _run(*arguments: str) -> str:
    done = subprocess.run([_ip(), *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoCluster(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
