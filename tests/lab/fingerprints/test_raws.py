from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.fingerprints.raws import preview
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.raws import cr3, embedded, orf, sensor, strip, tiff

LARGE, SMALL = jpeg(1), encoded(drawn(1, 160, 120))

RAWS = {
    "as CR2": tiff(
        strip(LARGE), embedded(SMALL), strip(b"\xff\xd8\xff\xc3\0\x0b\x0e" * 9000), mark=b"CR\2\0" + bytes(8)
    ),
    "as NEF": tiff({0x100: 160}, nested=(embedded(LARGE), sensor())),
    "as NEF, big": tiff({0x100: 160}, nested=(embedded(LARGE), sensor()), order=">"),
    "as ARW": tiff(embedded(LARGE), embedded(SMALL), nested=(sensor(),)),
    "as DNG": tiff(strip(SMALL, compression=7), nested=(sensor(), strip(LARGE, compression=7))),
    "as RAF": b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0")
    + struct.pack(">II", 92, len(LARGE))
    + LARGE
    + bytes(50_000),
    "as ORF": orf(LARGE, SMALL),
    "as ORF, other marks": orf(LARGE, SMALL, mark=b"IIRS"),
    "as ORF, big": orf(LARGE, SMALL, mark=b"MMOR", notes=b"OLYMPUS\0MM\0\3"),
    "as ORF of OM": orf(LARGE, SMALL, notes=b"OM SYSTEM\0\0\0II\4\0"),
    "as old ORF": orf(LARGE, SMALL, notes=b"OLYMP\0\1\0"),
    "as CR3": cr3(LARGE, SMALL),
    "as CR3, preview alone": cr3(b"\xff\1 CRX", LARGE),
    "as CR3, short": cr3(LARGE, SMALL, long=False),
}


@pytest.mark.parametrize("name", RAWS)
def test_the_largest_preview_stands_for_a_raw_file(name: str) -> None:
    found, alone = fingerprint_bytes(RAWS[name]), fingerprint_bytes(LARGE)
    assert preview(RAWS[name]) == LARGE
    assert (found.kind, found.error, found.variants) == ("picture", None, alone.variants)


def test_the_preview_of_a_panasonic_is_the_value_of_a_tag() -> None:
    entry = struct.pack("<HHII", 0x2E, 7, len(LARGE), 26)
    content = b"IIU\0" + struct.pack("<IH", 8, 1) + entry + bytes(4) + LARGE
    assert preview(content) == LARGE


def test_a_tiff_of_no_camera_has_no_preview() -> None:
    assert preview(encoded(drawn(1), "TIFF", compression="jpeg")) is None
    assert preview(tiff(embedded(LARGE))) is None


def test_what_a_sensor_saw_is_no_preview() -> None:
    deep = LARGE.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c")
    assert preview(tiff(strip(deep), nested=(sensor(),))) is None


def test_directories_that_lead_to_one_another_end() -> None:
    content = bytearray(tiff({0x106: 32803}, embedded(LARGE)))
    last = content.rindex(struct.pack("<HHI", 0x202, 4, 1)) + 12
    struct.pack_into("<I", content, last, struct.unpack_from("<I", content, 4)[0])
    assert preview(bytes(content)) == LARGE


@given(st.data())
def test_damage_anywhere_gives_a_preview_or_none(data: st.DataObject) -> None:
    content = bytearray(
        tiff(embedded(b"\xff\xd8\xff\xc0\0\x11\x08"), strip(b"\xff\xd8\xff\xc0"), nested=(sensor(b"x"),))
    )
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = preview(bytes(content))
    assert found is None or found.startswith(b"\xff\xd8\xff")


@given(st.data())
def test_damage_in_boxes_and_notes_gives_a_preview_or_none(data: st.DataObject) -> None:
    short = b"\xff\xd8\xff\xc0\0\x11\x08"
    content = bytearray(data.draw(st.sampled_from([cr3(short, short), orf(short, short), orf(b"", b"")])))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(12, min(900, len(content) - 1)))] = data.draw(st.integers(0, 255))
    found = preview(bytes(content))
    assert found is None or found.startswith(b"\xff\xd8\xff")


def test_boxes_without_end_and_inside_one_another_end() -> None:
    start = cr3(LARGE, SMALL)[:24]
    assert preview(start + struct.pack(">I4s", 8, b"moov") * 100_000) is None
    deep = b"".join(struct.pack(">I4s", 8 * number, b"moov") for number in range(100_000, 0, -1))
    assert preview(start + deep) is None
    assert preview(start + struct.pack(">I4sQ", 1, b"mdat", 3) * 9) is None


@pytest.mark.parametrize("content", [cr3(b"x", b"y"), orf(b"x", b"y"), b"IIRO\x08\0\0\0", b"MMOR"])
def test_a_raw_file_without_a_preview_is_named(content: bytes) -> None:
    assert fingerprint_bytes(content).error == Reason.FORMAT
