"""The demo's carriers: a partitioned disk (raw and E01) and a USB stick (raw), from a seed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from luwte.demo import contents
from luwte.demo.contents import Album, PlantedFile
from luwte.demo.ewf_writer import write_e01
from luwte.demo.volumes import join_partitions, make_ext4, make_fat

LINUX, FAT16 = 0x83, 0x0E
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class DemoCarrier:
    """A carrier that was made: the image to scan, the same bytes as raw, and all that it holds."""

    image: Path
    raw: Path
    files: tuple[PlantedFile, ...]


def make_disk(folder: Path, album: Album, step: Step = lambda _count: None) -> DemoCarrier:
    """Write `disk.raw` and `disk.E01` to `folder`; `step(1)` is called for every file that was drawn.

    Raises `Failure` when a file system tool is missing or the disk is full.
    """
    files = _counted(contents.disk(album), step)
    raw, image = folder / "disk.raw", folder / "disk.E01"
    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        make_ext4(scratch / "ext4.img", [file for file in files if file.volume == "ext4"], scratch)
        make_fat(scratch / "fat.img", [file for file in files if file.volume == "fat"], scratch)
        join_partitions(raw, [(scratch / "ext4.img", LINUX), (scratch / "fat.img", FAT16)])
    write_e01(raw, image)
    return DemoCarrier(image, raw, files)


def make_stick(folder: Path, album: Album, step: Step = lambda _count: None) -> DemoCarrier:
    """Write `stick.raw` to `folder`, as `make_disk` does."""
    files = _counted(contents.stick(album), step)
    raw = folder / "stick.raw"
    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch = Path(name)
        make_fat(scratch / "fat.img", files, scratch)
        shutil.move(scratch / "fat.img", raw)
    return DemoCarrier(raw, raw, files)


def _counted(files: Iterable[PlantedFile], step: Step) -> tuple[PlantedFile, ...]:
    result = []
    for file in files:
        result.append(file)
        step(1)
    return tuple(result)
