from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.targets import CORPUS
from luwte.base.clock import ManualClock
from luwte.base.errors import BadInput
from luwte.crypto.identity import decrypt, encrypt
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import (
    MAGIC,
    extend_bundle,
    is_bundle,
    open_bundle,
    read_statement,
    write_bundle,
)
from luwte.exchange.columns import from_bytes, to_bytes
from luwte.exchange.entries import CODE_BYTES, Entry, HashRecord, RejectedPair, entry_from
from luwte.exchange.errors import NewerSchema, OtherRotation, SignerUnknown, Unusable
from luwte.exchange.home import Home
from tests.support.exchange import (
    CLOCK,
    KEY,
    NOON,
    OLD,
    any_record,
    bundle,
    coded_entries,
    entries,
    film_entries,
    spoiled,
)

CHECKOUT = Path(__file__).parents[2]
SLOW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.lists(any_record, min_size=1, max_size=12))
@SLOW
def test_what_is_built_is_what_opens(tmp_path: Path, found: list[HashRecord]) -> None:
    home = Home.open(tmp_path / "home")
    wanted = {entry.id: entry for entry in (entry_from(record, KEY) for record in found)}
    write_bundle(tmp_path / "list", wanted.values(), home, CLOCK)
    opened = {entry.id: entry for entry in open_bundle(tmp_path / "list", home).entries()}
    assert opened == {
        identifier: entry if entry.pdq else replace(entry, pdq_quality=None)
        for identifier, entry in wanted.items()
    }


def test_columns_are_sorted_for_search(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home, 100)
    opened = open_bundle(tmp_path / "list", home)
    assert len(opened) == 100
    for kind in ("md5", "sha1", "sha256"):
        rows = [row.tobytes() for row in getattr(opened, kind)]
        assert rows == sorted(rows)
    assert opened.pdq.shape == (100, 32)
    assert (np.diff(opened.pdq_entry.astype(int)) > 0).all()
    assert opened.series_names == ("series 0", "series 1", "series 2")
    by_md5 = {entry.md5: entry.id for entry in entries(100)}
    owner = opened.ids[opened.md5_entry[7]].tobytes().hex()
    assert by_md5[opened.md5[7].tobytes()] == owner


def test_the_same_entries_are_the_same_version(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    found = entries(20)
    first = write_bundle(tmp_path / "a", found, home, CLOCK).statement
    later = ManualClock(NOON + timedelta(days=1))
    second = write_bundle(tmp_path / "b", [*reversed(found), found[3]], home, later).statement
    assert first.version == second.version
    assert first.made != second.made
    assert write_bundle(tmp_path / "c", found[1:], home, CLOCK).statement.version != first.version
    other = write_bundle(tmp_path / "d", found, Home.open(tmp_path / "other"), CLOCK).statement
    assert other.version.partition("-")[0] != first.version.partition("-")[0]


def test_repeated_entries_keep_all_attributes_and_the_best_quality(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    entry = replace(entries(1)[0], pdq_quality=None)
    copies = [
        replace(entry, attributes={"category": "2"}),
        replace(entry, pdq_quality=60, attributes={"category": "1", "photodna": "x"}),
        replace(entry, pdq_quality=40),
    ]
    for order in (copies, copies[::-1]):
        write_bundle(tmp_path / "list", order, home, CLOCK)
        (merged,) = open_bundle(tmp_path / "list", home).entries()
        assert merged == replace(entry, pdq_quality=60, attributes={"category": "1", "photodna": "x"})


def test_nothing_of_the_list_can_be_read_from_the_file(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home)
    content = (tmp_path / "list").read_bytes()
    for entry in entries(5):
        for secret in (
            bytes.fromhex(entry.id),
            entry.id.encode(),
            entry.md5,
            entry.pdq,
            entry.series.encode(),
        ):
            assert secret is not None
            assert secret not in content
    assert (tmp_path / "list").stat().st_mode & 0o777 == 0o600


def test_an_empty_list_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home)
    before = (tmp_path / "list").read_bytes()
    with pytest.raises(BadInput, match="no usable fingerprint"):
        write_bundle(tmp_path / "list", [], home, CLOCK)
    assert (tmp_path / "list").read_bytes() == before


def trusting(tmp_path: Path) -> tuple[Home, Home]:
    maker, reader = Home.open(tmp_path / "maker"), Home.open(tmp_path / "reader")
    for owner, other in ((maker, reader), (reader, maker)):
        file = tmp_path / "public.json"
        file.write_bytes(json.dumps(other.public_document()).encode())
        owner.trust(file)
    return maker, reader


def test_those_who_are_trusted_can_open_it(tmp_path: Path) -> None:
    maker, reader = trusting(tmp_path)
    bundle(tmp_path / "list", maker)
    assert len(open_bundle(tmp_path / "list", reader)) == 5
    assert read_statement(tmp_path / "list", reader.trusted()).recipients == tuple(
        sorted([maker.identity.public.id, reader.identity.public.id])
    )


def test_an_unknown_signer_is_named(tmp_path: Path) -> None:
    maker = Home.open(tmp_path / "maker")
    bundle(tmp_path / "list", maker)
    with pytest.raises(SignerUnknown, match=f"{maker.identity.public.id}.*luwte keys trust"):
        open_bundle(tmp_path / "list", Home.open(tmp_path / "stranger"))


def test_a_list_for_others_says_what_to_send(tmp_path: Path) -> None:
    maker, reader = trusting(tmp_path)
    maker.forget(reader.identity.public.id)
    bundle(tmp_path / "list", maker)
    with pytest.raises(BadInput, match=r"list was encrypted for other keys.*build it again"):
        open_bundle(tmp_path / "list", reader)


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home, 2)
    good = (tmp_path / "list").read_bytes()
    for place in range(len(good)):
        (tmp_path / "bad").write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        with pytest.raises(BadInput):
            open_bundle(tmp_path / "bad", home)


def test_contents_of_another_maker_do_not_pass(tmp_path: Path) -> None:
    """Anyone can encrypt to a public key: the signature alone says whose contents these are."""
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home)
    write_bundle(tmp_path / "other", entries(5, seed=2), home, CLOCK)
    one, other = ((tmp_path / name).read_bytes() for name in ("list", "other"))
    size, theirs = (read_statement(tmp_path / name, home.trusted()).size for name in ("list", "other"))
    content, payload = decrypt(other[-theirs:], home.identity), b""
    while len(payload) != size:  # age pads its header at random
        payload = encrypt(content, [home.identity.public])
    (tmp_path / "swapped").write_bytes(one[:-size] + payload)
    with pytest.raises(Unusable, match="contents differ"):
        open_bundle(tmp_path / "swapped", home)


@given(st.data())
@SLOW
def test_spoiled_bundles_end_in_one_sentence(tmp_path: Path, data: st.DataObject) -> None:
    home = Home.open(tmp_path / "home")
    if not (tmp_path / "list").exists():
        bundle(tmp_path / "list", home)
    good = (tmp_path / "list").read_bytes()
    bad = data.draw(
        spoiled(good) | st.binary(max_size=64) | st.binary(max_size=64).map(lambda tail: MAGIC + tail)
    )
    (tmp_path / "bad").write_bytes(bad)
    with pytest.raises(BadInput) as caught:
        open_bundle(tmp_path / "bad", home)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("length", [0, 4, 10, 40, 400, -1])
def test_cut_off_bundles_are_refused(tmp_path: Path, length: int) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home)
    (tmp_path / "bad").write_bytes((tmp_path / "list").read_bytes()[:length])
    with pytest.raises(Unusable):
        open_bundle(tmp_path / "bad", home)


def test_a_newer_schema_says_update(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home)
    good = (tmp_path / "list").read_bytes()
    (tmp_path / "new").write_bytes(good.replace(b'"schema":1', b'"schema":4'))
    with pytest.raises(NewerSchema, match="Update Luwte"):
        open_bundle(tmp_path / "new", home)


def test_videos_keep_their_frames_in_order_and_need_a_newer_reader(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    found = film_entries(6)
    summary = write_bundle(tmp_path / "list", reversed(found), home, CLOCK)
    assert (summary.entries, summary.videos, summary.statement.schema) == (12, 6, 2)
    assert b'"schema":2' in (tmp_path / "list").read_bytes()
    opened = open_bundle(tmp_path / "list", home)
    assert list(opened.entries()) == sorted(found, key=lambda entry: entry.id)
    assert opened.frames.shape == (21, 32)
    assert (np.diff(opened.frames_entry.astype(int)) >= 0).all()
    assert bundle(tmp_path / "plain", home).statement.schema == 1


def test_a_bundle_from_before_there_were_videos_opens_as_it_was() -> None:
    """The example was written by a Luwte that knew no videos, and what is written today is the same."""
    payload = (CORPUS / "bundle" / "columns").read_bytes()
    columns = from_bytes(payload, "the example")
    assert (len(columns), columns.videos, columns.schema) == (3, 0, 1)
    assert [entry.frames for entry in columns.entries()] == [b""] * 3
    assert to_bytes(columns) == payload


@pytest.mark.parametrize(("schema", "found"), [(1, entries(5)), (2, film_entries(3))])
def test_lists_without_codes_are_written_as_before_there_were_any(
    tmp_path: Path, schema: int, found: list[Entry]
) -> None:
    payload = (OLD / f"list-{schema}.columns").read_bytes()
    columns = from_bytes(payload, "the old list")
    assert (columns.schema, list(columns.entries())) == (schema, sorted(found, key=lambda entry: entry.id))
    home = Home.open(tmp_path / "home")
    assert write_bundle(tmp_path / "list", found, home, CLOCK).statement.schema == schema
    assert to_bytes(open_bundle(tmp_path / "list", home)) == payload


def test_codes_and_rejected_files_come_back_as_given(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    found = [*coded_entries(9), *entries(3, 2), *film_entries(3, 4)]
    summary = write_bundle(tmp_path / "list", reversed(found), home, CLOCK)
    assert (summary.entries, summary.coded, summary.rejected, summary.statement.schema) == (18, 9, 4, 3)
    opened = open_bundle(tmp_path / "list", home)
    assert list(opened.entries()) == sorted(found, key=lambda entry: entry.id)
    assert opened.codes.shape == (sum(range(1, 10)), 20)
    assert opened.rotation.tobytes() == home.rotation_seed
    many = coded_entries(70)
    write_bundle(tmp_path / "c", many, home, CLOCK)
    assert list(open_bundle(tmp_path / "c", home).entries()) == sorted(many, key=lambda entry: entry.id)
    only = [replace(entry, codes=b"") for entry in coded_entries(4)]
    assert write_bundle(tmp_path / "b", only, home, CLOCK).statement.schema == 3
    opened = open_bundle(tmp_path / "b", home)
    assert (len(opened.rotation), len(opened.rejected_entry)) == (0, 2)
    assert list(opened.entries()) == sorted(only, key=lambda entry: entry.id)


def coded_films(count: int) -> list[Entry]:
    """Videos, the first with codes of eight frames, the next of seven and so on, the last of none."""
    codes = [entry.codes for entry in coded_entries(8)]
    return [
        replace(film, frame_codes=tuple(codes[: 8 - number]))
        for number, film in enumerate(film_entries(count)[:count])
    ]


def test_codes_of_frames_come_back_in_their_order(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    found = [*coded_films(9), *coded_entries(4)]
    summary = write_bundle(tmp_path / "list", reversed(found), home, CLOCK)
    assert (summary.entries, summary.coded, summary.videos, summary.statement.schema) == (13, 12, 9, 3)
    assert any("8 of these are videos" in sentence for sentence in summary.can_find)
    opened = open_bundle(tmp_path / "list", home)
    assert list(opened.entries()) == sorted(found, key=lambda entry: entry.id)
    assert (opened.coded, opened.coded_videos, len(opened.coded_entry)) == (12, 8, sum(range(1, 9)) + 4)
    again = write_bundle(tmp_path / "again", [*found, *found], home, CLOCK)
    assert again.statement.version == summary.statement.version, "codes are not added twice"


def test_codes_come_to_a_video_that_was_enrolled_before_there_were_any(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    (film,) = coded_films(1)
    extend_bundle(tmp_path / "list", [replace(film, frame_codes=())], home, CLOCK)
    extend_bundle(tmp_path / "list", [film], home, CLOCK)
    assert list(open_bundle(tmp_path / "list", home).entries()) == [film]


def test_codes_that_no_entry_has_are_not_taken(tmp_path: Path) -> None:
    film, picture = film_entries(1)[0], coded_entries(1)[0]
    codes = picture.codes
    for wrong in (
        replace(film, codes=codes),
        replace(picture, codes=b"", frame_codes=(codes,)),
        replace(film, frame_codes=(codes,) * 9),
        replace(film, frame_codes=(codes, b"")),
        replace(film, frame_codes=(codes, codes[:-1])),
    ):
        with pytest.raises(ValueError, match="local codes"):
            ColumnBuilder().add(wrong, bytes(32))


def test_codes_and_rejected_files_are_added_to_an_entry(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    found = coded_entries(6)
    whole = write_bundle(tmp_path / "list", found, home, CLOCK).statement.version
    bare = [replace(entry, codes=b"", rejected=()) for entry in found]
    extend_bundle(tmp_path / "c", bare, home, CLOCK)
    extend_bundle(tmp_path / "c", found[3:], home, CLOCK)
    assert extend_bundle(tmp_path / "c", found[:3], home, CLOCK).statement.version == whole
    pairs = (RejectedPair(None, b"p" * 32), RejectedPair(b"a" * 32), RejectedPair(b"r" * 32, b"p" * 32))
    for pair in (*pairs[::-1], pairs[1]):
        extend_bundle(tmp_path / "c", [replace(found[0], rejected=(pair,))], home, CLOCK)
    opened = {entry.id: entry for entry in open_bundle(tmp_path / "c", home).entries()}
    assert opened[found[0].id].rejected == pairs


def test_codes_of_two_rotations_never_stand_in_one_list(tmp_path: Path) -> None:
    maker, other = trusting(tmp_path)
    write_bundle(tmp_path / "list", coded_entries(3), maker, CLOCK)
    before = (tmp_path / "list").read_bytes()
    with pytest.raises(OtherRotation, match="another authority's secret rotation"):
        extend_bundle(tmp_path / "list", coded_entries(3, 2), other, CLOCK)
    assert (tmp_path / "list").read_bytes() == before
    extend_bundle(tmp_path / "list", entries(3, 2), other, CLOCK)
    opened = open_bundle(tmp_path / "list", other)
    assert (len(opened), opened.rotation.tobytes()) == (6, maker.rotation_seed)


@pytest.mark.parametrize(
    "codes",
    [b"x", b"xx", bytes(22), b"\x80\x81" + bytes(20), b"\x80\x80" + bytes(19), b"aa" + bytes(20 * 65)],
)
def test_codes_of_another_form_are_refused(tmp_path: Path, codes: bytes) -> None:
    home = Home.open(tmp_path / "home")
    with pytest.raises(ValueError, match="at most 64 local codes"):
        write_bundle(tmp_path / "list", [replace(entries(1)[0], codes=codes)], home, CLOCK)


@pytest.mark.parametrize(
    ("sha256", "pdq"), [(b"short", None), (b"s" * 32, b"short"), (None, None), (bytes(32), None)]
)
def test_rejected_files_of_another_form_are_refused(sha256: bytes | None, pdq: bytes | None) -> None:
    with pytest.raises(ValueError, match="a rejected file has"):
        RejectedPair(sha256, pdq)


def test_frames_are_part_of_the_version_and_of_what_is_added(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    found = film_entries(3)
    whole = write_bundle(tmp_path / "list", found, home, CLOCK).statement.version
    turned = replace(found[2], frames=found[2].frames[32:] + found[2].frames[:32])
    assert (
        write_bundle(tmp_path / "b", [*found[:2], turned, *found[3:]], home, CLOCK).statement.version != whole
    )
    extend_bundle(tmp_path / "c", found[3:], home, CLOCK)
    extend_bundle(tmp_path / "c", found[1:3], home, CLOCK)
    assert extend_bundle(tmp_path / "c", found[:2], home, CLOCK).statement.version == whole
    with pytest.raises(ValueError, match="at most 1024 frames"):
        extend_bundle(tmp_path / "c", [replace(found[0], frames=bytes(33))], home, CLOCK)
    with pytest.raises(ValueError, match="at most 1024 frames"):
        extend_bundle(tmp_path / "c", [replace(found[0], frames=bytes(1025 * 32))], home, CLOCK)


def test_a_statement_and_its_columns_must_be_of_one_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.open(tmp_path / "home")
    write_bundle(tmp_path / "films", film_entries(5)[:5], home, CLOCK)
    films = to_bytes(open_bundle(tmp_path / "films", home))
    with pytest.raises(Unusable, match="its schema"):
        open_bundle(resealed(tmp_path, home, lambda _: films, monkeypatch), home)


def resealed(
    tmp_path: Path, home: Home, spoil: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Write a bundle whose maker signed contents that are malformed inside."""
    monkeypatch.setattr("luwte.exchange.bundle.pieces", lambda columns: [spoil(to_bytes(columns))])
    bundle(tmp_path / "list", home)
    return tmp_path / "list"


@given(st.data())
@settings(SLOW, max_examples=150)
def test_malformed_contents_never_pass_unchecked(tmp_path: Path, data: st.DataObject) -> None:
    home = Home.open(tmp_path / "home")
    listed = data.draw(st.sampled_from([entries(5), film_entries(5)[:5], coded_entries(5)]))
    write_bundle(tmp_path / "list", listed, home, CLOCK)
    bad = data.draw(spoiled(to_bytes(open_bundle(tmp_path / "list", home))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("luwte.exchange.bundle.pieces", lambda _: [bad])
        write_bundle(tmp_path / "list", listed, home, CLOCK)
    try:
        found = list(open_bundle(tmp_path / "list", home).entries())
    except BadInput:
        return
    # A changed fingerprint or name cannot be told from a true one; the form must hold all the same.
    assert len(found) == 5
    assert all(isinstance(value, str) for entry in found for value in entry.attributes.values())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("series", 3),
        ("series", 2**32 - 1),
        ("md5_entry", 5),
        ("pdq_entry", 5),
        ("attribute_offsets", 9),
        ("frames_entry", 5),
        ("frames_entry", 2**32 - 1),
    ],
)
def test_numbers_out_of_bounds_are_refused(tmp_path: Path, column: str, value: int) -> None:
    home = Home.open(tmp_path / "home")
    write_bundle(tmp_path / "list", film_entries(5)[:5], home, CLOCK)
    write_bundle(tmp_path / "plain", entries(5), home, CLOCK)
    opened = open_bundle(tmp_path / ("list" if column == "frames_entry" else "plain"), home)
    array = getattr(opened, column).copy()
    array[-1] = value
    bad = to_bytes(replace(opened, **{column: array}))
    with pytest.raises(Unusable, match="malformed"):
        from_bytes(bad, "the list")


@pytest.mark.parametrize(
    "spoil", ["out of order", "more frames than numbers", "too many of one", "one column"]
)
def test_frames_that_do_not_fit_are_refused(tmp_path: Path, spoil: str) -> None:
    home = Home.open(tmp_path / "home")
    write_bundle(tmp_path / "list", film_entries(5)[:5], home, CLOCK)
    opened = open_bundle(tmp_path / "list", home)
    if spoil == "out of order":
        bad = to_bytes(replace(opened, frames_entry=opened.frames_entry[::-1]))
    elif spoil == "more frames than numbers":
        bad = to_bytes(replace(opened, frames=np.repeat(opened.frames, 2, axis=0)))
    elif spoil == "too many of one":
        owners = np.sort(np.concatenate([opened.frames_entry, np.zeros(1024, np.uint32)]))
        bad = to_bytes(replace(opened, frames=np.zeros((len(owners), 32), np.uint8), frames_entry=owners))
    else:
        bad = to_bytes(opened).replace(b'"frames_entry":15', b'"frames_entri":15')
    with pytest.raises(Unusable, match="malformed"):
        from_bytes(bad, "the list")


def test_an_entry_of_no_frame_and_no_digest_is_refused(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    bare = [replace(entry, md5=None, sha1=None, sha256=None) for entry in film_entries(2)[:2]]
    write_bundle(tmp_path / "list", bare, home, CLOCK)
    opened = open_bundle(tmp_path / "list", home)
    bad = to_bytes(replace(opened, frames_entry=np.zeros_like(opened.frames_entry)))
    with pytest.raises(Unusable, match="without fingerprint"):
        from_bytes(bad, "the list")


def test_a_wrong_number_of_entries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "seven", home, 7)
    seven = to_bytes(open_bundle(tmp_path / "seven", home))
    with pytest.raises(Unusable, match="number of entries"):
        open_bundle(resealed(tmp_path, home, lambda _: seven, monkeypatch), home)


def test_extending_starts_adds_and_merges(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    found = entries(6)
    first = extend_bundle(tmp_path / "list", found[:2], home, CLOCK)
    second = extend_bundle(tmp_path / "list", found[1:], home, CLOCK)
    assert (first.entries, second.entries) == (2, 6)
    assert first.statement.version != second.statement.version
    assert second.statement.version == write_bundle(tmp_path / "b", found, home, CLOCK).statement.version


def test_two_processes_may_extend_at_once(tmp_path: Path, home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from luwte.exchange.bundle import extend_bundle;"
        "from luwte.exchange.home import Home; from tests.support.exchange import entries;"
        "extend_bundle(Path(sys.argv[1]), entries(20, int(sys.argv[2])), Home.open())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "list"), str(seed)], cwd=CHECKOUT)
        for seed in range(4)
    ]
    assert [process.wait() for process in started] == [0] * 4
    assert len(open_bundle(tmp_path / "list", Home.open())) == 80


def test_a_failed_extension_leaves_the_bundle(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home)
    before = (tmp_path / "list").read_bytes()
    with pytest.raises(ValueError, match="length of its kind"):
        extend_bundle(tmp_path / "list", [Entry("00" * 16, "blue", md5=b"short")], home, CLOCK)
    assert (tmp_path / "list").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["list"]


def test_what_a_list_can_and_cannot_find_is_said(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    full, bare = entries(2)
    found = [full, replace(bare, sha1=None, sha256=None, md5=None, attributes={"photodna": "AAAB"})]
    summary = write_bundle(tmp_path / "list", found, home, CLOCK)
    assert "MD5, SHA-1, SHA-256" in summary.can_find[0]
    assert "2 of 2" in summary.can_find[1]
    assert any("1 entries without a digest" in sentence for sentence in summary.cannot_find)
    assert any("PhotoDNA" in sentence for sentence in summary.cannot_find)
    assert "in a border, between bars or on a screenshot" in summary.can_find[1]
    assert "crops, free rotation and collages" in summary.cannot_find
    assert not any("inside the picture" in sentence for sentence in summary.cannot_find)
    digests = [replace(entry, pdq=None) for entry in entries(2)]
    summary = write_bundle(tmp_path / "list", digests, home, CLOCK)
    assert summary.cannot_find[0] == "edited copies of the 2 entries without PDQ"
    summary = write_bundle(tmp_path / "list", [*digests, *film_entries(3)[:3]], home, CLOCK)
    assert summary.cannot_find[0] == "edited copies of the 2 entries without PDQ"
    assert "3 of 5 entries that are videos" in summary.can_find[1]
    assert "another speed or backward" in summary.can_find[1]
    assert "inside the picture of another" in summary.can_find[1]
    assert any("without three different frames" in sentence for sentence in summary.cannot_find)
    coded = [replace(digests[0], codes=bytes([128, 96, *range(CODE_BYTES)])), digests[1]]
    summary = write_bundle(tmp_path / "list", coded, home, CLOCK)
    assert summary.cannot_find[:2] == (
        "edited copies of the 1 entries without PDQ",
        "edited copies of the 1 entries without PDQ that have local codes, in the fast pass; the deep one "
        "finds them",
    )


def test_a_bundle_is_told_from_other_files(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    bundle(tmp_path / "list", home)
    (tmp_path / "other").write_bytes(encrypt(b"", [home.identity.public]))
    assert is_bundle(tmp_path / "list")
    assert not is_bundle(tmp_path / "other")
    with pytest.raises(Unusable, match="not a reference bundle"):
        open_bundle(tmp_path / "other", home)
    with pytest.raises(BadInput, match="cannot be read"):
        open_bundle(tmp_path / "none", home)
    with pytest.raises(BadInput, match="cannot be read"):
        open_bundle(tmp_path, home)
