"""What the `vpdq` package gives on the edited films, kept in the tree, because it takes long to build.

`python -m tests.support.vpdq_table` writes it anew where `vpdq` (0.2.5, from PyPI; it needs CMake and the
development headers of FFmpeg) and PyAV are installed: the frames of each film in vPDQ's own format, and the
shares by the rule as published, with the distances of that package.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from luwte.exchange.entries import FRAME_QUALITY
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from tests.support.edited_films import FILMS, RATE, greys
from tests.support.films import lossless

FOLDER = Path(__file__).parents[1] / "lab" / "recognition" / "vpdq"
SHARES = FOLDER / "shares.csv"
REFERENCES = ("the known film", "a clip of it")


class Share(NamedTuple):
    """The percentages of the frames of `film`, and of the reference, that have a like one opposite."""

    reference: str
    film: str
    of_film: float
    of_reference: float


def path_of(film: str) -> Path:
    """Return where the frames of `film` stand."""
    return FOLDER / f"{film.replace(',', '').replace(' ', '-')}.vpdq"


def frames_of(film: str) -> list[str]:
    """Return the PDQ of the frames of `film` with enough in them, each once, as the table has them."""
    rows = [line.split(",") for line in path_of(film).read_text().splitlines()]
    return list(dict.fromkeys(pdq for _, quality, pdq, _ in rows if int(quality) >= FRAME_QUALITY))


def shares() -> list[Share]:
    """Return the shares as the table has them."""
    with SHARES.open(newline="") as file:
        return [
            Share(row["reference"], row["film"], float(row["of_film"]), float(row["of_reference"]))
            for row in csv.DictReader(file)
        ]


def lines_by_vpdq(film: str) -> list[str]:
    """Return the frames of `film` as the package gives them, a line each."""
    import vpdq

    with tempfile.NamedTemporaryFile(suffix=".mkv") as file:
        Path(file.name).write_bytes(lossless(greys(FILMS[film]()), RATE))
        found = vpdq.computeHash(file.name, seconds_per_hash=1.0)
    return [f"{one.frame_number},{one.quality},{one.hex},{one.timestamp:.3f}" for one in found]


def shares_by_vpdq() -> Iterator[Share]:
    """Give the shares of each film and reference in the table, from its frames."""
    for reference in REFERENCES:
        for film in FILMS:
            ours, theirs = frames_of(film), frames_of(reference)
            yield Share(reference, film, _share(ours, theirs), _share(theirs, ours))


def _share(frames: list[str], others: list[str]) -> float:
    import vpdq

    ours, theirs = (list(map(vpdq.str_to_hash, hashes)) for hashes in (frames, others))
    met = [any(vpdq.hamming_distance(one, other) <= PDQ_RADIUS for other in theirs) for one in ours]
    return round(100 * sum(met) / len(met), 2)


def main() -> None:
    """Write the table."""
    FOLDER.mkdir(exist_ok=True)
    for film in FILMS:
        path_of(film).write_text("".join(f"{line}\n" for line in lines_by_vpdq(film)))
    with SHARES.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Share._fields)
        writer.writerows(shares_by_vpdq())


if __name__ == "__main__":
    main()
