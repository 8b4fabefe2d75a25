"""Carriers made to stop a scan: it ends all the same, and every file is counted once."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from luwte.exchange.home import Home
from luwte.exchange.report import Coverage
from luwte.lab.carriers import folder
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support import images
from tests.support.drawn import jpeg
from tests.support.scans import lay_out, reference
from tests.support.tools import run

ODD_NAMES = (
    "line\nbreak.jpg",
    "bell\a\x1b[31m.jpg",
    "\u202egpj.exe.jpg",
    " .jpg",
    "-rf.jpg",
    "x" * 251 + ".jpg",
)
SIDE = 30_000
DEPTH = 200
LEVELS = 10_000
UNNAMEABLE = 3_000


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def huge_png() -> bytes:
    """Return a whole PNG of 900 megapixels in a few kilobytes."""
    packer = zlib.compressobj(1)
    lines = bytes((1 + SIDE // 8) * 1000)
    pixels = b"".join(packer.compress(lines) for _ in range(SIDE // 1000)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def endless_gif() -> bytes:
    """Return a GIF of very many frames that never says that it ends."""
    frame = b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + frame * 50_000


def zip_of_zips(levels: int) -> bytes:
    """Return a zip of ten zips of ten zips and so on, with ten million bytes of nothing at the bottom."""
    content, name = bytes(10_000_000), "nothing.jpg"
    for _ in range(levels):
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as into:
            for number in range(10):
                into.writestr(f"{number}-{name}", content)
        content, name = packed.getvalue(), "more.zip"
    return content


def scanned(carrier: Path, tmp_path: Path) -> tuple[Coverage, dict[str, str]]:
    """Scan `carrier`, check that the counts add up, and return them with the verdict of each path."""
    out = tmp_path / "out"
    request = Request([carrier], reference(tmp_path / "reference"), out, workers=2)
    found = scan(request, Home.open()).coverage
    rows = list(read_rows(out))
    assert len(rows) == found.files
    assert found.pictures + found.videos + found.other == found.files
    assert sum(found.classes.values()) == found.files
    assert found.identical + found.near + found.unknown <= found.files
    return found, {row.path: row.verdict for row in rows}


@pytest.mark.parametrize(
    ("name", "content"),
    [("huge.png", huge_png), ("endless.gif", endless_gif), ("zips.zip", lambda: zip_of_zips(4))],
)
def test_a_bomb_beside_a_known_picture(home: Path, tmp_path: Path, name: str, content: object) -> None:
    assert callable(content)
    carrier = lay_out(tmp_path / "carrier", {name: content(), "known.jpg": jpeg(0)})
    found, verdicts = scanned(carrier, tmp_path)
    assert verdicts["known.jpg"] == "identical"
    assert found.files >= 2


def test_a_bomb_as_the_carrier(home: Path, tmp_path: Path) -> None:
    carrier = lay_out(tmp_path, {"carrier.zip": zip_of_zips(3)}) / "carrier.zip"
    found, _ = scanned(carrier, tmp_path)
    assert found.identical == found.near == 0


def test_links_names_and_depth(home: Path, tmp_path: Path) -> None:
    deep = "/".join("d" * DEPTH) + "/known.jpg"
    carrier = lay_out(tmp_path / "carrier", dict.fromkeys((*ODD_NAMES, deep), jpeg(0)))
    (carrier / "around").symlink_to(carrier, target_is_directory=True)
    (carrier / "itself.jpg").symlink_to("itself.jpg")
    os.link(carrier / deep, carrier / "twice.jpg")
    os.mkfifo(carrier / "pipe.jpg")
    found, verdicts = scanned(carrier, tmp_path)
    assert found.identical == len(ODD_NAMES) + 2
    assert verdicts[deep] == verdicts["twice.jpg"] == "identical"


def deep_folder(top: Path) -> Path:
    """Make a folder with a known picture, and with `UNNAMEABLE` folders in one another and one below."""
    lay_out(top, {"known.jpg": jpeg(0)})
    handle = os.open(top, os.O_RDONLY)
    for _ in range(UNNAMEABLE):
        os.mkdir("d", dir_fd=handle)
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    with os.fdopen(os.open("deep.jpg", os.O_WRONLY | os.O_CREAT, dir_fd=handle), "wb") as file:
        file.write(jpeg(0))
    os.close(handle)
    return top


def flatten(top: Path) -> None:
    """Leave one of the folders that `deep_folder` made."""
    while (top / "d" / "d").exists():
        (top / "d" / "d").rename(top / "e")
        (top / "d").rmdir()
        (top / "e").rename(top / "d")


def test_a_folder_deeper_than_the_system_can_name(home: Path, tmp_path: Path) -> None:
    carrier = deep_folder(tmp_path / "carrier")
    try:
        found, verdicts = scanned(carrier, tmp_path)
    finally:
        flatten(carrier)  # what cleans up after the tests goes down one call a level
    assert verdicts["known.jpg"] == "identical"
    assert not found.complete
    (problem,) = found.carriers[0].problems
    assert "File name too long" in problem.reason


def test_an_image_with_as_deep_a_folder(home: Path, tmp_path: Path) -> None:
    (tmp_path / "known.jpg").write_bytes(jpeg(0))
    carrier = images.blank(tmp_path / "carrier.raw", 64 << 20)
    run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "1024", "-N", "12000", carrier)
    commands = tmp_path / "commands"
    commands.write_text("mkdir d\ncd d\n" * LEVELS + f"write {tmp_path}/known.jpg known.jpg\n")
    run("debugfs", "-w", "-f", commands, carrier)
    found, verdicts = scanned(carrier, tmp_path)
    assert [verdict for path, verdict in verdicts.items() if path.endswith("known.jpg")] == ["identical"]
    assert found.complete


def test_a_zip_with_as_deep_a_name(home: Path, tmp_path: Path) -> None:
    carrier = tmp_path / "carrier.zip"
    with ZipFile(carrier, "w") as into:
        into.writestr("d/" * LEVELS + "known.jpg", jpeg(0))
    found, verdicts = scanned(carrier, tmp_path)
    assert list(verdicts.values()) == ["identical"]
    assert found.complete


def test_a_file_of_terabytes_of_nothing(home: Path, tmp_path: Path) -> None:
    carrier = lay_out(tmp_path / "carrier", {"known.jpg": jpeg(0), "hollow.jpg": jpeg(1)})
    try:
        os.truncate(carrier / "hollow.jpg", 15 << 40)
    except OSError:
        pytest.skip("this file system holds no file of 15 TiB")
    found, verdicts = scanned(carrier, tmp_path)
    assert verdicts == {"known.jpg": "identical", "hollow.jpg": "unknown"}
    assert found.reasons == {folder.HOLLOW: 1}


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """Make `path` a zip with `files`."""
    with ZipFile(path, "w", ZIP_DEFLATED) as into:
        for name, content in files.items():
            into.writestr(name, content)
    return path


@pytest.mark.trial
@pytest.mark.parametrize("made", [lay_out, zipped, images.ext], ids=["folder", "zip", "image"])
def test_all_malformed_files_of_the_trial_folder(
    home: Path, tmp_path: Path, trials: Path, made: Callable[[Path, dict[str, bytes]], Path]
) -> None:
    files = {path.name: path.read_bytes() for path in (trials / "hostile").iterdir()}
    carrier = made(tmp_path / "carrier", files | {"known.jpg": jpeg(0)})
    found, verdicts = scanned(carrier, tmp_path)
    names = {path.removeprefix("/") for path in verdicts}
    assert verdicts.get("known.jpg", verdicts.get("/known.jpg")) == "identical"
    assert names >= set(files)
    assert found.files >= len(files) + 1
