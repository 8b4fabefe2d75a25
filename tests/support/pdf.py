"""Reads back what the letters' tests ask of a PDF that WeasyPrint made: its texts, and where they stand.

Not a reader for other PDFs: it knows the few forms that WeasyPrint writes (ISO 32000-2, 7.3-7.5 and 9.4).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

MM = 25.4 / 72
_STREAM = re.compile(rb"(\d+) 0 obj\n<<(.*?)>>\nstream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(r"1 0 0 -1 ([\d.]+) ([\d.]+) Tm\n/(\w+) ([\d.]+) Tf\n\[(.*?)\] TJ", re.DOTALL)
_PART = re.compile(r"<([0-9a-f]+)>|(-?[\d.]+)")


@dataclass(frozen=True)
class Shown:
    """A line of text, and the millimetres from the left and the top between which it stands."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


class Pdf:
    """One PDF: `objects` without their streams, by number, and `streams`, unpacked."""

    def __init__(self, content: bytes) -> None:
        self.objects: dict[int, str] = {}
        self.streams: dict[int, bytes] = {}
        for number, head, body in _STREAM.findall(content):
            packed = b"/FlateDecode" in head
            self.streams[int(number)] = zlib.decompress(body) if packed else body
            if b"/ObjStm" in head:
                self._unpack(head.decode(), self.streams[int(number)].decode("latin1"))

    def _unpack(self, head: str, text: str) -> None:
        first = int(re.findall(r"/First (\d+)", head)[0])
        table = [int(one) for one in text[:first].split()]
        offsets = [*table[1::2], len(text) - first]
        for place, number in enumerate(table[::2]):
            self.objects[number] = text[first + offsets[place] : first + offsets[place + 1]]

    def find(self, kind: str) -> str:
        """Return the one object of /Type `kind`."""
        (found,) = [text for text in self.objects.values() if re.search(rf"/Type /{kind}(?!\w)", text)]
        return found

    def shown(self) -> list[Shown]:
        """Return the lines of the only page."""
        number = int(re.findall(r"/Contents (\d+)", self.find("Page"))[0])
        scale = 0.75
        lines = []
        for x, y, font, size, parts in _SHOWN.findall(self.streams[number].decode("latin1")):
            letters, widths = self._font(font)
            text, width = "", 0.0
            for glyphs, gap in _PART.findall(parts):
                for glyph in re.findall("....", glyphs):
                    text += letters[int(glyph, 16)]
                    width += widths[int(glyph, 16)]
                width -= float(gap or 0)
            left, base, high = (float(one) * scale * MM for one in (x, y, size))
            lines.append(Shown(text, left, left + width / 1000 * high, base - high, base + 0.25 * high))
        return lines

    def _font(self, name: str) -> tuple[dict[int, str], dict[int, float]]:
        (font,) = {
            int(number)
            for text in self.objects.values()
            for number in re.findall(rf"/{name} (\d+) 0 R", text)
        }
        unicode = int(re.findall(r"/ToUnicode (\d+)", self.objects[font])[0])
        below = int(re.findall(r"/DescendantFonts \[(\d+)", self.objects[font])[0])
        pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>\n", self.streams[unicode].decode())
        letters = {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}
        runs = re.findall(r"(\d+) \[([\d. ]+)\]", re.findall(r"/W \[(.*)\]", self.objects[below])[0])
        widths = {
            int(start) + place: float(width) for start, run in runs for place, width in enumerate(run.split())
        }
        return letters, widths
