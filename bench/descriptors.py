"""Measure how RootSIFT descriptors of pictures spread, and write what local codes know of it.

`python -m bench.descriptors --photos DIR` takes each second photo of DIR, and drawn pictures; the other
photos are left to measure with. Only sums over all pictures go into the file, never a descriptor of one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luwte.base.files import write_bytes
from luwte.demo.pictures import draw
from luwte.lab.fingerprints.keypoints import best, find_keypoints
from luwte.lab.fingerprints.local_codes import MOST_CODES, STATISTICS_FILE, root

DRAWN = 300
EXPONENT = 0.25
"""The power of its variance by which a direction is divided: 0 changes nothing, 0.5 makes all alike."""
Values = NDArray[np.float64]


def spread(kinds: Iterable[Iterable[NDArray[np.uint8]]]) -> NDArray[np.float32]:
    """Return (129, 128): the mean of RootSIFT, and the matrix that evens out its directions.

    Each kind of grey picture weighs alike, and each picture as much as its mirror image.
    """
    means, squares = zip(*(_sums(pictures) for pictures in kinds), strict=True)
    mean = np.mean(means, axis=0)
    variances, directions = np.linalg.eigh(np.mean(squares, axis=0) - np.outer(mean, mean))
    evened = directions * np.maximum(variances, variances.max() / 1e4) ** -EXPONENT @ directions.T
    return np.concatenate([mean[None], evened / np.abs(evened).max()]).astype(np.float32)


def _sums(pictures: Iterable[NDArray[np.uint8]]) -> tuple[Values, Values]:
    """Return the mean of the descriptors and that of their products with each other."""
    found = []
    for grey in pictures:
        chosen = best(find_keypoints(grey), MOST_CODES)
        found += [root(chosen.descriptors), root(chosen.mirrored().descriptors)]
    values = np.concatenate(found)
    return values.mean(axis=0), values.T @ values / len(values)


def _photos(folder: Path) -> Iterator[NDArray[np.uint8]]:
    for path in sorted(folder.glob("*.jpg"))[::2]:
        yield np.asarray(Image.open(path).convert("L"))


def main() -> None:
    """Write the file beside the code that reads it."""
    parser = argparse.ArgumentParser(prog="python -m bench.descriptors", description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEG files")
    drawn = (np.asarray(draw(seed).convert("L")) for seed in range(DRAWN))
    target = BytesIO()
    np.save(target, spread([_photos(parser.parse_args().photos), drawn]))
    write_bytes(STATISTICS_FILE, target.getvalue())


if __name__ == "__main__":
    main()
