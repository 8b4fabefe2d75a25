"""Readers that break and machines that are lost in the deep pass cost what they were at, and are counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import Home
from luwte.exchange.report import Report
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.reference.known_good import KnownGood
from luwte.lab.scan.deep_ledger import NOT_FOUND_AGAIN
from luwte.lab.scan.deep_post import DeepPost
from luwte.lab.scan.executors import Lost, News
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.plan import MOST_LOSSES
from luwte.lab.scan.post import Forgetful, Post
from luwte.lab.scan.request import Request
from luwte.lab.scan.units import Batch, Unit
from tests.support.recognising import brute_force
from tests.support.recopied import recopied
from tests.support.scans import contents, lay_out, reference

GONE = "its machine was lost"


class Losing:
    """An executor that loses its post of the deep pass at some of its batches, and takes another."""

    slice: int | None = 4

    def __init__(self, request: Request, lost_at: set[int]) -> None:
        self._request = request
        self._lost_at = lost_at
        self._count = 0
        self._running: tuple[Unit, Iterator[Batch]] | None = None
        self._index = ReferenceIndex(open_bundle(request.reference, Home.open()))
        self._post: Post | DeepPost = Post(request, self._index, KnownGood([]), Forgetful())
        self.deep_units: list[Unit] = []

    @property
    def room(self) -> int:
        return 0 if self._running else 1

    def begin(self, unit: Unit) -> str:
        if unit.wanted is not None:
            self.deep_units.append(unit)
            if isinstance(self._post, Post):
                self._renew()
        self._running = unit, self._post.look_over(unit)
        return "one"

    def _renew(self) -> None:
        self._post.close()
        self._post = DeepPost(self._request, self._index, brute_force(self._index, Home.open()))

    def next(self, seconds: float) -> News | Lost | None:
        if self._running is None:
            return None
        unit, batches = self._running
        batch = next(batches)
        if unit.wanted is not None:
            self._count += 1
            if self._count in self._lost_at:
                self._running = None
                self._renew()
                return Lost(unit, GONE)
        if batch.end is not None:
            self._running = None
        return News(unit, batch)

    def close(self) -> None:
        self._post.close()


@pytest.fixture
def request_(tmp_path: Path, home: Path) -> Request:
    carrier = lay_out(tmp_path / "carrier", recopied())
    return Request([carrier], reference(tmp_path / "reference"), tmp_path / "out", workers=1)


def ran(request: Request, lost_at: set[int]) -> tuple[Report, Losing]:
    executor = Losing(request, lost_at)
    return scan(request, Home.open(), cluster=lambda *_: executor, means=brute_force), executor


def test_a_machine_that_is_lost_changes_nothing_of_the_result(request_: Request, tmp_path: Path) -> None:
    ran(request_, {1})
    scan(Request(request_.carriers, request_.reference, tmp_path / "whole"), Home.open(), means=brute_force)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_what_is_lost_too_often_is_given_up_and_counted(request_: Request) -> None:
    report, executor = ran(request_, set(range(1, 1000)))
    assert len(executor.deep_units) == MOST_LOSSES
    assert report.coverage.closely == 0
    assert report.coverage.not_closely[GONE] == 10
    assert report.depth == "deep"


class Gone:
    """Means that make the carrier's pictures vanish before the deep pass reads it again."""

    def __init__(self, carrier: Path) -> None:
        self._carrier = carrier

    def __call__(self, index: ReferenceIndex, home: Home) -> Gone:
        self._found = brute_force(index, home)
        self.key, self.rule = self._found.key, self._found.rule
        return self

    def recogniser(self) -> object:
        for path in self._carrier.glob("edited/*"):
            path.write_bytes(b"something else")
        return self._found


def test_pictures_that_are_not_there_any_more_are_counted(request_: Request) -> None:
    report = scan(request_, Home.open(), means=Gone(request_.carriers[0]))  # type: ignore[arg-type]
    assert report.coverage.same_picture == 2, "a copy of the crop is still there, and both are known by it"
    assert report.coverage.not_closely[NOT_FOUND_AGAIN] == 4


class Unplugged(Gone):
    """Means that make the whole carrier vanish."""

    def recogniser(self) -> object:
        self._carrier.rename(self._carrier.with_name("elsewhere"))
        return self._found


def test_a_carrier_that_cannot_be_opened_again_costs_its_close_looks_alone(request_: Request) -> None:
    report = scan(request_, Home.open(), means=Unplugged(request_.carriers[0]))  # type: ignore[arg-type]
    assert (report.coverage.identical, report.coverage.closely, report.coverage.complete) == (1, 0, True)
    assert report.coverage.not_closely["it could not be opened a second time"] == 10
