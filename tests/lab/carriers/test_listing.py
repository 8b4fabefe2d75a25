"""Damaged folders: whoever cannot list a live one has not read the carrier whole, and says so."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from luwte.lab.carriers import Problem, open_carrier
from tests.support import images
from tests.support.tools import need, run

RANDOM = Random(41)
TREE = {f"inner/{number}.jpg": RANDOM.randbytes(900) for number in range(8)} | {"top.jpg": b"top"}
FOLDER = "a folder of the file system is damaged"
METADATA = "the metadata of a live file or folder is damaged"


def overwrite(path: Path, place: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(content)


def ext_folder(path: Path) -> int:
    return 1024 * int(run("debugfs", "-R", "blocks inner", path).split()[0])


def fat_folder(path: Path) -> int:
    """The cluster of `inner` begins with an entry for the folder itself."""
    return path.read_bytes().index(b".          \x10")


def told(path: Path) -> tuple[bool, list[Problem], int]:
    """Whether the carrier is whole, its problems, and how many files it gave."""
    with open_carrier(path) as carrier:
        count = sum(1 for _ in carrier.files())
        return carrier.whole, carrier.problems, count


MAKERS: dict[str, Callable[[Path], Path]] = {
    "ext2": lambda path: images.ext(path, TREE, "ext2"),
    "ext4": lambda path: images.ext(path, TREE, "ext4"),
    "FAT16": lambda path: images.fat(path, TREE, 16),
    "FAT32": lambda path: images.fat(path, TREE, 32),
}
GARBAGE = {"random": RANDOM.randbytes(512), "ones": b"\xff" * 512, "zeros": bytes(512)}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("kind", MAKERS)
def test_a_live_folder_full_of_garbage_is_a_loss(tmp_path: Path, kind: str, garbage: bytes) -> None:
    path = MAKERS[kind](tmp_path / "disk.raw")
    assert told(path) == (True, [], len(TREE))
    overwrite(path, (ext_folder if kind.startswith("ext") else fat_folder)(path), garbage)
    assert told(path) == (False, [Problem(FOLDER)], 1)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_live_folder_that_is_garbage_from_its_middle_on_is_a_loss(tmp_path: Path, kind: str) -> None:
    path = MAKERS[kind](tmp_path / "disk.raw")
    place = (ext_folder if kind.startswith("ext") else fat_folder)(path)
    overwrite(path, place + 96, GARBAGE["random"][96:])
    whole, problems, count = told(path)
    assert (whole, problems) == (False, [Problem(FOLDER)])
    assert 1 <= count < len(TREE)


def test_a_folder_in_a_place_that_is_not_there_is_a_loss(tmp_path: Path) -> None:
    path = MAKERS["ext2"](tmp_path / "disk.raw")
    run("debugfs", "-w", "-R", "sif inner block[0] 9999999", path)
    assert told(path) == (False, [Problem(FOLDER)], 1)


@pytest.mark.parametrize(("name", "left"), [("inner", 1), ("top.jpg", len(TREE) - 1)])
def test_a_live_name_without_metadata_is_a_loss(tmp_path: Path, name: str, left: int) -> None:
    path = MAKERS["ext4"](tmp_path / "disk.raw")
    run("debugfs", "-w", "-R", f"clri {name}", path)
    assert told(path) == (False, [Problem(METADATA)], left)


def test_a_record_of_ntfs_that_is_gone_is_a_loss(tmp_path: Path) -> None:
    path = images.ntfs(tmp_path / "disk.raw", {"a.jpg": b"a" * 9000, "b.jpg": b"b"})
    content = path.read_bytes()
    name = content.index("a.jpg".encode("utf-16-le"))
    overwrite(path, content.rindex(b"FILE", 0, name), bytes(1024))
    assert told(path) == (False, [Problem(METADATA)], 1)


def test_a_deleted_folder_that_is_damaged_is_no_loss(tmp_path: Path) -> None:
    path = MAKERS["ext2"](tmp_path / "disk.raw")
    for command in ("sif inner block[0] 9999999", "freei inner", "unlink inner"):
        run("debugfs", "-w", "-R", command, path)
    whole, problems, _ = told(path)
    assert (whole, problems) == (True, [Problem(FOLDER)])


def test_a_deleted_folder_that_was_written_over_is_no_loss(tmp_path: Path) -> None:
    path = MAKERS["FAT16"](tmp_path / "card.raw")
    place = fat_folder(path)
    run("mdeltree", "-i", path, "::/inner")
    overwrite(path, place, GARBAGE["random"])
    whole, problems, _ = told(path)
    assert (whole, problems) == (True, [])


def test_a_deleted_name_without_metadata_is_no_loss(tmp_path: Path) -> None:
    path = MAKERS["ext2"](tmp_path / "disk.raw")
    inode = run("debugfs", "-R", "stat top.jpg", path).split()[1].decode()
    for command in ("unlink top.jpg", f"clri <{inode}>"):
        run("debugfs", "-w", "-R", command, path)
    assert told(path) == (True, [], len(TREE) - 1)


def test_a_name_whose_inode_was_never_used_is_no_loss(tmp_path: Path) -> None:
    path = MAKERS["ext2"](tmp_path / "disk.raw")
    run("debugfs", "-w", "-R", "ln <2000> top2.jpg", path)
    assert told(path) == (True, [], len(TREE))


def test_a_name_of_a_reserved_inode_is_no_file_and_no_loss(tmp_path: Path) -> None:
    path = MAKERS["ext4"](tmp_path / "disk.raw")
    for command in ("ln <1> bad-blocks", "ln <8> journal"):
        run("debugfs", "-w", "-R", command, path)
    assert told(path) == (True, [], len(TREE))


@pytest.mark.parametrize("entry", [b"\xe5" + b"\xff" * 31, bytes(32) + b"\xff" * 32], ids=["deleted", "end"])
def test_entries_of_fat_that_are_not_in_use_may_hold_anything(tmp_path: Path, entry: bytes) -> None:
    path = images.fat(tmp_path / "card.raw", {"inner/a": b"a"})
    overwrite(path, fat_folder(path) + 3 * 32, entry)
    whole, problems, _ = told(path)
    assert (whole, problems) == (True, [])


def test_a_folder_of_many_blocks_with_an_index_is_whole(tmp_path: Path) -> None:
    tree = {f"inner/{number:04}-{'x' * (number % 200)}": b"" for number in range(1500)}
    path = images.ext(tmp_path / "disk.raw", tree)
    subprocess.run([need("e2fsck"), "-f", "-y", "-D", path], capture_output=True, check=False)  # ends with 1
    assert b"Flags: 0x81000" in run("debugfs", "-R", "stat inner", path)
    with open_carrier(path) as carrier:
        live = [file for file in carrier.files() if file.state == "live"]  # sorting leaves old entries behind
        assert (carrier.whole, carrier.problems, len(live)) == (True, [], len(tree))


def test_files_that_claim_too_much_together_are_a_loss(tmp_path: Path) -> None:
    tree = {f"{number:03}.jpg": bytes([number]) for number in range(100)}
    path = images.ext(tmp_path / "disk.raw", tree, "ext2", 2 * images.MIB)
    image = bytearray(path.read_bytes())
    table = struct.unpack_from("<L", image, 2048 + 8)[0] * 1024
    (size,) = struct.unpack_from("<H", image, 1024 + 88)
    for place in range(table, table + 120 * size, size):
        if struct.unpack_from("<L", image, place + 4)[0] == 1:
            struct.pack_into("<L", image, place + 4, len(image))
    path.write_bytes(image)
    whole, problems, count = told(path)
    assert not whole
    assert Problem("the files claim more bytes together than the carrier can hold") in problems
    assert count == 64
