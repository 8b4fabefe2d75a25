"""P1: a 12-megapixel JPEG to three digests, PDQ and its eight dihedral variants."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import simplejpeg
from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes

from bench.rows import Row
from bench.turns import medians
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes

ALLOWED_BITS = 10


def rows(pictures: Sequence[bytes], repetitions: int) -> list[Row]:
    """Return the rows P1 (against the peer) and P1-limit (against entropy decoding and three digests)."""
    times = medians(
        {
            "ours": _over(pictures, fingerprint_bytes),
            "limit": _over(pictures, _entropy_and_digests),
            "peer": _over(pictures, _peer),
        },
        repetitions,
    )
    ours, limit, peer = (1000 * times[name] / len(pictures) for name in ("ours", "limit", "peer"))
    work = "12-megapixel JPEG to MD5, SHA-1, SHA-256 and PDQ in 8 variants (CPU ms a picture)"
    return [
        Row(
            "P1",
            work,
            "threatexchange PDQ + hashlib (1 variant)",
            ours,
            peer,
            limit,
            peer / ours,
            ">= 25x the peer",
            peer >= 25 * ours,
        ),
        Row(
            "P1-limit",
            work,
            "entropy decode (simplejpeg 1/8) + 3 digests",
            ours,
            None,
            limit,
            ours / limit,
            "<= 1.3x the limit",
            ours <= 1.3 * limit,
        ),
    ]


def fidelity_row(pictures: Iterable[bytes], name: str, identifier: str) -> Row:
    """Return how many of `pictures` have a PDQ within 10 bits of pdqhash at full size, in percent."""
    apart = np.array([_bits_apart(picture) for picture in pictures])
    share = 100 * float((apart <= ALLOWED_BITS).mean())
    spread = f"mean {apart.mean():.1f}, 99th percentile {np.percentile(apart, 99):.0f} bits"
    return Row(
        identifier,
        f"PDQ within 10 bits of pdqhash at full size, {apart.size} {name} ({spread}) (%)",
        "pdqhash",
        share,
        100.0,
        None,
        share / 100,
        ">= 98 %",
        share >= 98,
    )


def _over(pictures: Sequence[bytes], act: Callable[[bytes], object]) -> Callable[[], object]:
    return lambda: [act(picture) for picture in pictures]


def _three_digests(content: bytes) -> None:
    for algorithm in ("md5", "sha1", "sha256"):
        hashlib.new(algorithm, content).digest()


def _entropy_and_digests(content: bytes) -> None:
    simplejpeg.decode_jpeg(content, "GRAY", min_height=1, min_width=1, strict=False)
    _three_digests(content)


def _peer(content: bytes) -> str:
    _three_digests(content)
    code: str = pdq_from_bytes(content)[0]
    return code


def _bits_apart(content: bytes) -> int:
    ours = fingerprint_bytes(content).pdq
    if ours is None:
        raise ValueError("a picture of the bench cannot be decoded")
    return (int.from_bytes(ours, "big") ^ int(pdq_from_bytes(content)[0], 16)).bit_count()
