"""Archives through the whole of a scan: read behind the walls, counted, and recognised in."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from luwte.exchange.home import Home
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.lab.carriers.test_compound import HEAD
from tests.lab.carriers.test_pdf import locked
from tests.support.compounds import compound
from tests.support.drawn import drawn, jpeg
from tests.support.packing import by_libarchive, need_libarchive, rar, tar
from tests.support.pdfs import image, pdf
from tests.support.scans import lay_out, reference


@pytest.mark.parametrize("name", ["a.tar.gz", "a.7z", "a.tar.zst", "a.rar"])
def test_what_an_archive_holds_is_recognised(name: str, tmp_path: Path, home: Path) -> None:
    need_libarchive()
    files = {"photos/known.jpg": jpeg(0), "photos/mine.jpg": jpeg(60), "letter.txt": b"dear all"}
    packed = {
        "a.tar.gz": lambda: tar(files, "w:gz"),
        "a.7z": lambda: by_libarchive(files, "7zip"),
        "a.tar.zst": lambda: by_libarchive(files, "gnutar", "zstd"),
        "a.rar": lambda: rar(files),
    }[name]()
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" / name
    path.write_bytes(packed)
    bundle = reference(tmp_path / "reference")
    request = Request([path, path.parent], bundle, tmp_path / "out", workers=1)
    report = scan(request, Home.open())
    assert [carrier.kind for carrier in report.coverage.carriers] == ["archive", "folder"]
    assert [carrier.files for carrier in report.coverage.carriers] == [3, 4]
    assert report.coverage.complete
    rows = {row.path: (row.state, row.counted_as) for row in read_rows(tmp_path / "out")}
    assert rows["photos/known.jpg"] == ("live", "identical")
    assert rows[f"{name}/photos/known.jpg"] == ("embedded", "identical")
    assert rows[f"{name}/photos/mine.jpg"] == ("embedded", "unknown_imagery")


def zipped(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_what_could_not_be_opened_is_in_the_class_that_says_so(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_libarchive()
    whole = zipped({"photos/known.jpg": jpeg(0)})
    deep = zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": whole})})})
    claim = b"PK\1\2" + bytes(20) + struct.pack("<L", 3 << 30)
    bomb = b"PK\3\4" + (claim + bytes(18)) * 3 + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 3, 3, 138, 4, 0)
    files = {
        "a1 cut.zip": whole[:-30],
        "a2 cut.tar.gz": tar({"a": jpeg(60), "b": bytes(99_999)}, "w:gz")[:-3000],
        "a3 deep.zip": deep,
        "a4 locked.docx": compound({"EncryptionInfo": b"i", "EncryptedPackage": bytes(9000)}),
        "a5 cut.doc": compound({"Data": jpeg(1)})[:700],
        "a6 known.doc": compound({"Data": HEAD + jpeg(1), "1": b"x"}),
        "a7 whole.zip": whole,
        "a8 packed.pdf": pdf([image(drawn(0).tobytes(), *drawn(0).size)]),
        "a9 locked.pdf": locked("a password"),
        "b large.zip": bomb,
    }
    lay_out(tmp_path / "folder", files)
    bundle = reference(tmp_path / "reference")
    report = scan(Request([tmp_path / "folder"], bundle, tmp_path / "out", workers=2), Home.open())
    everything = list(read_rows(tmp_path / "out"))
    rows = {row.path: row for row in everything}
    assert {path: row.counted_as for path, row in rows.items() if "/" not in path} == {
        "a1 cut.zip": "unreadable",
        "a2 cut.tar.gz": "unreadable",
        "a3 deep.zip": "other",
        "a4 locked.docx": "encrypted",
        "a5 cut.doc": "unreadable",
        "a6 known.doc": "other",
        "a7 whole.zip": "other",
        "a8 packed.pdf": "other",
        "a9 locked.pdf": "encrypted",
        "b large.zip": "too_large",
    }
    assert rows["a8 packed.pdf/5.ppm"].counted_as == "near"
    assert rows["a3 deep.zip/b.zip/c.zip/d.zip"].counted_as == "unreadable"
    assert rows["a6 known.doc/Data/$Carved/12.jpg"].counted_as == "identical"
    assert all(row.sha256 for path, row in rows.items() if "/" not in path)
    coverage = report.coverage
    assert (sum(coverage.classes.values()), coverage.files) == (len(everything),) * 2
    assert coverage.complete
    assert (coverage.classes["encrypted"], coverage.classes["too_large"]) == (2, 1)
    assert coverage.reasons["archive or document inside 3 others, which was not opened"] == 1
    assert coverage.reasons["archive or document too large to be opened whole"] == 1
