"""PDQ on every engine: against the field's own library, against its twin, and turned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pdqhash
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from luwte.demo.pictures import draw
from luwte.lab.fingerprints import pdq, pdq_numpy
from tests.support.engines import compiled_paths, engines

Raster = NDArray[np.uint8]
SIZES = [(640, 480), (641, 483), (512, 512), (300, 1000), (97, 143), (1300, 901)]


def identity(raster: Raster) -> Raster:
    return raster


def half_turn(raster: Raster) -> Raster:
    return np.rot90(raster, 2)


def transpose_of(turn: Callable[[Raster], Raster]) -> Callable[[Raster], Raster]:
    return lambda raster: turn(raster).T


UPRIGHT: list[Callable[[Raster], Raster]] = [identity, np.fliplr, np.flipud, half_turn]
TURNS = UPRIGHT + [transpose_of(turn) for turn in UPRIGHT]


@pytest.fixture(params=engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each engine in turn, behind the public face."""
    name = str(request.param)
    monkeypatch.setattr(pdq, "_hashes", hashes_on(name))
    return name


def hashes_on(engine: str) -> Callable[[Raster], tuple[Raster, int]]:
    if engine == "numpy":
        return pdq_numpy.hashes
    from luwte import _native

    return lambda grey: _native.pdq_hashes(grey, engine)


def grey(seed: int, width: int, height: int) -> Raster:
    return np.asarray(draw(seed, width, height).convert("L"))


def bits_between(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def reference(rgb: Raster) -> tuple[bytes, int]:
    vector, quality = pdqhash.compute(np.ascontiguousarray(rgb))
    return np.packbits(vector).tobytes(), int(quality)


@pytest.mark.parametrize("size", SIZES)
def test_grey_raster_hashes_as_the_reference_does(engine: str, size: tuple[int, int]) -> None:
    for seed in range(4):
        raster = grey(seed, *size)
        assert pdq.pdq_hash(raster) == reference(np.repeat(raster[:, :, None], 3, axis=2))


def test_rounding_colour_to_grey_costs_a_bit_at_most_on_average() -> None:
    apart = []
    for seed in range(24):
        picture = draw(seed, *SIZES[seed % len(SIZES)])
        raster = np.asarray(picture.convert("L"))
        apart.append(bits_between(pdq.pdq_hash(raster)[0], reference(np.asarray(picture))[0]))
    assert np.mean(apart) <= 1.5
    assert np.percentile(apart, 99) <= 8


@pytest.mark.parametrize("size", [(5, 5), (640, 480), (512, 512), (97, 143), (129, 700)])
def test_each_variant_is_the_hash_of_the_turned_raster(engine: str, size: tuple[int, int]) -> None:
    raster = grey(7, 640, 480) if size == (640, 480) else random_raster(3, *size)
    variants, quality = pdq.pdq_dihedral(raster)
    for variant, turn in zip(variants, TURNS, strict=True):
        turned, turned_quality = pdq.pdq_hash(turn(raster))
        assert variant.tobytes() == turned
        assert abs(turned_quality - quality) <= 2


def test_turned_by_ninety_degrees_is_where_the_docstring_says() -> None:
    raster = grey(11, 320, 200)
    variants, _ = pdq.pdq_dihedral(raster)
    assert variants[5].tobytes() == pdq.pdq_hash(np.rot90(raster))[0]
    assert variants[6].tobytes() == pdq.pdq_hash(np.rot90(raster, -1))[0]


def random_raster(seed: int, height: int, width: int) -> Raster:
    """Noise over blocks of its own size, so that flat, coarse and fine rasters all come up."""
    dice = np.random.default_rng(seed)
    block = int(dice.integers(1, 64))
    cells = dice.integers(0, 256, (height // block + 1, width // block + 1), dtype=np.uint8)
    return np.repeat(np.repeat(cells, block, axis=0), block, axis=1)[:height, :width].copy()


@pytest.mark.parametrize("path", compiled_paths())
@given(seed=st.integers(0, 10**6), height=st.integers(1, 700), width=st.integers(1, 700))
def test_compiled_core_gives_the_bits_of_its_twin(path: str, seed: int, height: int, width: int) -> None:
    raster = random_raster(seed, height, width)
    hashes, quality = hashes_on(path)(raster)
    expected, expected_quality = pdq_numpy.hashes(raster)
    assert quality == expected_quality
    np.testing.assert_array_equal(hashes, expected)


@pytest.mark.parametrize("path", compiled_paths())
@pytest.mark.parametrize("shape", [(5, 40_000), (40_000, 6), (70_000, 65), (2_500, 1_900)])
def test_long_rasters_give_the_bits_of_the_twin(path: str, shape: tuple[int, int]) -> None:
    raster = random_raster(5, *shape)
    np.testing.assert_array_equal(hashes_on(path)(raster)[0], pdq_numpy.hashes(raster)[0])


def test_a_flat_raster_has_no_quality(engine: str) -> None:
    assert pdq.pdq_hash(np.full((300, 400), 90, np.uint8))[1] == 0


@pytest.mark.parametrize("shape", [(1, 1), (4, 4), (4, 900), (900, 4)])
def test_too_small_a_raster_hashes_to_nothing_as_in_the_reference(
    engine: str, shape: tuple[int, int]
) -> None:
    raster = random_raster(1, *shape)
    assert pdq.pdq_hash(raster) == (bytes(32), 0) == reference(np.repeat(raster[:, :, None], 3, axis=2))


def test_rasters_that_are_not_contiguous_are_taken(engine: str) -> None:
    raster = random_raster(2, 400, 600)
    assert pdq.pdq_hash(raster[::2, ::3]) == pdq.pdq_hash(raster[::2, ::3].copy())
    assert pdq.pdq_hash(np.asfortranarray(raster)) == pdq.pdq_hash(raster)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (np.zeros((0, 10), np.uint8), "at least one pixel"),
        (np.zeros((10, 0), np.uint8), "at least one pixel"),
        (np.zeros((10, 10), np.float32), "array of uint8"),
        (np.zeros((10, 10, 3), np.uint8), "two-dimensional"),
        (np.zeros(10, np.uint8), "two-dimensional"),
        ([[1, 2], [3, 4]], "array of uint8"),
        (np.zeros((1, pdq.LARGEST_SIDE + 1), np.uint8), "at most"),
    ],
)
def test_what_is_no_grey_raster_is_refused(wrong: Raster, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        pdq.pdq_hash(wrong)


@pytest.mark.parametrize("path", compiled_paths()[:1])
def test_a_path_this_processor_lacks_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="no path named 'avx1024'"):
        hashes_on("avx1024")(random_raster(1, 10, 10))


def test_the_engine_is_named() -> None:
    assert ("native" if compiled_paths() else "numpy") == pdq.ENGINE
