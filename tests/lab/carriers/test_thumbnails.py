"""Caches of thumbnails hold pictures whole and in the open: each is carved with a digest of its own."""

from __future__ import annotations

import pytest

from tests.lab.carriers.test_sifting import found_in, given
from tests.support.drawn import drawn, encoded
from tests.support.thumbnails import imgcache, thumbcache, thumbdata

JPEGS = [encoded(drawn(seed, 256, 192), quality=80) for seed in range(1, 6)]
PNG = encoded(drawn(6, 96, 72), "PNG")
BITMAP = encoded(drawn(7, 96, 72), "BMP")
SMALL = [BITMAP, encoded(drawn(8, 90, 50).convert("RGBA"), "BMP"), encoded(drawn(9, 33, 90), "BMP")]
NAMED = [(f"{number:016x}", picture) for number, picture in enumerate([*JPEGS, PNG])]


@pytest.mark.parametrize(
    ("name", "content", "pictures"),
    [
        ("thumbcache_256.db", thumbcache(NAMED), [*JPEGS, PNG]),
        ("thumbcache_256.db of Vista", thumbcache(NAMED, vista=True), [*JPEGS, PNG]),
        ("thumbcache_96.db", thumbcache([("96", each) for each in SMALL]), SMALL),
        (".thumbdata4--1967290299", thumbdata(JPEGS), JPEGS),
        ("imgcache.0", imgcache(NAMED), [*JPEGS, PNG]),
    ],
)
def test_each_thumbnail_is_found_with_its_own_digest(
    name: str, content: bytes, pictures: list[bytes]
) -> None:
    found, problems = found_in(given(name, content))
    assert (list(found.values()), problems) == (pictures, [])
    assert all(path.startswith(f"{name}/$Carved/") for path in found)
    for path, picture in found.items():
        place = int(path.rpartition("/")[2].partition(".")[0])
        assert content[place : place + len(picture)] == picture
