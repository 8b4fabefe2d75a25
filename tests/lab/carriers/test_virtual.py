from __future__ import annotations

import struct
from pathlib import Path
from random import Random

import pytest

from luwte.base.errors import BadInput
from luwte.exchange.home import Home
from luwte.lab.carriers import open_carrier, virtual
from luwte.lab.carriers.carrier import Problem, Unreadable
from luwte.lab.carriers.errors import CarrierIsDamaged, CarrierIsNotSupported
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support import images, tools
from tests.support.drawn import jpeg
from tests.support.scans import reference

TREE = {"photos/known.jpg": jpeg(0), "letter.txt": b"dear all"}
FORMS = {
    "packed.qcow2": ("qcow2", "qcow2", ["-c"]),
    "old.qcow2": ("qcow2", "qcow2", ["-o", "compat=0.10"]),
    "sparse.vmdk": ("vmdk", "vmdk", ["-o", "subformat=monolithicSparse"]),
    "stream.vmdk": ("vmdk", "vmdk", ["-o", "subformat=streamOptimized"]),
    "flat.vmdk": ("vmdk", "vmdk", ["-o", "subformat=monolithicFlat"]),
    "split.vmdk": ("vmdk", "vmdk", ["-o", "subformat=twoGbMaxExtentSparse"]),
    "dynamic.vhd": ("vpc", "vhd", []),
    "fixed.vhd": ("vpc", "vhd", ["-o", "subformat=fixed,force_size=on"]),
    "dynamic.vhdx": ("vhdx", "vhd", []),
}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return images.ext(tmp_path / "medium.raw", TREE)


def made(raw: Path, name: str) -> Path:
    form, _, options = FORMS[name]
    tools.run("qemu-img", "convert", "-f", "raw", "-O", form, *options, raw, raw.with_name(name))
    return raw.with_name(name)


@pytest.mark.parametrize("name", FORMS)
def test_a_virtual_disk_is_read_as_the_medium_in_it(name: str, raw: Path) -> None:
    path = made(raw, name)
    assert images.read_all(path) == images.read_all(raw)
    with open_carrier(path) as carrier:
        assert carrier.kind == FORMS[name][1]
        assert carrier.problems == []
    disk = virtual.VirtualDisk(path, FORMS[name][1])  # type: ignore[arg-type]
    content = raw.read_bytes()
    assert disk.read(0, len(content)) == content
    assert disk.read(1000, 7) == content[1000:1007]
    assert disk.read(disk.size - 3, 100) == bytes(3)
    assert disk.read(disk.size + 1, 1) == b""
    disk.close()


def test_a_renamed_disk_is_the_same_disk(raw: Path) -> None:
    path = made(raw, "sparse.vmdk")
    assert images.read_all(path.rename(raw.with_name("evidence 7"))) == images.read_all(raw)


@pytest.mark.parametrize("name", ["packed.qcow2", "sparse.vmdk"])
def test_a_snapshot_is_refused(name: str, raw: Path) -> None:
    base, form = made(raw, name), FORMS[name][0]
    tools.run("qemu-img", "create", "-f", form, "-b", base, "-F", form, raw.with_name("top"))
    with pytest.raises(CarrierIsNotSupported, match="a snapshot of another virtual disk"):
        open_carrier(raw.with_name("top"))


def test_a_part_without_its_disk_and_a_disk_without_its_part_are_refused(raw: Path) -> None:
    path = made(raw, "split.vmdk")
    (part,) = raw.parent.glob("split-s*.vmdk")
    with pytest.raises(CarrierIsDamaged, match="or is a part of one"):
        open_carrier(part)
    part.unlink()
    with pytest.raises(CarrierIsDamaged):
        open_carrier(path)


@pytest.mark.parametrize("name", ["../medium.raw", "/etc/passwd", "a\\b"])
def test_a_disk_cannot_name_files_of_other_folders(name: str, raw: Path) -> None:
    (raw.parent / "folder").mkdir()
    path = raw.parent / "folder" / "disk.vmdk"
    path.write_text(
        "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\n"
        'createType="monolithicFlat"\n\n# Extent description\n'
        f'RW {raw.stat().st_size // 512} FLAT "{name}" 0\n\n# The Disk Data Base\n#DDB\n'
        'ddb.adapterType = "ide"\n'
    )
    with pytest.raises(BadInput):
        open_carrier(path)
    path.write_text(path.read_text().replace(name, "medium.raw"))
    raw.rename(path.with_name("medium.raw"))
    assert len(images.read_all(path)) >= len(TREE)


def test_what_a_disk_claims_to_hold_is_bounded(raw: Path) -> None:
    path = made(raw, "packed.qcow2")
    content = bytearray(path.read_bytes())
    content[24:32] = struct.pack(">Q", 1 << 62)
    path.write_bytes(content)
    with pytest.raises(CarrierIsDamaged):
        open_carrier(path)


def test_a_mostly_empty_disk_is_not_searched_as_a_whole(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(raw, "packed.qcow2")
    monkeypatch.setattr(virtual, "MOST_EMPTY", 1 << 20)
    with open_carrier(path) as carrier:
        carrier.carve(lambda _: pytest.fail("it was searched"))
        assert {file.path for file in carrier.files()} >= set(TREE)
        assert Problem("the free space of a disk that is mostly empty was not searched") in carrier.problems


@pytest.mark.parametrize("name", ["packed.qcow2", "sparse.vmdk", "dynamic.vhd", "dynamic.vhdx"])
def test_damaged_disks_end_in_one_sentence_or_unread_files(name: str, raw: Path) -> None:
    path, random = made(raw, name), Random(name)
    whole = path.read_bytes()
    for _ in range(40):
        content = bytearray(whole)
        for _ in range(random.choice([1, 4, 50])):
            content[random.randrange(random.choice([512, 70_000, len(whole)]))] = random.randrange(256)
        path.write_bytes(content[: random.choice([len(whole), random.randrange(1, len(whole))])])
        try:
            with open_carrier(path) as carrier:
                for file in carrier.files():
                    try:
                        b"".join(file.chunks())
                    except Unreadable:
                        continue
        except BadInput:
            continue


@pytest.mark.parametrize("name", ["flat.vmdk", "dynamic.vhdx"])
def test_a_scan_reads_a_virtual_disk_behind_the_walls(
    name: str, raw: Path, tmp_path: Path, home: Path
) -> None:
    path = made(raw, name)
    report = scan(
        Request([path], reference(tmp_path / "reference"), tmp_path / "out", workers=1), Home.open()
    )
    assert (report.coverage.complete, report.coverage.identical) == (True, 1)
    assert {row.path for row in read_rows(tmp_path / "out")} >= set(TREE)
