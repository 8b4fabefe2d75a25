from __future__ import annotations

import hashlib
import os
import random
import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.fingerprints import digests
from luwte.lab.fingerprints.digests import LARGE, Digester, Sha256Digester, digest


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_pieces_give_the_digests_of_the_whole(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    found = digest(pieces)
    assert found.size == len(whole)
    assert found.md5 == hashlib.md5(whole).digest()
    assert found.sha1 == hashlib.sha1(whole).digest()
    assert found.sha256 == hashlib.sha256(whole).digest()


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_sha256_alone_is_that_of_the_whole_and_the_others_are_zeros(pieces: list[bytes]) -> None:
    digester = Sha256Digester()
    for piece in pieces:
        digester.update(piece)
    found, whole = digester.finish(), digest(pieces)
    assert (found.size, found.sha256) == (whole.size, whole.sha256)
    assert not any(found.md5 + found.sha1)


def test_the_digests_of_abc_are_those_of_the_standards() -> None:
    digester = Digester()
    digester.update(b"a")
    digester.update(b"bc")
    found = digester.finish()
    assert found.md5.hex() == "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321
    assert found.sha1.hex() == "a9993e364706816aba3e25717850c26c9cd0d89d"  # FIPS 180-4
    assert found.sha256.hex().startswith("ba7816bf8f01cfea414140de5dae2223")  # FIPS 180-4


@pytest.fixture(params=[1, 2])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many cores, as far as the digests can see."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(request.param)))
    digests._beside.cache_clear()
    return int(request.param)


def test_the_digests_of_a_large_file_are_the_same_on_one_core_and_on_two(cores: int) -> None:
    dice = random.Random(cores)
    whole = dice.randbytes(2 * LARGE + 12_345)
    places = [0, *sorted(dice.sample(range(1, len(whole)), 80)), len(whole)]
    found = digest(whole[start:end] for start, end in pairwise(places))
    assert found.size == len(whole)
    assert found.md5 == hashlib.md5(whole).digest()
    assert found.sha1 == hashlib.sha1(whole).digest()
    assert found.sha256 == hashlib.sha256(whole).digest()
    helpers = [thread.name for thread in threading.enumerate() if thread.name.startswith("md5")]
    assert bool(digests._beside()) == (cores > 1)
    assert cores == 1 or helpers


def test_a_large_file_may_come_in_one_piece_and_its_digests_be_asked_on_the_way() -> None:
    whole = random.Random(1).randbytes(LARGE + 1)
    digester = Digester()
    digester.update(whole)
    assert digester.finish().md5 == hashlib.md5(whole).digest()
    digester.update(b"more")
    assert digester.finish().md5 == hashlib.md5(whole + b"more").digest()
