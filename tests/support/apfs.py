"""APFS containers for tests: `mkapfs` makes an empty one, and files, encryption and keys are put in by hand.

Sources: "Apple File System Reference" (Apple, 2020-06-22) and the documentation of libfsapfs. The tool makes
no container of less than 512 MiB; it is sparse. `fls` of the Sleuth Kit lists these, too.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from tests.support.images import blank
from tests.support.tools import run

BLOCK = 4096
SIZE = 512 << 20
CONTENTS = 60_000
"""The block at which contents start; all behind it is free in an empty container."""
_METADATA = (*range(100), *range(20_000, 20_100))  # the blocks in which an empty container has all it has
_TREE, _FILE_SYSTEM = 0x2, 0xE
_ROOT = 2
_INODE, _ATTRIBUTE, _STREAM, _EXTENT, _NAME = 3, 4, 6, 8, 9
_RECOVERY = bytes.fromhex("ebc6c064000011aaaa1100306543ecac")
_USER = bytes(range(16))
_ITERATIONS = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: its content, and further names for it; `link` makes it a symbolic link to there."""

    content: bytes = b""
    also: tuple[str, ...] = ()
    link: str = ""
    fork: bytes = b""


def apfs(path: Path, files: Mapping[str, bytes | Entry], *, keys: tuple[str, str] | None = None) -> Path:
    """Make `path` an APFS container with `files`, in at most one folder each.

    With `keys`, a password and a recovery password, its volume is encrypted.
    """
    run("mkapfs", "-L", "Holiday", blank(path, SIZE))
    with path.open("r+b") as file:
        _Maker(file, Random(path.name), keys).add(files)
    return path


class _Maker:
    def __init__(self, file: BinaryIO, random: Random, keys: tuple[str, str] | None) -> None:
        self._file, self._random, self._keys = file, random, keys
        self._vek = random.randbytes(32) if keys else b""
        self._next, self._block = 100, CONTENTS

    def add(self, files: Mapping[str, bytes | Entry]) -> None:
        records = dict(self._records(files))
        tree = next(self._find((24, struct.pack("<LL", _TREE, _FILE_SYSTEM))))
        node = bytearray(self._read(tree))
        records = dict(_parsed(node)) | records
        root = bytearray(records[_key(_ROOT, _INODE)])
        children = [key for key in records if key.startswith(_key(_ROOT, _NAME))]
        struct.pack_into("<L", root, 56, len(children))
        records[_key(_ROOT, _INODE)] = bytes(root)
        self._write(tree, _built(node, records), encrypted=True)
        for block in list(self._find((32, b"APSB"))):
            superblock = bytearray(self._read(block))
            struct.pack_into("<Q", superblock, 176, self._next + 1)
            self._write(block, _signed(superblock))
        if self._keys:
            self._lock()

    def _records(self, files: Mapping[str, bytes | Entry]) -> Iterator[tuple[bytes, bytes]]:
        folders: dict[str, int] = {"": _ROOT}
        for path, given in files.items():
            entry = given if isinstance(given, Entry) else Entry(given)
            folder = path.rpartition("/")[0]
            if folder not in folders:
                folders[folder] = identity = self._identity()
                inside = [other for other in files if other.startswith(f"{folder}/")]
                yield from self._named(folder, _ROOT, identity, 4)
                yield _key(identity, _INODE), _inode(_ROOT, identity, 0o40755, len(inside), folder)
            yield from self._one(path, folders, entry)

    def _one(self, path: str, folders: dict[str, int], entry: Entry) -> Iterator[tuple[bytes, bytes]]:
        identity, parent = self._identity(), folders[path.rpartition("/")[0]]
        name = path.rpartition("/")[2]
        for shown in (path, *entry.also):
            where, _, last = shown.rpartition("/")
            yield from self._named(last, folders[where], identity, 10 if entry.link else 8)
        mode, links = (0o120755 if entry.link else 0o100644), 1 + len(entry.also)
        size = None if entry.link else len(entry.content)
        yield _key(identity, _INODE), _inode(parent, identity, mode, links, name, size)
        if entry.link:
            target = entry.link.encode() + b"\0"
            yield _attribute(identity, "com.apple.fs.symlink", struct.pack("<HH", 6, len(target)) + target)
        else:
            yield from self._stream(identity, entry.content)
        if entry.fork:
            stream = self._identity()
            about = struct.pack("<Q5Q", stream, *_stream_sizes(len(entry.fork)))
            yield _attribute(identity, "com.apple.ResourceFork", struct.pack("<HH", 1, len(about)) + about)
            yield from self._stream(stream, entry.fork)

    def _named(self, name: str, folder: int, identity: int, kind: int) -> Iterator[tuple[bytes, bytes]]:
        text = name.encode() + b"\0"
        told = (_hash(name) & 0x3FFFFF) << 10 | len(text)
        yield _key(folder, _NAME) + struct.pack("<L", told) + text, struct.pack("<QQH", identity, 0, kind)

    def _stream(self, identity: int, content: bytes) -> Iterator[tuple[bytes, bytes]]:
        yield _key(identity, _STREAM), struct.pack("<L", 1)
        if content:
            length = -(-len(content) // BLOCK)
            extent = struct.pack("<QQQ", length * BLOCK, self._block, self._block if self._keys else 0)
            yield _key(identity, _EXTENT) + struct.pack("<Q", 0), extent
            self._write(self._block, content.ljust(length * BLOCK, b"\0"), encrypted=True)
            self._block += length

    def _identity(self) -> int:
        self._next += 1
        return self._next

    def _lock(self) -> None:
        """Say everywhere that the volume is encrypted, and put the keys to it into their bags."""
        assert self._keys
        for block in list(self._find((32, b"APSB"))):
            superblock = bytearray(self._read(block))
            struct.pack_into("<Q", superblock, 264, 8)
            owner = bytes(superblock[240:256])
            self._write(block, _signed(superblock))
        for block in list(self._find((24, struct.pack("<LL", 0x40000002, 0xB)))):
            node = bytearray(self._read(block))
            records = dict(_parsed(node, fixed=(16, 16)))
            for value in records.values():
                if self._read(struct.unpack_from("<Q", value, 8)[0])[32:36] != b"APSB":
                    place = node.index(value)
                    struct.pack_into("<L", node, place, 4)
            self._write(block, _signed(node))
        bag, inner = self._block, self._block + 1
        kek = self._random.randbytes(32)
        wrapped = _packed(owner, aes_key_wrap(kek, self._vek), b"", self._random)
        for block in list(self._find((32, b"NXSB"))):
            superblock = bytearray(self._read(block))
            container = bytes(superblock[72:88])
            struct.pack_into("<QQ", superblock, 1296, bag, 1)
            struct.pack_into("<Q", superblock, 1264, 4)
            self._write(block, _signed(superblock))
        users = [(_USER, self._keys[0]), (_RECOVERY, self._keys[1])]
        entries = [(user, 3, self._protected(user, kek, password)) for user, password in users]
        self._seal(bag, b"syek", [(owner, 2, wrapped), (owner, 3, struct.pack("<QQ", inner, 1))], container)
        self._seal(inner, b"scer", entries, owner)

    def _protected(self, user: bytes, kek: bytes, password: str) -> bytes:
        salt = self._random.randbytes(16)
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS, 32)
        tail = b"\x84\x02" + _ITERATIONS.to_bytes(2, "big") + b"\x85\x10" + salt
        return _packed(user, aes_key_wrap(key, kek), tail, self._random)

    def _seal(self, block: int, kind: bytes, entries: list[tuple[bytes, int, bytes]], owner: bytes) -> None:
        content = b""
        for identity, tag, data in entries:
            entry = identity + struct.pack("<HHL", tag, len(data), 0) + data
            content += entry.ljust(-(-len(entry) // 16) * 16, b"\0")
        head = bytes(24) + kind + bytes(4) + struct.pack("<HHLQ", 2, len(entries), 16 + len(content), 0)
        self._at(block, _xts(_signed(bytearray((head + content).ljust(BLOCK, b"\0"))), owner + owner, block))

    def _find(self, *marks: tuple[int, bytes]) -> Iterator[int]:
        for block in _METADATA:
            content = self._read(block)
            if all(content[at : at + len(mark)] == mark for at, mark in marks):
                yield block

    def _read(self, block: int) -> bytes:
        self._file.seek(block * BLOCK)
        return self._file.read(BLOCK)

    def _write(self, block: int, content: bytes, *, encrypted: bool = False) -> None:
        self._at(block, _xts(content, self._vek, block) if encrypted and self._vek else content)

    def _at(self, block: int, content: bytes) -> None:
        self._file.seek(block * BLOCK)
        self._file.write(content)


def _key(identity: int, kind: int) -> bytes:
    return struct.pack("<Q", identity | kind << 60)


def _inode(parent: int, identity: int, mode: int, count: int, name: str, size: int | None = None) -> bytes:
    fixed = struct.pack(
        "<QQ4QQLLLLLLHHQ", parent, identity, 0, 0, 0, 0, 0x8000, count, 0, 0, 0, 0, 0, mode, 0, 0
    )
    fields = [(4, name.encode() + b"\0")]
    if size is not None:
        fields.append((8, struct.pack("<5Q", *_stream_sizes(size))))
    data = b"".join(value.ljust(-(-len(value) // 8) * 8, b"\0") for _, value in fields)
    heads = b"".join(
        struct.pack("<BBH", kind, 0x20 if kind == 8 else 2, len(value)) for kind, value in fields
    )
    return fixed + struct.pack("<HH", len(fields), len(data)) + heads + data


def _stream_sizes(size: int) -> tuple[int, int, int, int, int]:
    return size, -(-size // BLOCK) * BLOCK, 0, 0, 0


def _attribute(identity: int, name: str, value: bytes) -> tuple[bytes, bytes]:
    text = name.encode() + b"\0"
    return _key(identity, _ATTRIBUTE) + struct.pack("<H", len(text)) + text, value


def _hash(name: str) -> int:
    """Return the CRC-32C of the lower-case `name` in UTF-32, not inverted at the end."""
    crc = 0xFFFFFFFF
    for byte in name.lower().encode("utf-32-le"):
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc


def _parsed(node: bytearray, fixed: tuple[int, int] | None = None) -> Iterator[tuple[bytes, bytes]]:
    """Give keys and values of a root node that is a leaf."""
    (count,) = struct.unpack_from("<L", node, 36)
    table, length = struct.unpack_from("<HH", node, 40)
    keys, end = 56 + table + length, BLOCK - 40
    for number in range(count):
        if fixed:
            key, value = struct.unpack_from("<HH", node, 56 + table + 4 * number)
            key_size, value_size = fixed
        else:
            key, key_size, value, value_size = struct.unpack_from("<4H", node, 56 + table + 8 * number)
        yield bytes(node[keys + key :][:key_size]), bytes(node[end - value :][:value_size])


def _order(key: bytes) -> tuple[int, int, int, bytes]:
    (first,) = struct.unpack_from("<Q", key)
    kind = first >> 60
    number = int.from_bytes(key[8:12] if kind == _NAME else key[8:16] if kind == _EXTENT else b"", "little")
    return first & (1 << 60) - 1, kind, number, key[10:]


def _built(node: bytearray, records: dict[bytes, bytes]) -> bytes:
    """Return the root node `node` with `records` and nothing else."""
    toc, keys, values = b"", b"", b""
    for key in sorted(records, key=_order):
        value = records[key]
        values = value + values
        toc += struct.pack("<4H", len(keys), len(key), len(values), len(value))
        keys += key
    room = BLOCK - 40 - 56 - len(toc) - len(keys) - len(values)
    assert room >= 0, "too many files for one node"
    head = bytearray(node[:56])
    nothing = (0xFFFF, 0)
    struct.pack_into("<L8H", head, 36, len(records), 0, len(toc), len(keys), room, *nothing, *nothing)
    foot = bytearray(node[-40:])
    longest = max(map(len, records)), max(map(len, records.values()))
    struct.pack_into("<LLQ", foot, 16, *longest, len(records))
    return _signed(head + toc + keys + bytes(room) + values + foot)


def _signed(block: bytearray) -> bytes:
    """Return `block` with its checksum, of Fletcher's kind, at its start."""
    first = second = 0
    for word in struct.unpack("<1022L", block[8:]):
        first = (first + word) % 0xFFFFFFFF
        second = (second + first) % 0xFFFFFFFF
    low = 0xFFFFFFFF - (first + second) % 0xFFFFFFFF
    high = 0xFFFFFFFF - (first + low) % 0xFFFFFFFF
    return struct.pack("<LL", low, high) + bytes(block[8:])


def _xts(content: bytes, key: bytes, block: int) -> bytes:
    def sectors() -> Iterable[bytes]:
        for place in range(0, len(content), 512):
            tweak = (block * 8 + place // 512).to_bytes(16, "little")
            cipher = Cipher(algorithms.AES(key), modes.XTS(tweak))
            yield cipher.encryptor().update(content[place : place + 512])

    # Keys of 16 bytes twice the same are what the format asks for; OpenSSL refuses those alone.
    return b"".join(sectors()) if key[:16] != key[16:] else _xts_of_twins(content, key, block)


def _xts_of_twins(content: bytes, key: bytes, block: int) -> bytes:
    """Return what XTS with two keys that are the same gives: IEEE 1619, by hand."""
    ecb = Cipher(algorithms.AES(key[:16]), modes.ECB()).encryptor()
    out = b""
    for place in range(0, len(content), 512):
        tweak = int.from_bytes(ecb.update((block * 8 + place // 512).to_bytes(16, "little")), "little")
        for start in range(place, place + 512, 16):
            mask = tweak.to_bytes(16, "little")
            mixed = bytes(a ^ b for a, b in zip(content[start : start + 16], mask, strict=True))
            out += bytes(a ^ b for a, b in zip(ecb.update(mixed), mask, strict=True))
            tweak = tweak << 1 if tweak < 1 << 127 else (tweak << 1 & (1 << 128) - 1) ^ 0x87
    return out


def _packed(owner: bytes, wrapped: bytes, tail: bytes, random: Random) -> bytes:
    """Return a wrapped key in DER, with its HMAC."""
    inner = b"\x80\x01\0\x81\x10" + owner + b"\x82\x08" + bytes(8) + b"\x83\x28" + wrapped + tail
    body = b"\xa3" + bytes([len(inner)]) + inner
    salt = random.randbytes(8)
    key = hashlib.sha256(bytes.fromhex("011620171505") + salt).digest()
    code = hmac.new(key, body, "sha256").digest()
    whole = b"\x80\x01\0\x81\x20" + code + b"\x82\x08" + salt + body
    return b"\x30\x81" + bytes([len(whole)]) + whole
