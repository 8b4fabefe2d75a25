from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.fingerprints.digests import Digester, digest


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_pieces_give_the_digests_of_the_whole(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    found = digest(pieces)
    assert found.size == len(whole)
    assert found.md5 == hashlib.md5(whole).digest()
    assert found.sha1 == hashlib.sha1(whole).digest()
    assert found.sha256 == hashlib.sha256(whole).digest()


def test_the_digests_of_abc_are_those_of_the_standards() -> None:
    digester = Digester()
    digester.update(b"a")
    digester.update(memoryview(b"bc"))
    found = digester.finish()
    assert found.md5.hex() == "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321
    assert found.sha1.hex() == "a9993e364706816aba3e25717850c26c9cd0d89d"  # FIPS 180-4
    assert found.sha256.hex().startswith("ba7816bf8f01cfea414140de5dae2223")  # FIPS 180-4
