"""Damaged and malicious file systems: whatever the library does, the caller gets words or a dead child."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.support import images

RANDOM = Random(31)
TREE = {"a.jpg": RANDOM.randbytes(30_000), "b.txt": b"lee " * 4000, "c": b"", "note.txt": b"x"}
ROUNDS = 12

READER = """
import resource, sys
from pathlib import Path
from luwte.base.errors import BadInput
from luwte.lab.carriers import Unreadable, open_carrier
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
for path in sys.argv[1:]:
    try:
        with open_carrier(Path(path)) as carrier:
            read = 0
            for file in carrier.files():
                try:
                    for piece in file.chunks():
                        read += len(piece)
                except Unreadable:
                    continue
            assert read <= 80 * carrier.size, "more was read than the carrier can hold"
            carrier.problems
    except BadInput:
        continue
print("done")
"""


def read_in_child(paths: list[Path], seconds: int = 60) -> subprocess.CompletedProcess[bytes]:
    """Read carriers one after the other in a process of their own, as a scan does."""
    command = [sys.executable, "-c", READER, *map(str, paths)]
    return subprocess.run(command, capture_output=True, timeout=seconds, check=False)


def changed(path: Path, random: Random, reach: int) -> None:
    """Change some bytes of the first `reach` bytes of a file: there the tables of a file system lie."""
    content = bytearray(path.read_bytes())
    used = [place for place in range(reach) if content[place]]
    for _ in range(random.randint(1, 40)):
        content[random.choice(used)] = random.randrange(256)
    path.write_bytes(content)


@pytest.mark.parametrize("kind", ["ext2", "ext4", "FAT16", "FAT32", "NTFS", "exFAT", "ISO 9660"])
def test_changed_file_systems_raise_nothing_else(tmp_path: Path, kind: str) -> None:
    whole = tmp_path / "whole.raw"
    match kind:
        case "ext2" | "ext4":
            images.ext(whole, TREE, kind, 2 * images.MIB)
        case "FAT16" | "FAT32":
            images.fat(whole, TREE, int(kind[3:]))
        case "NTFS":
            images.ntfs(whole, TREE, {"note.txt:more": b"more"}, 4 * images.MIB)
        case "exFAT":
            images.exfat(whole, TREE)
        case _:
            images.iso(whole, TREE)
    for number in range(ROUNDS):
        path = tmp_path / f"changed-{number}.raw"
        path.write_bytes(whole.read_bytes())
        changed(path, Random(f"{kind} {number}"), min(path.stat().st_size, 400_000))
        done = read_in_child([path])
        assert done.returncode in (0, -6, -11), done.stderr.decode()
        assert b"Traceback" not in done.stderr


def test_a_folder_that_holds_itself_ends(tmp_path: Path) -> None:
    path = images.fat(tmp_path / "loop.raw", {"one/two/a.jpg": b"a" * 600})
    content = bytearray(path.read_bytes())
    two = (
        content.index(b"TWO        \x10") if b"TWO        \x10" in content else content.index(b"TWO        ")
    )
    one = content.index(b"ONE        ")
    content[two + 26 : two + 28] = content[one + 26 : one + 28]
    path.write_bytes(content)
    assert read_in_child([path], 20).returncode == 0


@pytest.mark.trial
def test_malformed_files_of_the_fuzzing_corpora(trials: Path) -> None:
    paths = sorted((trials / "hostile").iterdir())
    done = read_in_child(paths, 120)
    if done.returncode:
        for path in paths:
            assert read_in_child([path]).returncode in (0, -6, -11), path.name


@pytest.mark.trial
def test_malformed_files_as_one_folder(trials: Path) -> None:
    done = read_in_child([trials / "hostile"], 120)
    assert (done.returncode, done.stdout) == (0, b"done\n"), done.stderr
