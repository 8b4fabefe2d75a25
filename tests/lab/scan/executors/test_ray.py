"""Scans by several machines: two nodes in network namespaces, and what dies of them loses nothing."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from luwte.exchange.home import Home
from luwte.lab.scan.ledger import NAME as LEDGER
from tests.support import images, nodes
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.nodes import Cluster, Machine
from tests.support.scans import COMMAND, contents, evidence, reference, run_luwte

QUALITIES = range(60, 90)
SEEDS = range(120, 138)


@dataclass(frozen=True)
class Lab:
    """What is scanned here, and what a scan by this machine alone gives."""

    carrier: Path
    bundle: Path
    home: Path
    alone: dict[str, object]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A carrier with some hundred pictures, a list that has a few of them, and its scan by one machine."""
    folder = tmp_path_factory.mktemp("lab")
    home = folder / "home"
    bundle = reference(folder / "reference", home=Home.open(home))
    files = {f"{seed}-{q}.jpg": encoded(drawn(seed), quality=q) for seed in SEEDS for q in QUALITIES}
    files |= {f"{name.replace('/', '-')}": content for name, content in evidence().items()}
    carrier = images.ext(
        folder / "medium.raw",
        files | {f"again-{seed}.jpg": jpeg(seed) for seed in (0, 120)},
        size=80 * images.MIB,
    )
    out = folder / "alone"
    told = run_luwte(
        "scan", carrier, "--reference", bundle, "--out", out, "--case", "7", LUWTE_HOME=str(home)
    )
    assert told.returncode == 0, told.stderr
    return Lab(carrier, bundle, home, contents(out, Home.open(home)))


@pytest.fixture(scope="module")
def machines(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A leading machine and two nodes, each with a home and a core of its own."""
    homes = [tmp_path_factory.mktemp("homes") / name for name in ("one", "two")]
    for home in homes:
        shutil.copytree(lab.home, home)
    try:
        with nodes.cluster(homes, [[0], [max(os.sched_getaffinity(0))]]) as found:
            yield found
    except nodes.NoCluster as why:
        if os.environ.get("CI"):
            pytest.fail(str(why))
        pytest.skip(str(why))


@pytest.fixture
def cluster(machines: Cluster) -> Cluster:
    """The cluster, whole again if the test before killed a part of it, and with nothing left of its scan."""
    machines.mend()
    until(lambda: not any(map(posts, machines.machines)))
    return machines


@contextmanager
def scanning(cluster: Cluster, lab: Lab, out: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Give a scan by the cluster, on its way."""
    arguments = ("--reference", lab.bundle, "--out", out, "--case", "7", "--ray", cluster.address)
    with subprocess.Popen(
        cluster.machines[0].command(*COMMAND, "scan", lab.carrier, *arguments),
        env=os.environ | cluster.variables | {"LUWTE_HOME": str(lab.home)} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, told = process.communicate(timeout=120)
    return process.returncode, told


def until(condition: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    """Wait until `condition` holds; `process` must still run then."""
    latest = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < latest
        assert process is None or process.poll() is None, process.communicate()
        time.sleep(0.01)


def lent(out: Path, machine: Machine) -> bool:
    """Return whether `machine` has a unit of the scan into `out`, by what the ledger says."""
    try:
        with closing(sqlite3.connect(f"file:{out / LEDGER}?mode=ro", uri=True)) as ledger:
            found = ledger.execute("SELECT count(*) FROM lease WHERE holder = ?", (machine.address,))
            return bool(found.fetchone()[0])
    except sqlite3.Error:
        return False


def posts(machine: Machine) -> list[int]:
    """Return the posts on `machine` with what they started, and what leads a scan."""
    words = ("RayPost", "luwte.lab", "luwte.cli")  # the folder of a checkout may have our name too
    return [pid for pid, told in machine.processes().items() if any(word in told for word in words)]


def signalled(machine: Machine, kind: signal.Signals) -> int:
    """Send the signal `kind` to the post on `machine`, and return to how many processes.

    What a post has just started bears its name for a moment, too.
    """
    found = [pid for pid, told in machine.processes().items() if "RayPost" in told]
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, kind)
    return len(found)


def lent_alone(out: Path, machine: Machine, other: Machine) -> bool:
    """Hold the post on `other` still, so that it does not do all by itself, and return what `lent` does."""
    signalled(other, signal.SIGSTOP)
    return lent(out, machine)


def stopped_at_work(out: Path, machine: Machine, other: Machine) -> bool:
    """Hold both posts still, and return whether that on `machine` has a unit of the scan into `out`."""
    if not lent_alone(out, machine, other):
        return False
    if signalled(machine, signal.SIGSTOP) and lent(out, machine):
        return True
    signalled(machine, signal.SIGCONT)
    return False


def test_a_killed_node_loses_nothing(cluster: Cluster, lab: Lab, tmp_path: Path) -> None:
    other, victim = cluster.machines[1:]
    out = tmp_path / "out"
    with scanning(cluster, lab, out) as process:
        until(lambda: lent_alone(out, victim, other), process)
        victim.kill()
        signalled(other, signal.SIGCONT)
        code, told = ended(process)
    assert (code, f"The node {victim.address} is gone" in told) == (0, True), told
    assert contents(out, Home.open(lab.home)) == lab.alone


def test_a_killed_post_loses_nothing_and_is_replaced(cluster: Cluster, lab: Lab, tmp_path: Path) -> None:
    victim, other = cluster.machines[1:]
    out = tmp_path / "out"
    with scanning(cluster, lab, out) as process:
        until(lambda: stopped_at_work(out, victim, other), process)
        signalled(victim, signal.SIGKILL)
        until(lambda: not lent(out, victim), process)
        until(lambda: lent(out, victim), process)
        signalled(other, signal.SIGCONT)
        code, told = ended(process)
    assert (code, f"The node {victim.address} is gone" in told) == (0, True), told
    assert told.count(f"The node {victim.address} takes part") == 2
    assert contents(out, Home.open(lab.home)) == lab.alone
    until(lambda: not any(map(posts, cluster.machines)))


def test_a_killed_head_is_told_and_the_next_scan_goes_on(cluster: Cluster, lab: Lab, tmp_path: Path) -> None:
    """The nodes are made to hold still, as they could else finish before it is noticed."""
    out = tmp_path / "out"
    with scanning(cluster, lab, out, RAY_gcs_rpc_server_reconnect_timeout_s="2") as process:
        until(lambda: lent_alone(out, *cluster.machines[1:]), process)
        for post in [post for machine in cluster.machines[1:] for post in posts(machine)]:
            os.kill(post, signal.SIGSTOP)
        cluster.machines[0].kill_ray()
        code, told = ended(process)
    assert (code, f"The Ray cluster at {cluster.address} is gone." in told) == (1, True), told
    assert not (out / "report.lwreport").exists()
    cluster.mend()
    with scanning(cluster, lab, out) as process:
        code, told = ended(process)
    assert code == 0, told
    assert contents(out, Home.open(lab.home)) == lab.alone


def test_a_killed_leader_leaves_nothing_at_work_and_its_scan_goes_on(
    cluster: Cluster, lab: Lab, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with scanning(cluster, lab, out, LUWTE_FAULT="scan.batch:3") as process:
        assert ended(process)[0] == -signal.SIGKILL
    until(lambda: not any(map(posts, cluster.machines)))
    with scanning(cluster, lab, out) as process:
        code, told = ended(process)
    assert (code, "Going on from a scan that was cut off" in told) == (0, True), told
    assert contents(out, Home.open(lab.home)) == lab.alone


def test_a_node_that_cannot_open_the_list_is_named(cluster: Cluster, lab: Lab, tmp_path: Path) -> None:
    """The list is for another lab than that of the nodes."""
    other = Home.open(tmp_path / "home")
    foreign = Lab(lab.carrier, reference(tmp_path / "list", home=other), other.path, {})
    with scanning(cluster, foreign, tmp_path / "out") as process:
        code, told = ended(process)
    assert code == 2
    assert "luwte: On the node 10.77.0." in told
    assert "is not trusted here" in told


def test_a_wrong_token_is_told(
    cluster: Cluster, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "token"
    wrong.write_text("0" * 64)
    with scanning(cluster, lab, tmp_path / "out", RAY_AUTH_TOKEN_PATH=str(wrong)) as process:
        code, told = ended(process)
    assert (code, f"The Ray cluster at {cluster.address} cannot be reached." in told) == (1, True), told
