from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from luwte.exchange.bundle import open_bundle
from luwte.exchange.entries import Entry
from luwte.exchange.home import Home
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.fingerprints.keypoints import find_keypoints
from luwte.lab.fingerprints.local_codes import Rotation
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, decode_grey
from luwte.lab.scan.looking import look_at_files
from luwte.lab.scan.worklist import read_rows
from tests.support.command import Command
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.films import film, lossless
from tests.support.scans import lay_out

DIM = 5


@pytest.fixture
def luwte(capfd: pytest.CaptureFixture[str], home: Path) -> Command:
    return Command(capfd)


def listed(path: Path) -> list[Entry]:
    return sorted(
        open_bundle(path, Home.open()).entries(), key=lambda entry: (entry.series, entry.md5 or b"")
    )


def test_pictures_become_entries_of_their_series(luwte: Command, tmp_path: Path) -> None:
    lay_out(tmp_path, {"a.jpg": jpeg(1), "b.png": encoded(drawn(2), "PNG")})
    ended = luwte(
        "enrol", tmp_path / "a.jpg", tmp_path / "b.png", "--series", "one", "--to", tmp_path / "list"
    )
    assert (ended.code, ended.err) == (0, "")
    assert "2 pictures enrolled" in ended.out
    found = fingerprint_bytes(jpeg(1))
    entries = {entry.sha256: entry for entry in listed(tmp_path / "list")}
    entry = entries[found.sha256]
    assert (entry.series, entry.md5, entry.sha1) == ("one", found.md5, found.sha1)
    assert (entry.pdq, entry.pdq_quality) == (found.pdq, found.pdq_quality)
    assert len(entries) == 2


def test_pictures_get_local_codes_under_the_rotation_of_this_home(luwte: Command, tmp_path: Path) -> None:
    lay_out(tmp_path, {"a.jpg": jpeg(1), "b.jpg": jpeg(2)})
    files = (tmp_path / "a.jpg", tmp_path / "b.jpg")
    ended = luwte("enrol", *files, "--series", "one", "--to", tmp_path / "list")
    assert (ended.code, ended.err) == (0, "")
    rotation = Rotation(Home.open().rotation_seed)
    wanted = {
        rotation.encode(find_keypoints(decode_grey(path.read_bytes()).grey)).to_bytes() for path in files
    }
    assert {entry.codes for entry in listed(tmp_path / "list")} == wanted
    assert open_bundle(tmp_path / "list", Home.open()).rotation.tobytes() == Home.open().rotation_seed
    shown = luwte("reference", "show", tmp_path / "list").out
    assert "codes    local codes of 2 of the entries" in shown
    assert "finds    crops" in shown
    assert "cannot find" not in shown


def test_a_picture_in_which_nothing_stands_out_gets_no_codes_and_is_named(
    luwte: Command, tmp_path: Path
) -> None:
    lay_out(tmp_path, {"small.png": encoded(drawn(1, 120, 30), "PNG"), "a.jpg": jpeg(1)})
    files = (tmp_path / "small.png", tmp_path / "a.jpg")
    ended = luwte("enrol", *files, "--series", "one", "--to", tmp_path / "list")
    assert ended.code == 0
    assert "small.png gets no local codes, as it is small or nothing in it stands out" in ended.err
    assert sorted(bool(entry.codes) for entry in listed(tmp_path / "list")) == [False, True]
    shown = luwte("reference", "show", tmp_path / "list").out
    assert "cannot find crops, free rotation and collages of the 1 entries without local codes" in shown


def test_a_file_that_changes_between_the_two_looks_is_refused(
    luwte: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lay_out(tmp_path, {"a.jpg": jpeg(1)}) / "a.jpg"

    def looking(files: Any, *, deep: bool = False, **how: Any) -> Any:
        if deep:
            path.write_bytes(jpeg(2))
        return look_at_files(files, deep=deep, **how)

    monkeypatch.setattr("luwte.cli.enrol.look_at_files", looking)
    ended = luwte("enrol", path, "--series", "one", "--to", tmp_path / "list")
    assert ended.code == 2
    assert "a.jpg changed while it was enrolled" in ended.err
    assert not (tmp_path / "list").exists()


def test_codes_are_not_added_to_a_list_under_another_rotation(
    luwte: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, {"a.jpg": jpeg(1), "b.jpg": jpeg(2)})
    other = Home.open(tmp_path / "other")
    for owner, friend in ((other, Home.open()), (Home.open(), other)):
        (tmp_path / "key").write_text(json.dumps(friend.public_document()))
        owner.trust(tmp_path / "key")
    assert luwte("enrol", tmp_path / "a.jpg", "--series", "one", "--to", tmp_path / "list").code == 0
    before = (tmp_path / "list").read_bytes()
    monkeypatch.setenv("LUWTE_HOME", str(other.path))
    ended = luwte("enrol", tmp_path / "b.jpg", "--series", "one", "--to", tmp_path / "list")
    assert ended.code == 2
    assert "another authority's secret rotation" in ended.err
    assert (tmp_path / "list").read_bytes() == before


def test_no_byte_of_a_picture_is_kept(luwte: Command, tmp_path: Path) -> None:
    content = jpeg(1)
    path = lay_out(tmp_path / "pictures", {"secret-name.jpg": content}) / "secret-name.jpg"
    luwte("enrol", path, "--series", "one", "--to", tmp_path / "list")
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file != path]
    assert kept
    for body in kept:
        assert content[200:232] not in body
        assert b"secret-name" not in body


def test_enrolling_again_adds_to_the_list_and_repeats_nothing(luwte: Command, tmp_path: Path) -> None:
    lay_out(tmp_path, {"a.jpg": jpeg(1), "b.jpg": jpeg(2)})
    for name in ("a.jpg", "a.jpg", "b.jpg"):
        assert luwte("enrol", tmp_path / name, "--series", "one", "--to", tmp_path / "list").code == 0
    assert len(listed(tmp_path / "list")) == 2


def test_a_manifest_names_pictures_and_series(luwte: Command, tmp_path: Path) -> None:
    lay_out(tmp_path / "in", {"sub/a.jpg": jpeg(1), "b.jpg": jpeg(2)})
    manifest = tmp_path / "in" / "manifest.csv"
    manifest.write_text(
        "series,path,note\none,sub/a.jpg,x\ntwo,b.jpg,\ntwo,sub/a.jpg,\ntwo,b.jpg,again\n", "utf-8-sig"
    )
    ended = luwte("enrol", "--manifest", manifest, "--to", tmp_path / "list")
    assert ended.code == 0
    pairs = {(entry.series, entry.sha256) for entry in listed(tmp_path / "list")}
    one, two = fingerprint_bytes(jpeg(1)).sha256, fingerprint_bytes(jpeg(2)).sha256
    assert pairs == {("one", one), ("two", one), ("two", two)}


def test_a_picture_with_little_in_it_is_enrolled_by_its_digests_alone(luwte: Command, tmp_path: Path) -> None:
    lay_out(tmp_path, {"grey.png": encoded(drawn(1).convert("L").point(lambda _: 128), "PNG")})
    ended = luwte("enrol", tmp_path / "grey.png", "--series", "one", "--to", tmp_path / "list")
    assert ended.code == 0
    assert "has little in it (quality 0)" in ended.err
    (entry,) = listed(tmp_path / "list")
    assert (entry.pdq, entry.pdq_quality) == (None, None)
    assert entry.sha256


def test_a_video_is_enrolled_with_its_frames_in_order(luwte: Command, tmp_path: Path) -> None:
    content = film("mkv", 1, 2, 3, seconds=3, keys=10)
    lay_out(tmp_path, {"film.mkv": content, "a.jpg": jpeg(1)})
    ended = luwte(
        "enrol", tmp_path / "film.mkv", tmp_path / "a.jpg", "--series", "one", "--to", tmp_path / "l"
    )
    assert (ended.code, ended.err) == (0, "")
    assert "1 picture and 1 video enrolled" in ended.out
    (entry,) = (entry for entry in listed(tmp_path / "l") if entry.frames)
    found = fingerprint_bytes(content)
    assert (entry.md5, entry.sha1, entry.sha256) == (found.md5, found.sha1, found.sha256)
    assert (entry.pdq, entry.pdq_quality) == (None, None)
    assert entry.frames == b"".join(frame.variants[:32] for frame in found.frames)
    assert len(entry.frames) >= 9 * 32
    shown = luwte("reference", "show", tmp_path / "l").out
    assert "videos   1 of the entries" in shown
    assert "1 of 2 entries that are videos" in shown


def test_frames_with_little_in_them_are_not_enrolled(luwte: Command, tmp_path: Path) -> None:
    scene = np.asarray(drawn(1, 96, 80).convert("L"))
    flat = np.full_like(scene, 40)
    lay_out(
        tmp_path, {"opening.mkv": lossless([flat] * 20 + [scene] * 20), "flat.mkv": lossless([flat] * 20)}
    )
    for name in ("opening", "flat"):
        assert luwte("enrol", tmp_path / f"{name}.mkv", "--series", name, "--to", tmp_path / "list").code == 0
    flat_entry, opening = listed(tmp_path / "list")
    assert opening.frames == pdq_hash(scene)[0]
    assert (flat_entry.frames, bool(flat_entry.md5)) == (b"", True)


def test_a_video_cut_short_is_enrolled_with_what_there_is_and_named(luwte: Command, tmp_path: Path) -> None:
    whole = film("avi", 1, 2, 3)
    first, quarter = whole.index(b"movi"), len(whole) // 4
    spoiled = whole[:quarter] + whole[quarter:].replace(b"\xff", b"\0")
    lay_out(
        tmp_path, {"part.avi": spoiled, "none.avi": whole[:first] + whole[first:].replace(b"\xff", b"\0")}
    )
    ended = luwte("enrol", tmp_path / "part.avi", "--series", "one", "--to", tmp_path / "list")
    assert ended.code == 0
    assert (
        f"part.avi was looked at only in part ({Reason.VIDEO_DAMAGED}); what it shows elsewhere" in ended.err
    )
    assert listed(tmp_path / "list")[0].frames
    ended = luwte("enrol", tmp_path / "none.avi", "--series", "one", "--to", tmp_path / "list")
    assert (ended.code, f"none.avi cannot be used ({Reason.VIDEO_DAMAGED})." in ended.err) == (2, True)


def test_without_the_library_a_video_is_refused_in_a_sentence(
    luwte: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, {"film.mp4": b"\0\0\0\x18ftypmp42" + bytes(3000)})
    monkeypatch.setitem(sys.modules, "av", None)
    ended = luwte("enrol", tmp_path / "film.mp4", "--series", "one", "--to", tmp_path / "list")
    assert ended.code == 2
    assert "film.mp4 is a video, which needs PyAV: pip install luwte[media]." in ended.err
    assert not (tmp_path / "list").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.jpg"], "Give FILES and --series, or --manifest."),
        (["--series", "one"], "Give FILES and --series, or --manifest."),
        (["a.jpg", "--manifest", "m.csv"], "Give either it or FILES and --series."),
        (["a.jpg", "--series", " "], "The series in --series cannot be used"),
        (["a.jpg", "gone.jpg", "--series", "one"], "1 of 2 files cannot be enrolled"),
        (["text.txt", "--series", "one"], "text.txt is not a picture or video."),
        (["broken.jpg", "--series", "one"], "broken.jpg cannot be used (damaged picture)."),
        (["--manifest", "gone.csv"], "gone.csv cannot be read"),
        (["--manifest", "text.txt"], "has no columns path and series"),
        (["--manifest", "broken.jpg"], "is not CSV text"),
        (["--manifest", "noseries.csv"], "The series in line 2 of"),
        (["--manifest", "nopath.csv"], "There is no path in line 2 of"),
        (["--manifest", "short.csv"], "The series in line 2 of"),
        (["--manifest", "long.csv"], "is too large for a manifest"),
        (["--manifest", "/dev/zero"], "is too large for a manifest"),
    ],
)
def test_what_cannot_be_used_adds_nothing(
    luwte: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    lay_out(
        tmp_path,
        {
            "a.jpg": jpeg(1),
            "text.txt": b"text",
            "broken.jpg": b"\xff\xd8\xff broken",
            "noseries.csv": b"path,series\na.jpg,\n",
            "nopath.csv": b"path,series\n,one\n",
            "short.csv": b"path,series\na.jpg\n",
            "long.csv": b"path,series\n" + b"a" * (1 << 20),
        },
    )
    monkeypatch.chdir(tmp_path)
    ended = luwte("enrol", *arguments, "--to", "list")
    assert ended.code == 2
    assert told in ended.err
    assert not (tmp_path / "list").exists()


def moving(*pictures: Image.Image, form: str = "WEBP") -> bytes:
    return encoded(pictures[0], form, save_all=True, append_images=list(pictures[1:]), quality=90)


def dim(seed: int) -> Image.Image:
    """A drawing so dark that PDQ says there is little in it."""
    return drawn(seed).convert("L").point(lambda value: value // DIM)


@pytest.mark.parametrize("form", ["WEBP", "GIF", "TIFF", "PNG"])
def test_each_frame_of_a_picture_that_moves_or_has_pages_is_an_entry_with_codes(
    luwte: Command, tmp_path: Path, form: str
) -> None:
    content = moving(*(drawn(seed, 320, 240) for seed in (1, 2, 1, 3)), form=form)
    lay_out(tmp_path, {"m": content})
    ended = luwte("enrol", tmp_path / "m", "--series", "one", "--to", tmp_path / "list")
    assert (ended.code, ended.err) == (0, "")
    assert "1 picture enrolled, in 3 entries, one a frame or page." in ended.out
    found, entries = fingerprint_bytes(content), listed(tmp_path / "list")
    assert {entry.sha256 for entry in entries} == {found.sha256}
    shown = {found.pdq, *(frame.variants[:32] for frame in found.frames)}
    assert {entry.pdq for entry in entries} == shown
    assert all(entry.codes for entry in entries)
    assert "cannot find" not in luwte("reference", "show", tmp_path / "list").out


def test_frames_that_show_the_same_are_one_entry_and_of_many_some_are_kept_and_named(
    luwte: Command, tmp_path: Path
) -> None:
    still = drawn(1, 320, 240)
    alike = [still.filter(ImageFilter.GaussianBlur(blur)) for blur in (0, 2, 4)]
    assert len({pdq_hash(np.asarray(one.convert("L")))[0] for one in alike}) > 1
    lay_out(
        tmp_path,
        {"alike.webp": moving(*alike), "many.webp": moving(*(drawn(seed, 160, 120) for seed in range(20)))},
    )
    ended = luwte("enrol", tmp_path / "alike.webp", "--series", "one", "--to", tmp_path / "list")
    assert (ended.code, ended.err, len(listed(tmp_path / "list"))) == (0, "", 1)
    ended = luwte("enrol", tmp_path / "many.webp", "--series", "two", "--to", tmp_path / "list")
    assert "many.webp has many frames or pages; at most 16 of them, spread over it, are enrolled" in ended.err
    assert 8 <= sum(entry.series == "two" for entry in listed(tmp_path / "list")) <= 16
    shown = " ".join(luwte("reference", "show", tmp_path / "list").out.split())
    assert "cannot find frames or pages between those enrolled, of 1 files that have many" in shown


def test_a_page_with_much_in_it_behind_one_with_little_is_enrolled(luwte: Command, tmp_path: Path) -> None:
    empty = drawn(1).convert("L").point(lambda _: 128)
    lay_out(tmp_path, {"m.tif": moving(empty, drawn(2), form="TIFF")})
    ended = luwte("enrol", tmp_path / "m.tif", "--series", "one", "--to", tmp_path / "list")
    assert "m.tif has frames or pages with little in them (1)" in ended.err
    (entry,) = listed(tmp_path / "list")
    assert (bool(entry.pdq), bool(entry.codes)) == (True, True)


def test_a_dark_picture_has_no_pdq_but_local_codes_by_which_a_crop_is_found(
    luwte: Command, tmp_path: Path
) -> None:
    lay_out(tmp_path / "known", {"dark.png": encoded(dim(21), "PNG")})
    ended = luwte("enrol", tmp_path / "known" / "dark.png", "--series", "one", "--to", tmp_path / "list")
    assert ended.code == 0
    assert "copies of it match by local codes alone" in ended.err
    (entry,) = listed(tmp_path / "list")
    assert (entry.pdq, bool(entry.codes)) == (None, True)
    shown = " ".join(luwte("reference", "show", tmp_path / "list").out.split())
    assert "cannot find edited copies of the 1 entries without PDQ that have local codes" in shown
    crop = dim(21).crop((60, 50, 560, 430))
    lay_out(
        tmp_path / "carrier",
        {"crop.png": encoded(crop, "PNG"), "stranger.png": encoded(dim(24), "PNG")},
    )
    out = tmp_path / "out"
    assert luwte("scan", tmp_path / "carrier", "--reference", tmp_path / "list", "--out", out).code == 0
    assert {row.path: row.verdict for row in read_rows(out)} == {
        "crop.png": "same_picture",
        "stranger.png": "unknown",
    }


def test_stills_crops_and_copies_of_any_frame_are_found_and_so_is_a_picture_inside_one_that_moves(
    luwte: Command, tmp_path: Path
) -> None:
    scenes = [drawn(seed, 400, 300) for seed in (1, 2, 3)]
    lay_out(tmp_path / "known", {"m.gif": moving(*scenes, form="GIF"), "still.png": encoded(drawn(4), "PNG")})
    known = (tmp_path / "known" / "m.gif", tmp_path / "known" / "still.png")
    assert luwte("enrol", *known, "--series", "one", "--to", tmp_path / "list").code == 0
    crop = drawn(4).rotate(7).crop((90, 70, 560, 420))
    lay_out(
        tmp_path / "carrier",
        {
            "same.gif": known[0].read_bytes(),
            "still.jpg": encoded(scenes[1], quality=60),
            "crop.png": encoded(scenes[1].crop((70, 50, 380, 280)), "PNG"),
            "second.webp": moving(drawn(101, *crop.size), crop, drawn(102, *crop.size)),
            "strangers.webp": moving(drawn(103), drawn(104)),
        },
    )
    out = tmp_path / "out"
    assert luwte("scan", tmp_path / "carrier", "--reference", tmp_path / "list", "--out", out).code == 0
    assert {row.path: row.verdict for row in read_rows(out)} == {
        "same.gif": "identical",
        "still.jpg": "same_picture",
        "crop.png": "same_picture",
        "second.webp": "same_picture",
        "strangers.webp": "unknown",
    }
