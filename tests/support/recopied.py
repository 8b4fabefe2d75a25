"""A carrier of copies that no PDQ finds: crops, turned ones and pastes of drawn pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from luwte.demo import edits
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import entry_from
from luwte.exchange.home import Home
from luwte.lab.fingerprints.keypoints import find_keypoints
from luwte.lab.fingerprints.local_codes import Rotation
from luwte.lab.fingerprints.pictures import decode_grey
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.scans import KNOWN, record_of

STRANGERS = range(100, 104)


def pasted(seed: int, onto: int) -> Image.Image:
    """Return the drawn picture of `seed`, smaller, on that of `onto`."""
    whole = drawn(onto).copy()
    whole.paste(drawn(seed).resize((384, 288)), (200, 120))
    return whole


def copies() -> dict[str, bytes]:
    """Return copies of known pictures by path."""
    return {
        "edited/cropped.jpg": edits.as_jpeg(edits.crop(drawn(0), 0.7)),
        "edited/turned.jpg": encoded(drawn(1).rotate(20, fillcolor=128)),
        "edited/mirrored-crop.png": edits.as_png(edits.mirror(edits.crop(drawn(2), 0.7))),
        "edited/pasted.jpg": encoded(pasted(3, 105)),
    }


def recopied() -> dict[str, bytes]:
    """Return all files of the carrier by path: copies, one of them twice, and what is none."""
    found = copies() | {f"strangers/{seed}.jpg": jpeg(seed) for seed in STRANGERS}
    return found | {
        "again/cropped.jpg": found["edited/cropped.jpg"],
        "edited/scene.jpg": edits.as_jpeg(edits.crop(drawn(1), 0.6)),
        "known/0.jpg": jpeg(0),
        "letter.txt": b"dear all",
        "tiny.png": encoded(drawn(50).resize((60, 45)), "PNG"),
    }


def coded_reference(path: Path, seeds: Sequence[int] = KNOWN) -> Path:
    """Write a bundle of the pictures of `seeds` with local codes to `path`, each of a series of its own."""
    return coded_as(path, {seed: seed for seed in seeds})


def coded_as(path: Path, seeds: Mapping[int, int]) -> Path:
    """Write a bundle of the pictures of `seeds` to `path`, each with the codes of another."""
    home = Home.open()
    rotation = Rotation(home.rotation_seed)
    entries = []
    for seed, other in seeds.items():
        codes = rotation.encode(find_keypoints(decode_grey(jpeg(other)).grey)).to_bytes()
        entry = entry_from(record_of(jpeg(seed), f"series-{seed}"), home.entry_key)
        entries.append(replace(entry, codes=codes))
    write_bundle(path, entries, home)
    return path
