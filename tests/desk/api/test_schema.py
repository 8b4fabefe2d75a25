"""schemathesis against the interface as it is served: examples, boundaries, nonsense, and whole stories.

Each answer must be one that the description has: no 5xx, its status, media type, headers and shape, and
nonsense is refused. One round is bounded to a minute; LUWTE_SCHEMA_EXAMPLES asks for more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.interface import Served

pytestmark = [pytest.mark.embedded, pytest.mark.desk]
EXAMPLES = os.environ.get("LUWTE_SCHEMA_EXAMPLES", "15")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method,ignored_auth"
)


def run(served: Served, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    address = f"http://127.0.0.1:{served.port}/openapi.json"
    words = [
        "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", address,
        "--header", f"Authorization: Bearer {served.let_in()}", "--checks", CHECKS, "--phases",
        "examples,coverage,fuzzing,stateful", "--mode", "all", "--max-examples", EXAMPLES, "--seed", "7",
        "--generation-database", "none", "--no-color", "--request-timeout", "20", *more,
    ]  # fmt: skip
    return subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, timeout=280, check=False
    )


def test_every_answer_is_one_that_the_description_has(served: Served, tmp_path: Path) -> None:
    done = run(served, tmp_path, "--max-time", "60")
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr
    assert "Stateful" in done.stdout
