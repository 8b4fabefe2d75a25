"""The chunks of an E01 image, inflated and checked: a run forward is inflated ahead of its reader by threads.

Inflating is what an E01 costs. The library lets go of the interpreter's lock while it inflates, so threads
use several cores; a block of chunks at a time keeps their overhead small. Reads here and there inflate only
the chunk that they need.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, cast

from isal import isal_zlib

from luwte.lab.carriers.carrier import Unreadable
from luwte.lab.carriers.ewf_sections import Table, Volume
from luwte.lab.carriers.segments import Segments

BLOCK_SIZE: Final = 1 << 20
KEPT_BLOCKS: Final = 12
KEPT_SINGLES: Final = 32 << 20
WORKERS: Final = min(4, os.cpu_count() or 1)
FARTHEST_AHEAD: Final = WORKERS + 2

_DAMAGED = "a chunk of the E01 image is damaged or has a wrong checksum"
_LEAST_RUN = 128 << 10
_LARGEST_GAP = 256 << 10
_INFLATE_ERROR = cast(type[Exception], isal_zlib.error)

Chunk = bytes | None
"""The bytes of one chunk, or None when it is damaged."""


class Chunks:
    """The medium of an E01 image as one run of bytes, for one reading thread."""

    def __init__(self, volume: Volume, tables: Sequence[Table], segments: Segments) -> None:
        self.size = volume.size
        self._segments = segments
        self._source = _Source(volume, tables, segments)
        self._chunk_size = volume.chunk_size
        self._in_block = max(1, BLOCK_SIZE // volume.chunk_size)
        self._most_singles = max(1, KEPT_SINGLES // volume.chunk_size)
        self._block_count = -(-volume.chunks // self._in_block)
        self._blocks: OrderedDict[int, list[Chunk]] = OrderedDict()
        self._singles: OrderedDict[int, Chunk] = OrderedDict()
        self._coming: dict[int, Future[list[Chunk]]] = {}
        self._last = -1
        self._singles_in_last = 0
        self._run = 0
        self._end = 0
        self._pool: ThreadPoolExecutor | None = None

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end. Raises `Unreadable` at a damaged chunk."""
        end = min(offset + size, self.size)
        self._note_run(offset, size)
        pieces = []
        while offset < end:
            number, skipped = divmod(offset, self._chunk_size)
            chunk = self._chunk(number)
            if chunk is None:
                raise Unreadable(_DAMAGED)
            piece = chunk[skipped : skipped + end - offset]
            offset += len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def close(self) -> None:
        """Stop the threads that inflate ahead, and close the segments."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._coming.clear()
        self._segments.close()

    def _chunk(self, number: int) -> Chunk:
        block, place = divmod(number, self._in_block)
        held = self._blocks.get(block)
        if held is None or block != self._last:
            held = self._entered(block, held)
        return self._single(number) if held is None else held[place]

    def _entered(self, block: int, held: list[Chunk] | None) -> list[Chunk] | None:
        """Return the chunks of a block that reading came to, or None to read it chunk by chunk."""
        again = block == self._last
        self._last, self._singles_in_last = block, self._singles_in_last + 1 if again else 0
        if self._run >= _LEAST_RUN:
            farthest = block + min(1 + self._run // BLOCK_SIZE, FARTHEST_AHEAD)
            self._look_ahead(block if held is None else block + 1, farthest)
        if held is None and (block in self._coming or self._singles_in_last >= self._in_block // 2):
            held = self._arrived(block)
        if held is not None:
            self._blocks.move_to_end(block)
        return held

    def _note_run(self, offset: int, size: int) -> None:
        """Count the bytes that were read forward without a larger gap.

        Files in order of their place make long runs, and their blocks are inflated ahead; scattered reads of
        folders and inodes make none, and cost the chunks that they need.
        """
        near = abs(offset - self._end) <= _LARGEST_GAP
        self._run = self._run + size if near else size
        self._end = offset + size

    def _look_ahead(self, first: int, last: int) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(WORKERS, "inflate")
        for block in range(first, min(last + 1, self._block_count)):
            if block not in self._blocks and block not in self._coming:
                self._coming[block] = self._pool.submit(self._inflated, block)
        while len(self._coming) > 2 * FARTHEST_AHEAD:
            self._coming.pop(next(iter(self._coming))).cancel()

    def _arrived(self, block: int) -> list[Chunk]:
        future = self._coming.pop(block, None)
        held = self._inflated(block) if future is None else future.result()
        self._blocks[block] = held
        if len(self._blocks) > KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        return held

    def _inflated(self, block: int) -> list[Chunk]:
        return self._source.chunks(block * self._in_block, self._in_block)

    def _single(self, number: int) -> Chunk:
        if number in self._singles:
            self._singles.move_to_end(number)
            return self._singles[number]
        (chunk,) = self._source.chunks(number, 1)
        self._singles[number] = chunk
        if len(self._singles) > self._most_singles:
            self._singles.popitem(last=False)
        return chunk


class _Source:
    """Reads and inflates chunks from the segment files; used by several threads at once."""

    def __init__(self, volume: Volume, tables: Sequence[Table], segments: Segments) -> None:
        self._volume = volume
        self._tables = tables
        self._firsts = [table.first for table in tables]
        self._segments = segments

    def chunks(self, first: int, count: int) -> list[Chunk]:
        """Return the chunks from number `first` on: `count` of them, fewer at the end of the medium."""
        stop = min(first + count, self._volume.chunks)
        chunks: list[Chunk] = []
        while first < stop:
            table = self._tables[bisect_right(self._firsts, first) - 1]
            end = min(stop, table.first + len(table.entries))
            spans = table.spans(first - table.first, end - table.first)
            chunks += self._opened(table.segment, spans, first)
            first = end
        return chunks

    def _opened(self, segment: int, spans: list[tuple[int, int, bool]], first: int) -> list[Chunk]:
        """Read spans that follow each other at once and open each."""
        start, end = spans[0][0], spans[-1][1]
        most = len(spans) * 2 * (self._volume.chunk_size + 4096)
        try:
            held = memoryview(self._segments.read_in(segment, start, min(end - start, most)))
        except Unreadable:
            return [None] * len(spans)
        return [
            _opened(
                held[span_start - start : span_end - start],
                packed,
                self._length(number),
                self._volume.chunk_size,
            )
            for number, (span_start, span_end, packed) in enumerate(spans, first)
        ]

    def _length(self, number: int) -> int:
        size = self._volume.chunk_size
        return min(size, self._volume.size - number * size)


def _opened(data: memoryview, packed: bool, length: int, chunk_size: int) -> Chunk:
    """Return the `length` bytes of a chunk, or None when its checksum or length is wrong.

    The last chunk may be packed at full length. What inflates beyond that is no chunk, and is not inflated.
    """
    if not packed:
        stored = int.from_bytes(data[length : length + 4], "little")
        return (
            bytes(data[:length])
            if len(data) >= length + 4 and isal_zlib.adler32(data[:length]) == stored
            else None
        )
    try:
        inflating = isal_zlib.decompressobj(15)
        content = inflating.decompress(data, chunk_size + 1)
    except (_INFLATE_ERROR, MemoryError):
        return None
    return content[:length] if inflating.eof and length <= len(content) <= chunk_size else None
