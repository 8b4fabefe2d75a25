"""Hashes drawn from seeds, and hashes near them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.entries import Entry
from luwte.lab.reference.films import FilmList

Hashes = NDArray[np.uint8]


def random_hashes(seed: int, count: int) -> Hashes:
    """Return `count` even hashes (count, 32)."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def with_flipped_bits(hashes: Hashes, counts: NDArray[np.intp], seed: int) -> Hashes:
    """Return each row with that many of its bits turned over."""
    order = np.random.default_rng(seed).random((len(hashes), 256)).argsort(axis=1).argsort(axis=1)
    flips: Hashes = np.packbits(order < np.asarray(counts)[:, None], axis=1)
    return hashes ^ flips


def film_list(*films: Sequence[bytes]) -> FilmList:
    """Return a list of videos with these frames; the entries have the numbers of their places."""
    builder = ColumnBuilder()
    for number, frames in enumerate(films):
        builder.add(Entry(f"{number:032x}", "a", md5=number.to_bytes(16), frames=b"".join(frames)))
    return FilmList(builder.finish())
