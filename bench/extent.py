"""How much the bench measures: in full, and in a quick check of the bench itself."""

from __future__ import annotations

from dataclasses import dataclass

from bench.load_visits import Crowd
from bench.review_assumed import Assumed

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: repetitions, 12-megapixel pictures in P1 and in its fidelity, bytes an image,
    entries of a list and of the largest one, digests of a list and how many are looked up, files of a
    carrier of large and of small pictures with those that the peer gets, files before they grow fourfold,
    files of one entry to put into clusters, bytes of a carrier for two machines, people to decide for,
    contacts to hand over, pictures that are edited in every way and those of the list that they are
    looked up in, pictures to rebuild, unknown pictures, large and small, with the references with codes
    that they are compared with, lengths of a list with local codes, pictures whose edited copies are
    reviewed, the year of carriers that they are in, films that are edited in every way, people whose
    keys are wrapped anew, requests of each kind that are watched, and who visits the desk at once, on
    PostgreSQL and on SQLite."""

    repetitions: int
    peer_repetitions: int
    timed: int
    compared: int
    image_size: int
    entries: int
    largest: int
    digests: int
    looked_up: int
    large_files: tuple[int, int]
    small_files: tuple[int, int]
    growing_files: int
    clustered: int
    shared_size: int
    people: int
    handed: int
    attacked: int
    sources: int
    gallery: int
    deep: tuple[int, int]
    deep_small: tuple[int, int]
    coded: tuple[int, ...]
    copied: int
    reviewed: Assumed
    films: int
    rotated: int
    watched: int
    crowd: Crowd
    embedded_crowd: Crowd


FULL = Extent(
    7,
    3,
    timed=8,
    compared=50,
    image_size=150 * MEGABYTE,
    entries=10_000_000,
    largest=100_000_000,
    digests=50_000_000,
    looked_up=5_000_000,
    large_files=(1_200, 60),
    small_files=(4_000, 400),
    growing_files=2_000,
    clustered=200_000,
    shared_size=2_700 * MEGABYTE,
    people=100_000,
    handed=400,
    attacked=1_200,
    sources=200,
    gallery=1_200,
    deep=(200, 1_000),
    deep_small=(2_000, 1_000),
    coded=(1_000_000, 5_000_000, 10_000_000),
    copied=12,
    reviewed=Assumed(),
    films=40,
    rotated=1_000_000,
    watched=2_000,
    crowd=Crowd(people=50, staff=20, seconds=300, others=450),
    embedded_crowd=Crowd(people=7, staff=3, seconds=300, others=450),
)
QUICK = Extent(
    3,
    1,
    timed=3,
    compared=6,
    image_size=30 * MEGABYTE,
    entries=200_000,
    largest=1_000_000,
    digests=1_000_000,
    looked_up=100_000,
    large_files=(16, 8),
    small_files=(100, 50),
    growing_files=100,
    clustered=10_000,
    shared_size=30 * MEGABYTE,
    people=10_000,
    handed=100,
    attacked=60,
    sources=4,
    gallery=20,
    deep=(16, 100),
    deep_small=(100, 100),
    coded=(20_000,),
    copied=1,
    reviewed=Assumed(people=50, cases=40, references=5_000, unknown=500),
    films=2,
    rotated=5_000,
    watched=40,
    crowd=Crowd(people=10, staff=4, seconds=10, others=10),
    embedded_crowd=Crowd(people=3, staff=2, seconds=10, others=10),
)
