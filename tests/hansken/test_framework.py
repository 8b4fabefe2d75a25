"""The plugin served over gRPC to Hansken's own test framework, where Java is on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("hansken_extraction_plugin")

from hansken_extraction_plugin.test_framework.validator import (
    ByClassTestPluginRunner,
    FlitsTestRunner,
    PluginValidator,
)

from luwte.exchange.home import Home
from luwte.hansken.plugin import MATCHES, LuwtePlugin
from tests.support.scans import evidence, reference

_JAVA = 21
"""The framework is compiled for this version."""


def java_folder() -> Path | None:
    """Return the folder of a `java` that runs the framework, or None."""
    named = [Path(os.environ["JAVA_HOME"], "bin")] if os.environ.get("JAVA_HOME") else []
    first = shutil.which("java")
    found = [*named, *([Path(first).parent] if first else []), *sorted(Path("/usr/lib/jvm").glob("*/bin"))]
    return next((folder for folder in found if _version(folder / "java") >= _JAVA), None)


def _version(java: Path) -> int:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r'version "(\d+)', said)
    return int(version[1]) if version else 0


GIVEN = {
    "identical": ("picture", "known/original-0.jpg"),
    "near": ("picture", "edited/halved.png"),
    "stranger": ("picture", "strangers/unseen-100.jpg"),
    "broken": ("picture", "other/broken-picture.jpg"),
    "video": ("video", "other/film.mp4"),
    "text": ("text", "other/letter.txt"),
}

Check = Callable[[bool], int]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    """Run the framework on the given traces: write down what comes, or compare it with that (0: equal)."""
    java = java_folder()
    if java is None:
        pytest.skip("Java 21 or later is not on this machine")
    monkeypatch.setenv("PATH", os.pathsep.join([str(java), os.environ["PATH"]]))
    monkeypatch.chdir(tmp_path)  # the framework unpacks itself into the current folder
    monkeypatch.setenv("LUWTE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(
        "LUWTE_REFERENCE", str(reference(tmp_path / "list.lwref", home=Home.open(tmp_path / "home")))
    )
    for folder in ("inputs", "results"):
        (tmp_path / folder).mkdir()
    for name, (sort, path) in GIVEN.items():
        content = evidence()[path]
        given = {"trace": {"name": name, "data": {"raw": {"size": len(content), "mimeClass": sort}}}}
        (tmp_path / f"inputs/{name}.trace").write_text(json.dumps(given))
        (tmp_path / f"inputs/{name}.raw").write_bytes(content)
    plugin = LuwtePlugin()

    def run(regenerate: bool) -> int:
        framework = FlitsTestRunner(str(tmp_path / "inputs"), str(tmp_path / "results"), regenerate, False)
        return int(PluginValidator(framework, ByClassTestPluginRunner(lambda: plugin)).validate_plugin())

    yield run
    plugin.close()


def written(folder: Path) -> dict[str, Any]:
    """Return what the framework wrote down, by the name of the trace."""
    return {path.name.partition(".")[0]: json.loads(path.read_text()) for path in folder.glob("*.trace")}


def test_the_framework_of_hansken_sees_matches_and_nothing_else(tmp_path: Path, check: Check) -> None:
    check(True)  # writes down what comes, and always ends with 1
    found = written(tmp_path / "results")
    assert set(found) == set(GIVEN) - {"text"}, "pictures and videos are offered, and nothing else"
    assert "not all of it: damaged picture" in found["broken"]["message"]
    assert "was not compared" in found["video"]["message"]
    for name in ("identical", "near"):
        trace = found[name]["trace"]
        (prediction,) = (tracelet["prediction"] for tracelet in trace["prediction"].values())
        assert (prediction["type"], prediction["class"]) == ("known-imagery", name)
        assert set(trace["picture"]) == {"misc"}
        assert trace["picture"]["misc"][MATCHES.removeprefix("misc.")].startswith(f"{name} ")
    assert not {"picture", "prediction"} & set(found["stranger"]["trace"])
    assert check(False) == 0


def test_the_framework_notices_another_result(tmp_path: Path, check: Check) -> None:
    check(True)
    result = tmp_path / "results" / "near.raw.KnownImagery.trace"
    result.write_text(result.read_text().replace("near ", "identical "))
    assert check(False) == 1
