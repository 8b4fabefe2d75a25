from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from luwte.lab.reference.rejected import SAME_BITS, RejectedPairs
from tests.support.hashes import random_hashes

RADIUS = 31
ENTRY = random_hashes(11, 1)[0]


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    rejected_entry: NDArray[np.uint32]
    rejected_sha256: NDArray[np.uint8]
    rejected_pdq: NDArray[np.uint8]
    pdq: NDArray[np.uint8]
    pdq_entry: NDArray[np.uint32]


def turned(*ranges: tuple[int, int]) -> bytes:
    """Return the PDQ of the entry with those stretches of its bits turned over."""
    bits = np.unpackbits(ENTRY)
    for first, last in ranges:
        bits[first:last] ^= 1
    return np.packbits(bits).tobytes()


def pairs(*rejected: tuple[int, bytes, bytes], known: tuple[int, ...] = (2, 3)) -> RejectedPairs:
    """Return these rejected pairs of a list whose entries number `known` have the same PDQ."""
    entries, digests, hashes = zip(*rejected, strict=True)
    files, shown = (np.frombuffer(b"".join(column), np.uint8).reshape(-1, 32) for column in (digests, hashes))
    return RejectedPairs(
        Listed(
            np.array(entries, np.uint32),
            files,
            shown,
            np.repeat(ENTRY[None], len(known), axis=0),
            np.array(known, np.uint32),
        )
    )


FILE, OTHER, NOTHING = b"f" * 32, b"o" * 32, bytes(32)
SHOWN = turned((0, 25))
REJECTED = pairs((1, OTHER, NOTHING), (2, FILE, SHOWN), (5, FILE, NOTHING))


def test_the_same_file_is_rejected_for_that_entry_alone() -> None:
    assert REJECTED.rejects(2, FILE, None, RADIUS)
    assert not REJECTED.rejects(3, FILE, SHOWN, RADIUS)
    assert not REJECTED.rejects(2, OTHER, None, RADIUS)
    assert not REJECTED.rejects(0, FILE, SHOWN, RADIUS)
    assert not REJECTED.rejects(9, FILE, SHOWN, RADIUS)
    assert len(REJECTED) == 3


@pytest.mark.parametrize(
    ("pdq", "rejected"),
    [
        (SHOWN, True),
        (turned((0, 25), (100, 100 + SAME_BITS)), True),
        (turned((0, 25), (100, 101 + SAME_BITS)), False),
        (turned((0, 24)), False),
        (turned((1, 26)), True),
        (None, False),
    ],
    ids=["as it was", "a copy", "too far", "nearer to the entry", "as near", "no one picture"],
)
def test_a_copy_is_rejected_unless_it_is_nearer_to_the_entry(pdq: bytes | None, rejected: bool) -> None:
    assert REJECTED.rejects(2, OTHER, pdq, RADIUS) is rejected
    assert REJECTED.rejects(2, None, pdq, RADIUS) is rejected


def test_what_was_found_otherwise_than_as_it_is_has_no_nearness_there() -> None:
    mirrored = pairs((2, FILE, turned((0, 120))))
    assert mirrored.rejects(2, OTHER, turned((0, 116)), RADIUS)
    just_beyond = pairs((2, FILE, turned((0, RADIUS + 3))))
    assert just_beyond.rejects(2, OTHER, turned((0, RADIUS + 1)), RADIUS)
    assert not just_beyond.rejects(2, OTHER, turned((0, RADIUS)), RADIUS)


def test_the_nearest_of_several_rejected_copies_counts() -> None:
    both = pairs((2, FILE, turned((0, 25))), (2, OTHER, turned((0, 20))))
    assert both.rejects(2, None, turned((0, 22)), RADIUS)
    assert not both.rejects(2, None, turned((0, 19)), RADIUS)


def test_an_entry_without_a_pdq_rejects_copies_too() -> None:
    film = pairs((7, FILE, SHOWN))
    assert film.rejects(7, OTHER, SHOWN, RADIUS)
    assert not film.rejects(7, OTHER, turned((40, 80)), RADIUS)


def test_a_pdq_that_is_not_known_rejects_nothing() -> None:
    assert not REJECTED.rejects(5, OTHER, bytes(32), RADIUS)
    assert REJECTED.rejects(5, FILE, bytes(32), RADIUS)
