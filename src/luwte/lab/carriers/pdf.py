"""Pictures and files that lie packed in a PDF (ISO 32000-2), read by pypdf.

A JPEG lies in a PDF as it is, and is carved. What is given here is what carving cannot see: pictures whose
samples are packed, JPEG 2000, attached files, and everything in a document that is encrypted but opens
without a password. Samples become a PGM or PPM file (Netpbm): its bytes follow from the picture alone.

The objects are taken one by one as they stand in the file, not along the tree of pages: so no tree can go in
circles, and what no page shows is given too.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import Any, Final

from luwte.lab.carriers.archive import BadArchive, TooLarge
from luwte.lab.carriers.carrier import Read, Unreadable, chunks_of, refused
from luwte.lab.carriers.packed import Encrypted, Member, Spend
from luwte.lab.carriers.samples import TOO_MUCH, Layout, as_picture, palette_of

MARK: Final = b"%PDF-"
LARGEST: Final = 512 << 20
MOST_SECONDS: Final = 20.0
"""Seconds of processor time that one document may take."""
MOST_EXPANDED: Final = 256 << 20
"""Bytes that one picture of a document may expand to."""

_HEAD = 32 << 10
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s{1,9}(\d{1,5})\s{1,9}obj")
_WORTH_A_LOOK = (b"Image", b"EmbeddedFile", b"#")  # a name may be written with #xx
_UNREAD = {"/CCITTFaxDecode": "CCITT", "/JBIG2Decode": "JBIG2", "/BrotliDecode": "Brotli"}
_SUFFIXES = {"/DCTDecode": "jpg", "/JPXDecode": "jp2"}
_COLOURS = {
    "/DeviceGray": 1,
    "/CalGray": 1,
    "/DeviceRGB": 3,
    "/CalRGB": 3,
    "/DeviceCMYK": 4,
}
_DAMAGED = "is damaged inside its document"

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class _TooLong(BaseException):
    """The document took longer than `MOST_SECONDS`; no `except Exception` of the library may keep that."""


class _Timed(BytesIO):
    """A content in memory that cannot be read for ever: `left` seconds of processor time in all."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.left = MOST_SECONDS
        self._until = 0.0

    def read(self, size: int | None = -1, /) -> bytes:
        if time.process_time() > self._until:
            raise _TooLong
        return super().read(size)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the time run while the block does. Raises `_TooLong` when none is left."""
        if self.left <= 0:
            raise _TooLong
        self._until = time.process_time() + self.left
        try:
            yield
        finally:
            self.left = self._until - time.process_time()


def is_pdf(head: bytes) -> bool:
    """Return whether the file that begins with `head` is a PDF."""
    return head.lstrip(b"\xef\xbb\xbf\0\t\r\n ").startswith(MARK)


def members(read: Read, size: int, spend: Spend) -> Iterator[Member]:
    """Give what lies packed in the PDF of `size` bytes behind `read`.

    Raises `Encrypted` when it needs a password, `TooLarge` beyond the bounds, else `BadArchive`.
    """
    if size > LARGEST:
        raise TooLarge(f"it is larger than {LARGEST >> 20} MiB")
    content = b"".join(chunks_of(read, size))
    source = _Timed(content)
    with _bounded(source):
        document = _opened(source)
        numbers = dict.fromkeys(_worth_a_look(content))
    for number, generation in numbers:
        with _bounded(source):
            member = _member(document, number, generation, spend)
            document.resolved_objects.clear()  # it would keep each picture that was unpacked
        if member is not None:
            yield member


@contextmanager
def _bounded(source: _Timed) -> Iterator[None]:
    """Bound what the library may take and expand, and tell whatever it raises in our words."""
    from pypdf import apply_configuration

    try:
        with (
            source.running(),
            apply_configuration(
                disable_legacy_handling=True,
                zlib_maximum_output_length=MOST_EXPANDED,
                lzw_maximum_output_length=MOST_EXPANDED,
                run_length_maximum_output_length=MOST_EXPANDED,
                maximum_declared_stream_length=MOST_EXPANDED,
                stream_decoding_work_maximum_length=4 * MOST_EXPANDED,
                jbig2dec_binary=None,
            ),
        ):
            yield
    except (BadArchive, Unreadable):
        raise
    except (_TooLong, MemoryError):
        raise TooLarge("it takes too long or too much memory") from None
    except Exception as error:  # the library raises nearly everything on damaged input
        raise BadArchive("it is damaged") from error


def _opened(source: _Timed) -> Any:
    from pypdf import PasswordType, PdfReader

    document = PdfReader(source)
    if document.is_encrypted and document.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise Encrypted
    return document


def _worth_a_look(content: bytes) -> Iterator[tuple[int, int]]:
    """Give number and generation of what may be a picture or a file, in the order of their place.

    They are looked for in the bytes: a table of objects that leaves one out, or is wrong, hides nothing so.
    """
    for found in _OBJECT.finditer(content):
        start = found.end()
        ends = content.find(b"stream", start, start + _HEAD)
        about = content[start : ends if ends >= 0 else start + _HEAD]
        if any(mark in about for mark in _WORTH_A_LOOK):
            yield int(found[1]), int(found[2])


def _member(document: Any, number: int, generation: int, spend: Spend) -> Member | None:
    from pypdf.errors import LimitReachedError, PyPdfError
    from pypdf.generic import IndirectObject, StreamObject

    try:
        found = IndirectObject(number, generation, document).get_object()
        if not isinstance(found, StreamObject):
            return None
        if found.get("/Type") == "/EmbeddedFile":
            return _given(f"{number}", found.get_data(), spend)
        if found.get("/Subtype") != "/Image" or found.get("/ImageMask"):
            return None
        return _picture(found, str(number), spend, carved=not document.is_encrypted)
    except Unreadable as failure:
        return Member(f"{number}", 0, partial(refused, failure.reason), None)
    except LimitReachedError:
        return Member(f"{number}", 0, partial(refused, TOO_MUCH), None)
    except (PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError):
        return Member(f"{number}", 0, partial(refused, _DAMAGED), None)


def _picture(found: Any, number: str, spend: Spend, *, carved: bool) -> Member | None:
    """Return the picture of an image; None when it lies in the open and is `carved`."""
    filters = _listed(found.get("/Filter"))
    last = filters[-1] if filters else ""
    if carved and filters == ["/DCTDecode"]:
        return None
    for name in filters:
        if name in _UNREAD:
            raise Unreadable(f"is packed in a way that is not read ({_UNREAD[name]})")
    content = found.get_data()
    if last in _SUFFIXES:
        return _given(f"{number}.{_SUFFIXES[last]}", content, spend)
    suffix, picture = as_picture(_layout(found), content)
    return _given(f"{number}.{suffix}", picture, spend)


def _given(name: str, content: bytes, spend: Spend) -> Member:
    spend(len(content))
    kept = memoryview(content)

    def read(offset: int, size: int) -> bytes:
        return bytes(kept[offset : offset + size])

    return Member(name, len(content), lambda: chunks_of(read, len(content)), read)


def _layout(found: Any) -> Layout:
    """Return how the samples of the image `found` are laid out. Raises `Unreadable` for other colours."""
    width, height = int(found["/Width"]), int(found["/Height"])
    bits = int(found.get("/BitsPerComponent", 8))
    colours, palette = _colours(found.get("/ColorSpace"))
    decode = [float(value) for value in _listed(found.get("/Decode"))]
    inverted = bool(decode) and palette is None and decode[0] > decode[1]
    return Layout(width, height, bits, colours, palette, inverted)


def _colours(space: Any) -> tuple[int, bytes | None]:
    """Return how many samples a pixel has, and of indexed ones the palette."""
    names = _listed(space)
    kind = str(names[0]) if names else ""
    if kind == "/Indexed":
        base, _ = _colours(names[1])
        table = names[3].get_object()
        return 1, palette_of(table.get_data() if hasattr(table, "get_data") else table.original_bytes, base)
    if kind == "/ICCBased":
        return int(names[1].get_object()["/N"]), None
    if kind not in _COLOURS:
        raise Unreadable("has colours that are not read inside a document")
    return _COLOURS[kind], None


def _listed(value: Any) -> list[Any]:
    value = value.get_object() if hasattr(value, "get_object") else value
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
