"""Pictures inside files: behind the end of a picture and anywhere in files of other kinds."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from luwte.lab.carriers import CHUNK_SIZE, CarrierFile, State, Unreadable, open_carrier
from luwte.lab.carriers.carrier import ProblemList, chunks_of
from luwte.lab.carriers.carving import Limits
from luwte.lab.carriers.sifting import PACKED, sifted
from tests.lab.carriers.test_carving import HEADER, NESTED, WHOLE, noise
from tests.support.drawn import jpeg

RANDOM = Random(61)


def given(path: str, content: bytes, state: State = "live", *, packed: bool = False) -> CarrierFile:
    """Return a file of a carrier with `content`."""

    def read(offset: int, size: int) -> bytes:
        return content[offset : offset + size]

    return CarrierFile(
        path, state, len(content), lambda: chunks_of(read, len(content)), None if packed else read
    )


def found_in(*files: CarrierFile) -> tuple[dict[str, bytes], list[str]]:
    """Return what is carved of `files` by path, and the problems."""
    limits = Limits(ProblemList(), None)
    found = {}
    for file in sifted(files, limits):
        content = b"".join(file.chunks())
        if file.state == "carved":
            found[file.path] = content
    return found, [problem.reason for problem in limits.problems.as_list()]


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_picture_gives_nothing_further(name: str) -> None:
    assert found_in(given("a", WHOLE[name])) == ({}, [])


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", WHOLE)
def test_a_picture_with_bytes_behind_it_is_given_without_them(name: str, packed: bool) -> None:
    found, problems = found_in(given("dir/a", WHOLE[name] + b"12 bytes more", packed=packed))
    assert ([*found.values()], problems) == ([WHOLE[name]], [])
    assert next(iter(found)).startswith("dir/a/$Carved/0.")


@pytest.mark.parametrize("hidden", ["jpg", "png", "gif", "webp"])
@pytest.mark.parametrize("name", ["jpg", "nested", "png", "gif", "webp"])
def test_a_picture_behind_a_picture_is_found(name: str, hidden: str) -> None:
    content = WHOLE[name] + WHOLE[hidden]
    found, _ = found_in(given("a", content))
    assert list(found.values()) == [WHOLE[name], WHOLE[hidden]]
    assert list(found)[1] == f"a/$Carved/{len(WHOLE[name])}.{hidden}"


@pytest.mark.parametrize("before", [9, CHUNK_SIZE - 1, CHUNK_SIZE - 2, CHUNK_SIZE - 7, CHUNK_SIZE + 100])
@pytest.mark.parametrize("name", ["jpg", "png", "gif", "webp"])
def test_pictures_in_other_files_are_found_wherever_they_stand(name: str, before: int) -> None:
    content = b"D0CUMENT" + noise(before - 8) + WHOLE[name] + noise(3000) + jpeg(5)
    found, problems = found_in(given("letter.doc", content))
    assert (list(found.values()), problems) == ([WHOLE[name], jpeg(5)], [])


@pytest.mark.parametrize("short", range(1, 12))
def test_an_end_that_two_pieces_share_is_seen(short: int) -> None:
    for name, mark in (("jpg", b"\xff\xfe"), ("png", b"")):
        picture = WHOLE[name]
        fill = CHUNK_SIZE - len(picture) + short
        if mark:
            comments = b"".join(mark + (50_000).to_bytes(2) + bytes(49_998) for _ in range(fill // 50_002))
            rest = fill - len(comments)
            picture = picture[:2] + comments + mark + (rest - 2).to_bytes(2) + bytes(rest - 4) + picture[2:]
            assert len(picture) == CHUNK_SIZE + short
            assert found_in(given("a", picture)) == ({}, [])
            assert list(found_in(given("a", picture + b"x"))[0].values()) == [picture]


def test_a_header_longer_than_a_piece_is_followed() -> None:
    comment = b"\xff\xfe\xff\xff" + bytes(0xFFFD)
    picture = jpeg(1)[:2] + comment * 6 + NESTED[2:]
    assert found_in(given("a", picture)) == ({}, [])
    assert list(found_in(given("a", picture + b"behind"))[0].values()) == [picture]


def test_a_broken_picture_gives_nothing_but_what_stands_behind() -> None:
    cut = jpeg(1)[:30_000]
    assert found_in(given("a", cut)) == ({}, [])
    assert list(found_in(given("a", cut + jpeg(2)))[0].values()) == [jpeg(2)]


def test_films_and_files_that_are_elsewhere_are_not_looked_into() -> None:
    film = b"\0\0\0\x18ftypmp42" + bytes(100) + jpeg(1)
    deleted, carved = given("b", jpeg(1) + b"x", "deleted"), given("c", jpeg(1) + b"x", "carved")
    assert found_in(given("a", film), deleted)[0] == {}
    assert found_in(carved)[0] == {"c": jpeg(1) + b"x"}


def test_what_an_archive_holds_is_not_carved_too() -> None:
    archive = given("a.zip", b"PK\x03\x04" + jpeg(1))
    member = given("a.zip/one.jpg", jpeg(1), "embedded")
    assert found_in(archive, member)[0] == {}
    assert list(found_in(archive, given("b.zip/one.jpg", jpeg(1), "embedded"))[0].values()) == [jpeg(1)]
    assert list(found_in(archive)[0].values()) == [jpeg(1)]


def test_a_file_that_is_not_read_or_cannot_be_is_left_alone() -> None:
    def breaking() -> Iterator[bytes]:
        yield jpeg(1)
        raise Unreadable("it breaks off")

    broken = CarrierFile("a", "live", 99_999_999, breaking)
    limits = Limits(ProblemList(), None)
    for file in sifted([broken, given("b", jpeg(1) + jpeg(2))], limits):
        assert file.state == "live"
        if file.path == "a":
            with pytest.raises(Unreadable):
                list(file.chunks())
    assert limits.problems.as_list() == []


def test_a_large_packed_file_is_counted_and_not_held() -> None:
    file = given("a", jpeg(1) + b"x", packed=True)
    large = CarrierFile(file.path, file.state, 1 << 30, file.chunks)
    assert found_in(large) == ({}, [PACKED])


def test_a_file_full_of_beginnings_ends() -> None:
    found, problems = found_in(given("a", b"x" + HEADER * 100_000))
    assert found == {}
    assert len(problems) <= 1


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_members_of_a_zip_are_looked_into(tmp_path: Path, method: int) -> None:
    with ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("report.pdf", b"%PDF-1.4 stream " + jpeg(1) + b" endstream")
        archive.writestr("photo.jpg", jpeg(2) + bytes(99))
    with open_carrier(tmp_path / "a.zip") as carrier:
        files = list(carrier.files())
        found, problems = found_in(*files)
    assert found == {"report.pdf/$Carved/16.jpg": jpeg(1), "photo.jpg/$Carved/0.jpg": jpeg(2)}
    assert problems == []


def test_a_zip_that_cannot_be_opened_is_looked_into() -> None:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("photo.jpg", jpeg(2))
    cut = target.getvalue()[:-30]
    assert list(found_in(given("cut.zip", cut))[0].values()) == [jpeg(2)]
