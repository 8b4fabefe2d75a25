from __future__ import annotations

from dataclasses import replace

import pytest

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import Bundle
from luwte.exchange.entries import CONFIRMED_AS, CONFIRMED_IN, Entry, RejectedPair
from luwte.lab.fingerprints.fingerprint import Frame
from luwte.lab.recognition.films import FILM_SHARE, LEAST_LOOKS
from luwte.lab.recognition.likelihood import Evidence
from luwte.lab.recognition.model import default_model
from luwte.lab.recognition.recogniser import RULES, Outcome, compare, recognise
from luwte.lab.recognition.verdicts import BEYOND, PDQ_QUALITY, PDQ_RADIUS, Match
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.scan.seen import Seen
from tests.support.hashes import random_hashes
from tests.support.indexes import index_of

HASH = bytes(range(32))
NEAR = bytes([255]) + HASH[1:]  # eight bits further
FAR = bytes(32)


FRAME_OF_TWO = bytes([15]) * 32
SCENES = [row.tobytes() for row in random_hashes(3, 12)]


def video(*frames: bytes, quality: int = 90, md5: bytes | None = None) -> Seen:
    shown = tuple(Frame(quality, frame) for frame in frames)
    fullest = frames[-1]
    return Seen(
        "a.mp4", "live", 9, "video", md5, pdq=fullest, pdq_quality=quality, variants=fullest, frames=shown
    )


def films_of(*rows: tuple[str, list[bytes]]) -> ReferenceIndex:
    builder = ColumnBuilder()
    for number, (series, frames) in enumerate(rows):
        builder.add(Entry(f"{number:032x}", series, md5=bytes([number]) * 16, frames=b"".join(frames)))
    return ReferenceIndex(Bundle(**vars(builder.finish()), statement=None))  # type: ignore[arg-type]


def picture(md5: bytes | None, pdq: bytes | None = None, size: int = 9) -> Seen:
    return Seen("a.jpg", "live", size, "picture", md5, pdq=pdq, pdq_quality=90, variants=pdq)


def test_identical_goes_before_near_and_each_series_comes_once() -> None:
    index = index_of(
        ("one", b"m" * 16, HASH), ("one", b"n" * 16, NEAR), ("two", b"o" * 16, NEAR), ("two", None, HASH)
    )
    (found,) = recognise(index, [picture(b"m" * 16, HASH)])
    assert found == [Match(0, "identical"), Match(3, "near", 0)]


def test_the_nearest_entry_of_a_series_stands_for_it() -> None:
    index = index_of(("one", None, NEAR), ("one", None, HASH))
    assert recognise(index, [picture(b"x" * 16, HASH)]) == [[Match(1, "near", 0)]]


def test_the_same_pdq_is_near_and_never_identical() -> None:
    index = index_of(("one", b"m" * 16, HASH))
    assert recognise(index, [picture(b"x" * 16, HASH)]) == [[Match(0, "near", 0)]]


def test_answers_keep_the_order_of_the_files() -> None:
    index = index_of(("one", b"m" * 16, None), ("two", None, HASH))
    files = [picture(None), picture(b"m" * 16), picture(b"y" * 16, FAR), picture(None, NEAR)]
    found = recognise(index, files)
    assert found == [[], [Match(0, "identical")], [], [Match(1, "near", (NEAR[0] ^ HASH[0]).bit_count())]]


def test_nothing_asked_is_nothing_found() -> None:
    assert recognise(index_of(("one", b"m" * 16, None)), []) == []


def test_the_nearest_frame_of_a_file_decides() -> None:
    index = index_of(("one", None, HASH), ("two", b"m" * 16, None))
    moving = Seen(
        "a.gif", "live", 9, "picture", b"m" * 16, pdq=FAR, pdq_quality=90, variants=FAR,
        frames=(Frame(90, NEAR), Frame(90, HASH), Frame(90, FAR)),
    )  # fmt: skip
    still = picture(b"x" * 16, FAR)
    assert recognise(index, [still, moving, still]) == [
        [],
        [Match(1, "identical"), Match(0, "near", 0, whole=False)],
        [],
    ]


def test_a_frame_with_little_in_it_is_not_compared() -> None:
    index = index_of(("one", None, HASH))
    flat = Seen(
        "a.gif", "live", 9, "picture", pdq=FAR, pdq_quality=90, variants=FAR, frames=(Frame(49, HASH),)
    )
    assert recognise(index, [flat]) == [[]]


def test_a_photo_box_is_found_as_the_picture_is() -> None:
    index = index_of(("one", None, HASH), ("two", None, SCENES[0]))
    framed = picture(b"x" * 16, FAR * 8 + FAR * 7 + HASH)
    assert recognise(index, [framed]) == [[Match(0, "near", 0, whole=False)]]
    two = picture(b"x" * 16, FAR * 8 + NEAR * 8 + SCENES[0] * 8)
    assert [match.entry for match in recognise(index, [two])[0]] == [1, 0]


def test_a_photo_box_is_compared_where_the_picture_around_it_has_too_little_in_it() -> None:
    index = index_of(("one", None, HASH), ("two", None, SCENES[0]))
    pale = replace(picture(b"x" * 16, SCENES[0] * 8 + HASH * 8), pdq_quality=49)
    assert recognise(index, [pale]) == [[Match(0, "near", 0, whole=False)]]
    page = replace(picture(b"x" * 16, FAR), frames=(Frame(49, SCENES[0] * 8 + HASH * 8),))
    assert recognise(index, [page]) == [[Match(0, "near", 0, whole=False)]]


def test_a_picture_with_boxes_is_one_frame_in_a_share() -> None:
    film = films_of(("film", SCENES[:5]))
    bars = tuple(Frame(90, FAR * 8 + scene * 8) for scene in SCENES[:4])
    seen = replace(video(FAR), variants=bars[0].variants, frames=bars)
    assert recognise(film, [seen]) == [[Match(0, "near", 0)]]
    dim = tuple(Frame(30, FAR * 8 + scene * 8) for scene in SCENES[:4])
    assert recognise(film, [replace(seen, pdq_quality=30, variants=dim[0].variants, frames=dim)]) == [
        [Match(0, "near", 0)]
    ]
    mostly_others = (*bars[:2], *(Frame(90, scene * 16) for scene in SCENES[6:]))
    assert recognise(film, [replace(seen, variants=bars[0].variants, frames=mostly_others)]) == [[]]


def test_a_video_is_near_one_of_the_list_by_the_share_of_its_frames_or_of_the_other() -> None:
    index = films_of(("film", SCENES[:10]), ("clip", SCENES[:2]))
    files = [
        video(*SCENES[2:6]),
        video(*SCENES[2:6], SCENES[10]),
        video(*SCENES[2:4], SCENES[10]),
        video(*SCENES[:2], SCENES[10], SCENES[11]),
        video(SCENES[10], SCENES[11]),
    ]
    assert recognise(index, files) == [
        [Match(0, "near", 0)],
        [Match(0, "near", 0)],
        [],
        [Match(1, "near", 0)],
        [],
    ]


def test_a_few_frames_in_order_are_near_and_as_many_in_none_are_not() -> None:
    index = films_of(("film", SCENES[:10]))
    others = SCENES[10:12]
    assert recognise(index, [video(*others, *SCENES[3:6], *others)]) == [[Match(0, "near", 0)]]
    assert recognise(index, [video(*others, *SCENES[5:2:-1], *others)]) == [[Match(0, "near", 0)]]
    assert recognise(index, [video(*others, SCENES[4], SCENES[3], SCENES[5], *others)]) == [[]]
    assert recognise(index, [video(*others, SCENES[3], SCENES[5], *others)]) == [[]]


def test_a_still_of_a_video_and_a_turned_one_are_near_it() -> None:
    index = films_of(("film", SCENES[:10]))
    turned = FAR * 7 + SCENES[3]
    assert recognise(index, [picture(b"x" * 16, SCENES[4]), picture(None, turned), picture(None, FAR)]) == [
        [Match(0, "near", 0)],
        [Match(0, "near", 0)],
        [],
    ]


def test_an_identical_video_is_identical_whatever_its_frames_show() -> None:
    index = films_of(("film", SCENES[:4]), ("other", SCENES[4:8]))
    (found,) = recognise(index, [video(*SCENES[4:8], md5=bytes(16))])
    assert found == [Match(0, "identical"), Match(1, "near", 0)]


def test_frames_with_little_in_them_are_in_no_share() -> None:
    index = films_of(("film", [FAR[:31] + b"x", SCENES[0]]))
    dim = Seen("a.mp4", "live", 9, "video", pdq=SCENES[0], pdq_quality=90, variants=SCENES[0])
    flat = tuple(Frame(49, scene) for scene in SCENES[5:])
    assert recognise(index, [replace(dim, frames=(*flat, Frame(90, SCENES[0])))]) == [[Match(0, "near", 0)]]
    assert recognise(index, [video(FAR[:31] + b"x", quality=49)]) == [[]]


def test_what_a_scan_goes_on_by_names_every_threshold() -> None:
    told = f"PDQ {PDQ_RADIUS} {PDQ_QUALITY}, films {FILM_SHARE} {LEAST_LOOKS}, photo boxes, boxes of films"
    assert told == RULES


def test_with_a_model_what_is_near_has_a_likelihood_by_its_distance() -> None:
    index = index_of(("one", b"m" * 16, HASH), ("two", None, NEAR))
    (found,) = recognise(index, [picture(b"m" * 16, HASH)], default_model())
    assert [match.verdict for match in found] == ["identical", "near"]
    assert found[0].likelihood is None
    assert found[1].likelihood == default_model().likelihood(Evidence(8), 2)
    assert recognise(index, [picture(b"m" * 16, HASH)])[0][1].likelihood is None


def test_what_several_frames_of_a_film_are_worth_no_model_says_and_a_still_is_weighed() -> None:
    index, model = films_of(("film", SCENES[:10])), default_model()
    film, still = recognise(index, [video(*SCENES[2:6]), picture(b"x" * 16, SCENES[4])], model)
    assert [(one.verdict, one.likelihood) for one in film] == [("near", None)]
    assert [one.likelihood for one in still] == [model.likelihood(Evidence(0), 1)]


def test_matches_stand_by_verdict_then_by_likelihood_then_by_distance() -> None:
    matches = [
        Match(9, "identical"),
        Match(8, "same_picture", 90, 0.999),
        Match(7, "same_picture", 4, 0.99),
        Match(6, "near", 31, 0.9),
        Match(4, "near", 3),
        Match(3, "near", 3),
        Match(2, "near", 5),
        Match(1, "near", 2, 0.4),
        Match(0, "same_scene", 2, 0.01),
    ]
    ordered = sorted(sorted(matches, key=lambda match: match.entry), key=lambda match: match.rank)
    assert [match.entry for match in ordered] == [9, 8, 7, 6, 3, 4, 2, 1, 0]


def rejecting(*rows: tuple[str, bytes | None, bytes | None, tuple[RejectedPair, ...]]) -> ReferenceIndex:
    builder = ColumnBuilder()
    for number, (series, md5, pdq, rejected) in enumerate(rows):
        builder.add(
            Entry(
                f"{number:032x}", series, md5=md5, pdq=pdq, pdq_quality=90 if pdq else None, rejected=rejected
            )
        )
    return ReferenceIndex(Bundle(**vars(builder.finish()), statement=None))  # type: ignore[arg-type]


SHOWN = RejectedPair(b"r" * 32, NEAR)


def test_a_rejected_pair_is_left_out_and_counted_and_other_entries_come_forward() -> None:
    index = rejecting(("one", None, HASH, (SHOWN,)), ("one", None, HASH, ()), ("two", None, HASH, (SHOWN,)))
    same = replace(picture(None, FAR), sha256=b"r" * 32)
    (found,) = compare(index, [replace(picture(None, NEAR), sha256=b"q" * 32)])
    assert found == Outcome([Match(1, "near", 8)], rejected=2)
    assert compare(index, [picture(None, HASH), same]) == [
        Outcome([Match(0, "near", 0), Match(2, "near", 0)]),
        Outcome([]),
    ]


def test_the_same_file_is_left_out_whatever_it_shows_and_an_identical_one_never() -> None:
    index = rejecting(("one", b"m" * 16, HASH, (SHOWN,)))
    moving = replace(picture(b"x" * 16, HASH), sha256=b"r" * 32, frames=(Frame(90, FAR),))
    assert compare(index, [moving]) == [Outcome([], rejected=1)]
    assert compare(index, [picture(b"m" * 16, NEAR)]) == [Outcome([Match(0, "identical")])]


def test_what_moves_is_known_again_by_its_digest_alone() -> None:
    index = rejecting(("one", None, HASH, (SHOWN,)))
    moving = replace(picture(None, NEAR), sha256=b"q" * 32, frames=(Frame(90, FAR),))
    assert compare(index, [moving]) == [Outcome([Match(0, "near", 8, whole=False)])]


@pytest.mark.parametrize(
    ("variants", "asked"),
    [
        (NEAR * 8 + HASH * 8, True),  # another picture in the frame that the rejected one was in
        (NEAR * 8 + SCENES[0] * 8, False),
        (NEAR * 8 + NEAR * 8, False),
        (FRAME_OF_TWO + SCENES[0] * 7 + HASH * 8, True),
        (FRAME_OF_TWO + NEAR * 7 + SCENES[0] * 8, False),
    ],
    ids=["by its box", "as a whole", "as near by both", "by its box alone", "mirrored as a whole"],
)
def test_what_matched_by_a_photo_box_is_known_again_by_its_digest_alone(variants: bytes, asked: bool) -> None:
    shown = RejectedPair(b"r" * 32, variants[:32])
    index = rejecting(("one", None, HASH, (shown,)))
    other = replace(picture(None, variants), sha256=b"q" * 32)
    same = replace(other, sha256=b"r" * 32)
    found = compare(index, [other, same])
    assert [(len(one.matches), one.rejected) for one in found] == [(asked, not asked), (0, 1)]


def test_a_still_in_a_frame_is_told_from_the_frame_before_a_video_too() -> None:
    builder, pair = ColumnBuilder(), RejectedPair(b"r" * 32, FRAME_OF_TWO)
    builder.add(Entry("0" * 32, "film", md5=b"m" * 16, frames=SCENES[1], rejected=(pair,)))
    index = ReferenceIndex(Bundle(**vars(builder.finish()), statement=None))  # type: ignore[arg-type]
    (found,) = compare(index, [picture(None, FRAME_OF_TWO * 8 + SCENES[1] * 8)])
    assert found == Outcome([Match(0, "near", 0)])


def test_what_matched_by_a_licensed_hash_is_known_again_by_its_digest_alone() -> None:
    pair = RejectedPair(b"r" * 32, FRAME_OF_TWO)
    index = rejecting(("one", None, HASH, (pair,)))
    other = replace(picture(None, FRAME_OF_TWO * 8), sha256=b"q" * 32, licensed=b"l" * 8)
    found = compare(index, [other, replace(other, sha256=b"r" * 32)], _Licensed())  # type: ignore[arg-type]
    assert found == [Outcome([Match(0, "near")]), Outcome([], rejected=1)]


class _Licensed:
    """A list of which every hash is near the first entry."""

    def near(self, value: bytes) -> list[int]:
        return [0]


def test_a_rejected_pair_found_by_the_rule_for_videos_is_left_out() -> None:
    builder = ColumnBuilder()
    pairs = (RejectedPair(b"r" * 32, None), RejectedPair(b"s" * 32, SCENES[2]))
    builder.add(Entry("0" * 32, "film", md5=b"m" * 16, frames=b"".join(SCENES[:4]), rejected=pairs))
    index = ReferenceIndex(Bundle(**vars(builder.finish()), statement=None))  # type: ignore[arg-type]
    film, still = replace(video(*SCENES[:4]), sha256=b"r" * 32), picture(None, SCENES[2])
    other, another = replace(video(*SCENES[:4]), sha256=b"q" * 32), picture(None, SCENES[1])
    found = compare(index, [film, still, other, another])
    assert [(len(one.matches), one.rejected) for one in found] == [(0, 1), (0, 1), (1, 0), (1, 0)]


WIDER = bytes([255] * 6) + HASH[6:]  # beyond the rule of the field


def test_a_wide_net_finds_what_is_further_off_in_pictures_alone() -> None:
    index = index_of(("one", None, WIDER))
    bits = sum((one ^ other).bit_count() for one, other in zip(HASH, WIDER, strict=True))
    assert bits > PDQ_RADIUS
    asked = [picture(None, HASH), video(HASH, FAR)]
    assert [outcome.matches for outcome in compare(index, asked, radius=bits)] == [
        [Match(0, "near", bits)],
        [],
    ]
    assert compare(index, asked, radius=bits - 1)[0].matches == []
    assert recognise(index, asked) == [[], []]


def test_a_match_says_whether_the_whole_picture_is_so_near() -> None:
    index = index_of(("one", None, HASH))
    forms, box = HASH + FAR * 7, FAR * 7 + HASH
    framed = replace(picture(None), pdq=FAR, pdq_quality=90, variants=FAR * 8 + box)
    turned = replace(framed, variants=FAR * 7 + HASH + FAR * 8)
    pale = replace(framed, pdq_quality=10, variants=forms + box)
    found = recognise(index, [replace(framed, variants=forms), turned, framed, pale, video(HASH, FAR)])
    assert [match.whole for (match,) in found] == [True, True, False, False, False]


K, L = "c1" * 16, "c2" * 16


def remembering(*rows: tuple[bytes | None, bytes | None, int | None, str]) -> ReferenceIndex:
    """Return a list of one series: of each entry MD5, PDQ, of which it is a copy, and in which clusters."""
    builder = ColumnBuilder()
    for number, (md5, pdq, origin, clusters) in enumerate(rows):
        said = {} if origin is None else {CONFIRMED_AS: f"{origin:032x}"}
        said |= {CONFIRMED_IN: clusters} if clusters else {}
        builder.add(Entry(f"{number:032x}", "one", md5=md5, pdq=pdq, attributes=said))
    return ReferenceIndex(Bundle(**vars(builder.finish()), statement=None))  # type: ignore[arg-type]


def test_what_is_identical_to_a_confirmed_copy_alone_names_the_decisions() -> None:
    original, one, two = (
        (b"e" * 16, HASH, None, ""),
        (b"m" * 16, NEAR, 0, K),
        (b"m" * 16, None, 0, f"{K} {L}"),
    )
    asked = [picture(b"m" * 16, NEAR)]
    assert recognise(remembering(original, one), asked) == [[Match(1, "identical", remembered=(K,))]]
    both = [[Match(1, "identical", remembered=(K, L))]]
    assert recognise(remembering(original, one, two), asked) == both


def test_what_the_list_itself_says_goes_before_what_was_confirmed() -> None:
    copy, own, unnamed = (b"m" * 16, NEAR, 1, K), (b"m" * 16, HASH, None, ""), (b"m" * 16, None, 1, "")
    asked = [picture(b"m" * 16, NEAR)]
    assert recognise(remembering(copy, own), asked) == [[Match(1, "identical")]]
    assert recognise(remembering(copy, (b"e" * 16, HASH, None, ""), unnamed), asked) == [
        [Match(2, "identical")]
    ]


def test_what_is_nearer_to_a_copy_says_how_near_the_picture_itself_is() -> None:
    asked, copy = [picture(b"x" * 16, NEAR)], (b"m" * 16, NEAR, 0, K)
    near, far, other = (b"e" * 16, HASH, None, ""), (b"e" * 16, FAR, None, ""), (None, HASH, None, "")
    assert recognise(remembering(near, copy), asked) == [[Match(1, "near", 0, itself=8)]]
    assert recognise(remembering(far, copy, other), asked) == [[Match(1, "near", 0, itself=BEYOND)]]
    assert recognise(remembering((b"e" * 16, NEAR, None, ""), copy), asked) == [[Match(0, "near", 0)]]
