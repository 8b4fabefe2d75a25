from __future__ import annotations

import struct
import sys
from collections import Counter
from contextlib import suppress
from fractions import Fraction
from functools import partial
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luwte.lab.fingerprints import films, fingerprint
from luwte.lab.fingerprints.films import Sample, decode_film
from luwte.lab.fingerprints.fingerprint import MOST_FRAMES, Fingerprint, Look, fingerprint_bytes, look_at_film
from luwte.lab.fingerprints.pdq import pdq_dihedral, pdq_hash
from luwte.lab.fingerprints.pictures import GreyPicture, Reason, Undecodable
from tests.support.drawn import drawn
from tests.support.films import FORMS, SIZE, film, lossless, sound


def look(content: bytes, seconds: float = 60) -> Look:
    return look_at_film(BytesIO(content), seconds)


def nearest(found: Fingerprint | Look, seed: int) -> int:
    """The distance of the drawn picture of `seed` from the frame nearest to it."""
    wanted = int.from_bytes(pdq_hash(np.asarray(drawn(seed, *SIZE).convert("L")))[0])
    forms = [found.variants or b"", *(frame.variants for frame in found.frames)]
    return min((int.from_bytes(form[:32]) ^ wanted).bit_count() for form in forms)


def sorts(content: bytes) -> Counter[bool]:
    return Counter(sample.key for sample in decode_film(BytesIO(content), 60))


@pytest.mark.parametrize("name", FORMS)
def test_each_scene_of_a_video_is_found(name: str) -> None:
    found = fingerprint_bytes(film(name, 1, 2, 3))
    assert (found.kind, found.width, found.height, found.error) == ("video", *SIZE, None)
    assert [nearest(found, seed) <= 16 for seed in (1, 2, 3)] == [True] * 3
    assert nearest(found, 4) > 31


def test_luma_is_that_of_the_still() -> None:
    (sample, *_) = decode_film(BytesIO(film("mkv", 1)), 60)
    still = np.asarray(drawn(1, *SIZE).convert("L"))
    assert np.abs(sample.picture().grey.astype(int) - still).mean() < 8


def test_a_frame_a_second_is_looked_at_beside_the_key_frames() -> None:
    found = sorts(film("mkv", 1, 2, 3, seconds=4, keys=1000))
    assert found[False] in (12, 13)
    assert 1 <= found[True] <= 4


def test_a_video_of_key_frames_is_decoded_once() -> None:
    assert sorts(film("avi", 1, 2, 3, keys=1)) == {True: 6}


def test_the_fullest_frame_stands_for_all_and_each_comes_once_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = np.asarray(drawn(1, *SIZE).convert("L"))
    greys = [np.zeros_like(scene), scene, scene, np.full_like(scene, 9)]
    samples = [
        Sample(key, (0, float(second)), partial(GreyPicture, *SIZE, grey))
        for second, grey in enumerate(greys)
        for key in (True, False)
    ]
    monkeypatch.setattr(fingerprint, "decode_film", lambda *_: iter(samples))
    found = look(b"")
    assert (found.width, found.height, found.error) == (*SIZE, None)
    assert found.variants == pdq_dihedral(scene)[0].tobytes()
    assert [frame.quality for frame in found.frames] == [0, found.pdq_quality, 0]
    assert found.frames[1].variants == found.variants


def test_frames_stand_in_the_order_of_the_video_whichever_pass_found_them() -> None:
    content = film("mkv", 1, 2, 3, seconds=4, keys=60)
    assert sorts(content)[False] > sorts(content)[True] >= 2
    shown = [
        next(seed for seed in (1, 2, 3) if nearest(Look(variants=frame.variants), seed) <= 60)
        for frame in look(content).frames
    ]
    assert shown == sorted(shown)
    assert set(shown) == {1, 2, 3}


def test_a_mirrored_scene_is_among_the_variants() -> None:
    mirrored = np.asarray(drawn(1, *SIZE).convert("L"))[:, ::-1]
    wanted = {form.tobytes() for form in pdq_dihedral(mirrored)[0]}
    found = look(film("mkv", 1)).variants or b""
    distances = [
        (int.from_bytes(found[start : start + 32]) ^ int.from_bytes(form)).bit_count()
        for start in range(0, 256, 32)
        for form in wanted
    ]
    assert min(distances) <= 16


def test_a_video_that_breaks_off_is_looked_at_as_far_as_it_goes() -> None:
    whole = film("mkv", 1, 2, 3)
    found = look(whole[: len(whole) // 2])
    assert nearest(found, 1) <= 16
    assert nearest(found, 3) > 31


@pytest.mark.parametrize("name", ["mp4", "avi"])
def test_a_video_without_its_index_or_with_rubbish_in_it_says_so(name: str) -> None:
    head = film(name)[:1000]
    assert look(head) == Look(error=Reason.VIDEO_DAMAGED)
    assert look(head + bytes(100_000)) == Look(error=Reason.VIDEO_DAMAGED)


@pytest.mark.parametrize(
    "beginning", [b"\x1a\x45\xdf\xa3", b"FLV\x01", b"RIFF\0\0\0\0AVI ", b"OggS", b"\0\0\x01\xba"]
)
def test_a_beginning_without_a_video_says_so(beginning: bytes) -> None:
    pytest.importorskip("av")
    assert look(beginning + bytes(10_000)).error in (Reason.VIDEO_DAMAGED, Reason.VIDEO_EMPTY)


def test_broken_frames_cost_themselves() -> None:
    content = bytearray(film("mkv", 1, 2, 3, keys=5))
    middle = len(content) // 2
    content[middle : middle + 3000] = bytes(3000)
    found = look(bytes(content))
    assert [nearest(found, seed) <= 16 for seed in (1, 3)] == [True, True]


def test_a_video_of_broken_frames_is_damaged() -> None:
    content = film("avi", 1, 2, 3)
    first, quarter = content.index(b"movi"), len(content) // 4
    assert look(content[:first] + content[first:].replace(b"\xff", b"\0")) == Look(error=Reason.VIDEO_DAMAGED)
    mostly = look(content[:quarter] + content[quarter:].replace(b"\xff", b"\0"))
    assert mostly.error == Reason.VIDEO_DAMAGED
    assert nearest(mostly, 1) <= 16


def test_sound_alone_has_no_pictures() -> None:
    assert look(sound()) == Look(error=Reason.VIDEO_EMPTY)


def test_a_codec_or_container_outside_the_list_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    content = film("mkv")
    assert look(b"#EXTM3U\nfile:///etc/passwd\n").error == Reason.VIDEO_FORMAT
    monkeypatch.setattr(films, "_CODECS", "h264,hevc")
    assert look(content) == Look(error=Reason.VIDEO_FORMAT)


def test_a_playlist_inside_a_container_opens_nothing() -> None:
    """FFmpeg follows playlists and references; told which container it is, it has nothing to probe."""
    pytest.importorskip("av")
    playlist = b"ffconcat version 1.0\nfile /etc/hostname\n"
    assert look(b"\0\0\0\x18ftypmp42" + playlist).error == Reason.VIDEO_DAMAGED


def test_without_the_library_a_video_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    assert not films.installed()
    assert look(b"\0\0\0\x18ftypmp42" + bytes(3000)) == Look(error=Reason.VIDEO_FORMAT)


def test_frames_beyond_the_bounds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = film("mkv")
    monkeypatch.setattr(films, "MAX_PIXELS_UNSCALED", SIZE[0] * SIZE[1] - 1)
    assert look(content) == Look(error=Reason.PIXELS)


def test_an_endless_video_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    content = film("mkv", 1, 2, 3)
    monkeypatch.setattr(films, "MAX_PACKETS", 5)
    found = look(content)
    assert found.error == Reason.VIDEO_PART
    assert nearest(found, 1) <= 16


def test_a_video_whose_time_is_up_says_so() -> None:
    assert look(film("mkv"), seconds=-1) == Look(error=Reason.VIDEO_PART)


def test_beyond_the_bound_of_pixels_the_key_frames_stand_for_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = film("mkv", 1, 2, 3, seconds=4, keys=20)
    monkeypatch.setattr(films, "MAX_PIXELS_DECODED", 30 * SIZE[0] * SIZE[1])
    found = sorts(content)
    assert (found[False], found[True] >= 6) == (3, True)
    monkeypatch.setattr(films, "WIDEST_GAP", 1.5)
    assert look(content).error == Reason.VIDEO_PART


def test_a_long_video_keeps_a_bounded_number_of_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fingerprint.MOST_KEY_FRAMES + fingerprint.MOST_EACH_SECOND <= MOST_FRAMES
    monkeypatch.setattr(fingerprint, "MOST_KEY_FRAMES", 4)
    monkeypatch.setattr(fingerprint, "MOST_EACH_SECOND", 4)
    found = look(film("mkv", 1, 2, 3, seconds=4, keys=10))
    assert len(found.frames) <= 8
    assert nearest(found, 1) <= 16


def test_time_that_stands_still_hides_no_frames() -> None:
    pace = films._Pace()
    assert sum(pace.lets(0.0) for _ in range(620)) == 11
    pace = films._Pace()
    assert sum(pace.lets(None) for _ in range(620)) == 11
    pace = films._Pace()
    assert [pace.lets(moment) for moment in (5.0, 5.5, 6.0, 1.0, 1.5, 1e12)] == [
        True,
        False,
        True,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("size", [(1, 1), (40, 1), (33, 17)])
@pytest.mark.parametrize("count", [1, 3])
def test_the_smallest_videos_have_frames_with_little_in_them(size: tuple[int, int], count: int) -> None:
    dice = np.random.default_rng(1)
    found = look(lossless(dice.integers(0, 256, (count, size[1], size[0]), np.uint8)))
    assert (found.width, found.height, found.error) == (*size, None)
    assert 1 <= len(found.frames) <= count


def test_a_video_that_says_it_is_turned_is_looked_at_as_it_is_stored() -> None:
    """As with pictures: its eight forms hold the turned one, and what PDQ is of is the same everywhere."""
    content = film("h264", 1, 2)
    place = content.index(b"tkhd") + 44
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, SIZE[1] << 16, 0, 1 << 30)
    turned = content[:place] + quarter + content[place + 36 :]
    with pytest.importorskip("av").open(BytesIO(turned)) as container:
        assert next(container.decode(video=0)).rotation in (-90, 90)
    assert look(turned) == look(content)


def test_times_that_jump_lose_no_scene() -> None:
    """A variable frame rate: the first scene has one frame for four seconds, the last thirty in one."""
    av = pytest.importorskip("av")
    target = BytesIO()
    with av.open(target, "w", format="matroska") as container:
        stream = container.add_stream("ffv1", rate=30)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "gray"
        for seed, times in ((1, [0]), (2, [120, 240]), (3, range(300, 330))):
            for time in times:
                frame = av.VideoFrame.from_ndarray(np.asarray(drawn(seed, *SIZE).convert("L")), format="gray")
                frame.pts, frame.time_base = time, Fraction(1, 30)
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    found = look(target.getvalue())
    assert [nearest(found, seed) <= 16 for seed in (1, 2, 3)] == [True] * 3


def test_a_film_in_a_still_picture_has_its_own_hashes() -> None:
    ground = np.asarray(drawn(9, *SIZE).convert("L"))

    def inside(seed: int) -> np.ndarray:
        frame = ground.copy()
        frame[130:274, 160:336] = np.asarray(drawn(seed, 176, 144).convert("L"))
        return frame

    found = look(lossless([inside(seed) for seed in (1, 2, 3, 4) for _ in range(20)]))
    for seed in (1, 2, 3, 4):
        wanted = int.from_bytes(pdq_hash(np.asarray(drawn(seed, 176, 144).convert("L")))[0])
        forms = b"".join(frame.variants[256:] for frame in found.frames)
        distances = [
            (int.from_bytes(forms[start : start + 32]) ^ wanted).bit_count()
            for start in range(0, len(forms), 32)
        ]
        assert min(distances) <= 31


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_gives_frames_or_a_reason(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["mp4", "mkv", "avi", "flv", "ts"]))
    content = bytearray(film(name, 5, seconds=1, size=(96, 80)))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    with suppress(Undecodable):
        for sample in decode_film(BytesIO(bytes(content)), 20):
            assert sample.picture().grey.ndim == 2
