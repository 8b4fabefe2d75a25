"""How known pictures reach the reference list: half as a list of hashes from elsewhere, half enrolled."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from hashlib import md5, sha1, sha256
from pathlib import Path

from luwte.base.files import make_folder
from luwte.demo.contents import Album
from luwte.demo.dice import Dice
from luwte.demo.people import PEOPLE

LISTED = tuple(person.series for person in PEOPLE[:3])
ENROLLED = tuple(person.series for person in PEOPLE[3:])
STRANGERS = 2_000
"""Rows of people whom nobody in the demo knows: a real list is mostly about others."""


Pictures = list[tuple[str, str]]
"""Paths in the demo's folder, each with its series."""


def write_pictures(folder: Path, part: str, album: Album, series: Iterable[str]) -> Pictures:
    """Write the pictures of each of `series` below `part` of the demo's `folder`."""
    written = []
    for name in series:
        make_folder(folder / part / name)
        for index, content in enumerate(album.enrolled(name)):
            path = f"{part}/{name}/{index}.jpg"
            (folder / path).write_bytes(content)
            written.append((path, name))
    return written


def write_manifest(path: Path, pictures: Pictures) -> None:
    """Write the `path,series` rows that `luwte enrol --manifest` takes, relative to the manifest's folder."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("path", "series"))
        writer.writerows((picture.partition("/")[2], series) for picture, series in pictures)


def write_list(path: Path, fingerprints: str, pictures: Pictures, seed: int) -> int:
    """Write a hash list from what `luwte fingerprint` printed, with strangers' rows; return its rows."""
    series = dict(pictures)
    known = [json.loads(line) for line in fingerprints.splitlines()]
    rows = [(one["md5"], one["sha1"], one["sha256"], one["pdq"], series[one["path"]]) for one in known]
    rows += [_stranger(content, index) for index, content in enumerate(_noises(seed))]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("md5", "sha1", "sha256", "pdq", "series"))
        writer.writerows(rows)
    return len(rows)


def _noises(seed: int) -> Iterable[bytes]:
    dice = Dice(seed, 2)
    return (dice.raw(4).tobytes() for _ in range(STRANGERS))


def _stranger(content: bytes, index: int) -> tuple[str, str, str, str, str]:
    """A row whose PDQ is random: about 128 bits away from everything."""
    digests = (md5(content, usedforsecurity=False), sha1(content, usedforsecurity=False), sha256(content))
    first, second, third = (digest.hexdigest() for digest in digests)
    return first, second, third, content.hex(), f"elsewhere-{index % 4 + 1}"
