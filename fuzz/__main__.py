"""Fuzz one target, or all one after the other, each in its own process."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from fuzz import guided, plain
from fuzz.targets import NAMES, examples, load

FOUND = Path("build/fuzz")


def main() -> int:
    """Return 0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", choices=(*NAMES, "all"))
    parser.add_argument("--time", type=int, default=60, metavar="SECONDS", help="for each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", choices=("guided", "plain"), help="guided where Atheris is installed")
    parser.add_argument("--input", type=Path, help="read this file only, to see a finding again")
    chosen = parser.parse_args()
    if chosen.target == "all":
        return max(_apart(name, chosen) for name in NAMES)
    if chosen.input:
        load(chosen.target)(chosen.input.read_bytes())
        return 0
    if (chosen.engine or ("guided" if guided.available() else "plain")) == "guided":
        guided.run(chosen.target, chosen.seed, chosen.time, FOUND / chosen.target)
    return _plain(chosen.target, chosen.seed, chosen.time)


def _apart(name: str, chosen: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "fuzz", name, "--time", str(chosen.time), "--seed", str(chosen.seed)]
    print(f"{name}: {chosen.time} seconds", flush=True)
    return min(
        1, subprocess.run([*command, *(["--engine", chosen.engine] if chosen.engine else [])]).returncode
    )


def _plain(name: str, seed: int, seconds: int) -> int:
    contents = [path.read_bytes() for path in examples(name)]
    tried, finding = plain.run(load(name), contents, seed, seconds)
    print(f"{name}: {tried} inputs tried")
    if finding is None:
        return 0
    path = plain.keep(finding, FOUND / name)
    print(
        f"{type(finding.error).__name__}: {finding.error}\nSee it again: python -m fuzz {name} --input {path}"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
