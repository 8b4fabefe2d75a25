"""Compound files: their streams as olefile gives them, and what hostile ones may cost."""

from __future__ import annotations

import io
import struct
from functools import cache
from random import Random

import olefile
import pytest
from hypothesis import given as drawn_by
from hypothesis import settings
from hypothesis import strategies as st

from luwte.lab.carriers import compound as compounds
from luwte.lab.carriers.archive import BadArchive, TooLarge
from luwte.lab.carriers.carrier import CarrierFile, ProblemList, Unreadable
from luwte.lab.carriers.carving import Limits
from luwte.lab.carriers.compound import Compound
from luwte.lab.carriers.embedded import Opener
from luwte.lab.carriers.names import printable
from luwte.lab.carriers.sifting import sifted
from tests.lab.carriers.test_sifting import given
from tests.support.compounds import LAST, NONE, STREAM, compound, directory_of, entry
from tests.support.drawn import drawn, encoded, jpeg

HEAD = struct.pack("<III", 12, 1, 70_000)
TINY = encoded(drawn(7, 48, 48), quality=40)
THUMBS = {"256_3f2a": HEAD + jpeg(1), "96_3f2a": HEAD + TINY, "Catalog": b"c" * 70}
LETTER = {
    "WordDocument": bytes(4096),
    "Data": bytes(68) + jpeg(2) + bytes(9000) + jpeg(3),
    "\x05SummaryInformation": b"s" * 300,
    "ObjectPool/empty": b"",
    "ObjectPool/\x01Ole": b"o" * 4095,
}


def spent(_size: int) -> None:
    """Bear every size."""


def members(content: bytes) -> dict[str, bytes | str]:
    """Return the streams of `content` by name, or why one cannot be read."""
    found: dict[str, bytes | str] = {}
    opened = Compound(lambda offset, size: content[offset : offset + size], len(content))
    for member in opened.members(spent):
        try:
            found[member.name] = b"".join(member.chunks())
        except Unreadable as failure:
            found[member.name] = failure.reason
    return found


def walked(*files: CarrierFile) -> tuple[dict[str, bytes | str], list[str], dict[str, str | None]]:
    """Return contents, problems, and how opening those `files` went that hold others, as a scan sees them."""
    problems = ProblemList()
    opener = Opener(problems, None)
    found: dict[str, bytes | str] = {}
    insides = {}
    for file in sifted((each for one in files for each in opener.with_members(one)), Limits(problems, None)):
        try:
            found[file.path] = b"".join(file.chunks())
        except Unreadable as failure:
            found[file.path] = failure.reason
        if file.inside and file.inside.begun:
            insides[file.path] = file.inside
    assert all(inside.ended for inside in insides.values())
    reasons = {path: inside.reason for path, inside in insides.items()}
    return found, [problem.reason for problem in problems.as_list()], reasons


@pytest.mark.parametrize("width", [512, 4096])
@pytest.mark.parametrize("seed", [1, None])
@pytest.mark.parametrize("streams", [THUMBS, LETTER, {"large": bytes(range(256)) * 40_000}])
def test_streams_are_those_that_olefile_gives(
    width: int, seed: int | None, streams: dict[str, bytes]
) -> None:
    content = compound(streams, seed=seed, width=width)
    with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT) as other:
        assert {"/".join(name): other.openstream(name).read() for name in other.listdir()} == streams
    shown = {printable(name, separators=True): value for name, value in streams.items()}
    assert members(content) == shown


@pytest.mark.parametrize("packed", [False, True])
def test_a_picture_in_pieces_is_found_with_and_without_its_header(packed: bool) -> None:
    content = compound(THUMBS)
    assert jpeg(1) not in content
    found, problems, reasons = walked(given("Thumbs.db", content, packed=packed), given("next", b"x"))
    assert found == {
        "Thumbs.db": content,
        "Thumbs.db/256_3f2a": HEAD + jpeg(1),
        "Thumbs.db/256_3f2a/$Carved/12.jpg": jpeg(1),
        "Thumbs.db/96_3f2a": HEAD + TINY,
        "Thumbs.db/96_3f2a/$Carved/12.jpg": TINY,
        "Thumbs.db/Catalog": b"c" * 70,
        "next": b"x",
    }
    assert (problems, reasons) == ([], {"Thumbs.db": None})


def test_a_picture_that_lies_in_one_piece_is_not_found_twice() -> None:
    content = compound(LETTER, seed=None)
    assert jpeg(2) in content
    found, _, _ = walked(given("letter.doc", content))
    assert list(found.values()).count(jpeg(2)) == list(found.values()).count(jpeg(3)) == 1


def test_what_was_deleted_from_it_is_found() -> None:
    content = compound(THUMBS, seed=None, unused=HEAD + jpeg(5), unused_small=HEAD + TINY)
    found, problems, _ = walked(given("Thumbs.db", content))
    assert found["Thumbs.db/$Unallocated/$Carved/12.jpg"] == jpeg(5)
    assert found["Thumbs.db/$UnallocatedSmall/$Carved/12.jpg"] == TINY
    assert problems == []
    assert not any("Unallocated" in name for name in members(compound(LETTER, unused=bytes(9000))))


def test_all_that_is_given_counts_as_expanded() -> None:
    content, sizes = compound(THUMBS, unused=HEAD + jpeg(5)), list[int]()
    given_sizes = [
        member.size
        for member in Compound(lambda at, size: content[at : at + size], len(content)).members(sizes.append)
    ]
    assert all(counted >= size for counted, size in zip(sizes, given_sizes, strict=True))


def test_streams_that_the_tree_lost_are_found() -> None:
    content = compound(THUMBS, seed=None)
    lost = entry("Root Entry", 5, (NONE, NONE, NONE))[64:80]
    at = content.index("Root Entry".encode("utf-16-le"))
    cut = content[: at + 64] + lost + content[at + 80 :]
    with olefile.OleFileIO(io.BytesIO(cut)) as other:
        assert other.listdir() == []
    assert members(cut) == THUMBS


@pytest.mark.parametrize(
    ("streams", "encrypted"),
    [
        ({"EncryptionInfo": b"i", "EncryptedPackage": bytes(9000)}, True),
        ({"WordDocument": bytes(11) + b"\1" + bytes(5000)}, True),
        ({"WordDocument": bytes(11) + b"\2" + bytes(5000)}, False),
        ({"Workbook": b"\x09\x08\x10\0" + bytes(16) + b"\x2f\0\x36\0" + bytes(5000)}, True),
        ({"Workbook": b"\x09\x08\x10\0" + bytes(16) + b"\xe1\0\x02\0" + bytes(5000)}, False),
        ({"Book": b"\x09"}, False),
    ],
)
def test_a_document_with_a_password_says_so(streams: dict[str, bytes], encrypted: bool) -> None:
    content = compound(streams)
    found, problems, reasons = walked(given("a", content))
    assert set(found) == {"a", *(f"a/{name}" for name in streams)}
    expected = "archive or document that could not be opened whole (it is encrypted)" if encrypted else None
    assert (reasons["a"], bool(problems)) == (expected, encrypted)


@pytest.mark.parametrize("cut", [8, 40, 511, 600])
def test_one_that_cannot_be_opened_is_searched_flat_and_says_so(cut: int) -> None:
    whole = compound(THUMBS, seed=None)
    content = whole[:cut] + bytes(1024) + jpeg(1)
    found, problems, reasons = walked(given("Thumbs.db", content))
    assert [value for path, value in found.items() if "$Carved" in path] == [jpeg(1)]
    assert len(problems) == 1
    assert str(reasons["Thumbs.db"]).startswith("archive or document that could not be opened whole (its ")


def test_a_chain_that_goes_in_circles_ends() -> None:
    content = bytearray(compound({"a": bytes(5000), "b": jpeg(1)}, seed=None))
    table = content.rindex(struct.pack("<4I", 1, 2, 3, 4))
    struct.pack_into("<I", content, table + 4 * 4, 3)
    found = members(bytes(content))
    assert [len(value) for value in found.values()] == [5000, len(jpeg(1))]
    assert found["b"] == jpeg(1)


def with_directory(entries: list[bytes], sectors: int = 64) -> bytes:
    """Return a compound file with a directory of `entries`; its table leads from each sector to the next."""
    width, directory = 4096, b"".join(entries)
    length = -(-len(directory) // width)
    tables = -(-(length + sectors + 200) // (width // 4 - 1))
    table = [*range(1, length), LAST, *range(length + 1, length + sectors), LAST]
    content = bytearray(compound({}, width=width)[:width])
    struct.pack_into("<9I", content, 40, length, tables, 0, 0, 4096, LAST, 0, LAST, 0)
    struct.pack_into(f"<{tables}I", content, 76, *range(length + sectors, length + sectors + tables))
    table += [NONE] * (tables * width // 4 - len(table))
    body = directory.ljust(length * width, b"\0") + bytes(sectors * width)
    return bytes(content) + body + struct.pack(f"<{len(table)}I", *table)


def many(count: int, size: int) -> bytes:
    """Return a compound file with `count` streams that all claim the same `size` bytes."""
    names = ["", *map(str, range(count))]
    length = -(-128 * len(names) // 4096)
    starts, sizes = dict.fromkeys(names[1:], length), dict.fromkeys(names[1:], size)
    return with_directory([directory_of(names, starts, sizes, (LAST, 0))])


def test_a_hundred_thousand_streams_are_read_in_one_sweep() -> None:
    assert len(members(many(100_000, 0))) == 100_000


def test_more_streams_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compounds, "MOST_STREAMS", 1000)
    assert len(members(many(900, 0))) == 900
    with pytest.raises(TooLarge, match="more streams"):
        members(many(2000, 0))
    _, problems, reasons = walked(given("a", many(2000, 0)))
    assert (reasons, len(problems)) == ({"a": "archive or document too large to be opened whole"}, 1)


def test_an_error_that_nobody_expected_leaves_the_reason_that_it_broke_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(*_: object) -> None:
        raise ValueError("unexpected")

    monkeypatch.setattr(compounds, "Compound", failing)
    outer, *rest = Opener(ProblemList(), None).with_members(given("a", b"text"))
    assert (rest, outer.inside and outer.inside.begun) == ([], False)
    files = Opener(ProblemList(), None).with_members(given("a", compound(THUMBS)))
    opened = next(files).inside
    with pytest.raises(ValueError, match="unexpected"):
        next(files)
    assert opened
    assert opened.ended
    assert opened.reason == "archive or document that could not be opened whole (reading it broke off)"


def test_streams_that_claim_the_same_bytes_are_given_up() -> None:
    content = many(50_000, 64 * 4096)
    with pytest.raises(BadArchive, match="overlap"):
        members(content)


def test_a_stream_that_claims_more_than_the_file_holds_is_not_read() -> None:
    content = many(3, 4 << 30)
    assert set(members(content).values()) == {"its place inside the compound file is damaged"}


def test_storages_in_one_another_and_long_rows_of_names_are_borne() -> None:
    depth = 20_000
    entries = [entry("Root Entry", 5, (NONE, NONE, 1))]
    entries += [entry("s", 1, (NONE, NONE, number + 1)) for number in range(1, depth)]
    entries += [entry("deep", STREAM, (1, 1, NONE), size=0)]
    (name,) = members(with_directory(entries))
    assert name.endswith("/s/deep")
    chain = [entry("Root Entry", 5, (NONE, NONE, 1))]
    chain += [entry(str(number), STREAM, (NONE, number + 1, NONE)) for number in range(1, depth)]
    assert len(members(with_directory(chain))) == depth - 1


@cache
def whole() -> bytes:
    return compound(THUMBS | LETTER, unused=jpeg(4))


@settings(max_examples=60)
@drawn_by(st.data())
def test_damage_anywhere_costs_streams_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(whole())
    place = st.one_of(st.integers(24, 600), st.integers(24, len(content) - 4))
    for _ in range(data.draw(st.integers(1, 12))):
        value = data.draw(st.sampled_from([0, 1, 2, 0xFFFFFFFF, LAST, 1 << 31, len(content) // 512]))
        struct.pack_into("<I", content, min(data.draw(place), len(content) - 4), value)
    del content[data.draw(st.integers(512, len(content))) :]
    found, _, reasons = walked(given("a", bytes(content)))
    assert found["a"] == bytes(content)
    assert set(reasons) == {"a"}


def test_noise_behind_the_header_ends() -> None:
    random = Random(3)
    for _ in range(40):
        found, _, _ = walked(given("a", whole()[:76] + random.randbytes(random.randrange(4000, 90_000))))
        assert "a" in found
