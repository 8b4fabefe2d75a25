from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from luwte.lab.carriers import embedded, open_carrier, packed
from luwte.lab.carriers.carrier import CarrierFile, Problem, Unreadable
from luwte.lab.carriers.errors import CarrierIsDamaged, LibraryIsMissing
from tests.support.drawn import jpeg
from tests.support.packing import by_libarchive, need_libarchive, rar, tar

FILES = {"DCIM/één.jpg": jpeg(1), "DCIM/two.jpg": jpeg(2), "empty": b""}
PACKINGS: dict[str, Callable[[], bytes]] = {
    "a.tar": lambda: tar(FILES),
    "a.tar.gz": lambda: tar(FILES, "w:gz"),
    "a.tar.bz2": lambda: tar(FILES, "w:bz2"),
    "a.tar.xz": lambda: tar(FILES, "w:xz"),
    "a.tar.zst": lambda: by_libarchive(FILES, "gnutar", "zstd"),
    "a.7z": lambda: by_libarchive(FILES, "7zip"),
    "a.rar": lambda: rar(FILES),
}


@pytest.fixture(autouse=True)
def _library() -> None:
    need_libarchive()


def content(file: CarrierFile) -> bytes | str:
    try:
        return b"".join(file.chunks())
    except Unreadable as failure:
        return failure.reason


def read(path: Path) -> tuple[dict[str, bytes | str], list[Problem]]:
    with open_carrier(path) as carrier:
        return {file.path: content(file) for file in carrier.files()}, carrier.problems


def laid(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("name", PACKINGS)
def test_an_archive_is_a_carrier_and_part_of_one(name: str, tmp_path: Path) -> None:
    packing = PACKINGS[name]()
    path = laid(tmp_path / "carrier", name, packing)
    with open_carrier(path) as carrier:
        assert carrier.kind == "archive"
    expected = {member.replace("é", "é"): value for member, value in FILES.items()}
    assert read(path) == (expected, [])
    inside = {f"{name}/{member}": value for member, value in expected.items()}
    assert read(path.parent) == ({name: packing} | inside, [])


@pytest.mark.parametrize(
    ("pack", "suffix"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")]
)
def test_a_file_packed_alone_keeps_its_name(
    pack: Callable[[bytes], bytes], suffix: str, tmp_path: Path
) -> None:
    path = laid(tmp_path / "carrier", f"a.jpg.{suffix}", pack(jpeg(1)))
    assert read(path) == ({"a.jpg": jpeg(1)}, [])
    assert read(path.parent)[0][f"a.jpg.{suffix}/a.jpg"] == jpeg(1)


def zipped(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def test_archives_are_opened_three_deep_and_the_next_is_counted(tmp_path: Path) -> None:
    inner = tar({"4.jpg": jpeg(4)})
    third = zipped("d.tar", inner)
    second = tar({"3.jpg": jpeg(3), "c.zip": third}, "w:gz")
    path = laid(tmp_path / "carrier", "a.zip", zipped("b.tgz", second))
    files, problems = read(path.parent)
    assert files["a.zip/b.tgz/3.jpg"] == jpeg(3)
    assert files["a.zip/b.tgz/c.zip/d.tar"] == inner
    assert "a.zip/b.tgz/c.zip/d.tar/4.jpg" not in files
    assert problems == [Problem("an archive inside 3 others was not opened")]
    files, problems = read(path)
    assert files["b.tgz/c.zip/d.tar"] == inner
    assert problems == [Problem("an archive inside 3 others was not opened")]


def test_encrypted_members_are_named_so(tmp_path: Path) -> None:
    path = laid(tmp_path / "carrier", "a.rar", rar({"a.jpg": jpeg(1)}, encrypted=True))
    assert "encrypted" in str(read(path)[0]["a.jpg"])


@pytest.mark.parametrize("name", ["a.tar.gz", "a.tar.xz", "a.7z", "a.rar"])
def test_a_cut_off_archive_gives_what_came_before_and_says_so(name: str, tmp_path: Path) -> None:
    whole = PACKINGS[name]()
    path = laid(tmp_path / "carrier", name, whole[: len(whole) * 2 // 3])
    files, problems = read(path.parent)
    assert files[name] == whole[: len(whole) * 2 // 3]
    broken = [value for value in files.values() if isinstance(value, str)]
    assert broken or any("could not be opened whole" in problem.reason for problem in problems)
    refused, whole_carrier, texts = "", True, list[bytes | str]()
    try:
        with open_carrier(path) as carrier:
            texts = [content(file) for file in carrier.files()]
            whole_carrier = carrier.whole
    except CarrierIsDamaged as refusal:
        refused = str(refusal)
    assert "damaged or cut off" in refused or not whole_carrier or any(isinstance(one, str) for one in texts)


def test_what_expands_to_too_much_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "ALWAYS_ALLOWED", 1 << 20)
    path = laid(tmp_path / "carrier", "a.gz", gzip.compress(b"x" * (4 << 20)))
    files, problems = read(path.parent)
    assert files["a.gz/a"] == "the archives on this carrier expand to too much"
    monkeypatch.setattr(embedded, "ALWAYS_ALLOWED", 1 << 16)
    laid(tmp_path / "carrier", "a.gz", gzip.compress(tar({str(number): b"" for number in range(100)})))
    files, problems = read(path.parent)
    assert 0 < len(files) < 20
    (problem,) = problems
    assert "(the archives on this carrier expand to too much)" in problem.reason


def test_a_member_too_large_for_memory_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "LARGEST_IN_MEMORY", 1 << 20)
    large = jpeg(1) + bytes(3 << 20)
    path = laid(tmp_path / "carrier", "a.tar", tar({"large": large, "small.jpg": jpeg(2)}))
    with open_carrier(path) as carrier:
        (large_file, first), *rest = [(file, content(file)) for file in carrier.files()]
        assert (first, large_file.size) == (large, len(large))
        assert content(large_file) == "is too large to be read twice from its archive"
        assert [text for _, text in rest] == [jpeg(2)]
        assert content(rest[0][0]) == jpeg(2)


def test_a_hard_link_in_a_tar_is_no_further_file(tmp_path: Path) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        entry = tarfile.TarInfo("a.jpg")
        entry.size = len(jpeg(1))
        archive.addfile(entry, io.BytesIO(jpeg(1)))
        for sort in (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE):
            link = tarfile.TarInfo(f"link {sort!r}")
            link.type, link.linkname = sort, "a.jpg"
            archive.addfile(link)
    assert read(laid(tmp_path / "carrier", "a.tar", target.getvalue())) == ({"a.jpg": jpeg(1)}, [])


def test_without_the_library_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = laid(tmp_path / "carrier", "a.tar", tar(FILES))

    def missing() -> None:
        raise packed.NoLibrary

    monkeypatch.setattr(packed, "library", missing)
    with pytest.raises(LibraryIsMissing, match="libarchive13"):
        open_carrier(path)
    assert read(path.parent)[1] == [
        Problem("an archive on the carrier could not be opened whole (libarchive is not installed)")
    ]
