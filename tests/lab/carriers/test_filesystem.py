"""File systems on raw images: every file once, deleted ones too, and honest words about the rest."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from luwte.base.errors import BadInput
from luwte.lab.carriers import open_carrier
from tests.support import images
from tests.support.tools import run

RANDOM = Random(11)
TREE = {
    "one.jpg": RANDOM.randbytes(70_000),
    "empty.txt": b"",
    "a long name with spaces.png": RANDOM.randbytes(2_500_000),
    "DCIM/inner/two.jpg": RANDOM.randbytes(513),
}
FLAT = {name: content for name, content in TREE.items() if "/" not in name}

MAKERS: list[tuple[str, Callable[[Path], Path], dict[str, bytes]]] = [
    ("ext2", lambda path: images.ext(path, TREE, "ext2"), TREE),
    ("ext3", lambda path: images.ext(path, TREE, "ext3"), TREE),
    ("ext4", lambda path: images.ext(path, TREE, "ext4"), TREE),
    ("FAT16", lambda path: images.fat(path, TREE, 16), TREE),
    ("FAT32", lambda path: images.fat(path, TREE, 32), TREE),
    ("NTFS", lambda path: images.ntfs(path, FLAT), FLAT),
    ("exFAT", lambda path: images.exfat(path, FLAT), FLAT),
    ("ISO 9660", lambda path: images.iso(path, TREE), TREE),
]


@pytest.mark.parametrize(("kind", "make", "tree"), MAKERS, ids=[kind for kind, _, _ in MAKERS])
def test_every_live_file_is_read_as_it_was_written(
    tmp_path: Path, kind: str, make: Callable[[Path], Path], tree: dict[str, bytes]
) -> None:
    path = make(tmp_path / "carrier.raw")
    with open_carrier(path) as carrier:
        assert (carrier.kind, carrier.file_systems) == ("raw", [kind])
        assert carrier.size == path.stat().st_size
        assert carrier.verify(lambda _: None) is None
    found = images.read_all(path)
    for table in ("$ALLOC_BITMAP", "$UPCASE_TABLE"):
        found.pop(("live", table), None)
    assert found == images.expected(tree)


def test_a_small_fat(tmp_path: Path) -> None:
    tree = {"a.txt": b"lee" * 1000}
    path = images.fat(tmp_path / "floppy.img", tree, 12)
    assert images.read_all(path) == images.expected(tree)
    with open_carrier(path) as carrier:
        assert carrier.file_systems == ["FAT12"]


@pytest.mark.parametrize("disk", [images.mbr, images.gpt])
def test_partitions_are_walked_and_named(tmp_path: Path, disk: Callable[[Path, list[Path]], Path]) -> None:
    first = images.ext(tmp_path / "ext.raw", TREE)
    second = images.fat(tmp_path / "fat.raw", {"b.txt": b"b"})
    path = disk(tmp_path / "disk.dd", [first, second])
    found = images.expected(TREE, folder="p1/") | images.expected({"b.txt": b"b"}, folder="p2/")
    assert images.read_all(path) == found
    with open_carrier(path) as carrier:
        assert carrier.file_systems == ["ext4", "FAT16"]
        assert carrier.problems == []


def test_a_deleted_file_on_fat_is_found(tmp_path: Path) -> None:
    tree = {"stays.jpg": RANDOM.randbytes(9000), "gone.jpg": RANDOM.randbytes(9000)}
    path = images.fat(tmp_path / "card.raw", tree)
    images.fat_delete(path, "gone.jpg")
    found = images.read_all(path)
    assert found["live", "stays.jpg"] == images.expected(tree)["live", "stays.jpg"]
    digest = images.expected(tree)["live", "gone.jpg"]
    assert [key for key, value in found.items() if value == digest] == [("deleted", "_one.jpg")]


def test_a_deleted_file_on_exfat_is_found(tmp_path: Path) -> None:
    tree = {"stays.jpg": RANDOM.randbytes(9000), "gone.jpg": RANDOM.randbytes(900)}
    path = images.exfat(tmp_path / "card.raw", tree, deleted=frozenset({"gone.jpg"}))
    digest = images.expected(tree)["live", "gone.jpg"]
    found = images.read_all(path)
    assert [key[0] for key, value in found.items() if value == digest] == ["deleted"]


def test_a_deleted_file_on_ntfs_is_found_and_keeps_its_name(tmp_path: Path) -> None:
    tree = {"stays.jpg": RANDOM.randbytes(9000), "gone.jpg": RANDOM.randbytes(90_000)}
    path = images.ntfs(tmp_path / "disk.raw", tree)
    images.ntfs_delete(path, "gone.jpg")
    wanted = images.expected({"stays.jpg": tree["stays.jpg"]})
    assert images.read_all(path) == wanted | images.expected({"gone.jpg": tree["gone.jpg"]}, "deleted")


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
def test_a_deleted_file_on_ext_is_found_while_its_inode_tells(tmp_path: Path, kind: str) -> None:
    tree = {"stays.jpg": RANDOM.randbytes(9000), "gone.jpg": RANDOM.randbytes(90_000)}
    path = images.ext(tmp_path / "disk.raw", tree, kind)
    run("debugfs", "-w", "-R", "rm gone.jpg", path)
    wanted = images.expected({"stays.jpg": tree["stays.jpg"]})
    assert images.read_all(path) == wanted | images.expected({"gone.jpg": tree["gone.jpg"]}, "deleted")


def test_a_deleted_file_without_a_place_is_counted(tmp_path: Path) -> None:
    path = images.ext(tmp_path / "disk.raw", {"gone.jpg": b"g" * 9000})
    for command in ("sif gone.jpg size 0", "sif gone.jpg block[IND] 0", "rm gone.jpg"):
        run("debugfs", "-w", "-R", command, path)
    with open_carrier(path) as carrier:
        assert [file.path for file in carrier.files()] == []
        reasons = [problem.reason for problem in carrier.problems]
    assert reasons == ["a deleted file whose place the file system no longer knows"]


def test_a_deleted_name_whose_inode_lives_again_is_not_that_file(tmp_path: Path) -> None:
    path = images.ext(tmp_path / "disk.raw", {"gone.jpg": b"g" * 9000, "inner/x": b"x"}, "ext2")
    inode = run("debugfs", "-R", "stat gone.jpg", path).split()[1].decode()
    for command in ("unlink gone.jpg", f"ln <{inode}> inner/new.jpg"):
        run("debugfs", "-w", "-R", command, path)
    assert set(images.read_all(path)) == {("live", "inner/new.jpg"), ("live", "inner/x")}


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = images.ext(tmp_path / "disk.raw", {"a.txt": b"a"})
    for name in ("filesystem", "tsk", "volumes", "walk", "contents", "ntfs"):
        monkeypatch.delitem(sys.modules, f"luwte.lab.carriers.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "pytsk3", None)
    with pytest.raises(BadInput, match=r"needs the library pytsk3, which is not installed here\. Install it"):
        open_carrier(path)
    with open_carrier(tmp_path) as carrier:
        assert [file.path for file in carrier.files()][:1] == ["disk.raw"]


def test_streams_of_ntfs_are_files_of_their_own(tmp_path: Path) -> None:
    streams = {"note.txt:hidden.jpg": RANDOM.randbytes(40_000)}
    path = images.ntfs(tmp_path / "disk.raw", {"note.txt": b"plain"}, streams)
    wanted = images.expected({"note.txt": b"plain"}) | images.expected(streams, "stream")
    assert images.read_all(path) == wanted


def test_a_hard_link_is_reported_once(tmp_path: Path) -> None:
    source = images.write_tree(tmp_path / "disk.tree", {"a.jpg": b"x" * 5000})
    (source / "b.jpg").hardlink_to(source / "a.jpg")
    path = images.ext(tmp_path / "disk.raw", {})
    assert [state for state, _ in images.read_all(path)] == ["live"]


def test_names_are_printable_whatever_they_hold(tmp_path: Path) -> None:
    source = tmp_path / "disk.tree"
    source.mkdir()
    for name in (b"new\nline", b"\xff\xfe", "\u202egpj.exe".encode()):
        (source / name.decode("utf-8", "surrogateescape")).write_bytes(name)
    paths = {path for _, path in images.read_all(images.ext(tmp_path / "disk.raw", {}))}
    assert paths == {"new\\x0aline", "\\xff\\xfe", "\\u202egpj.exe"}


ENCRYPTED = [(3, b"-FVE-FS-", "BitLocker"), (0, b"LUKS\xba\xbe", "LUKS")]


@pytest.mark.parametrize(("offset", "mark", "name"), ENCRYPTED)
def test_an_encrypted_carrier_is_named(tmp_path: Path, offset: int, mark: bytes, name: str) -> None:
    path = images.blank(tmp_path / "disk.raw", 4 * images.MIB)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(mark)
    with pytest.raises(BadInput, match=rf"is encrypted \({name}\). Give its key .*, or decrypt it first"):
        open_carrier(path)


def test_an_encrypted_partition_is_a_problem_not_a_stop(tmp_path: Path) -> None:
    closed = images.blank(tmp_path / "luks.raw", images.MIB)
    closed.write_bytes(b"LUKS\xba\xbe" + closed.read_bytes()[6:])
    path = images.mbr(tmp_path / "disk.dd", [closed, images.ext(tmp_path / "ext.raw", {"a.txt": b"a"})])
    with open_carrier(path) as carrier:
        assert [problem.reason for problem in carrier.problems] == [
            "a part of the carrier is encrypted (LUKS)"
        ]
        assert [file.path for file in carrier.files()] == ["p2/a.txt"]


def test_an_unread_file_system_is_named(tmp_path: Path) -> None:
    path = images.blank(tmp_path / "disk.raw", images.MIB)
    path.write_bytes(b"XFSB" + path.read_bytes()[4:])
    with pytest.raises(BadInput, match=r"a kind that is not read \(XFS\)"):
        open_carrier(path)


@pytest.mark.parametrize("content", [bytes(1 << 20), RANDOM.randbytes(1 << 20)], ids=["zeros", "random"])
def test_an_image_with_nothing_in_it_is_no_carrier(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "disk.raw").write_bytes(content)
    with pytest.raises(BadInput, match="holds no known file system") as caught:
        open_carrier(tmp_path / "disk.raw")
    assert "ncrypt" not in str(caught.value)


def test_a_cut_off_image_says_so(tmp_path: Path) -> None:
    path = images.ext(tmp_path / "disk.raw", {"a.txt": b"a"})
    with path.open("r+b") as file:
        file.truncate(12 * images.MIB)
    with open_carrier(path) as carrier:
        reasons = [problem.reason for problem in carrier.problems]
    assert reasons == ["a file system is larger than the carrier: its end is cut off"]


def test_a_file_that_claims_more_than_the_carrier_is_not_read(tmp_path: Path) -> None:
    content = b"find me by this " * 100
    path = images.ext(tmp_path / "disk.raw", {"huge.jpg": content}, "ext2")
    image = bytearray(path.read_bytes())
    table = struct.unpack_from("<L", image, 2048 + 8)[0] * 1024
    (size,) = struct.unpack_from("<H", image, 1024 + 88)
    inode = next(
        place
        for place in range(table, table + 64 * size, size)
        if struct.unpack_from("<L", image, place + 4)[0] == len(content)
    )
    struct.pack_into("<L", image, inode + 4, 64 * images.MIB)
    path.write_bytes(image)
    assert images.read_all(path) == {
        ("live", "huge.jpg"): "unreadable: claims more bytes than the carrier can hold"
    }
