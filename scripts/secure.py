"""Looks for known weaknesses: bandit reads the code, pip-audit asks about every library that is pinned.

For `make secure`, with the tools of requirements/secure.txt beside this Python. Both tools end with 0 also
when they skipped files or libraries, even all of them, so what was skipped is counted here as not looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

CHECKOUT: Final = Path(__file__).resolve().parent.parent
CODE: Final = ("src", "verifier", "scripts")
CLEAN, FOUND, NOT_LOOKED_UP = 0, 1, 2
UNREACHED: Final = (
    "No advisory service could be reached, so nothing is known about the pinned libraries."
    " Run `make secure` where the network reaches one; SERVICE=osv asks another."
)
_NO_NETWORK: Final = ("ConnectionError", "ConnectTimeout", "ReadTimeout", "HTTPError", "Tip: your network")
_SECONDS: Final = 1200
_NAMED: Final = 5


class Outcome(NamedTuple):
    """What a look gave: CLEAN, FOUND or NOT_LOOKED_UP, and the lines that say so."""

    code: int
    lines: tuple[str, ...]


def read_code() -> Outcome:
    """Return what bandit says of the code, by the settings in pyproject.toml."""
    done = _run("bandit", "-q", "-c", "pyproject.toml", "-f", "json", "-r", *CODE)
    return judge_code(done.stdout, done.stderr)


def judge_code(printed: str, complained: str) -> Outcome:
    """Return what bandit's JSON means; a file that it could not read is not looked up."""
    try:
        report = json.loads(printed)
        found = [_place(one) for one in report["results"]]
        unread = [f"{one['filename']}: bandit could not read it, {one['reason']}" for one in report["errors"]]
    except (ValueError, KeyError, TypeError):
        return Outcome(NOT_LOOKED_UP, (f"bandit failed, so the code is not read: {_last(complained)}",))
    if found:
        return Outcome(FOUND, (*found, *unread))
    if unread:
        return Outcome(NOT_LOOKED_UP, tuple(unread))
    return Outcome(CLEAN, (f"bandit found nothing in {', '.join(CODE)}.",))


def ask_about_libraries(service: str) -> Outcome:
    """Return what the service ("pypi" or "osv") knows of all that requirements/*.txt pin."""
    files = sorted((CHECKOUT / "requirements").glob("*.txt"))
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "-f", "json", "-s", service]
    try:
        done = _run("pip_audit", *options, *(word for path in files for word in ("-r", str(path))))
    except subprocess.TimeoutExpired:
        return Outcome(NOT_LOOKED_UP, (UNREACHED,))
    return judge(done.returncode, done.stdout, done.stderr)


def judge(code: int, printed: str, complained: str) -> Outcome:
    """Return what pip-audit's exit code, JSON and errors mean."""
    try:
        libraries = json.loads(printed)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _broken(complained)
    skipped = [one for one in libraries if "skip_reason" in one]
    if not libraries or len(skipped) == len(libraries):
        return Outcome(NOT_LOOKED_UP, (UNREACHED,))
    weak = [_said(one, each) for one in libraries for each in one.get("vulns", ())]
    unknown = [_unknown(skipped, len(libraries))] if skipped else []
    if weak:
        return Outcome(FOUND, (*weak, *unknown))
    if unknown:
        return Outcome(NOT_LOOKED_UP, tuple(unknown))
    if code:
        return _broken(complained)
    return Outcome(CLEAN, (f"No known weakness in {len(libraries)} pinned libraries.",))


def _broken(complained: str) -> Outcome:
    if any(word in complained for word in _NO_NETWORK):
        return Outcome(NOT_LOOKED_UP, (UNREACHED,))
    why = _last(complained)
    return Outcome(NOT_LOOKED_UP, (f"pip-audit failed, so the pinned libraries are not looked up: {why}",))


def _last(complained: str) -> str:
    return (complained.strip().splitlines() or ["it said nothing"])[-1]


def _place(one: dict[str, Any]) -> str:
    return f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}"


def _unknown(skipped: list[dict[str, Any]], total: int) -> str:
    names = ", ".join(one["name"] for one in skipped[:_NAMED]) + (", ..." if len(skipped) > _NAMED else "")
    return f"The service does not know {len(skipped)} of {total} pinned libraries, so look these up: {names}."


def _said(library: dict[str, Any], weakness: dict[str, Any]) -> str:
    fixed = " or ".join(weakness.get("fix_versions", ())) or "no release yet"
    return f"{library['name']} {library['version']}: {weakness['id']}, fixed in {fixed}"


def _run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def main(service: str) -> int:
    """Print what both looks gave; return FOUND where either found something, else NOT_LOOKED_UP or CLEAN."""
    outcomes = [read_code(), ask_about_libraries(service)]
    for outcome in outcomes:
        print(*outcome.lines, sep="\n", file=sys.stderr if outcome.code else sys.stdout)
    codes = {outcome.code for outcome in outcomes}
    return next((code for code in (FOUND, NOT_LOOKED_UP) if code in codes), CLEAN)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["pypi"]))
