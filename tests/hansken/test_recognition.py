"""Recognition in a platform of others: what a scan finds is found, and what was not compared is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from luwte.base.errors import BadInput, Failure
from luwte.exchange.bundle import open_bundle, write_bundle
from luwte.exchange.entries import HashRecord, entry_from, frames_from
from luwte.exchange.home import Home
from luwte.hansken.recognition import Found, Recognition, from_environment
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from tests.support.films import film
from tests.support.scans import evidence, reference


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """The environment of the plugin: a list of the known pictures, and the keys that it is encrypted for."""
    home = tmp_path / "home"
    bundle = reference(tmp_path / "list.lwref", home=Home.open(home))
    return {"LUWTE_REFERENCE": str(bundle), "LUWTE_HOME": str(home)}


@pytest.fixture
def recognition(places: dict[str, str]) -> Iterator[Recognition]:
    """Recognition with that list."""
    opened = from_environment(places)
    yield opened
    opened.close()


def test_copies_are_found_and_strangers_are_not(recognition: Recognition, places: dict[str, str]) -> None:
    found = {
        path: recognition.recognise([content])[1]
        for path, content in evidence().items()
        if path.partition("/")[0] in ("known", "edited", "strangers")
    }
    assert {path: [match.verdict for match in matches] for path, matches in found.items()} == {
        path: {"known": ["identical"], "edited": ["near"], "strangers": []}[path.partition("/")[0]]
        for path in found
    }
    ids = {
        entry.id
        for entry in open_bundle(
            Path(places["LUWTE_REFERENCE"]), Home.open(Path(places["LUWTE_HOME"]))
        ).entries()
    }
    assert {match.entry for matches in found.values() for match in matches} == ids
    assert all(
        (match.distance is None) == (match.verdict == "identical") for m in found.values() for match in m
    )
    assert found["known/original-0.jpg"] == [Found(found["known/original-0.jpg"][0].entry, "identical", None)]


def test_a_picture_that_cannot_be_compared_is_no_picture_without_a_match(recognition: Recognition) -> None:
    with pytest.raises(Failure, match=r"was not compared, or not all of it: .*Look at it by hand"):
        recognition.recognise([evidence()["other/broken-picture.jpg"]])


def test_a_damaged_picture_that_the_list_knows_is_found_all_the_same(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    broken = evidence()["other/broken-picture.jpg"]
    record = HashRecord(md5=fingerprint_bytes(broken).md5)
    write_bundle(tmp_path / "list.lwref", [entry_from(record, home.entry_key)], home)
    opened = from_environment({"LUWTE_REFERENCE": str(tmp_path / "list.lwref"), "LUWTE_HOME": str(home.path)})
    assert [match.verdict for match in opened.recognise([broken])[1]] == ["identical"]
    opened.close()


def test_a_clip_of_a_known_video_is_found_and_a_stranger_is_not(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    frames = frames_from(frame.variants[:32] for frame in fingerprint_bytes(film("mkv", 1, 2, 3)).frames)
    write_bundle(tmp_path / "list.lwref", [entry_from(HashRecord(frames=frames), home.entry_key)], home)
    opened = from_environment({"LUWTE_REFERENCE": str(tmp_path / "list.lwref"), "LUWTE_HOME": str(home.path)})
    kind, found = opened.recognise([film("mp4", 2, 3)])
    assert (kind, [match.verdict for match in found]) == ("video", ["near"])
    assert opened.recognise([film("mp4", 4, 5)]) == ("video", [])
    opened.close()


@pytest.mark.parametrize("missing", ["LUWTE_REFERENCE", "LUWTE_HOME"])
def test_what_is_not_set_is_named(places: dict[str, str], missing: str) -> None:
    with pytest.raises(BadInput, match=f"{missing} is not set"):
        from_environment({name: value for name, value in places.items() if name != missing})


def test_no_keys_are_made(places: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no keys"):
        from_environment(places | {"LUWTE_HOME": str(tmp_path / "elsewhere")})
    assert not (tmp_path / "elsewhere").exists()
