"""docs/asvs.md holds each requirement of the chapters that apply, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
TABLE = (CHECKOUT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| ([123]) \| ([^|]+) \| (met|partly|deploy|open|none) \| ([^|]+) \|$", re.M
)

# OWASP ASVS 5.0.0: how many requirements each section has. The page says why 17 is left out.
SECTIONS = {
    1: [2, 10, 12, 3, 3], 2: [3, 3, 5, 2], 3: [1, 3, 5, 8, 8, 1, 5], 4: [5, 5, 2, 4], 5: [1, 6, 3, 3],
    6: [3, 12, 8, 6, 8, 4, 2, 4], 7: [3, 4, 2, 5, 3, 2], 8: [4, 4, 3, 2],
    9: [3, 4], 10: [2, 3, 5, 16, 5, 2, 3], 11: [4, 5, 5, 4, 2, 2, 2],
    12: [5, 2, 5], 13: [4, 6, 4, 7], 14: [2, 8, 3], 15: [5, 5, 7, 4], 16: [1, 5, 4, 3, 4],
}  # fmt: skip


def named() -> list[str]:
    """Return every test that the table names, as `path` or `path::function`."""
    return re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", TABLE)


def wanted() -> list[str]:
    return [
        f"{chapter}.{section}.{number}"
        for chapter, counts in SECTIONS.items()
        for section, count in enumerate(counts, 1)
        for number in range(1, count + 1)
    ]


def test_each_requirement_stands_there_once_in_order() -> None:
    assert [number for number, *_ in ROW.findall(TABLE)] == wanted()


def test_every_row_can_be_read() -> None:
    lines = [line for line in TABLE.splitlines() if re.match(r"\| \d", line)]
    assert [line for line in lines if not ROW.match(line)] == []


def test_what_is_said_to_be_met_names_a_test_or_where_it_stands() -> None:
    bare = [
        number
        for number, _, _, state, why in ROW.findall(TABLE)
        if state == "met" and "`" not in why and "](" not in why
    ]
    assert bare == []


@pytest.mark.parametrize("path", sorted(set(named())))
def test_every_named_test_is_there(path: str) -> None:
    file, _, function = path.partition("::")
    tree = ast.parse((CHECKOUT / file).read_text(encoding="utf-8"))
    found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert not function or function in found


def test_every_page_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)", TABLE)
    assert links
    assert [link for link in links if not (CHECKOUT / "docs" / link).is_file()] == []
