"""`make secure`: what was not looked up is never called sound, and every exception has its reason."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from scripts import secure

CHECKOUT = Path(__file__).resolve().parent.parent
SETTINGS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]
MAKEFILE = (CHECKOUT / "Makefile").read_text()

EXCEPTION = re.compile(r"# (?:noqa: S\d|nosec)")
REASON = re.compile(r"# [^#]*\w - \w[^#]*(?: # nosec B\d+)?$")

SOUND = {"name": "click", "version": "8.3.0", "vulns": []}
WEAK = {"name": "pillow", "version": "11.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["11.1"]}]}
SKIPPED = {"name": "atheris", "skip_reason": "Dependency not found"}
NO_NAME = "requests.exceptions.ConnectionError: Max retries exceeded: Name or service not known"


def printed(*libraries: object) -> str:
    return json.dumps({"dependencies": libraries, "fixes": []})


@pytest.mark.parametrize(
    ("code", "out", "complained", "expected", "said"),
    [
        (0, printed(SOUND), "", secure.CLEAN, "No known weakness in 1 pinned libraries"),
        (1, printed(SOUND, WEAK), "", secure.FOUND, "pillow 11.0: PYSEC-2026-1, fixed in 11.1"),
        (1, printed(WEAK, SKIPPED), "", secure.FOUND, "does not know 1 of 2"),
        (0, printed(SOUND, SKIPPED), "", secure.NOT_LOOKED_UP, "look these up: atheris"),
        (0, printed(SKIPPED, SKIPPED), "", secure.NOT_LOOKED_UP, secure.UNREACHED),
        (0, printed(), "", secure.NOT_LOOKED_UP, secure.UNREACHED),
        (1, "", NO_NAME, secure.NOT_LOOKED_UP, secure.UNREACHED),
        (1, "", "ERROR: no hash for click", secure.NOT_LOOKED_UP, "pip-audit failed"),
        (1, printed(SOUND), "ERROR: strange", secure.NOT_LOOKED_UP, "ERROR: strange"),
        (1, "[]", "", secure.NOT_LOOKED_UP, "it said nothing"),
    ],
)
def test_only_libraries_that_were_looked_up_are_sound(
    code: int, out: str, complained: str, expected: int, said: str
) -> None:
    outcome = secure.judge(code, out, complained)
    assert outcome.code == expected
    assert any(said in line for line in outcome.lines)


ISSUE = {"filename": "src/a.py", "line_number": 3, "test_id": "B307", "issue_text": "eval"}
UNREAD = {"filename": "src/b.py", "reason": "syntax error"}


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        (json.dumps({"results": [], "errors": []}), secure.CLEAN),
        (json.dumps({"results": [ISSUE], "errors": [UNREAD]}), secure.FOUND),
        (json.dumps({"results": [], "errors": [UNREAD]}), secure.NOT_LOOKED_UP),
        ("", secure.NOT_LOOKED_UP),
    ],
)
def test_only_code_that_was_read_is_sound(out: str, expected: int) -> None:
    assert secure.judge_code(out, "").code == expected


@pytest.mark.parametrize(
    ("code", "libraries", "expected"),
    [(0, 0, 0), (0, 1, 1), (0, 2, 2), (1, 0, 1), (1, 2, 1), (2, 0, 2), (2, 1, 1)],
)
def test_the_worst_of_both_looks_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, code: int, libraries: int, expected: int
) -> None:
    monkeypatch.setattr(secure, "read_code", lambda: secure.Outcome(code, ("code",)))
    monkeypatch.setattr(secure, "ask_about_libraries", lambda _: secure.Outcome(libraries, ("libraries",)))
    assert secure.main("pypi") == expected


def test_a_service_that_never_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(subprocess, "run", hangs)
    assert secure.ask_about_libraries("osv") == (secure.NOT_LOOKED_UP, (secure.UNREACHED,))


def test_all_pinned_libraries_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answers(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.extend(command)
        return subprocess.CompletedProcess(command, 0, printed(SOUND), "")

    monkeypatch.setattr(subprocess, "run", answers)
    assert secure.ask_about_libraries("osv").code == secure.CLEAN
    names = {Path(word).name for word in asked if word.endswith(".txt")}
    assert names == {path.name for path in (CHECKOUT / "requirements").glob("*.txt")}
    assert "--require-hashes" in asked


def test_no_test_needs_the_advisory_service() -> None:
    targets = dict(re.findall(r"^([a-z]+):(.*?) ##", MAKEFILE, re.MULTILINE))
    assert "secure" in targets
    assert not [name for name, needs in targets.items() if "secure" in needs and name != "secure"]
    assert "secure" not in (CHECKOUT / ".ci" / "run").read_text()


@pytest.mark.parametrize("number", ["602", "604", "605", "608", "311"])
def test_ruff_looks_where_bandit_does_not(number: str) -> None:
    lint = SETTINGS["ruff"]["lint"]
    off = [*lint["ignore"], *(rule for files in lint["per-file-ignores"] for rule in _ignored(files))]
    assert "S" in lint["select"]
    assert not [rule for rule in off if f"S{number}".startswith(rule)]


def _ignored(files: str) -> list[str]:
    ignored: list[str] = SETTINGS["ruff"]["lint"]["per-file-ignores"][files]
    return ignored if files.startswith(("src", "verifier", "scripts")) else []


def test_every_exception_says_why() -> None:
    lines = [
        f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()}"
        for folder in secure.CODE
        for path in (CHECKOUT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if EXCEPTION.search(line)
    ]
    assert [line for line in lines if not REASON.search(line)] == []
    skips = (
        (CHECKOUT / "pyproject.toml").read_text().partition("[tool.bandit]")[2].partition("[tool.mypy]")[0]
    )
    assert all(re.search(rf'"{name}",  # \w', skips) for name in SETTINGS["bandit"]["skips"])


@pytest.mark.parametrize(
    ("comment", "fine"),
    [
        ("# noqa: S608 - made of constants", True),
        ("# noqa: S105 - a name # nosec B105", True),
        ("# a name - no secret # nosec B105", True),
        ("# noqa: S608", False),
        ("# nosec", False),
        ("# nosec B105", False),
        ("# noqa: S105 - a name # nosec", False),
        ("# noqa: S105 # nosec B105", False),
    ],
)
def test_a_bare_exception_is_seen(comment: str, fine: bool) -> None:
    assert EXCEPTION.search(comment)
    assert bool(REASON.search(comment)) is fine
