"""Zip files, as carriers and on carriers: members are files; bombs, lies and passwords are told."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.base.errors import BadInput
from luwte.lab.carriers import Problem, Unreadable, open_carrier
from luwte.lab.carriers.archive import Archive, BadArchive
from tests.support import images

RANDOM = Random(5)
TREE = {"DCIM/a.jpg": RANDOM.randbytes(2_500_000), "b.txt": b"lee " * 100_000, "empty": b""}


def zipped(tree: images.Tree, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file with `tree`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.mkdir("a folder")
        for name, content in tree.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def archive_of(content: bytes) -> Archive:
    """Return the archive in `content`."""
    return Archive(lambda offset, size: content[offset : offset + size], len(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_every_member_is_read(tmp_path: Path, method: int) -> None:
    (tmp_path / "phone.zip").write_bytes(zipped(TREE, method))
    assert images.read_all(tmp_path / "phone.zip") == images.expected(TREE)
    with open_carrier(tmp_path / "phone.zip") as carrier:
        assert (carrier.kind, carrier.size) == ("zip", sum(map(len, TREE.values())))


def test_bytes_before_the_archive_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "run.zip").write_bytes(b"PK\x03\x04" + b"a program that unpacks itself" + zipped(TREE))
    assert images.read_all(tmp_path / "run.zip") == images.expected(TREE)


def test_a_large_zip64_directory_is_understood(tmp_path: Path) -> None:
    names = {f"{number}": b"" for number in range(66_000)}
    (tmp_path / "many.zip").write_bytes(zipped(names))
    with open_carrier(tmp_path / "many.zip") as carrier:
        assert sum(1 for _ in carrier.files()) == len(names)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zips_in_a_zip_are_opened(tmp_path: Path, method: int) -> None:
    innermost = zipped({"deep.jpg": b"deep"})
    inner = zipped({"x.jpg": b"x" * 9000, "more.zip": innermost})
    (tmp_path / "outer.zip").write_bytes(zipped({"in.zip": inner}, method))
    wanted = images.expected({"in.zip": inner})
    wanted |= images.expected({"x.jpg": b"x" * 9000, "more.zip": innermost}, "embedded", "in.zip/")
    wanted |= images.expected({"deep.jpg": b"deep"}, "embedded", "in.zip/more.zip/")
    assert images.read_all(tmp_path / "outer.zip") == wanted


def test_a_zip_on_a_file_system_is_opened(tmp_path: Path) -> None:
    inner = zipped(TREE)
    path = images.ext(tmp_path / "disk.raw", {"archive.dat": inner})
    wanted = images.expected({"archive.dat": inner})
    assert images.read_all(path) == wanted | images.expected(TREE, "embedded", "archive.dat/")


def test_a_damaged_zip_on_a_carrier_is_a_problem(tmp_path: Path) -> None:
    images.write_tree(tmp_path, {"half.zip": zipped(TREE)[:-30], "other.jpg": b"o"})
    with open_carrier(tmp_path) as carrier:
        assert [file.path for file in carrier.files()] == ["half.zip", "other.jpg"]
        assert carrier.problems == [
            Problem("an archive on the carrier could not be opened whole (its end is missing)")
        ]


def encrypted(content: bytes) -> bytes:
    """Return a zip file with the flag for encryption set on its first member."""
    changed = bytearray(content)
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def test_a_wholly_encrypted_zip_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.jpg", b"a")
    (tmp_path / "secret.zip").write_bytes(encrypted(buffer.getvalue()))
    with pytest.raises(BadInput, match=r"secret.zip is encrypted \(zip password\)\. Decrypt it first"):
        open_carrier(tmp_path / "secret.zip")


def test_one_encrypted_member_is_unreadable(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.jpg", b"a")
        archive.writestr("b.jpg", b"b")
    (tmp_path / "mixed.zip").write_bytes(encrypted(buffer.getvalue()))
    found = images.read_all(tmp_path / "mixed.zip")
    assert found["live", "a.jpg"] == "unreadable: is encrypted inside its zip file"
    assert found["live", "b.jpg"] == images.expected({"b.jpg": b"b"})["live", "b.jpg"]


def test_a_cut_off_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.zip").write_bytes(zipped(TREE)[:-100])
    with pytest.raises(BadInput, match=r"cut.zip is damaged: its end is missing, or the file was cut off"):
        open_carrier(tmp_path / "cut.zip")


def test_members_that_overlap_are_refused() -> None:
    content = zipped({"bomb": bytes(1_000_000)})
    start, end = content.index(b"PK\x01\x02", content.index(b"bomb")), content.rindex(b"PK\x05\x06")
    entry = content[content.rindex(b"PK\x01\x02") : end]
    tail = bytearray(content[end:])
    struct.pack_into("<L", tail, 12, end - start + 5000 * len(entry))
    bomb = content[:end] + 5000 * entry + bytes(tail)
    with pytest.raises(BadArchive, match="overlap"):
        list(archive_of(bomb).members())


def test_a_member_larger_than_it_says_is_unreadable() -> None:
    content = bytearray(zipped({"a.jpg": bytes(5_000_000)}))
    struct.pack_into("<L", content, content.rindex(b"PK\x01\x02") + 24, 1000)
    archive = archive_of(bytes(content))
    (member,) = archive.members()
    with pytest.raises(Unreadable, match="beyond its stated size"):
        list(archive.chunks(member))


def test_an_archive_that_expands_without_bound_is_refused() -> None:
    content = bytearray(zipped({"a.jpg": bytes(1000)}))
    struct.pack_into("<L", content, content.rindex(b"PK\x01\x02") + 24, 0xFFFFFFFE)
    entry = bytes(content[content.rindex(b"PK\x01\x02") : content.rindex(b"PK\x05\x06")])
    tail = bytearray(content[content.rindex(b"PK\x05\x06") :])
    struct.pack_into("<L", tail, 12, 3 * len(entry))
    bomb = bytes(4096) + 3 * entry + bytes(tail)
    with pytest.raises(BadArchive, match="expands to more than 8 GiB"):
        list(archive_of(bomb).members())


def test_a_changed_byte_is_noticed() -> None:
    content = bytearray(zipped({"a.jpg": b"a" * 1000}, zipfile.ZIP_STORED))
    content[content.index(b"aaaa") + 500] ^= 1
    archive = archive_of(bytes(content))
    (member,) = archive.members()
    with pytest.raises(Unreadable, match="checksum"):
        list(archive.chunks(member))


@given(st.data())
def test_changed_archives_raise_nothing_else(data: st.DataObject) -> None:
    content = bytearray(zipped({"a.jpg": b"a" * 3000, "b": RANDOM.randbytes(50)}))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    try:
        archive = archive_of(bytes(content))
        for member in archive.members():
            try:
                assert sum(map(len, archive.chunks(member))) == member.size
            except Unreadable:
                continue
    except (BadArchive, Unreadable):
        return


@pytest.mark.parametrize("name", ["container.description", "information.turtle"])
def test_an_aff4_image_is_not_taken_for_a_zip_of_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "disk.aff4").write_bytes(zipped({name: b"aff4://1", "aff4%3A%2F%2F2/00000000": bytes(900)}))
    with pytest.raises(BadInput, match=r"is an AFF4 image, which is not supported"):
        open_carrier(tmp_path / "disk.aff4")
