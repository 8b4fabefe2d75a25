"""PDF files with pictures for tests, written object by object (ISO 32000-2)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

Object = tuple[str, bytes]


def image(
    samples: bytes, width: int, height: int, colours: str = "/DeviceRGB", bits: int = 8, **more: str
) -> Object:
    """Return an image of packed `samples`; `more` goes into its dictionary or replaces what is there."""
    about = {"Filter": "/FlateDecode", "ColorSpace": colours, "BitsPerComponent": str(bits)} | more
    fields = " ".join(f"/{name} {value}" for name, value in about.items())
    content = zlib.compress(samples) if about["Filter"] == "/FlateDecode" else samples
    return f"/Type /XObject /Subtype /Image /Width {width} /Height {height} {fields}", content


def pdf(images: Sequence[Object], *, others: Mapping[int, bytes] | None = None, page: bytes = b"") -> bytes:
    """Return a PDF of one page with `images`, objects 5 and on; `others` are more objects by number."""
    names = " ".join(f"/I{number} {number} 0 R" for number in range(5, 5 + len(images)))
    shown = f"/XObject << {names} >>"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: f"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << {shown} >> >>".encode(),
        4: stream("", page),
    }
    objects |= {number: stream(*each) for number, each in enumerate(images, 5)} | dict(others or {})
    content, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for number, body in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, count = len(content), max(objects) + 1
    rows = [
        b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
        for number in range(count)
    ]
    content += b"xref\n0 %d\n%b" % (count, b"".join(rows))
    return content + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)


def stream(about: str, content: bytes) -> bytes:
    """Return the stream object of `content`, with `about` in its dictionary."""
    return f"<< {about} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
