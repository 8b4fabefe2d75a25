from __future__ import annotations

import numpy as np
import pytest

from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.pieces import Garbled
from luwte.lab.scan.raster_record import HEAD_BYTES, NO_PICTURE, SIDE, following, pack_raster, unpack_raster


def test_a_raster_and_each_reason_come_back() -> None:
    raster = np.arange(6, dtype=np.uint8).reshape(2, 3)
    record = pack_raster(raster)
    assert following(record[:HEAD_BYTES]) == 6
    assert np.array_equal(unpack_raster(record), raster)
    for why in Reason:
        assert unpack_raster(pack_raster(why)) == str(why)
    assert unpack_raster(pack_raster(None)) == NO_PICTURE


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\0" * (HEAD_BYTES - 1),
        b"\xff" * HEAD_BYTES,
        bytes(HEAD_BYTES),
        pack_raster(np.zeros((2, 3), np.uint8))[:-1],
        pack_raster(np.zeros((2, 3), np.uint8)) + b"x",
        pack_raster(np.zeros((1, SIDE + 1), np.uint8)),
        pack_raster(np.zeros((SIDE + 1, 1), np.uint8)),
        b"\1" + pack_raster(np.zeros((1, 1), np.uint8))[1:],
    ],
)
def test_what_no_picture_can_have_is_refused(record: bytes) -> None:
    with pytest.raises(Garbled):
        unpack_raster(record)
