"""The examples in docs/api.md, run as they stand there against the interface as it is served."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.interface import Served, report_file

pytestmark = [pytest.mark.embedded, pytest.mark.desk]
PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()
EXAMPLES = [one for one in re.findall(r"```sh\n(.*?)```", PAGE, re.S) if one.startswith("curl")]


def names(text: str) -> set[str]:
    return set(re.findall(r'"(\w+)":', text))


def test_each_example_does_what_the_page_says(served: Served, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    assert len(EXAMPLES) == 6
    (tmp_path / "report.lwreport").write_bytes(report_file(tmp_path))
    client, secret = served.add()
    given = {"DESK": f"http://127.0.0.1:{served.port}", "CLIENT": client, "SECRET": secret, "TOKEN": ""}
    for example in EXAMPLES:
        said = [line.lstrip("# ") for line in example.splitlines() if line.startswith("#")]
        done = subprocess.run(
            ["bash", "-euc", example], cwd=tmp_path, env=os.environ | given, capture_output=True, text=True,
            timeout=60, check=True,
        )  # fmt: skip
        answer = json.loads(done.stdout)
        assert names(done.stdout) == names("".join(said)), example
        given["TOKEN"] = answer.get("access_token", given["TOKEN"])


def test_the_scopes_and_kinds_of_the_page_are_those_that_there_are() -> None:
    from luwte.desk.api.scopes import Scope
    from luwte.desk.cases.rules import KINDS

    for source, kinds in KINDS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{source}` |"))
        assert set(kinds) == set(re.findall(r"`(\w+)`", row)) - {source, "lapses"}
    assert all(f"| `{scope}` |" in PAGE for scope in Scope)
