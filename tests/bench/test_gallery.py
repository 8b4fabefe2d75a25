"""The pictures that the bench looks copies up among."""

from __future__ import annotations

from pathlib import Path

from bench.alterations import saved
from bench.gallery import gallery
from bench.paintings import painted


def test_a_photo_that_resembles_another_takes_its_neighbour_along_so_that_the_halves_stay(
    tmp_path: Path,
) -> None:
    folder, cache = tmp_path / "photos", tmp_path / "cache"
    folder.mkdir()
    for number, seed in enumerate((1, 2, 1, 4, 5, 6)):
        (folder / f"{number}.jpg").write_bytes(saved(painted(seed), 90 - number))
    known = gallery(5, folder, cache)
    taken = [name.name for name in known.names if isinstance(name, Path)]
    assert taken == ["0.jpg", "1.jpg", "4.jpg", "5.jpg"]
    assert (known.own, len(known.names)) == (4, 5)
