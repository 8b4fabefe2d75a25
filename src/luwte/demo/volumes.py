"""Real file systems in plain files, by mke2fs and mtools: no mount, no root, the same bytes every time."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from luwte.base.errors import Failure
from luwte.base.files import make_folder
from luwte.demo.contents import PlantedFile

MOMENT = 1_709_287_200
"""When every file was written: 1 March 2024, 10:00 UTC, in seconds since 1970."""
MEBIBYTE = 1 << 20
SECTOR = 512
_EXT4 = ("-U", "6c757774-6500-4000-8000-000000000001", "-O", "^has_journal")
_EXTENDED = "hash_seed=6c757774-6500-4000-8000-000000000002,root_owner=0:0,lazy_itable_init=0"
_PACKAGES = {"mke2fs": "e2fsprogs", "debugfs": "e2fsprogs"}


def make_ext4(image: Path, files: Sequence[PlantedFile], scratch: Path) -> None:
    """Write an ext4 file system with `files` to `image`; `scratch` is a folder that may be written in."""
    root = make_folder(scratch / "ext4")
    for file in files:
        _lay_out(root, file)
    folders = {parent for file in files for parent in (root / file.path).parents if root in parent.parents}
    for path in (*folders, root):
        os.utime(path, (MOMENT, MOMENT))
    _empty(image, sum(len(file.content) + 8_192 for file in files) * 5 // 4 + 4 * MEBIBYTE)
    run_tool("mke2fs", "-q", "-F", "-t", "ext4", *_EXT4, "-E", _EXTENDED, "-d", str(root), str(image))
    _same_times(image, len(files) + len(folders), scratch)


def make_fat(image: Path, files: Sequence[PlantedFile], scratch: Path) -> None:
    """Write a FAT16 file system with `files` to `image`, then delete those that are said to be deleted."""
    root = make_folder(scratch / "fat")
    _empty(image, max(16 * MEBIBYTE, sum(len(file.content) + 4_096 for file in files) + 4 * MEBIBYTE))
    run_tool("mformat", "-i", str(image), "-v", "DEMO", "-N", "4C575445", "-c", "4", "::")
    by_folder: dict[str, list[PlantedFile]] = defaultdict(list)
    for file in files:
        _lay_out(root, file)
        by_folder[str(Path(file.path).parent)].append(file)
    for folder in sorted({str(p) for file in files for p in Path(file.path).parents if p.name}):
        run_tool("mmd", "-i", str(image), f"::/{folder}")
    for folder, members in by_folder.items():
        paths = [str(root / file.path) for file in members]
        run_tool("mcopy", "-m", "-i", str(image), *paths, f"::/{'' if folder == '.' else folder}")
    deleted = [f"::/{file.path}" for file in files if file.deleted]
    if deleted:
        run_tool("mdel", "-i", str(image), *deleted)


def join_partitions(image: Path, volumes: Iterable[tuple[Path, int]]) -> None:
    """Write a disk with an MBR to `image`; `volumes` are file systems with their partition types."""
    table, place = bytearray(SECTOR), MEBIBYTE
    with image.open("wb") as disk:
        for index, (volume, kind) in enumerate(volumes):
            size = volume.stat().st_size
            table[446 + 16 * index : 462 + 16 * index] = _partition(kind, place, size)
            disk.seek(place)
            with volume.open("rb") as source:
                shutil.copyfileobj(source, disk, MEBIBYTE)
            place += -(-size // MEBIBYTE) * MEBIBYTE
        disk.truncate(place)
        table[440:444], table[510:512] = b"LWTE", b"\x55\xaa"
        disk.seek(0)
        disk.write(table)


def run_tool(name: str, *arguments: str) -> None:
    """Run one of the file system tools; raises `Failure` saying what to install or what it said."""
    program = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        package = _PACKAGES.get(name, "mtools")
        raise Failure(f"The program {name} is not on this machine. Install it: apt-get install {package}")
    environment = os.environ | {
        "E2FSPROGS_FAKE_TIME": str(MOMENT),
        "SOURCE_DATE_EPOCH": str(MOMENT),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "MTOOLS_SKIP_CHECK": "1",
    }
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        reason = "; ".join(said)[:300] or f"exit code {done.returncode}"
        raise Failure(f"{name} could not make the demo carrier: {reason}.")


def _lay_out(root: Path, file: PlantedFile) -> None:
    target = root / file.path
    make_folder(target.parent, mode=0o755)
    target.write_bytes(file.content)
    target.chmod(0o644)
    os.utime(target, (MOMENT, MOMENT))


def _empty(image: Path, size: int) -> None:
    with image.open("wb") as file:
        file.truncate(-(-size // MEBIBYTE) * MEBIBYTE)


def _same_times(image: Path, count: int, scratch: Path) -> None:
    """Give every inode the same times: mke2fs takes over when the sources were last changed and read."""
    inodes = (2, *range(11, 12 + count))
    lines = [f"sif <{inode}> {field} @{MOMENT}" for inode in inodes for field in ("ctime", "atime", "mtime")]
    lines += [f"sif <{inode}> {field}_extra 0" for inode in inodes for field in ("ctime", "atime", "mtime")]
    script = scratch / "times"
    script.write_text("\n".join(lines) + "\n")
    run_tool("debugfs", "-w", "-f", str(script), str(image))


def _partition(kind: int, place: int, size: int) -> bytes:
    start, length = place // SECTOR, -(-size // SECTOR)
    far = b"\xfe\xff\xff"  # where a CHS address would stand: beyond its reach, so the sector numbers count
    return b"\x00" + far + bytes([kind]) + far + start.to_bytes(4, "little") + length.to_bytes(4, "little")
