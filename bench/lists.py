"""A long reference list of random entries with some planted ones, as a bundle and as the field keeps one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from luwte.base.clock import SystemClock
from luwte.exchange.bundle import seal_bundle
from luwte.exchange.columns import NO_ENTRIES, NO_FRAMES, Columns
from luwte.exchange.home import Home

MD5, PDQ = "md5.npy", "pdq.npy"
QUALITY = 100
Bytes = NDArray[np.uint8]


def columns(entries: int, md5: Sequence[bytes], pdq: Sequence[bytes]) -> Columns:
    """Return a list of `entries` entries, each with a random MD5 and PDQ but for the ones given."""
    dice = np.random.default_rng(51)
    codes = dice.integers(0, 256, (entries, 32), np.uint8)
    digests = dice.integers(0, 256, (entries, 16), np.uint8)
    codes[: len(pdq)] = _rows(pdq, 32)
    digests[: len(md5)] = _rows(md5, 16)
    order = np.argsort(np.ascontiguousarray(digests[:, :8]).view(">u8").reshape(-1).astype(np.uint64))
    numbers = np.arange(entries, dtype=np.uint32)
    return Columns(
        ids=np.stack([numbers, numbers, numbers, numbers], axis=1).astype(">u4").view(np.uint8),
        series=np.zeros(entries, np.uint32),
        md5=digests[order],
        md5_entry=order.astype(np.uint32),
        sha1=np.zeros((0, 20), np.uint8),
        sha1_entry=np.zeros(0, np.uint32),
        sha256=np.zeros((0, 32), np.uint8),
        sha256_entry=np.zeros(0, np.uint32),
        pdq=codes,
        pdq_entry=numbers,
        pdq_quality=np.full(entries, QUALITY, np.uint8),
        frames=NO_FRAMES,
        frames_entry=NO_ENTRIES,
        attribute_offsets=np.zeros(entries + 1, np.uint64),
        attributes=np.zeros(0, np.uint8),
        names=np.frombuffer(b'["bench"]', np.uint8),
    )


def write(listed: Columns, folder: Path, home: Path) -> Path:
    """Write the list to `folder` for both sides, sealed with the keys in `home`; return the bundle."""
    bundle = folder / "list.lwref"
    seal_bundle(bundle, listed, Home.open(home), SystemClock())
    np.save(folder / MD5, listed.md5)
    np.save(folder / PDQ, listed.pdq)
    return bundle


def _rows(values: Sequence[bytes], width: int) -> Bytes:
    return np.frombuffer(b"".join(values), np.uint8).reshape(-1, width)
