"""A small disk that fills up: `python -m tests.support.small_disk TEMPLATE HOME PROGRAM COMMANDS`, walled in.

Copies the desk TEMPLATE to HOME, which lies on a small file system; fills that to the last byte; lets PROGRAM
run COMMANDS (JSON lists of words) in one process; makes room; runs them in another. Prints how each ended.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def fill(file: Path) -> None:
    """Write into `file` until not one byte more can be written."""
    with suppress(OSError), file.open("ab", buffering=0) as out:
        for size in (1 << 16, 1 << 9, 1):
            with suppress(OSError):
                while out.write(b"x" * size) == size:
                    pass


def ended(home: Path, program: str, commands: str) -> list[object]:
    """Run the commands and return code, output and complaint of each."""
    environment = os.environ | {"LUWTE_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", program, commands],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: list[object] = json.loads(done.stdout)
    return found


def main() -> None:
    """Run the commands on a full disk and on one with room."""
    template, home = Path(sys.argv[1]), Path(sys.argv[2])
    shutil.copytree(template, home)
    filler = home.parent / "filler"
    fill(filler)
    full = ended(home, *sys.argv[3:])
    filler.unlink()
    sys.stdout.write(json.dumps([full, ended(home, *sys.argv[3:])]))


if __name__ == "__main__":
    main()
