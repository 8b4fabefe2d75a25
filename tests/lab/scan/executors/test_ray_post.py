"""A post on a node says in one sentence what is not as on the leading machine, and else works on units."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import Home
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.scan.executors.ray_post import FAILED, NEWS, RayPost, asked
from luwte.lab.scan.executors.wire import pack_unit, unpack
from luwte.lab.scan.means import means_of
from luwte.lab.scan.request import Request
from luwte.lab.scan.units import NAME_BYTES, Unit, Wanted
from tests.support import images
from tests.support.drawn import jpeg
from tests.support.recopied import coded_reference, copies
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


def wanting(request: Request, key: str | None = None) -> bytes:
    """Return a unit of the deep pass that wants the crop and a picture that is not on the carrier."""
    home = Home.open()
    means = means_of(ReferenceIndex(open_bundle(request.reference, home)), home)
    assert means is not None
    crop, other = copies()["edited/cropped.jpg"], b"nothing"
    names = sorted(sha256(content).digest()[:NAME_BYTES] for content in (crop, other))
    return pack_unit(Unit(0, "files", 0, 2, wanted=Wanted(((0, 2),), b"".join(names), key or means.key)))


@pytest.fixture
def close_request(tmp_path: Path, home: Path) -> Request:
    files = {"a.jpg": jpeg(101), "b.jpg": copies()["edited/cropped.jpg"]}
    carrier = images.ext(tmp_path / "medium.raw", files)
    return Request([carrier], coded_reference(tmp_path / "reference"), tmp_path / "out")


def test_a_post_looks_closely_at_what_is_wanted_after_the_fast_pass(close_request: Request) -> None:
    with post(told(close_request)) as found:
        found.open()
        fast = [unpack(message[1:]) for message in found.look_over(pack_unit(Unit(0)))]
        close = [unpack(message[1:]) for message in found.look_over(wanting(close_request))]
    assert [row.verdict for batch in fast for row in batch.rows] == ["unknown", "unknown"]
    (look,) = [look for batch in close for look in batch.looks]
    assert look.sha256 == sha256(copies()["edited/cropped.jpg"]).digest()
    assert [match.series for match in look.matches] == ["series-0"]
    assert [row for batch in close for row in batch.rows] == []


def test_a_post_that_judges_by_another_model_says_so(close_request: Request) -> None:
    with post(told(close_request)) as found:
        found.open()
        (message,) = found.look_over(wanting(close_request, "another model"))
    code, text = json.loads(message[1:])
    assert (message[:1], code) == (FAILED, 2)
    assert "All must have the same recognition.json in their homes, or none." in text


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
