"""Letters as PDF: accessible, neutral, the address in the window, the same bytes for the same words."""

from __future__ import annotations

import stat
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.desk.telling.channels import print_folder
from luwte.desk.telling.channels.port import Envelope, Fate
from luwte.desk.telling.channels.print_folder import WINDOW, PrintFolderChannel
from luwte.desk.telling.channels.spool import PrintFolder
from luwte.desk.wishes.rules import Register
from luwte.desk.words.claims import breaches
from luwte.desk.words.registry import text
from tests.support.pdf import Pdf

URL = "https://portaal.example/"
RETURN = "Postbus 100, 1000 AA Amsterdam"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LETTER = Envelope("ab" * 16, "", Register.DUTCH, NOW, "N. Jansen", ("Straat 1", "1234 AB Dorp"))
LONGEST = replace(
    LETTER, name="W" * 20, lines=("Kamer 2", "Derde verdieping", "Lange Straatnaam 100", "1234 AB Dorp")
)


def _pango() -> bool:
    try:
        import weasyprint  # noqa: F401 - only whether it loads
    except OSError:
        return False
    return True


needs_pango = pytest.mark.skipif(not _pango(), reason="needs Pango on this machine")


@pytest.fixture
def channel(tmp_path: Path) -> PrintFolderChannel:
    return PrintFolderChannel(PrintFolder(tmp_path / "spool", RETURN), URL)


def made(channel: PrintFolderChannel, envelope: Envelope = LETTER) -> Pdf:
    receipt = channel.deliver(envelope)
    assert receipt.fate == Fate.DELIVERED, receipt
    return Pdf((channel.spool.folder / f"{envelope.key}.pdf").read_bytes())


@needs_pango
@pytest.mark.parametrize("words", Register)
def test_a_letter_is_one_tagged_page_with_a_language_and_a_neutral_title(
    channel: PrintFolderChannel, words: Register
) -> None:
    pdf = made(channel, replace(LETTER, words=words))
    language = words.value[:2]
    catalogue = pdf.find("Catalog")
    assert "/MarkInfo <</Marked true>>" in catalogue
    assert f"/Lang ({language})" in catalogue
    assert "/DisplayDocTitle true" in catalogue
    assert "/Count 1" in pdf.find("Pages")
    (description,) = [one.decode() for one in pdf.streams.values() if one.startswith(b"<?xpacket")]
    title = text("contact.letter", words, url=URL).subject
    assert 'pdfuaid:part="1"' in description
    assert f">{title}</rdf:li>" in description
    assert "Date" not in description


@needs_pango
@pytest.mark.parametrize("envelope", [LETTER, LONGEST])
def test_the_address_stands_in_the_window_and_nothing_else_does(
    channel: PrintFolderChannel, envelope: Envelope
) -> None:
    lines = made(channel, envelope).shown()
    postcode = "1234 AB  DORP"
    address = [envelope.name, *envelope.lines[:-1], postcode]
    inside = [line for line in lines if line.bottom > WINDOW[1] and line.top < WINDOW[3] + 11]
    assert [line.text for line in inside] == [RETURN, *address]
    left, top, right, bottom = WINDOW
    for line in inside:
        assert left - 0.01 <= line.left < line.right <= right
        assert top <= line.top < line.bottom <= bottom


@needs_pango
@pytest.mark.parametrize("words", Register)
def test_a_letter_says_the_signed_words_and_no_more(channel: PrintFolderChannel, words: Register) -> None:
    lines = made(channel, replace(LETTER, words=words)).shown()
    below = " ".join(line.text for line in lines if line.top > 100).split()
    said = text("contact.letter", words, url=URL)
    assert below == f"{said.subject} {said.body}".split()
    assert breaches(" ".join(below), "en" if words == "en" else "nl", outside=True) == []


@needs_pango
def test_the_same_letter_has_the_same_bytes_on_another_day(channel: PrintFolderChannel) -> None:
    made(channel)
    time.sleep(1.1)
    other = replace(LETTER, key="cd" * 16, now=datetime(2027, 5, 6, tzinfo=UTC))
    made(channel, other)
    one, two = (channel.spool.folder / f"{key}.pdf" for key in (LETTER.key, other.key))
    assert one.read_bytes() == two.read_bytes()


@needs_pango
def test_an_address_is_text_whatever_stands_in_it(
    channel: PrintFolderChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[object] = []
    monkeypatch.setattr(print_folder, "_fetch_nothing", lambda *args, **_: fetched.append(args))
    hostile = '<img src="file:///etc/passwd">'
    lines = ("A</address><h1>B", "{x} &amp; %s", "1234 AB Dorp")
    shown = [line.text for line in made(channel, replace(LETTER, name=f"N {hostile}", lines=lines)).shown()]
    assert {f"N {hostile}", "A</address><h1>B", "{x} &amp; %s"} <= set(shown)
    assert fetched == []


def test_a_letter_fetches_nothing() -> None:
    with pytest.raises(ValueError, match="fetches nothing"):
        print_folder._fetch_nothing("https://example.org/")


@needs_pango
@pytest.mark.parametrize("place", [".", "printed"])
def test_a_letter_that_was_made_is_not_made_again(channel: PrintFolderChannel, place: str) -> None:
    made(channel)
    first = channel.spool.folder / f"{LETTER.key}.pdf"
    moved = first.rename(channel.spool.folder / place / first.name)
    moved.write_bytes(b"mark")
    assert channel.deliver(LETTER).fate == Fate.DELIVERED
    assert moved.read_bytes() == b"mark"
    assert [path.name for path in channel.spool.folder.rglob("*.pdf")] == [first.name]


@needs_pango
def test_a_letter_that_is_gone_is_not_made_again(channel: PrintFolderChannel) -> None:
    """Whoever prints may delete it at once, and so may retention."""
    made(channel)
    (channel.spool.folder / f"{LETTER.key}.pdf").unlink()
    assert channel.deliver(LETTER).fate == Fate.DELIVERED
    assert list(channel.spool.folder.rglob("*.pdf")) == []
    mark = channel.spool.folder / "made" / LETTER.key
    assert (mark.read_bytes(), stat.S_IMODE(mark.stat().st_mode)) == (b"", 0o600)


@needs_pango
def test_only_the_owner_reads_the_letters(channel: PrintFolderChannel) -> None:
    made(channel)
    folder = channel.spool.folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"{LETTER.key}.pdf").stat().st_mode) == 0o600


@needs_pango
@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Straat 1",),
        ("Straat 1", "Dorp 12"),
        ("Straat 1", "\u202e1234 AB Dorp"),
        ("Straat\x001", "1234 AB Dorp"),
        ("=Straat 1", "1234 AB Dorp"),
        ("a", "b", "c", "d", "e", "1234 AB Dorp"),
        *(("W" * length, "W" * length, "W" * length, "1234 AB Dorp") for length in (60, 61)),
    ],
)
def test_an_address_that_nobody_can_deliver_to_is_refused(
    channel: PrintFolderChannel, lines: tuple[str, ...]
) -> None:
    receipt = channel.deliver(replace(LETTER, lines=lines))
    assert (receipt.fate, receipt.cause) == (Fate.REFUSED, "refused")
    assert list(channel.spool.folder.rglob("*.pdf")) == []


@needs_pango
def test_an_address_elsewhere_ends_with_its_country(channel: PrintFolderChannel) -> None:
    lines = made(channel, replace(LETTER, lines=("Weg 1", "10115 Berlin", "Duitsland"))).shown()
    assert [line.text for line in lines][3:5] == ["10115 Berlin", "DUITSLAND"]


@needs_pango
def test_a_folder_that_cannot_be_written_is_not_reached(
    channel: PrintFolderChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = channel.spool.folder
    for folder in (spool / "printed", spool / "made", spool):
        folder.rmdir()
    assert channel.deliver(LETTER).fate == Fate.NOT_REACHED


def test_a_machine_without_pango_says_what_to_install(
    channel: PrintFolderChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Without:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Without(), *sys.meta_path])
    receipt = channel.deliver(LETTER)
    assert receipt.fate == Fate.NOT_REACHED
    assert "Install libpangoft2-1.0-0" in receipt.text


@pytest.mark.parametrize("sender", ["", "x" * 61, "a\nb", "Politie, Postbus 1, 1000 AA Amsterdam"])
def test_a_return_address_that_cannot_be_used_is_refused(tmp_path: Path, sender: str) -> None:
    with pytest.raises(BadInput, match="LUWTE_LETTER_SENDER"):
        PrintFolderChannel(PrintFolder(tmp_path, sender), URL)
