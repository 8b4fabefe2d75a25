"""Installing the stand-in for a licensed hasher into a folder, as a package of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support import stand_in_hasher

NAME = "photodna"
PACKAGE = "luwte_stand_in"


def install(folder: Path, *points: str, name: str = NAME, package: str = PACKAGE) -> Path:
    """Install `package` into `folder`, with a hasher called `name` for each class in `points`; return it."""
    metadata = folder / f"{package}-1.0.dist-info"
    metadata.mkdir(parents=True)
    shutil.copy(stand_in_hasher.__file__, folder / f"{package}.py")
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    lines = [f"{name} = {package}:{point}" for point in points or ("StandIn",)]
    (metadata / "entry_points.txt").write_text("\n".join(["[luwte.hashers]", *lines, ""]))
    return folder
