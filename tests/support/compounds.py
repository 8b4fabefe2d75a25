"""Compound files (OLE2) for tests, with their sectors in any order."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from random import Random

NONE, LAST, TABLE, TABLE_OF_TABLES = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
STORAGE, STREAM, ROOT = 1, 2, 5
SMALL = 4096
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")


def compound(
    streams: Mapping[str, bytes],
    *,
    seed: int | None = 1,
    width: int = 512,
    unused: bytes = b"",
    unused_small: bytes = b"",
) -> bytes:
    """Return a compound file with `streams` by path (one folder deep at most), in sectors of `width` bytes.

    They are shuffled by `seed`, or in order with None. `unused` lies in sectors that no stream holds, and
    `unused_small` in small ones.
    """
    small, links, small_starts = _small(streams, unused_small)
    large = {path: stream for path, stream in streams.items() if len(stream) >= SMALL}
    names = _names(streams)
    directory = bytes(128 * len(names))
    contents = [*large.values(), small, links, directory, unused]
    lengths = [-(-len(content) // width) for content in contents]
    tables = more = 0
    while (sectors := sum(lengths) + tables + more) > tables * width // 4:
        tables += 1
        more = -(-max(0, tables - 109) // (width // 4 - 1))
    places = list(range(sectors))
    if seed is not None:
        Random(seed).shuffle(places)
    chains = [[places.pop(0) for _ in range(length)] for length in (*lengths, tables, more)]
    starts = [chain[0] if chain else LAST for chain in chains]
    large_starts = dict(zip(large, starts, strict=False))
    contents[-2] = directory_of(
        names,
        {path: large_starts.get(path, small_starts.get(path, LAST)) for path in streams},
        {path: len(stream) for path, stream in streams.items()},
        (starts[len(large)], len(small)),
    )
    table = [NONE] * (tables * width // 4)
    for chain in chains[: len(contents) - 1]:
        for sector, following in zip(chain, [*chain[1:], LAST], strict=False):
            table[sector] = following
    for sector in chains[-2]:
        table[sector] = TABLE
    for sector in chains[-1]:
        table[sector] = TABLE_OF_TABLES
    contents += [_numbers(table), _more(chains[-2][109:], chains[-1], width)]
    laid = [b""] * sectors
    for content, chain in zip(contents, chains, strict=True):
        for number, sector in enumerate(chain):
            laid[sector] = content[number * width : (number + 1) * width].ljust(width, b"\0")
    header = _MAGIC + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3 if width == 512 else 4, 0xFFFE, width.bit_length() - 1, 6)
    at = len(large)
    header += struct.pack(
        "<9I",
        0 if width == 512 else len(chains[at + 2]),
        tables,
        starts[at + 2],
        0,
        SMALL,
        starts[at + 1],
        len(chains[at + 1]),
        starts[-1],
        more,
    )
    header += _numbers([*chains[-2][:109], *[NONE] * (109 - len(chains[-2][:109]))])
    return header.ljust(width, b"\0") + b"".join(laid)


def entry(
    name: str, kind: int, links: Sequence[int] = (NONE, NONE, NONE), start: int = LAST, size: int = 0
) -> bytes:
    """Return an entry of a directory; `links` are its neighbours on both sides and its first child."""
    raw = name.encode("utf-16-le")[:62]
    return _ENTRY.pack(raw, len(raw) + 2, kind, 1, *links, bytes(16), 0, 0, 0, start, size)


def directory_of(
    names: Sequence[str], starts: Mapping[str, int], sizes: Mapping[str, int], root: tuple[int, int]
) -> bytes:
    """Return the directory of the paths in `names`, the root first; what has no start is a storage."""
    inside: dict[str, list[int]] = {}
    for number, name in enumerate(names[1:], 1):
        inside.setdefault(name.rpartition("/")[0], []).append(number)
    links = {number: [NONE, NONE, NONE] for number in range(len(names))}
    for folder, numbers in inside.items():
        links[names.index(folder) if folder else 0][2] = _tree(numbers, links)
    entries = [entry("Root Entry", ROOT, links[0], *root)]
    for number, name in enumerate(names[1:], 1):
        kind = STREAM if name in starts else STORAGE
        entries.append(
            entry(name.rpartition("/")[2], kind, links[number], starts.get(name, 0), sizes.get(name, 0))
        )
    return b"".join(entries)


def _tree(numbers: Sequence[int], links: Mapping[int, list[int]]) -> int:
    """Link `numbers` into a tree that is not deep, and return its top."""
    if not numbers:
        return NONE
    middle = len(numbers) // 2
    links[numbers[middle]][:2] = _tree(numbers[:middle], links), _tree(numbers[middle + 1 :], links)
    return numbers[middle]


def _names(streams: Mapping[str, bytes]) -> list[str]:
    folders = dict.fromkeys(path.rpartition("/")[0] for path in streams if "/" in path)
    return ["", *folders, *streams]


def _small(streams: Mapping[str, bytes], unused: bytes) -> tuple[bytes, bytes, dict[str, int]]:
    """Return the stream that the small ones share, their table, and where each starts in it."""
    content, table, starts = b"", list[int](), dict[str, int]()
    for path, stream in [("", unused), *streams.items()]:
        if len(stream) >= SMALL:
            continue
        count = -(-len(stream) // 64)
        starts[path] = len(table) if count else LAST
        chain = [*range(len(table) + 1, len(table) + count), LAST][:count]
        table += chain if path else [NONE] * count
        content += stream.ljust(count * 64, b"\0")
    return content, _numbers(table), starts


def _more(tables: Sequence[int], own: Sequence[int], width: int) -> bytes:
    """Return the sectors that say where the table lies beyond what the header can."""
    each, found = width // 4 - 1, b""
    for number in range(len(own)):
        part = list(tables[number * each : (number + 1) * each])
        following = own[number + 1] if number + 1 < len(own) else LAST
        found += _numbers([*part, *[NONE] * (each - len(part)), following])
    return found


def _numbers(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)
