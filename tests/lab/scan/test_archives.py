"""Archives through the whole of a scan: read behind the walls, counted, and recognised in."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.exchange.home import Home
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support.drawn import jpeg
from tests.support.packing import by_libarchive, need_libarchive, rar, tar
from tests.support.scans import reference


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
