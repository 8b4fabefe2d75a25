"""Disk images for tests, made with the system's own tools: no mount, no root, nothing of a real case."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from luwte.lab.carriers import CarrierFile, Unreadable, open_carrier
from tests.support.tools import run

Tree = Mapping[str, bytes]
"""Contents by path relative to the top; folders are made as they are needed."""

MIB = 1 << 20


def sha256_of(file: CarrierFile) -> str:
    """Return the SHA-256 of a carrier's file as text, or "unreadable" and the reason."""
    digest = hashlib.sha256()
    try:
        for piece in file.chunks():
            digest.update(piece)
    except Unreadable as error:
        return f"unreadable: {error.reason}"
    return digest.hexdigest()


def read_all(path: Path, keys: Sequence[str] = ()) -> dict[tuple[str, str], str]:
    """Return state and path of every file of the carrier at `path` with the SHA-256 of what is read."""
    found: dict[tuple[str, str], str] = {}
    with open_carrier(path, keys) as carrier:
        for file in carrier.files():
            assert (file.state, file.path) not in found, f"{file.path} is reported twice"
            found[file.state, file.path] = sha256_of(file)
    return found


def expected(tree: Tree, state: str = "live", folder: str = "") -> dict[tuple[str, str], str]:
    """Return what `read_all` should give for `tree`."""
    return {(state, folder + path): hashlib.sha256(content).hexdigest() for path, content in tree.items()}


def write_tree(folder: Path, tree: Tree) -> Path:
    """Write `tree` below `folder` and return it."""
    for path, content in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def blank(path: Path, size: int) -> Path:
    """Make `path` a file of `size` zero bytes."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def ext(path: Path, tree: Tree, kind: str = "ext4", size: int = 16 * MIB) -> Path:
    """Make `path` an ext2, ext3 or ext4 image with `tree`; `lost+found` is taken out."""
    source = write_tree(path.with_suffix(".tree"), tree)
    source.mkdir(exist_ok=True)
    run("mke2fs", "-q", "-F", "-t", kind, "-b", "1024", "-d", source, blank(path, size))
    return path


def fat(path: Path, tree: Tree, bits: int = 16) -> Path:
    """Make `path` a FAT image of 12, 16 or 32 bits with `tree`."""
    size = {12: 2 * MIB, 16: 16 * MIB, 32: 40 * MIB}[bits]
    run("mkfs.fat", "-F", str(bits), blank(path, size))
    source = write_tree(path.with_suffix(".tree"), tree)
    run("mcopy", "-s", "-i", path, *sorted(source.iterdir()), "::/")
    return path


def fat_delete(path: Path, name: str) -> None:
    """Delete the file `name` from the FAT image at `path`."""
    run("mdel", "-i", path, f"::/{name}")


def ntfs(path: Path, tree: Tree, streams: Tree | None = None, size: int = 8 * MIB) -> Path:
    """Make `path` an NTFS image with the files of `tree` at its top, and `streams` by "name:stream"."""
    run("mkntfs", "-q", "-F", "-Q", "-s", "512", "-p", "0", "-H", "0", "-S", "0", blank(path, size))
    source = path.with_suffix(".one")
    for name, content in tree.items():
        source.write_bytes(content)
        run("ntfscp", "-q", path, source, name)
    for name, content in (streams or {}).items():
        source.write_bytes(content)
        run("ntfscp", "-q", "-N", name.partition(":")[2], path, source, name.partition(":")[0])
    return path


def ntfs_delete(path: Path, name: str) -> None:
    """Delete the file `name` from the NTFS image at `path`: free its record and take it out of its folder."""
    content = bytearray(path.read_bytes())
    wanted = name.encode("utf-16-le")
    record = next(place for place in _places(content, b"FILE") if _is_used(content, place, wanted))
    (sequence,) = struct.unpack_from("<H", content, record + 16)
    struct.pack_into("<H", content, record + 16, sequence + 1)
    struct.pack_into("<H", content, record + 22, 0)
    for place in _places(content, b"INDX"):
        _swap_fixups(content, place)
        _remove_entries(content, place, wanted)
        _swap_fixups(content, place)
    path.write_bytes(content)


def _places(content: bytearray, magic: bytes) -> Iterator[int]:
    place = content.find(magic)
    while place >= 0:
        if place % 512 == 0:
            yield place
        place = content.find(magic, place + 1)


def _is_used(content: bytearray, record: int, name: bytes) -> bool:
    return bool(content[record + 22] & 1) and name in content[record : record + 1024]


def _swap_fixups(content: bytearray, block: int) -> None:
    """Exchange the last two bytes of each sector with those kept for it at the head of the block."""
    kept, count = struct.unpack_from("<HH", content, block + 4)
    for number in range(1, count):
        end, place = block + 512 * number - 2, block + kept + 2 * number
        content[end : end + 2], content[place : place + 2] = (
            content[place : place + 2],
            content[end : end + 2],
        )


def _remove_entries(content: bytearray, block: int, name: bytes) -> None:
    """Move what follows an index entry with `name` over it, as the driver does."""
    first, used = struct.unpack_from("<LL", content, block + 24)
    entry, end = block + 24 + first, block + 24 + used
    while entry < end:
        (length,) = struct.unpack_from("<H", content, entry + 8)
        if name not in content[entry : entry + length]:
            entry += length
            continue
        content[entry:end] = content[entry + length : end] + bytes(length)
        end -= length
        struct.pack_into("<L", content, block + 28, end - block - 24)


def exfat(path: Path, tree: Tree, deleted: frozenset[str] = frozenset(), size: int = 8 * MIB) -> Path:
    """Make `path` an exFAT image with the files of `tree` at its top, those named in `deleted` deleted."""
    run("mkfs.exfat", blank(path, size))
    image = bytearray(path.read_bytes())
    (heap,) = struct.unpack_from("<L", image, 88)
    (root,) = struct.unpack_from("<L", image, 96)
    sector = 1 << image[108]
    cluster = sector << image[109]
    entry = heap * sector + (root - 2) * cluster
    while image[entry]:
        entry += 32
    following = root + 1
    for name, content in tree.items():
        entries = _exfat_entries(name, len(content), following, live=name not in deleted)
        image[entry : entry + len(entries)] = entries
        place = heap * sector + (following - 2) * cluster
        image[place : place + len(content)] = content
        entry += len(entries)
        following += -(-len(content) // cluster)
    path.write_bytes(image)
    return path


def _exfat_entries(name: str, size: int, cluster: int, *, live: bool) -> bytes:
    text = name.encode("utf-16-le")
    names = [text[start : start + 30].ljust(30, b"\0") for start in range(0, len(text), 30)]
    moment = ((2020 - 1980) << 9 | 1 << 5 | 2) << 16
    first = struct.pack("<BBHHxxLLL12x", 0x85, 1 + len(names), 0, 0x20, moment, moment, moment)
    stream = struct.pack("<BBxBHxxQ4xLQ", 0xC0, 3, len(name), 0, size, cluster, size)
    entries = bytearray(first + stream + b"".join(b"\xc1\0" + part for part in names))
    checksum = 0
    for place, value in enumerate(entries):
        if place not in (2, 3):
            checksum = ((checksum << 15 | checksum >> 1) + value) & 0xFFFF
    struct.pack_into("<H", entries, 2, checksum)
    for place in range(0, len(entries), 32):
        entries[place] &= 0xFF if live else 0x7F
    return bytes(entries)


def iso(path: Path, tree: Tree) -> Path:
    """Make `path` an ISO 9660 image with `tree` and long names."""
    source = write_tree(path.with_suffix(".tree"), tree)
    run("genisoimage", "-quiet", "-J", "-o", path, source)
    return path


def mbr(path: Path, parts: list[Path]) -> Path:
    """Make `path` a disk with an MBR and `parts` one after the other, each from a whole MiB on."""
    disk, spans = _laid_out(parts)
    for number, (start, size) in enumerate(spans):
        struct.pack_into("<8xLL", disk, 446 + 16 * number, start // 512, size // 512)
        disk[446 + 16 * number + 4] = 0x83
    disk[510:512] = b"\x55\xaa"
    path.write_bytes(disk)
    return path


def gpt(path: Path, parts: list[Path]) -> Path:
    """Make `path` a disk with a GPT and `parts` one after the other, each from a whole MiB on."""
    disk, spans = _laid_out(parts)
    disk[446 + 4] = 0xEE
    struct.pack_into("<8xLL", disk, 446, 1, len(disk) // 512 - 1)
    disk[446 + 4] = 0xEE
    disk[510:512] = b"\x55\xaa"
    entries = bytearray(128 * 128)
    for number, (start, size) in enumerate(spans):
        kind, unique = bytes([0xA2] * 16), bytes([number + 1] * 16)
        last = (start + size) // 512 - 1
        struct.pack_into("<16s16sQQ", entries, 128 * number, kind, unique, start // 512, last)
    head = bytearray(92)
    numbers = (1, len(disk) // 512 - 1, 34, len(disk) // 512 - 34)
    struct.pack_into(
        "<8sLLLLQQQQ16sQLLL",
        head,
        0,
        b"EFI PART",
        0x10000,
        92,
        0,
        0,
        *numbers,
        bytes(16),
        2,
        128,
        128,
        zlib.crc32(entries),
    )
    struct.pack_into("<L", head, 16, zlib.crc32(head))
    disk[512 : 512 + 92] = head
    disk[1024 : 1024 + len(entries)] = entries
    path.write_bytes(disk)
    return path


def _laid_out(parts: list[Path]) -> tuple[bytearray, list[tuple[int, int]]]:
    disk, spans = bytearray(MIB), []
    for part in parts:
        content = part.read_bytes()
        spans.append((len(disk), len(content)))
        disk += content + bytes(-len(content) % MIB)
    return disk + bytes(MIB), spans
