"""The page to print: one accessible page, neutral words, a code that a phone reads back as it was."""

from __future__ import annotations

import json
import re
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from luwte.crypto.notes import Signer
from luwte.desk.audit import checkpoints
from luwte.desk.audit.desk import DESK
from luwte.desk.telling import stating
from luwte.desk.telling.coverage_letter import MOST_CHARACTERS, TEMPLATE, coverage_letter
from luwte.desk.telling.errors import TextUnsigned
from luwte.desk.wishes.rules import Register
from luwte.desk.words.claims import breaches
from luwte.desk.words.registry import template
from tests.desk.telling.channels.test_print_folder import needs_pango
from tests.support.audit import acts
from tests.support.coverage import Stage
from tests.support.desk import NOON, someone
from tests.support.exchange import entries
from tests.support.pdf import Pdf

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]


_PICTURE = re.compile(rb"/Width (\d+)/Height \1/ColorSpace /DeviceRGB.*?stream\r?\n", re.DOTALL)


def _read_code(pdf: bytes) -> str:
    """Return the text of the only picture in `pdf` (rows as in a PNG), as a reader of QR codes sees it."""
    (found,) = _PICTURE.finditer(pdf)
    side, rows = int(found[1]), zlib.decompressobj().decompress(pdf[found.end() :])
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))
        for name, part in parts
    )
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return cv2.QRCodeDetectorAruco().detectAndDecode(picture)[0]


@needs_pango
@pytest.mark.usefixtures("signed")
def test_the_code_on_the_page_is_the_proof(tmp_path: Path) -> None:
    stage, noor = Stage.at(tmp_path), someone(series="series 0").subject
    stage.search(stage.listed(entries(30)))
    stage.checkpoint()
    one = stating.state(noor, 2026, NOON + timedelta(hours=2))
    acts(DESK, 700)
    stage.checkpoint()
    for number in range(2):
        witness = Signer(f"court-{number}.example/luwte", bytes([number]) * 32, witness=True)
        body = checkpoints.latest(DESK).partition("\n\n")[0] + "\n"
        checkpoints.cosigned(DESK, witness.verifier, witness.line(body, 1_772_000_000))
    made = stating.letter_of(noor, one, Register.DUTCH)
    paper = stating.paper_of(noor, one)
    assert _read_code(made) == paper
    assert paper.isascii()
    assert "court-1.example" in paper
    pdf = Pdf(made)
    assert "/Count 1" in pdf.find("Pages")
    assert "/MarkInfo <</Marked true>>" in pdf.find("Catalog")
    shown = "".join(line.text for line in pdf.shown())
    assert not breaches(shown, "nl", outside=True)
    assert noor not in shown


@pytest.mark.usefixtures("signed")
def test_with_many_witnesses_the_code_keeps_to_the_houses_signature(tmp_path: Path) -> None:
    stage, noor = Stage.at(tmp_path), someone(series="series 0").subject
    stage.search(stage.listed(entries(30)))
    stage.checkpoint()
    one = stating.state(noor, 2026, NOON + timedelta(hours=2))
    stage.checkpoint()
    for number in range(20):
        witness = Signer(f"court-{number}.example/luwte", bytes([number]) * 32, witness=True)
        body = checkpoints.latest(DESK).partition("\n\n")[0] + "\n"
        checkpoints.cosigned(DESK, witness.verifier, witness.line(body, 1_772_000_000))
    paper = json.loads(stating.paper_of(noor, one))
    assert len(stating.paper_of(noor, one)) < MOST_CHARACTERS
    assert paper["checkpoint"].count("\u2014") == 1


def test_words_that_nobody_signed_are_not_printed() -> None:
    with pytest.raises(TextUnsigned):
        coverage_letter("{}", "ab" * 32, Register.DUTCH)


@pytest.mark.parametrize("words", Register)
def test_every_register_has_its_words(words: Register) -> None:
    assert template(TEMPLATE, words).fill().body
