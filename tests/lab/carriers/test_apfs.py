"""APFS: every live file once, and an encrypted volume with its key alone."""

from __future__ import annotations

import hashlib
from pathlib import Path
from random import Random

import pytest

from luwte.base.errors import BadInput
from luwte.lab.carriers import Problem, Unreadable, open_carrier
from luwte.lab.carriers.errors import CarrierIsEncrypted
from tests.support import images
from tests.support.apfs import BLOCK, CONTENTS, Entry, apfs
from tests.support.drawn import jpeg
from tests.support.packing import tar

RECOVERY = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX"
PASSWORD = "zout water"
FILES = {"one.jpg": jpeg(0), "DCIM/two.jpg": jpeg(1), "DCIM/empty": b"", "café.txt": b"koffie" * 2000}
LEFT_OUT = Problem("deleted files and snapshots of APFS are found only where free space is searched")
NOT_SEARCHED = Problem("the free space of encrypted APFS volumes was not searched")


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return apfs(tmp_path_factory.mktemp("apfs") / "plain", FILES)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return apfs(tmp_path_factory.mktemp("apfs") / "locked", FILES, keys=(PASSWORD, RECOVERY))


def test_every_live_file_is_read_as_it_was_written(container: Path) -> None:
    assert images.read_all(container) == images.expected(FILES)
    with open_carrier(container) as carrier:
        assert (carrier.file_systems, next(iter(carrier.files())).state) == (["APFS"], "live")
        assert (carrier.problems, carrier.whole) == ([LEFT_OUT], True)


def test_links_are_not_followed_and_forks_are_streams(tmp_path: Path) -> None:
    files: dict[str, bytes | Entry] = {
        "twice": Entry(b"2" * 9000, also=("again",)),
        "link": Entry(link="twice"),
        "forked": Entry(b"data", fork=b"fork" * 3000),
    }
    found = images.read_all(apfs(tmp_path / "disk", files))
    wanted = images.expected({"forked": b"data"}) | images.expected({"forked:rsrc": b"fork" * 3000}, "stream")
    twice = hashlib.sha256(b"2" * 9000).hexdigest()
    assert found in (wanted | {("live", "twice"): twice}, wanted | {("live", "again"): twice})


def test_archives_in_it_are_opened(tmp_path: Path) -> None:
    path = apfs(tmp_path / "disk", {"a.tar": tar({"in.jpg": jpeg(2)})})
    digest = hashlib.sha256(jpeg(2)).hexdigest()
    assert images.read_all(path)["embedded", "a.tar/in.jpg"] == digest


def test_free_space_is_searched_and_what_files_use_is_not(container: Path, tmp_path: Path) -> None:
    path = apfs(tmp_path / "disk", FILES)
    place = (CONTENTS + 1000) * BLOCK
    with path.open("r+b") as file:
        file.seek(place)
        file.write(jpeg(5))
    with open_carrier(path) as carrier:
        carrier.carve(lambda _: None)
        carved = [(file.path, images.sha256_of(file)) for file in carrier.files() if file.state == "carved"]
    assert carved == [(f"$Unallocated/{place}.jpg", hashlib.sha256(jpeg(5)).hexdigest())]


def test_a_container_in_a_partition_stands_under_its_label(container: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    run_into(disk, container)
    assert images.read_all(disk) == images.expected(FILES, folder="p1/")


def run_into(disk: Path, part: Path) -> None:
    """Make `disk` one with `part` as its only partition, sparse as it is."""
    head = images.mbr(disk.with_suffix(".head"), [images.blank(disk.with_suffix(".part"), images.MIB)])
    content = bytearray(head.read_bytes()[: images.MIB])
    size = part.stat().st_size
    content[446 + 12 : 446 + 16] = (size // 512).to_bytes(4, "little")
    with disk.open("wb") as target, part.open("rb") as source:
        target.write(content)
        target.truncate(images.MIB + size)
        while piece := source.read(images.MIB):
            if any(piece):
                target.seek(images.MIB + source.tell() - len(piece))
                target.write(piece)


def test_an_encrypted_volume_is_named_and_no_key_means_no_file(locked: Path) -> None:
    with pytest.raises(CarrierIsEncrypted, match=r"is encrypted \(FileVault\)\. Give its key"):
        open_carrier(locked)
    with pytest.raises(CarrierIsEncrypted, match="FileVault: no given key of 2 opens it") as caught:
        open_carrier(locked, ["geheim", "secret"])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", [PASSWORD, RECOVERY])
def test_an_encrypted_volume_is_read_with_a_key(key: str, locked: Path) -> None:
    with open_carrier(locked, ["other", key]) as carrier:
        carrier.carve(lambda count: pytest.fail("its free space is no plain text"))
        found = {(file.state, file.path): images.sha256_of(file) for file in carrier.files()}
        assert found == images.expected(FILES)
        assert carrier.file_systems == ["APFS in FileVault"]
        assert carrier.problems == [NOT_SEARCHED, LEFT_OUT]


def test_a_mark_alone_is_no_container(tmp_path: Path) -> None:
    (tmp_path / "disk").write_bytes(bytes(32) + b"NXSB" + bytes(1 << 20))
    with pytest.raises(BadInput, match="a container of APFS is damaged, or one of several disks") as caught:
        open_carrier(tmp_path / "disk")
    assert "ncrypt" not in str(caught.value)


@pytest.mark.parametrize("blocks", [(0, 3), (20_000, 20_008)])
def test_damaged_containers_end_in_one_sentence_or_unread_files(
    blocks: tuple[int, int], container: Path
) -> None:
    random = Random(blocks[0])
    start, end = blocks[0] * BLOCK, blocks[1] * BLOCK
    with container.open("r+b") as file:
        file.seek(start)
        whole = file.read(end - start)
        try:
            for _ in range(40):
                content = bytearray(whole)
                for _ in range(random.choice([1, 4, 50])):
                    content[random.randrange(len(content))] = random.randrange(256)
                file.seek(start)
                file.write(content)
                file.flush()
                read_or_refused(container)
        finally:
            file.seek(start)
            file.write(whole)


def read_or_refused(path: Path) -> None:
    try:
        with open_carrier(path) as carrier:
            for found in carrier.files():
                try:
                    b"".join(found.chunks())
                except Unreadable:
                    continue
    except BadInput:
        return
