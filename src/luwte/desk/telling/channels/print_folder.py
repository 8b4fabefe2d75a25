"""The neutral letter as a PDF in a folder, for a printer of one's own.

PDF/UA-1 (ISO 14289-1), A4, folded in three for a C5/6 envelope (110 x 220 mm) with its window on the left.
The address stands where every such window shows it: NotifyNL looks for it 24.6-120 mm from the left and 50-90
mm from the top (`app/precompiled.py` of notifynl-template-preview); the window of DIN 680 (90 x 45 mm, 20 mm
from the left, 15 mm from the bottom) shows at least 20-100 and 50-84 mm, however the sheet slides inside.
"""

from __future__ import annotations

from html import escape
from typing import Any

from luwte.base.errors import Failure
from luwte.desk.telling.channels.errors import ChannelSettingsWrong
from luwte.desk.telling.channels.neutral import check_neutral, check_url
from luwte.desk.telling.channels.port import LONGEST_RECEIPT, Envelope, Fate, Receipt
from luwte.desk.telling.channels.postal import block
from luwte.desk.telling.channels.spool import PrintFolder
from luwte.desk.wishes.rules import Register
from luwte.desk.words.registry import Text, text

WINDOW = (25.0, 50.0, 100.0, 84.0)
"""Millimetres from the left and the top of the sheet: left, top, right, bottom."""
LANGUAGES = {Register.DUTCH: "nl", Register.YOUTH: "nl", Register.ENGLISH: "en"}
_STYLE = """
@page { size: A4; margin: 0 }
html { font: 11pt/1.4 "Liberation Sans", Arial, "DejaVu Sans", sans-serif; color: #000 }
body { margin: 0 }
address { position: absolute; left: 25mm; top: 51mm; width: 75mm; font: inherit; font-size: 10pt }
address { line-height: 4.4mm }
address span { display: block; white-space: pre-wrap; overflow-wrap: anywhere }
address .return { font-size: 6.5pt; white-space: nowrap }
main { position: absolute; left: 25mm; top: 110mm; width: 150mm }
h1 { font-size: 13pt; margin: 0 0 8mm }
p { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 5mm }
"""


class PrintFolderChannel:
    """Writes each letter whole into a folder under its key; one that was made is not made again."""

    idempotent = True

    def __init__(self, spool: PrintFolder, url: str) -> None:
        if not spool.sender or len(spool.sender) > 60 or not spool.sender.isprintable():
            raise ChannelSettingsWrong(
                "Letters need an address to which the post returns them. Give LUWTE_LETTER_SENDER as one "
                "line of at most 60 characters, such as: Postbus 100, 1000 AA Amsterdam."
            )
        check_neutral("LUWTE_LETTER_SENDER", spool.sender)
        check_url(url)
        self.spool, self.url = spool, url
        spool.begin()

    def deliver(self, envelope: Envelope) -> Receipt:
        """Put the letter into the folder, and return what became of it."""
        if self.spool.has(envelope.key):
            return Receipt(Fate.DELIVERED, "the letter was put into the print folder already")
        address = block(envelope.name, envelope.lines)
        if address is None:
            return Receipt(Fate.REFUSED, "nobody can deliver a letter to this postal address", "refused")
        words = text("contact.letter", envelope.words, url=self.url)
        try:
            content = letter(address, self.spool.sender, words, LANGUAGES[envelope.words])
            if content is None:
                return Receipt(Fate.REFUSED, "the postal address does not fit in the window", "refused")
            self.spool.put(envelope.key, content)
        except Failure as error:
            return Receipt(Fate.NOT_REACHED, str(error)[:LONGEST_RECEIPT])
        return Receipt(Fate.DELIVERED, "the letter is in the print folder")


def letter(address: tuple[str, ...], sender: str, words: Text, language: str) -> bytes | None:
    """Return the PDF: always the same bytes for the same words; None when the address overflows the window.

    Raises `Failure` when a part that WeasyPrint needs (Pango) is not on this machine.
    """
    try:
        from weasyprint import HTML
    except OSError as error:
        raise Failure(
            "Letters cannot be made on this machine: Pango is missing. Install libpangoft2-1.0-0, "
            "libharfbuzz-subset0 and fonts-dejavu-core."
        ) from error

    page = HTML(string=_page(address, sender, words, language), url_fetcher=_fetch_nothing).render(
        pdf_variant="pdf/ua-1"
    )
    if len(page.pages) != 1 or not _fits(page.pages[0]):
        return None
    made = page.write_pdf(pdf_variant="pdf/ua-1")
    return made if isinstance(made, bytes) else None


def _page(address: tuple[str, ...], sender: str, words: Text, language: str) -> str:
    shown = "".join(f"<span>{escape(line)}</span>" for line in address)
    said = "".join(f"<p>{escape(part)}</p>" for part in words.body.strip().split("\n\n"))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(words.subject)}</title><style>{_STYLE}</style></head><body>"
        f'<address><span class="return">{escape(sender)}</span>{shown}</address>'
        f"<main><h1>{escape(words.subject)}</h1>{said}</main></body></html>"
    )


def _fits(page: Any) -> bool:
    """Whether the address ends above the lower edge of the window (CSS pixels are 1/96 inch)."""
    for box in page._page_box.descendants():
        if box.element_tag == "address":
            return float(box.position_y + box.margin_height()) <= WINDOW[3] / 25.4 * 96
    return False


def _fetch_nothing(*_: object, **__: object) -> Any:
    raise ValueError("a letter fetches nothing")
