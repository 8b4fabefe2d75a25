"""The tree speaks of the project alone: no secret, no host of a package registry, no path of a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a path of a machine": r"(?<![\w.}])/(?:wo" + r"rk|ro" + r"ot|farm|Us" + r"ers|home/\w+)/",
    "a host of a package registry": r"(?:py"
    + r"pi\.org|pythonho"
    + r"sted|registry\.np"
    + r"mjs|deb\.deb"
    + r"ian\.org)",
    "an index setting": r"--(?:extra-)?index-" + r"url|--find-" + r"links",
    "a private key": r"-----BEGIN [A-Z ]*PRIV" + r"ATE KEY|AGE-SECRET-KEY" + r"-1[A-Z0-9]{20}",
    "an access token": r"AK"
    + r"IA[0-9A-Z]{16}|gh[pousr]"
    + r"_[A-Za-z0-9]{30}|xox[bp]"
    + r"-[0-9A-Za-z-]{10}",
}
VENDORED = ("package-lock.json",)
SAME, NEAR = 45, 12
"""So many letters at the beginning of two lines, so many lines apart, are one thing said twice."""
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".mp4", ".mov")


def tracked_files() -> list[Path]:
    """Every file that git tracks or would track, so that a new one is looked at before it is committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True).stdout
    paths = [CHECKOUT / name for name in names.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and path.name not in VENDORED]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_tree_holds_nothing_private(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{path.relative_to(CHECKOUT)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path in tracked_files()
        for text in [path.read_bytes().decode("utf-8", "replace")]
        for match in pattern.finditer(text)
    ]
    assert not found, f"{what} stands in the tree: {found}"


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("a path of a machine", "open('/wo" + "rk/main/x')"),
        ("a host of a package registry", "https://py" + "pi.org/simple"),
        ("an index setting", "pip install --index-" + "url x"),
        ("a private key", "-----BEGIN PRIV" + "ATE KEY-----"),
        ("an access token", "AK" + "IAABCDEFGHIJKLMNOP"),
    ],
)
def test_each_pattern_finds_what_it_is_for(what: str, planted: str) -> None:
    assert re.search(FORBIDDEN[what], planted)


def test_tree_holds_no_picture() -> None:
    pictures = [path.name for path in tracked_files() if path.suffix.lower() in PICTURES]
    assert not pictures, f"tests and demos draw their pictures; these lie in the tree: {pictures}"


def test_requirements_are_pinned_by_hash() -> None:
    for path in (CHECKOUT / "requirements").glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith((" ", "#"))]
        assert lines
        assert all("==" in line and line.endswith("\\") for line in lines), path.name


def test_no_room_is_empty() -> None:
    packages = [path.parent for path in (CHECKOUT / "src").rglob("__init__.py")]
    assert packages
    assert all(any(package.glob("*.py")) for package in packages)


def repeated(text: str) -> list[str]:
    """Return lines that begin as one a little above: what two changes leave that were joined without care."""
    lines = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL).splitlines()
    return [
        line
        for number, line in enumerate(lines)
        for above in lines[max(0, number - NEAR) : number]
        if len(line) > SAME
        and not line.startswith("    ")
        and (line == above and "`" in line if line.startswith("|") else line[:SAME] == above[:SAME])
    ]


def test_no_page_says_one_thing_twice() -> None:
    pages = [path for path in tracked_files() if path.suffix == ".md" and "vendor" not in path.parts]
    assert {path.name: found for path in pages if (found := repeated(path.read_text("utf-8")))} == {}


def test_what_is_said_twice_is_found() -> None:
    line = "Nothing is deleted while a hold stands, by which it is meant that"
    assert repeated(f"{line} it stays.\n\n{line} it waits.") == [f"{line} it waits."]
    assert repeated(f"| `x` | {line} |\n" * 2) == [f"| `x` | {line} |"]
