"""What lies packed in a PDF, and what a hostile one may cost."""

from __future__ import annotations

import zlib
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from luwte.lab.carriers import pdf as documents
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from tests.lab.carriers.test_compound import walked
from tests.lab.carriers.test_sifting import given
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.packing import tar
from tests.support.pdfs import image, pdf, stream

PICTURE = drawn(1)
SIZE = PICTURE.size
RGB = image(PICTURE.tobytes(), *SIZE)
OPEN = image(jpeg(2), *SIZE, Filter="/DCTDecode")
JP2 = encoded(drawn(3), "JPEG2000")
GREY = PICTURE.convert("L")


def test_packed_samples_become_a_picture_and_a_jpeg_in_the_open_is_carved_once() -> None:
    content = pdf([RGB, OPEN])
    found, problems, reasons = walked(given("a.pdf", content), given("next", b"x"))
    carved = next(path for path in found if "$Carved" in path)
    assert set(found) == {"a.pdf", "a.pdf/5.ppm", carved, "next"}
    assert found[carved] == jpeg(2)
    samples = found["a.pdf/5.ppm"]
    assert isinstance(samples, bytes)
    assert Image.open(BytesIO(samples)).tobytes() == PICTURE.tobytes()
    assert fingerprint_bytes(samples).pdq == fingerprint_bytes(encoded(PICTURE, "PNG")).pdq
    assert (problems, reasons) == ([], {"a.pdf": None})


def by_name(content: bytes) -> dict[str, bytes | str]:
    """Return what is given of the PDF `content`, but for itself and what is carved."""
    found, _, _ = walked(given("a", content))
    return {path[2:]: value for path, value in found.items() if path != "a" and "$Carved" not in path}


def test_pictures_that_are_packed_twice_or_no_jpeg_are_given_as_they_are() -> None:
    twice = image(zlib.compress(jpeg(2)), *SIZE, Filter="[/FlateDecode /DCTDecode]")
    content = pdf([twice, image(JP2, *SIZE, Filter="/JPXDecode")])
    assert by_name(content) == {"5.jpg": jpeg(2), "6.jp2": JP2}


@pytest.mark.parametrize(
    ("one", "others", "suffix"),
    [
        (image(GREY.tobytes(), *SIZE, "/DeviceGray"), {}, "pgm"),
        (image(GREY.tobytes(), *SIZE, "[/CalGray << /WhitePoint [1 1 1] >>]"), {}, "pgm"),
        (image(PICTURE.tobytes(), *SIZE, "[/ICCBased 9 0 R]"), {9: stream("/N 3", b"icc")}, "ppm"),
        (
            image(PICTURE.tobytes(), *SIZE, "9 0 R"),
            {9: b"[/ICCBased 10 0 R]", 10: stream("/N 3", b"i")},
            "ppm",
        ),
        (image(PICTURE.convert("CMYK").tobytes(), *SIZE, "/DeviceCMYK"), {}, "ppm"),
        (
            image(bytes(255 - each for each in GREY.tobytes()), *SIZE, "/DeviceGray", Decode="[1 0]"),
            {},
            "pgm",
        ),
        (image(PICTURE.tobytes(), *SIZE, Filter="[]"), {}, "ppm"),
    ],
)
def test_each_kind_of_colours_gives_the_same_picture(
    one: tuple[str, bytes], others: dict[int, bytes], suffix: str
) -> None:
    ((name, found),) = by_name(pdf([one], others=others)).items()
    assert name == f"5.{suffix}"
    assert isinstance(found, bytes)
    expected = PICTURE if suffix == "ppm" else GREY
    assert Image.open(BytesIO(found)).tobytes() == expected.tobytes()


@pytest.mark.parametrize("inline", [False, True])
def test_a_palette_in_the_document_is_used(inline: bool) -> None:
    indexed = PICTURE.quantize(200)
    palette = bytes(indexed.getpalette() or ())[:600]
    table = f"<{palette.hex()}>" if inline else "9 0 R"
    one = image(indexed.tobytes(), *SIZE, f"[/Indexed /DeviceRGB 199 {table}]")
    (found,) = by_name(pdf([one], others={9: stream("", palette)})).values()
    assert isinstance(found, bytes)
    assert Image.open(BytesIO(found)).tobytes() == indexed.convert("RGB").tobytes()


def test_rows_that_were_predicted_are_restored() -> None:
    rows = [PICTURE.tobytes()[at : at + 1920] for at in range(0, 640 * 480 * 3, 1920)]
    parameters = "<< /Predictor 15 /Colors 3 /Columns 640 >>"
    one = image(b"".join(b"\0" + row for row in rows), *SIZE, DecodeParms=parameters)
    (found,) = by_name(pdf([one])).values()
    assert isinstance(found, bytes)
    assert Image.open(BytesIO(found)).tobytes() == PICTURE.tobytes()


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (image(b"x", 9, 9, Filter="/CCITTFaxDecode"), "is packed in a way that is not read (CCITT)"),
        (image(b"x", 9, 9, Filter="/JBIG2Decode"), "is packed in a way that is not read (JBIG2)"),
        (image(bytes(99), 9, 9, "[/Separation /Ink /DeviceRGB 4 0 R]"), "has colours that are not read"),
        (image(bytes(99), 9, 9, "[/Lab << >>]"), "has colours that are not read"),
        (image(bytes(9), 900, 900), "breaks off"),
        (image(bytes(9), 0, 9), "no sense"),
        (image(b"x", 9, 9, Filter="/Unheard"), "damaged"),
        (image(bytes(300), 9, 9, "9 0 R"), "damaged"),
        (image(bytes(600 << 20), 9, 9), "expands to too much"),
    ],
)
def test_what_is_not_read_says_so(one: tuple[str, bytes], reason: str) -> None:
    (found,) = by_name(pdf([one], others={9: b"[/Indexed 9 0 R 255 9 0 R]"})).values()
    assert isinstance(found, str)
    assert reason in found


def test_attached_files_are_given_and_opened() -> None:
    attached = stream("/Type /EmbeddedFile /Filter /FlateDecode", zlib.compress(tar({"b.jpg": jpeg(4)})))
    assert by_name(pdf([], others={9: attached}))["9/b.jpg"] == jpeg(4)


def test_masks_are_no_pictures() -> None:
    assert by_name(pdf([image(bytes(99), 9, 9, ImageMask="true")])) == {}


def locked(password: str) -> bytes:
    """Return a PDF that asks for `password` before it is read, "" for nothing."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf([RGB, OPEN]))))
    writer.encrypt(password, "an owner's own", algorithm="AES-256")
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_document_with_a_password_says_so_and_one_that_opens_without_is_read() -> None:
    found, problems, reasons = walked(given("a", locked("a password")))
    assert list(found) == ["a"]
    assert len(problems) == 1
    assert reasons == {"a": "archive or document that could not be opened whole (it is encrypted)"}
    opened = by_name(locked(""))
    assert jpeg(2) in opened.values()
    assert sorted(name.rpartition(".")[2] for name in opened) == ["jpg", "ppm"]


def test_a_document_whose_table_of_objects_is_not_where_it_says_is_read() -> None:
    assert list(by_name(pdf([RGB]).replace(b"startxref\n", b"startxref\n9"))) == ["5.ppm"]


@pytest.mark.parametrize("entry", [b"0000000017 00000 n", b"0000000015 00000 n", b"0000000000 00001 f"])
def test_an_object_that_is_not_where_the_table_says_is_looked_for(entry: bytes) -> None:
    content = pdf([RGB])
    place = content.index(b"5 0 obj")
    assert list(by_name(content.replace(b"%010d 00000 n" % place, entry))) == ["5.ppm"]


def test_many_pictures_are_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []
    reader = documents._opened

    def opened(source: Any) -> Any:
        kept.append(reader(source))
        return kept[0]

    monkeypatch.setattr(documents, "_opened", opened)
    assert len(by_name(pdf([RGB] * 9))) == 9
    assert not kept[0].resolved_objects


def test_one_that_takes_too_long_is_given_up_and_still_carved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_SECONDS", -1.0)
    found, problems, reasons = walked(given("a", pdf([RGB, OPEN])))
    assert [value for path, value in found.items() if path != "a"] == [jpeg(2)]
    assert len(problems) == 1
    assert reasons == {"a": "archive or document too large to be opened whole"}


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4", b"%PDF-1.7 stream " + jpeg(1), pdf([RGB])[:300], b"%PDF-\n" + b"<<" * 60_000]
)
def test_what_is_no_document_says_so(content: bytes) -> None:
    found, _, reasons = walked(given("a", content))
    assert str(reasons["a"]).startswith("archive or document that could not be opened whole")
    assert found["a"] == content


def test_damage_anywhere_ends() -> None:
    small = drawn(5, 64, 48)
    whole = pdf(
        [
            image(small.tobytes(), 64, 48),
            image(small.tobytes(), 64, 48, "[/ICCBased 9 0 R]"),
            image(small.convert("L").tobytes(), 64, 48, "[/Indexed /DeviceRGB 255 9 0 R]"),
        ],
        others={9: stream("/N 3", bytes(768))},
    )
    random = Random(5)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(random.randrange(1, 9)):
            place = random.randrange(len(content))
            content[place : place + random.randrange(3)] = random.choice(
                [b"", b"0", b"<<", b"99", b" R", b"\xff"]
            )
        found, _, reasons = walked(given("a", bytes(content)))
        assert found["a"] == bytes(content)
        assert set(reasons) <= {"a"}
