"""Whoever works on a scan may be lost: the result is that of a scan in which nobody was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luwte.base.errors import Failure
from luwte.demo.ewf_writer import write_e01
from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import Home
from luwte.exchange.report import Report
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.reference.known_good import KnownGood
from luwte.lab.scan.executors import Lost, News
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.plan import MOST_LOSSES
from luwte.lab.scan.post import Forgetful, Post
from luwte.lab.scan.request import Request
from luwte.lab.scan.units import Batch, Unit
from luwte.lab.scan.worklist import NAME
from tests.support import images
from tests.support.drawn import jpeg
from tests.support.scans import counted, lay_out, reference


class Several:
    """An executor of two posts, each of which is lost at some of its batches, and another takes its place."""

    slice: int | None = 3

    def __init__(self, request: Request, lost_at: set[int]) -> None:
        self._request = request
        self._lost_at = lost_at
        self._batches = 0
        self._posts: list[tuple[Post, tuple[Unit, Iterator[Batch]] | None]] = []
        for _ in range(2):
            self._posts.append((self._post(), None))

    def _post(self) -> Post:
        index = ReferenceIndex(open_bundle(self._request.reference, Home.open()))
        return Post(self._request, index, KnownGood([]), Forgetful())

    @property
    def room(self) -> int:
        return sum(running is None for _, running in self._posts)

    def begin(self, unit: Unit) -> str:
        place = next(place for place, (_, running) in enumerate(self._posts) if running is None)
        post, _ = self._posts[place]
        self._posts[place] = post, (unit, post.look_over(unit))
        return str(place)

    def next(self, seconds: float) -> News | Lost | None:
        place = next((place for place, (_, running) in enumerate(self._posts) if running), None)
        if place is None:
            return None
        post, running = self._posts.pop(place)
        assert running is not None
        unit, batches = running
        batch = next(batches)
        self._batches += batch.end is not None or bool(batch.rows)
        if self._batches in self._lost_at:
            self._lost_at.discard(self._batches)
            post.close()
            self._posts.append((self._post(), None))
            return Lost(unit, "its machine was lost")
        self._posts.append((post, None if batch.end is not None else running))
        return News(unit, batch)

    def close(self) -> None:
        for post, _ in self._posts:
            post.close()


@pytest.fixture
def image(tmp_path: Path) -> Path:
    files = {f"{seed}.jpg": jpeg(seed) + bytes(seed) for seed in range(10)}
    raw = images.ext(tmp_path / "medium.raw", files)
    return write_e01(raw, tmp_path / "medium.E01")[0]


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return reference(tmp_path / "reference")


def worklist(out: Path, report: Report) -> bytes:
    return (out / NAME).read_bytes().replace(report.id.encode(), bytes(32))


def result(image: Path, bundle: Path, out: Path, executor: Any = None) -> tuple[str, bytes]:
    report = scan(Request([image], bundle, out, workers=1), Home.open(), cluster=executor)
    return json.dumps(counted(report)), worklist(out, report)


@pytest.mark.parametrize("lost_at", [set(), {1}, {2, 4}, {3, 5, 6}, {7}, {8}])
def test_a_scan_by_several_who_are_lost_is_that_of_one_who_is_not(
    lost_at: set[int], image: Path, bundle: Path, tmp_path: Path
) -> None:
    alone = result(image, bundle, tmp_path / "alone")
    several = result(image, bundle, tmp_path / "several", lambda request, _: Several(request, lost_at))
    assert several == alone


def test_a_part_on_which_everybody_is_lost_is_given_up_and_said(
    image: Path, bundle: Path, tmp_path: Path
) -> None:
    request = Request([image], bundle, tmp_path / "out", workers=1)
    report = scan(request, Home.open(), cluster=lambda request, _: Several(request, set(range(100))))
    (carrier,) = report.coverage.carriers
    assert not carrier.complete
    assert [problem.reason for problem in carrier.problems] == ["its machine was lost"]
    assert report.coverage.files < 10 * MOST_LOSSES


def test_a_carrier_that_changed_is_told_where_several_read_it_and_then_read_anew(
    bundle: Path, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "folder", {f"{seed}.jpg": jpeg(seed) for seed in range(10)})

    class Changing(Several):
        """Between the units somebody writes to the carrier."""

        def begin(self, unit: Unit) -> str:
            (folder / "0.jpg").write_bytes(jpeg(0) + bytes(1 + unit.first))
            return super().begin(unit)

    with pytest.raises(Failure, match="is not the same on each machine"):
        result(folder, bundle, tmp_path / "several", lambda request, _: Changing(request, {2, 5}))
    anew = result(folder, bundle, tmp_path / "several", lambda request, _: Several(request, set()))
    assert anew == result(folder, bundle, tmp_path / "alone")


def test_a_scan_goes_on_alone_where_several_left_it(image: Path, bundle: Path, tmp_path: Path) -> None:
    class Ending(Several):
        """Ends after some batches, as when nobody is left."""

        def next(self, seconds: float) -> News | Lost | None:
            if self._batches >= 2:
                raise Failure("No machine is left.")
            return super().next(seconds)

    alone = result(image, bundle, tmp_path / "alone")
    with pytest.raises(Failure, match="No machine is left"):
        result(image, bundle, tmp_path / "cut", lambda request, _: Ending(request, set()))
    assert result(image, bundle, tmp_path / "cut") == alone
