"""The opened reference list and the hands that look: everything of the plugin that knows no Hansken."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from luwte.base.errors import BadInput, Failure
from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import ENVIRONMENT, Home
from luwte.hansken.hands import Hands
from luwte.lab.fingerprints.kinds import Kind
from luwte.lab.recognition.recogniser import recognise
from luwte.lab.reference.index import ReferenceIndex

REFERENCE: Final = "LUWTE_REFERENCE"
WORKERS: Final = 4


@dataclass(frozen=True, slots=True)
class Found:
    """An entry (opaque id of 32 hex) that a file is identical to, or near by `distance` bits of 256."""

    entry: str
    verdict: str
    distance: int | None


class Recognition:
    """Recognises pictures and videos with the bundle of `index`; any number of threads may ask."""

    def __init__(self, index: ReferenceIndex, hands: Hands) -> None:
        self._index = index
        self._hands = hands
        self._searching = threading.Lock()

    @property
    def list_version(self) -> str:
        """The version of the reference list."""
        return self._index.bundle.list_version

    def recognise(self, chunks: Iterable[bytes]) -> tuple[Kind, list[Found]]:
        """Return the kind of the file in `chunks` and what it matches, the best first, one entry a series.

        Raises `Failure` when nothing was found but not everything could be compared: that no match was
        found would then say too much.
        """
        fingerprint, error = self._hands.look(chunks)
        matches = []
        if fingerprint is not None:
            with self._searching:
                (matches,) = recognise(self._index, [fingerprint])
        if error and not matches:
            raise Failure(f"This was not compared, or not all of it: {error}. Look at it by hand.")
        kind = "other" if fingerprint is None else fingerprint.kind
        return kind, [
            Found(self._index.entry_id(match.entry), match.verdict, match.distance) for match in matches
        ]

    def close(self) -> None:
        """Dismiss the workers."""
        self._hands.close()


def from_environment(environment: Mapping[str, str] = os.environ) -> Recognition:
    """Return recognition with the bundle in LUWTE_REFERENCE and the lab's keys in LUWTE_HOME.

    Raises `BadInput` when one of them is not set or not there: no keys are made here.
    """
    reference, home = (_path(environment, name) for name in (REFERENCE, ENVIRONMENT))
    if not (home / "identity.json").exists():
        raise BadInput(
            f"{home} holds no keys. Give the plugin the folder of the lab's keys as {ENVIRONMENT}."
        )
    return Recognition(ReferenceIndex(open_bundle(reference, Home.open(home))), Hands(WORKERS))


def _path(environment: Mapping[str, str], name: str) -> Path:
    value = environment.get(name)
    if not value:
        raise BadInput(f"{name} is not set. Start the plugin with {REFERENCE} and {ENVIRONMENT} set.")
    return Path(value)
