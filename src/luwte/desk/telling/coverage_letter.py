"""The page to print with a coverage statement: a QR code that shows later that the file is the one given.

It is as neutral as a letter: whoever finds it learns nothing from its words (T6).
"""

from __future__ import annotations

from html import escape

import segno

from luwte.base.errors import Failure
from luwte.desk.telling.channels.print_folder import LANGUAGES
from luwte.desk.telling.errors import TextUnsigned
from luwte.desk.wishes.rules import Register
from luwte.desk.words.registry import Text, template
from luwte.desk.words.services import signed

TEMPLATE = "coverage.paper"
MOST_CHARACTERS = 2_900
"""A QR code holds 2,953 bytes (ISO/IEC 18004, version 40, level L)."""
_DOTS = 8
_STYLE = """
@page { size: A4; margin: 25mm }
html { font: 11pt/1.4 "Liberation Sans", Arial, "DejaVu Sans", sans-serif; color: #000 }
h1 { font-size: 13pt; margin: 0 0 8mm }
p { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 5mm }
img { width: 90mm; height: 90mm; margin: 0 0 5mm; image-rendering: pixelated }
.digest { font-family: "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: 9pt }
"""


def coverage_letter(paper: str, digest: str, words: Register) -> bytes:
    """Return the PDF (PDF/UA-1) with the text `paper` as a QR code and the file's SHA-256 in digits.

    Raises `TextUnsigned` until two people signed its words; `Failure` where Pango is missing.
    """
    found = template(TEMPLATE, words)
    if not signed(found):
        raise TextUnsigned("The words of this page are not signed yet. `luwte desk words sign` signs them.")
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise Failure("Pages cannot be made on this machine: Pango is missing.") from error

    page = _page(paper, digest, found.fill(), LANGUAGES[words])
    made = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols={"data"})).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return bytes(made)


def _page(paper: str, digest: str, words: Text, language: str) -> str:
    code = segno.make(paper, error="l", micro=False).png_data_uri(scale=_DOTS, border=4)
    first, *others = (f"<p>{escape(part)}</p>" for part in words.body.strip().split("\n\n"))
    groups = " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(words.subject)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(words.subject)}</h1>{first}"
        f'<p><img alt="QR" src="{code}"></p><p class="digest">{groups}</p>'
        f"{''.join(others)}</main></body></html>"
    )
