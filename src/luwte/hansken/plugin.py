"""The extraction plugin: Hansken gives it pictures and videos, it writes down matches and nothing else.

Serve it with `serve_plugin luwte.hansken.plugin 8999` (Hansken Extraction Plugin SDK for Python, 0.10).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import IO, Final

from hansken_extraction_plugin.api.data_context import DataContext
from hansken_extraction_plugin.api.extraction_plugin import ExtractionPlugin
from hansken_extraction_plugin.api.extraction_trace import ExtractionTrace
from hansken_extraction_plugin.api.plugin_info import (
    Author,
    MaturityLevel,
    PluginId,
    PluginInfo,
    PluginResources,
)
from hansken_extraction_plugin.api.tracelet import Tracelet

from luwte import __version__
from luwte.hansken.recognition import WORKERS, Found, Recognition, from_environment
from luwte.lab.carriers import CHUNK_SIZE, Unreadable
from luwte.lab.fingerprints.kinds import Kind

MATCHES: Final = "misc.luwteMatches"
LIST: Final = "misc.luwteList"
TYPE: Final = "known-imagery"
_MEGABYTES: Final = 8192


class LuwtePlugin(ExtractionPlugin):  # type: ignore[misc] # the SDK is not typed
    """Compares pictures and videos with a reference list of known imagery.

    The list is opened for the first of them, because the information of a plugin is asked for without one.
    """

    def __init__(self) -> None:
        self._opening = threading.Lock()
        self._recognition: Recognition | None = None

    def plugin_info(self) -> PluginInfo:
        """Return what Hansken needs to know to run this plugin."""
        return PluginInfo(
            id=PluginId("luwte", "media", "KnownImagery"),
            version=__version__,
            description="Marks pictures and videos that are identical to or near entries of a list",
            author=Author("The Luwte maintainers", "maintainers@luwte.invalid", "Luwte"),
            maturity=MaturityLevel.PROOF_OF_CONCEPT,
            matcher="$data.mimeClass=picture OR $data.mimeClass=video",
            webpage_url="https://luwte.invalid",
            license="EUPL-1.2",
            resources=PluginResources(float(WORKERS), _MEGABYTES, 2 * WORKERS),
        )

    def process(self, trace: ExtractionTrace, data_context: DataContext) -> None:
        """Compare the data of `trace` and mark it when it matches. Raises `LuwteError` in one sentence."""
        recognition = self._opened()
        with trace.open() as data:
            kind, found = recognition.recognise(_chunks(data))
        if found:
            mark(trace, kind, found, recognition.list_version)

    def close(self) -> None:
        """Dismiss the workers, where there are any."""
        with self._opening:
            if self._recognition is not None:
                self._recognition.close()
            self._recognition = None

    def _opened(self) -> Recognition:
        with self._opening:
            if self._recognition is None:
                self._recognition = from_environment()
            return self._recognition


def mark(trace: ExtractionTrace, kind: Kind, found: list[Found], list_version: str) -> None:
    """Write `found`, the best first, and the version of the list to `trace`: no series, no fingerprint."""
    place = "video" if kind == "video" else "picture"
    for match in found:
        trace.add_tracelet(
            Tracelet(
                "prediction",
                {
                    "type": TYPE,
                    "class": match.verdict,
                    "modelName": "luwte",
                    "modelVersion": __version__,
                },
            )
        )
    trace.update({f"{place}.{MATCHES}": "; ".join(map(_text, found)), f"{place}.{LIST}": list_version})


def _text(match: Found) -> str:
    distance = "" if match.distance is None else f" {match.distance}"
    return f"{match.verdict} {match.entry}{distance}"


def _chunks(data: IO[bytes]) -> Iterator[bytes]:
    try:
        while piece := data.read(CHUNK_SIZE):
            yield piece
    except Exception as error:
        raise Unreadable("its data could not be read from Hansken") from error
