import numpy as np
from numpy.typing import NDArray

def paths() -> list[str]:
    """The names of the paths this processor can run, fastest first: of avx512, avx2, plain."""

def pdq_hashes(grey: NDArray[np.uint8], path: str = "") -> tuple[NDArray[np.uint8], int]:
    """The 8 dihedral PDQ hashes (8, 32) and the quality of a C-contiguous raster, on the path named."""

def sift_keypoints(
    grey: NDArray[np.uint8], contrast: float, most: int, path: str = ""
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Places (N, 4) and descriptors (N, 128) of the `most` strongest keypoints of a C-contiguous raster.

    `contrast` is the least, of 1 from black to white. No side is above 1024 pixels; ValueError otherwise.
    """

def radius_search(
    queries: NDArray[np.uint8], references: NDArray[np.uint8], radius: int, path: str = ""
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.uint16]]:
    """Query rows, reference rows and distances of all pairs within the radius, on the path named."""

class Bands:
    """An index of hashes that a radius search need not all look at, made on so many threads.

    It reads `references` (N, 32), N below 2^32, in place.
    """

    widest_radius: int

    def __init__(self, references: NDArray[np.uint8], threads: int, path: str = "") -> None: ...
    def search(
        self, queries: NDArray[np.uint8], radius: int
    ) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.uint16]], NDArray[np.intp]]:
        """Pairs as of `radius_search`, and the query rows left to it, because it costs less for them."""

class Digests:
    """An index of digests (N, W) that ascend, N below 2^32 and W at least 4; it reads `rows` in place."""

    def __init__(self, rows: NDArray[np.uint8]) -> None: ...
    def find(self, asked: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows of `asked` (Q, W) and of the list, of all pairs that are equal; by query, then by row."""

class Codes:
    """Local codes (N, 20) of references that have `counts` (R,) of them, N below 2^32; read in place."""

    widest_radius: int

    def __init__(self, codes: NDArray[np.uint8], counts: NDArray[np.uint8], path: str = "") -> None: ...
    def index(self, threads: int) -> None:
        """Make tables on so many threads: what `best` finds stays the same, and it looks at few codes."""

    def best(
        self, asked: NDArray[np.uint8], radius: int, most: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]]:
        """The `most` best references for codes (Q, 16), their votes and weights; as `codes_numpy.Codes`."""
