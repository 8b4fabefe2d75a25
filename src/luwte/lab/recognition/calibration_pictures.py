"""The pictures of a folder, in grey and small, for a calibration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luwte.base.errors import BadInput
from luwte.base.files import open_plain
from luwte.lab.fingerprints.pictures import Undecodable, decode_grey

SIDE = 512
"""The longer side, in pixels, that pictures are kept at."""
MOST = 2_000
"""How many pictures of a folder are taken at most: 400 MB."""
_LARGEST_FILE = 64 << 20
_MOST_NAMES = 100_000


def photos(folder: Path) -> Iterator[NDArray[np.uint8]]:
    """Give the pictures (H, W) of `folder` itself, in the order of their names, at most `MOST`.

    What is no picture, is damaged, or is larger than 64 MB is passed over. Raises `BadInput` when the folder
    cannot be read, or has too many names.
    """
    count = 0
    for file in _names(folder):
        grey = _grey(file)
        if grey is not None:
            yield shrunk(grey)
            count += 1
        if count == MOST:
            return


def shrunk(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return `grey` with a longer side of at most `SIDE`."""
    picture = Image.fromarray(grey)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(picture, np.uint8)


def _names(folder: Path) -> list[Path]:
    try:
        files = []
        for file in folder.iterdir():
            files.append(file)
            if len(files) > _MOST_NAMES:
                raise BadInput(f"{folder} has over {_MOST_NAMES} names. Give a folder with fewer pictures.")
        return sorted(files)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadInput(f"{folder} cannot be read ({reason}). Give a folder with pictures.") from None


def _grey(file: Path) -> NDArray[np.uint8] | None:
    try:
        with open_plain(file) as opened:
            content = opened.read(_LARGEST_FILE + 1)
        return decode_grey(content).grey if len(content) <= _LARGEST_FILE else None
    except (OSError, BadInput, Undecodable):
        return None
