"""The whole scan on real photos, public carriers and malformed files, where the trial folder is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from luwte.demo.ewf_writer import write_e01
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import entry_from
from luwte.exchange.home import Home
from luwte.exchange.report import Report
from luwte.exchange.rows import WorklistRow
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support import tools
from tests.support.drawn import encoded
from tests.support.scans import record_of

pytestmark = pytest.mark.trial

LISTED = 100
DEADLINE = 5.0


@dataclass(frozen=True, slots=True)
class Planted:
    """Photos on carriers: a list knows the originals of `copies` and the files of `originals`."""

    folder: Path
    reference: Path
    home: Home
    originals: frozenset[str]
    copies: frozenset[str]
    digests: dict[str, str]
    deleted: frozenset[str]


@pytest.fixture(scope="module")
def planted(trials: Path, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """1,200 photos: 100 stand in the list as they are, 100 only as what was recompressed or resized here."""
    photos = sorted((trials / "photos").glob("*.jpg"))
    root = tmp_path_factory.mktemp("planted")
    folder, home = root / "photos", Home.open(root / "home")
    folder.mkdir()
    records = []
    for number, photo in enumerate(photos):
        content = photo.read_bytes()
        if number < 2 * LISTED:
            records.append(record_of(content, f"series-{number % 7}"))
        (folder / photo.name).write_bytes(
            _edited(content, number) if LISTED <= number < 2 * LISTED else content
        )
    names = [photo.name for photo in photos]
    write_bundle(root / "list", [entry_from(record, home.entry_key) for record in records], home)
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    return Planted(
        folder,
        root / "list",
        home,
        frozenset(names[:LISTED]),
        frozenset(names[LISTED : 2 * LISTED]),
        digests,
        frozenset([*names[:5], *names[LISTED : LISTED + 5], *names[-20:]]),
    )


def _edited(content: bytes, number: int) -> bytes:
    with Image.open(BytesIO(content)) as picture:
        if number % 2:
            return encoded(picture.convert("RGB"), quality=40)
        half = (picture.width // 2, picture.height // 2)
        return encoded(picture.convert("RGB").resize(half, Image.Resampling.LANCZOS), quality=85)


def scanned(planted: Planted, carrier: Path, out: Path) -> tuple[Report, list[WorklistRow]]:
    return scan(Request([carrier], planted.reference, out), planted.home), list(read_rows(out))


def check(planted: Planted, report: Report, rows: list[WorklistRow], deleted: frozenset[str]) -> None:
    """Every file is found with its content; the list is recognised completely; nothing else is."""
    found = {Path(row.path).name: row for row in rows if row.sha256 in planted.digests.values()}
    assert {name: row.sha256 for name, row in found.items()} == planted.digests
    assert {name for name, row in found.items() if row.state == "deleted"} == deleted
    assert {name for name, row in found.items() if row.verdict == "identical"} == planted.originals
    assert {name for name, row in found.items() if row.verdict == "near"} == planted.copies
    assert (report.coverage.identical, report.coverage.near) == (LISTED, LISTED)
    assert report.coverage.complete


def test_a_folder_of_photos(planted: Planted, tmp_path: Path) -> None:
    check(planted, *scanned(planted, planted.folder, tmp_path / "out"), frozenset())


def test_photos_on_ext4_raw_and_as_e01(planted: Planted, tmp_path: Path) -> None:
    image = tmp_path / "ext4.raw"
    tools.run("mke2fs", "-q", "-t", "ext4", "-d", planted.folder, image, "96M")
    write_e01(image, tmp_path / "ext4.E01", segment_size=8 << 20)
    for path in (image, tmp_path / "ext4.E01"):
        report, rows = scanned(planted, path, tmp_path / f"out-{path.name}")
        check(planted, report, rows, frozenset())
        assert report.coverage.carriers[0].file_systems == ("ext4",)
    assert report.coverage.carriers[0].image_hash == "matches"


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """An NTFS image, mounted, so that files are deleted as Windows and Linux do it."""
    image, place = tmp_path / "ntfs.raw", tmp_path / "mounted"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(128 << 20)
    tools.run("mkntfs", "-F", "-q", "-Q", image)
    tools.run("ntfs-3g", image, place)
    try:
        yield image, place
    finally:
        if place.is_mount():
            tools.run("umount", place)


def test_photos_on_ntfs_raw_and_as_e01_with_deleted_ones(
    planted: Planted, mounted: tuple[Path, Path], tmp_path: Path
) -> None:
    image, place = mounted
    for number, name in enumerate(planted.digests):
        folder = place / f"folder {number % 11}"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes((planted.folder / name).read_bytes())
    for path in place.glob("*/*"):
        if path.name in planted.deleted:
            path.unlink()
    tools.run("umount", place)
    tools.run(
        "ewfacquire",
        "-u",
        "-q",
        "-f",
        "encase6",
        "-c",
        "deflate:fast",
        "-S",
        "16MiB",
        "-t",
        tmp_path / "ntfs",
        image,
    )
    for path in (image, tmp_path / "ntfs.E01"):
        report, rows = scanned(planted, path, tmp_path / f"out-{path.name}")
        check(planted, report, rows, planted.deleted)
        assert report.coverage.carriers[0].file_systems == ("NTFS",)
    assert report.coverage.carriers[0].image_hash == "matches"


def test_photos_on_fat_with_deleted_ones(planted: Planted, tmp_path: Path) -> None:
    image = tmp_path / "fat.raw"
    with image.open("wb") as file:
        file.truncate(128 << 20)
    tools.run("mformat", "-i", image, "-F", "::")
    tools.run("mcopy", "-i", image, *(planted.folder / name for name in planted.digests), "::")
    for name in sorted(planted.deleted):
        tools.run("mdel", "-i", image, f"::{name}")
    check(planted, *scanned(planted, image, tmp_path / "out"), planted.deleted)


@pytest.mark.parametrize(
    "name", ["ext2.E01", "ext2.split.E01", "ext2.splitraw.000", "hfsplus.raw", "iso9660.raw"]
)
def test_public_carriers_are_read_to_their_end(
    planted: Planted, trials: Path, tmp_path: Path, name: str
) -> None:
    report, rows = scanned(planted, trials / "carriers" / name, tmp_path / "out")
    assert report.coverage.complete
    assert report.coverage.unreadable == 0
    assert rows
    if name.endswith(".E01"):
        assert report.coverage.carriers[0].image_hash == "matches"


def test_no_malformed_file_stops_a_scan_or_holds_it_beyond_the_deadline(
    planted: Planted, trials: Path, tmp_path: Path
) -> None:
    folder = trials / "hostile"
    request = Request([folder], planted.reference, tmp_path / "out", deadline=DEADLINE)
    coverage = scan(request, planted.home).coverage
    rows = list(read_rows(tmp_path / "out"))
    names = {path.name for path in folder.iterdir()}
    assert len(names) >= 500
    assert names <= {row.path for row in rows}
    assert coverage.files == len(rows) == coverage.unknown
    assert coverage.unreadable == sum(row.error is not None for row in rows) == sum(coverage.reasons.values())
    assert coverage.unreadable >= 150
    assert coverage.complete
    assert coverage.reasons.get("decoding stopped the worker", 0) == 0
