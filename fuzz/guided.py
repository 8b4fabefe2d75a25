"""The engine that follows which code an input reaches: Atheris (libFuzzer for Python), where installed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import NoReturn

from fuzz.mutation import LARGEST
from fuzz.plain import LONGEST
from fuzz.targets import CORPUS, load

_MEMORY_MIB = 3072
_EDITABLE = "ScikitBuildRedirectingFinder"
_SOURCES = CORPUS.parents[1] / "src"


def available() -> bool:
    """Return whether Atheris is installed (dependency group `fuzz`)."""
    return importlib.util.find_spec("atheris") is not None


def run(name: str, seed: int, seconds: int, found: Path) -> NoReturn:
    """Fuzz the target `name` and end this process: with 0, or after the first finding with another number.

    What reaches new code is kept in `found`/corpus, and the input of a finding in `found`.
    """
    import atheris

    _find_sources_plainly()
    with atheris.instrument_imports(include=["luwte"]):
        one = load(name)
    grown = found / "corpus"
    grown.mkdir(parents=True, exist_ok=True)
    options = {
        "max_total_time": seconds,
        "max_len": LARGEST,
        "timeout": int(LONGEST),
        "rss_limit_mb": _MEMORY_MIB,
        "seed": seed or 1,
        "artifact_prefix": f"{found}/",
        "print_final_stats": 1,
        "verbosity": 0,
    }
    arguments = [f"-{option}={value}" for option, value in options.items()]
    atheris.Setup([sys.argv[0], *arguments, str(grown), str(CORPUS / name)], one)
    atheris.Fuzz()
    sys.exit(0)


def _find_sources_plainly() -> None:
    """Find this package by its path: Atheris does not change what the finder of an editable install loads."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != _EDITABLE]
    sys.path.insert(0, str(_SOURCES))
