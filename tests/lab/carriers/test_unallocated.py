"""Pictures in free space, in slack and outside of every file system, each found once."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from luwte.base.errors import BadInput
from luwte.lab.carriers import open_carrier
from tests.support import images
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.tools import run

RANDOM = Random(51)
NAMES = [f"{number}.txt" for number in range(6)]
KEPT = {name: RANDOM.randbytes(20_000) for name in NAMES}


def carved(path: Path) -> tuple[dict[str, str], dict[tuple[str, str], str], list[str]]:
    """Return what is carved by path, all other files as `images.read_all` does, and the problems."""
    found: dict[str, str] = {}
    files: dict[tuple[str, str], str] = {}
    searched: list[int] = []
    with open_carrier(path) as carrier:
        carrier.carve(searched.append)
        for file in carrier.files():
            if file.state == "carved":
                found[file.path] = images.sha256_of(file)
            else:
                files[file.state, file.path] = images.sha256_of(file)
        return found, files, [problem.reason for problem in carrier.problems]


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def place_in(path: Path, content: bytes) -> int:
    place = path.read_bytes().index(content)
    assert path.read_bytes().count(content) == 1
    return place


def ext_without(path: Path, tree: dict[str, bytes], kind: str = "ext4") -> Path:
    """Make an ext image from which `gone.jpg` was deleted so that its inode tells nothing."""
    images.ext(path, tree, kind)
    inode = run("debugfs", "-R", "stat gone.jpg", path).split()[1].decode()
    run("debugfs", "-w", "-R", "rm gone.jpg", path)
    run("debugfs", "-w", "-R", f"clri <{inode}>", path)
    return path


def test_a_deleted_picture_that_the_file_system_forgot_is_carved(tmp_path: Path) -> None:
    path = ext_without(tmp_path / "disk.raw", KEPT | {"gone.jpg": jpeg(1) + b"bytes behind"})
    found, files, _ = carved(path)
    place = place_in(path, jpeg(1))
    assert found == {f"$Unallocated/{place}.jpg": digest(jpeg(1))}
    assert files == images.expected(KEPT)
    assert images.read_all(path) == images.expected(KEPT)


def test_nothing_is_carved_of_live_files(tmp_path: Path) -> None:
    tree = {"DCIM/a.jpg": jpeg(1), "b.bin": RANDOM.randbytes(5000) + jpeg(2)}
    flat = {"a.jpg": jpeg(1)}
    assert carved(images.ext(tmp_path / "ext.raw", tree))[0] == {}
    assert carved(images.fat(tmp_path / "fat.raw", tree))[0] == {}
    assert carved(images.ntfs(tmp_path / "ntfs.raw", flat))[0] == {}
    assert carved(images.exfat(tmp_path / "exfat.raw", flat))[0] == {}


MAKERS: list[tuple[str, Callable[[Path, dict[str, bytes]], Path]]] = [
    ("FAT", lambda path, tree: _fat_deleted(images.fat(path, tree))),
    ("exFAT", lambda path, tree: images.exfat(path, tree, deleted=frozenset({"gone.jpg"}))),
    ("NTFS", lambda path, tree: _ntfs_deleted(images.ntfs(path, tree))),
]


def _fat_deleted(path: Path) -> Path:
    images.fat_delete(path, "gone.jpg")
    return path


def _ntfs_deleted(path: Path) -> Path:
    images.ntfs_delete(path, "gone.jpg")
    return path


@pytest.mark.parametrize(("kind", "make"), MAKERS, ids=[kind for kind, _ in MAKERS])
def test_a_deleted_file_that_was_given_is_not_carved_again(
    tmp_path: Path, kind: str, make: Callable[[Path, dict[str, bytes]], Path]
) -> None:
    path = make(tmp_path / "card.raw", {"stays.jpg": jpeg(1), "gone.jpg": jpeg(2)})
    found, files, _ = carved(path)
    assert found == {}
    assert digest(jpeg(2)) in files.values()


@pytest.mark.parametrize(("kind", "make"), MAKERS, ids=[kind for kind, _ in MAKERS])
def test_of_a_deleted_picture_with_bytes_behind_it_the_picture_alone_is_carved(
    tmp_path: Path, kind: str, make: Callable[[Path, dict[str, bytes]], Path]
) -> None:
    path = make(tmp_path / "card.raw", {"stays.jpg": jpeg(1), "gone.jpg": jpeg(2) + b"12 more bytes"})
    found, files, _ = carved(path)
    assert list(found.values()) == [digest(jpeg(2))]
    assert digest(jpeg(2) + b"12 more bytes") in files.values()


def test_a_picture_around_a_live_file_is_whole(tmp_path: Path) -> None:
    path = images.ext(tmp_path / "disk.raw", {})
    (tmp_path / "before").write_bytes(b"b" * 200_000)
    (tmp_path / "island").write_bytes(b"i" * 9000)
    for name in ("before", "island"):
        run("debugfs", "-w", "-R", f"write {tmp_path / name} {name}", path)
    run("debugfs", "-w", "-R", "rm before", path)
    image = bytearray(path.read_bytes())
    island = image.index(b"i" * 9000)
    half = len(jpeg(1)) // 2 // 1024 * 1024
    end = island + -(-9000 // 1024) * 1024
    image[island - half : island] = jpeg(1)[:half]
    image[end : end + len(jpeg(1)) - half] = jpeg(1)[half:]
    path.write_bytes(image)
    found, files, _ = carved(path)
    assert found == {f"$Unallocated/{island - half}.jpg": digest(jpeg(1))}
    assert [key for key in files if key[0] == "live"] == [("live", "island")]


def test_a_picture_in_the_slack_of_a_file_is_carved(tmp_path: Path) -> None:
    small = small_picture()
    path = images.blank(tmp_path / "card.raw", 16 * images.MIB)
    run("mkfs.fat", "-F", "12", "-s", "64", path)
    (tmp_path / "a.txt").write_bytes(b"live bytes" * 10)
    run("mcopy", "-i", path, tmp_path / "a.txt", "::/")
    image = bytearray(path.read_bytes())
    place = image.index(b"live bytes") + 2048
    image[place : place + len(small)] = small
    path.write_bytes(image)
    found, files, _ = carved(path)
    assert found == {f"a.txt/$Slack/{place}.jpg": digest(small)}
    assert files == images.expected({"a.txt": b"live bytes" * 10})


def small_picture() -> bytes:
    small = encoded(drawn(6, 160, 120), quality=60)
    assert len(small) < 30_000
    return small


def test_what_lies_outside_of_partitions_is_searched(tmp_path: Path) -> None:
    ext = images.ext(tmp_path / "ext.raw", {"a.txt": b"a"})
    lost = images.blank(tmp_path / "lost.raw", images.MIB)
    lost.write_bytes(bytes(4096) + jpeg(3) + bytes(images.MIB - 4096 - len(jpeg(3))))
    path = images.mbr(tmp_path / "disk.dd", [ext, lost])
    image = bytearray(path.read_bytes())
    image[512 * 64 : 512 * 64 + len(jpeg(4))] = jpeg(4)
    path.write_bytes(image)
    found, files, problems = carved(path)
    assert found == {
        f"$Unallocated/{512 * 64}.jpg": digest(jpeg(4)),
        f"$Unallocated/{place_in(path, jpeg(3))}.jpg": digest(jpeg(3)),
    }
    assert files == images.expected({"a.txt": b"a"}, folder="p1/")
    assert problems == ["a partition holds no known file system"]


def test_free_space_of_a_partition_stands_under_its_label(tmp_path: Path) -> None:
    ext = ext_without(tmp_path / "ext.raw", KEPT | {"gone.jpg": jpeg(1)})
    path = images.mbr(tmp_path / "disk.dd", [ext])
    assert carved(path)[0] == {f"p1/$Unallocated/{place_in(path, jpeg(1))}.jpg": digest(jpeg(1))}


def test_an_encrypted_partition_is_not_searched(tmp_path: Path) -> None:
    closed = images.blank(tmp_path / "luks.raw", images.MIB)
    closed.write_bytes(b"LUKS\xba\xbe" + bytes(90_000) + jpeg(1) + bytes(images.MIB))
    path = images.mbr(tmp_path / "disk.dd", [closed, images.ext(tmp_path / "ext.raw", {"a.txt": b"a"})])
    assert carved(path)[0] == {}


def test_an_image_without_a_file_system_is_searched_whole(tmp_path: Path) -> None:
    path = tmp_path / "card.raw"
    path.write_bytes(bytes(100_000) + jpeg(1) + RANDOM.randbytes(9000) + jpeg(2) + bytes(images.MIB))
    found, files, problems = carved(path)
    assert (sorted(found.values()), files) == (sorted([digest(jpeg(1)), digest(jpeg(2))]), {})
    assert problems == ["the image holds no known file system", "only pictures could be carved from it"]
    with open_carrier(path) as carrier:
        assert not carrier.whole
        assert list(carrier.files()) == []


def test_a_file_system_that_is_not_read_is_named_and_searched(tmp_path: Path) -> None:
    path = tmp_path / "disk.raw"
    path.write_bytes(b"XFSB" + bytes(images.MIB) + jpeg(1) + bytes(images.MIB))
    found, _, problems = carved(path)
    assert list(found.values()) == [digest(jpeg(1))]
    assert problems[0] == "the image is of a kind that is not read (XFS)"


@pytest.mark.parametrize("mark", [b"LUKS\xba\xbe", b"\xeb\x52\x90-FVE-FS-"])
def test_an_encrypted_image_is_refused_whatever_it_seems_to_hold(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "disk.raw"
    path.write_bytes(mark + bytes(100_000) + jpeg(1) + bytes(images.MIB))
    with pytest.raises(BadInput, match="is encrypted"):
        open_carrier(path)
