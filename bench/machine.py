"""What a run was made on and with."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from luwte.lab.fingerprints import pdq

PACKAGES = (
    "luwte",
    "numpy",
    "pillow",
    "simplejpeg",
    "isal",
    "pytsk3",
    "libewf-python",
    "pdqhash",
    "threatexchange",
    "faiss-cpu",
    "duckdb",
)


def conditions() -> list[str]:
    """Return sentences on the processor, the versions and the engine; nothing that names the machine."""
    return [
        f"Processor: {_processor()}, {os.cpu_count()} cores; "
        f"load average at the end {os.getloadavg()[0]:.1f}.",
        f"Python {platform.python_version()}; {', '.join(f'{name} {version(name)}' for name in PACKAGES)}.",
        f"Engine of PDQ and of the search: {_engine()}. Imaged by {_ewfacquire()}.",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _engine() -> str:
    if pdq.ENGINE == "numpy":
        return "NumPy"
    from luwte import _native

    return f"compiled, {_native.paths()[0]}"


def _ewfacquire() -> str:
    shown = subprocess.run(["ewfacquire", "-V"], capture_output=True, text=True, check=False).stdout
    return shown.strip().splitlines()[0] if shown.strip() else "ewfacquire"
