"""The plugin with the classes of Hansken's SDK: it writes matches, and nothing of a picture or a person."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("hansken_extraction_plugin")

from hansken_extraction_plugin.api.data_context import DataContext
from hansken_extraction_plugin.api.extraction_trace import ExtractionTrace
from hansken_extraction_plugin.api.tracelet import Tracelet
from hansken_extraction_plugin.runtime import pack, unpack
from hansken_extraction_plugin.runtime.reflection_util import get_plugin_class

from luwte import __version__
from luwte.base.errors import BadInput, Failure
from luwte.exchange.home import Home
from luwte.hansken.plugin import LIST, MATCHES, LuwtePlugin
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from tests.support.films import film
from tests.support.scans import evidence, reference


class Trace(ExtractionTrace):  # type: ignore[misc]
    """A trace with data, that keeps what is written to it and refuses what is not the plugin's business."""

    def __init__(self, content: bytes, breaks: bool = False) -> None:
        self.content = content
        self.breaks = breaks
        self.tracelets: list[tuple[str, dict[str, Any]]] = []
        self.properties: dict[str, Any] = {}

    def get(self, key: str, default: Any = None) -> Any:
        raise AssertionError(f"{key} was asked for")

    def update(self, key_or_updates: Any = None, value: Any = None, data: Any = None) -> None:
        assert value is None
        assert data is None
        self.properties |= key_or_updates

    def add_tracelet(self, tracelet: Tracelet, value: Mapping[str, Any] | None = None) -> None:
        assert value is None
        self.tracelets.append((tracelet.name, dict(tracelet.value)))

    def add_transformation(self, *_: Any) -> None:
        raise AssertionError("no transformation is to be written")

    def child_builder(self, name: str | None = None) -> Any:
        raise AssertionError("no trace is to be made")

    def open(self, *arguments: Any, **options: Any) -> Any:
        assert not arguments
        assert not options
        raw = _Breaking(self.content) if self.breaks else io.BytesIO(self.content)
        return io.BufferedReader(raw)


class _Breaking(io.BytesIO):
    def readinto(self, buffer: Any) -> int:
        if self.tell() > 0:
            raise RuntimeError("the connection to /secret/place is gone")
        return super().readinto(buffer)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LuwtePlugin]:
    """The plugin as it is served, with a list of the known pictures."""
    monkeypatch.setenv("LUWTE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(
        "LUWTE_REFERENCE", str(reference(tmp_path / "list.lwref", home=Home.open(tmp_path / "home")))
    )
    plugin = LuwtePlugin()
    yield plugin
    plugin.close()


def processed(plugin: LuwtePlugin, content: bytes) -> Trace:
    """Return the trace with `content` after `plugin` processed it."""
    trace = Trace(content)
    plugin.process(trace, DataContext("raw", len(content)))
    return trace


def test_a_copy_is_marked(plugin: LuwtePlugin) -> None:
    trace = processed(plugin, evidence()["known/original-1.jpg"])
    marked = {
        "type": "known-imagery",
        "class": "identical",
        "modelName": "luwte",
        "modelVersion": __version__,
    }
    assert trace.tracelets == [("prediction", marked)]
    assert set(trace.properties) == {f"picture.{MATCHES}", f"picture.{LIST}"}
    verdict, entry = trace.properties[f"picture.{MATCHES}"].split()
    assert (verdict, len(entry)) == ("identical", 32)
    assert len(trace.properties[f"picture.{LIST}"]) == 49


def test_an_edited_copy_is_marked_as_near_with_its_distance(plugin: LuwtePlugin) -> None:
    trace = processed(plugin, evidence()["edited/mirrored.jpg"])
    assert [value["class"] for _, value in trace.tracelets] == ["near"]
    verdict, _, distance = trace.properties[f"picture.{MATCHES}"].split()
    assert verdict == "near"
    assert 0 <= int(distance) <= 31


def test_nothing_of_the_picture_and_no_series_is_written(plugin: LuwtePlugin) -> None:
    content = evidence()["known/original-1.jpg"]
    trace = processed(plugin, content)
    written = repr((trace.tracelets, trace.properties))
    found = fingerprint_bytes(content)
    assert found.pdq is not None
    assert not [
        what.hex() for what in (found.md5, found.sha1, found.sha256, found.pdq) if what.hex() in written
    ]
    assert "series" not in written


def test_a_stranger_stays_as_it_is(plugin: LuwtePlugin) -> None:
    trace = processed(plugin, evidence()["strangers/unseen-100.jpg"])
    assert (trace.tracelets, trace.properties) == ([], {})


def test_a_video_with_a_known_scene_is_marked_as_a_video(plugin: LuwtePlugin) -> None:
    trace = processed(plugin, film("mkv", 1, size=(640, 480)))
    assert {value["class"] for _, value in trace.tracelets} == {"near"}
    assert set(trace.properties) == {f"video.{MATCHES}", f"video.{LIST}"}


def test_data_that_breaks_off_is_told_and_the_next_picture_is_compared(plugin: LuwtePlugin) -> None:
    content = evidence()["known/original-1.jpg"]
    with pytest.raises(Failure, match="could not be read from Hansken") as raised:
        plugin.process(Trace(content, breaks=True), DataContext("raw", len(content)))
    assert "secret" not in str(raised.value)
    assert processed(plugin, content).tracelets


def test_what_hansken_asks_first_needs_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LUWTE_REFERENCE", raising=False)
    plugin = get_plugin_class("luwte.hansken.plugin")()
    info, api = unpack.plugin_info(pack.plugin_info(plugin.plugin_info(), plugin))
    assert (str(info.id), info.version, info.matcher) == (
        "luwte/media/knownimagery",
        __version__,
        "$data.mimeClass=picture OR $data.mimeClass=video",
    )
    assert api.plugin_type.name == "EXTRACTION_PLUGIN"
    with pytest.raises(BadInput, match="LUWTE_REFERENCE is not set"):
        processed(plugin, b"a")
    plugin.close()
