"""A post on a node says in one sentence what is not as on the leading machine, and else works on units."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import Home
from luwte.lab.scan.executors.ray_post import FAILED, NEWS, RayPost, asked
from luwte.lab.scan.executors.wire import pack_unit, unpack
from luwte.lab.scan.request import Request
from luwte.lab.scan.units import Unit
from tests.support import images
from tests.support.drawn import jpeg
from tests.support.scans import reference


@pytest.fixture
def request_(tmp_path: Path, home: Path) -> Request:
    carrier = images.ext(tmp_path / "medium.raw", {f"{seed}.jpg": jpeg(seed) for seed in range(3)})
    return Request([carrier], reference(tmp_path / "reference"), tmp_path / "out")


def told(request: Request, **changed: object) -> str:
    statement = open_bundle(request.reference, Home.open()).statement
    return json.dumps(json.loads(asked(request, statement, walls=False)) | changed)


@contextmanager
def post(asked: str) -> Iterator[RayPost]:
    found = RayPost(asked, 1)
    try:
        yield found
    finally:
        found.close()


def test_a_post_gives_the_rows_of_a_unit(request_: Request) -> None:
    with post(told(request_)) as found:
        assert found.open().startswith(NEWS + b"Walls around foreign bytes")
        messages = list(found.look_over(pack_unit(Unit(0, "files", 1, 3))))
    assert {message[:1] for message in messages} == {NEWS}
    batches = [unpack(message[1:]) for message in messages]
    assert sorted(row.root for batch in batches for row in batch.rows) == [1, 2]
    assert batches[-1].end is not None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"looks": "another list"}, "All machines must have the same."),
        ({"carriers": [["/nowhere/medium.raw", 5]]}, "/nowhere/medium.raw cannot be read"),
        ({"unlock": ["/nowhere/keys"]}, "/nowhere/keys"),
        ({"reference": "/nowhere/list"}, "/nowhere/list"),
    ],
)
def test_what_is_not_the_same_is_named(request_: Request, changed: dict[str, object], sentence: str) -> None:
    with post(told(request_, **changed)) as found:
        message = found.open()
    assert message[:1] == FAILED
    code, text = json.loads(message[1:])
    assert code == 2
    assert sentence in text


def test_a_carrier_of_another_size_is_named(request_: Request) -> None:
    (carrier,) = request_.carriers
    with post(told(request_, carriers=[[str(carrier), 5]])) as found:
        message = found.open().decode()
    assert f"{carrier}, in bytes: {carrier.stat().st_size} here, 5 on the leading machine." in message
