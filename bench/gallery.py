"""The pictures of a run, and what a list keeps of each: made by all cores, and once for all runs."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import cast

import click
import numpy as np
from PIL import Image

import luwte.demo.pictures
import luwte.lab.fingerprints
from bench import paintings, queries
from bench.alterations import saved
from bench.kept import Kept, version_of
from bench.paintings import painted
from bench.pictures import jpegs
from bench.queries import Listed, Query, listed
from luwte.lab.reference.hamming import HASH_BYTES, radius_search

ALIKE = 40
"""Pictures of a gallery within this many bits of each other may be copies; one of them is left out."""
LEAST_QUALITY = 50
_PACKAGES = ("numpy", "pillow", "simplejpeg", "pdqhash", "opencv-python-headless")
_BATCH = 256

Name = int | Path
"""A picture: the seed that draws it, or the file of a photo."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures of which no two are alike, by name, and what a list keeps of each.

    The first `own` are of the kind that is asked for; the others are drawn.
    """

    names: Sequence[Name]
    entries: Sequence[Listed]
    own: int

    @property
    def digest(self) -> str:
        """What tells one list from another (64 hex)."""
        return sha256(repr([astuple(entry) for entry in self.entries]).encode()).hexdigest()


def gallery(count: int, photos: Path | None, cache: Path) -> Gallery:
    """Return a gallery of `count` pictures, drawn, or the photos of a folder and drawn ones behind them.

    What is made of a picture is kept in the folder `cache`.
    """
    chosen = _Chosen()
    with Kept(cache, "entries", version()) as kept:
        if photos is not None:
            chosen.take(jpegs(photos), kept, count, together=2)  # each stays in the half that it is in
            if not chosen.names:
                raise SystemExit(f"{photos} holds no photo that can be listed. Name a folder of JPEG files.")
        own = len(chosen.names)
        chosen.take(itertools.count(), kept, count)
    return Gallery(chosen.names, chosen.entries, own or count)


def picture(name: Name) -> Image.Image:
    """Return the picture that is called `name`."""
    return painted(name) if isinstance(name, int) else Image.fromarray(Query(name.read_bytes()).colours)


def version() -> str:
    """Return a hash (64 hex) of the code that makes an entry of a picture."""
    modules = (luwte.demo.pictures, paintings, queries)
    files = [Path(module.__file__) for module in modules if module.__file__]
    code = [Path(folder) for folder in luwte.lab.fingerprints.__path__]
    native = [file for folder in luwte.__path__ for file in Path(folder).glob("_native*.so")]
    versions = [f"{name} {metadata.version(name)}" for name in _PACKAGES if _installed(name)]
    return version_of([*files, *code, *native], *versions)


def workers() -> multiprocessing.pool.Pool:
    """Return as many processes as there are cores; they share what was made before, and ignore Ctrl-C."""
    context = multiprocessing.get_context("fork")
    return context.Pool(len(os.sched_getaffinity(0)), signal.signal, (signal.SIGINT, signal.SIG_IGN))


def key(name: Name) -> str:
    """Return what a picture is kept under: its seed, or the hash of its file."""
    return f"drawn {name}" if isinstance(name, int) else sha256(name.read_bytes()).hexdigest()


class _Chosen:
    """Pictures of which no two are alike."""

    def __init__(self) -> None:
        self.names: list[Name] = []
        self.entries: list[Listed] = []
        self._hashes = np.zeros((0, HASH_BYTES), np.uint8)

    def take(self, names: Iterable[Name], kept: Kept, count: int, together: int = 1) -> None:
        """Take of `names` what is like nothing before it, until there are `count`.

        Of so many `together` all are taken or none, so that every other one is every other one of `names`:
        `luwte calibrate` deals a folder in halves like that.
        """
        coming = iter(names)
        with click.progressbar(length=count, label="listing", file=sys.stderr) as bar, workers() as pool:
            bar.update(len(self.names))
            while len(self.names) < count:
                batch = list(itertools.islice(coming, min(_BATCH, count - len(self.names))))
                if not batch:
                    return
                pairs = zip(batch, _entries(batch, kept, pool), strict=True)
                while group := list(itertools.islice(pairs, together)):
                    bar.update(self._add_all(group))

    def _add_all(self, group: Sequence[tuple[Name, Listed]]) -> int:
        before = len(self.names)
        if all(self._add(name, entry) for name, entry in group):
            return len(group)
        del self.names[before:], self.entries[before:]
        self._hashes = self._hashes[:before]
        return 0

    def _add(self, name: Name, entry: Listed) -> bool:
        forms = np.frombuffer(entry.forms, np.uint8).reshape(-1, HASH_BYTES)
        if entry.quality < LEAST_QUALITY or len(radius_search(forms, self._hashes, ALIKE).query):
            return False
        self._hashes = np.concatenate([self._hashes, forms[:1]])
        self.names.append(name)
        self.entries.append(entry)
        return True


def _entries(names: Sequence[Name], kept: Kept, pool: multiprocessing.pool.Pool) -> Iterator[Listed]:
    """Give the entry of each of `names`, in order."""
    known = [(key(name), name) for name in names]
    missing = {called: name for called, name in known if kept.get(called) is None}
    made = pool.imap(_made, missing.values())
    for called, _ in known:
        if kept.get(called) is None:
            kept.put(called, next(made))
        yield _entry(kept.get(called))


def _made(name: Name) -> list[str | int]:
    entry = listed(Query(saved(picture(name), 95)))
    return [value.hex() if isinstance(value, bytes) else value for value in astuple(entry)]


def _entry(value: object) -> Listed:
    by_field, field_quality, forms, quality, codes = cast("list[str | int]", value)
    texts = [bytes.fromhex(str(text)) for text in (by_field, forms, codes)]
    return Listed(texts[0], int(field_quality), texts[1], int(quality), texts[2])


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
