"""schemathesis against the interface as it is served: examples, boundaries, nonsense, and whole stories.

Each answer must be one that the description has: no 5xx, its status, media type, headers and shape, and
nonsense is refused. One round is bounded to forty seconds; LUWTE_SCHEMA_EXAMPLES asks for more.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.interface import Served, serving

pytestmark = [pytest.mark.embedded, pytest.mark.desk]
SEED = os.environ.get("LUWTE_SCHEMA_SEED", "7")
EXAMPLES = os.environ.get("LUWTE_SCHEMA_EXAMPLES", "15")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method,ignored_auth"
)


REFUSING = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 411, 413, 415, 422, 429]
"""
"""Also 411: an empty body in chunks has no length, whatever it ought to hold."""


def run(served: Served, folder: Path, *more: str, token: str = "") -> subprocess.CompletedProcess[str]:
    address = f"http://127.0.0.1:{served.port}/openapi.json"
    words = [
        "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", address,
        "--header", f"Authorization: Bearer {token or served.let_in()}", "--checks", CHECKS, "--phases",
        "examples,coverage,fuzzing,stateful", "--mode", "all", "--max-examples", EXAMPLES, "--seed", SEED,
        "--generation-database", "none", "--no-color", "--request-timeout", "20", *more,
    ]  # fmt: skip
    (folder / "schemathesis.toml").write_text(REFUSING)
    return subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, timeout=280, check=False
    )


def test_every_answer_is_one_that_the_description_has(served: Served, tmp_path: Path) -> None:
    done = run(served, tmp_path, "--max-time", "40")
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr
    assert "Stateful" in done.stdout
    counted = re.search(r"([0-9]+) generated, ([0-9]+) passed", done.stdout)
    assert counted is not None
    assert int(counted[1]) > 50


BROKEN = (
    "from luwte.desk.api import bodies\n"
    "bodies.whole = lambda request: {}[request.path]\n"
    "from luwte.cli import main; main()"
)


def test_it_finds_what_is_broken(own_home: Path, tmp_path: Path) -> None:
    """Whatever document is sent, the desk of this test fails over it."""
    with serving(own_home) as sound:
        token = sound.let_in()
    with serving(own_home, program=BROKEN) as served:
        done = run(served, tmp_path, "--max-time", "20", "--max-failures", "1", token=token)
    assert done.returncode == 1
    assert "Server error" in done.stdout
