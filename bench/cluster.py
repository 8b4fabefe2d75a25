"""P7: one carrier, read out by one node of a Ray cluster, and by two."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import images
from bench.rows import Row
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import HashRecord, entry_from
from luwte.exchange.home import Home
from tests.support import nodes

_COMMAND = (sys.executable, "-c", "from luwte.cli import main; main()")
_TARGET = 1.7


def row(drawn: Sequence[bytes], size: int, repetitions: int) -> Row:
    """Return the row P7, in MB of files a second, over a carrier of `size` bytes of the pictures `drawn`.

    Each node has one core and one worker; who leads has neither. The time is that of the whole command.
    """
    with tempfile.TemporaryDirectory(prefix="luwte-bench-") as name:
        folder = Path(name)
        home = Home.open(folder / "home")
        source = images.photo_folder(drawn, size, folder / "photos")
        bundle = _bundle(folder / "reference", home)
        homes = [Path(shutil.copytree(home.path, folder / f"home-{number}")) for number in range(2)]
        cores = [[core] for core in sorted(os.sched_getaffinity(0))[:2]]
        with nodes.cluster(homes[:1], cores[:1]) as one, nodes.cluster(homes, cores) as two:
            seconds: dict[int, list[float]] = {1: [], 2: []}
            for turn in range(repetitions):
                for count, cluster in ((1, one), (2, two)):
                    out = folder / f"out-{turn}-{count}"
                    seconds[count].append(_seconds(cluster, source, bundle, home, out))
        total = sum(file.stat().st_size for file in source.iterdir()) / 1e6
    return _row(total, min(seconds[1]), min(seconds[2]))


def _row(total: float, one: float, two: float) -> Row:
    return Row(
        id="P7",
        work="one carrier read out by two nodes of one core each, MB/s",
        peer="one node",
        ours=total / two,
        peer_value=total / one,
        limit=None,
        ratio=one / two,
        target=f">= {_TARGET}x",
        met=one / two >= _TARGET,
    )


def _bundle(path: Path, home: Home) -> Path:
    record = HashRecord(md5=bytes(16), series="1")
    write_bundle(path, [entry_from(record, home.entry_key)], home)
    return path


def _seconds(cluster: nodes.Cluster, carrier: Path, bundle: Path, home: Home, out: Path) -> float:
    scan = ("scan", carrier, "--reference", bundle, "--out", out, "--ray", cluster.address)
    environment = os.environ | cluster.variables | {"LUWTE_HOME": str(home.path)}
    words = cluster.machines[0].command(*_COMMAND, *scan)
    start = time.perf_counter()
    subprocess.run(words, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start
