"""Proofs that acts are in a log: one for many acts, made with two queries for each 256 neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from luwte.crypto.merkle import node_hash
from luwte.crypto.merkle_several import several
from luwte.desk.audit.log import HEIGHT, WIDTH, Log


def proof_of(log: Log, places: Sequence[int], size: int) -> list[bytes]:
    """Return the proof that the acts at `places` (ascending) are among the first `size` of `log`.

    Raises `ValueError` for a place that is not.
    """
    return several(places, size, _Tiles(log, size).subtree)


class _Tiles:
    """The subtrees of a log of `size` acts; each tile is read once."""

    def __init__(self, log: Log, size: int) -> None:
        self._log, self._size = log, size
        self._read: dict[tuple[int, int], list[list[bytes]]] = {}

    def subtree(self, level: int, number: int) -> bytes:
        """Return the root of the complete subtree `number` of 2**`level` leaves (`crypto.merkle.Subtree`)."""
        tiles, rest = divmod(level, HEIGHT)
        tile, within = divmod(number << rest, WIDTH)
        if (tiles, tile) not in self._read:
            self._read[tiles, tile] = self._tile(tiles, tile)
        return self._read[tiles, tile][rest][within >> rest]

    def _tile(self, level: int, number: int) -> list[list[bytes]]:
        """Return the hashes of a tile, then those of their pairs, of the pairs of these, and so on."""
        end = min((number + 1) * WIDTH, self._size >> (HEIGHT * level))
        rows = [self._log.hashes(level, number * WIDTH, end)]
        while len(rows) < HEIGHT:
            below = rows[-1]
            rows.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
        return rows
