"""Every "cannot" of the threat model names a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = (CHECKOUT / "docs" / "threat-model.md").read_text(encoding="utf-8")
WHO_COMES = PAGE.partition("## Who comes, and what they get\n")[2]
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[A-Za-z0-9_]+)`")


def test_each_cannot_names_a_test_that_is_there() -> None:
    cannots = [line for line in WHO_COMES.splitlines() if line.startswith("| ") and "shown by" not in line]
    assert len(cannots) > 35
    for line in cannots:
        named = NAMED.findall(line)
        assert named, line
        for file, test in named:
            source = (CHECKOUT / file).read_text(encoding="utf-8")
            assert f"\ndef {test}(" in source, (file, test)


def test_each_adversary_cannot_do_something() -> None:
    parts = re.split(r"^### ", WHO_COMES, flags=re.MULTILINE)[1:]
    assert len(parts) == 11
    assert all("| cannot | shown by |" in part for part in parts)
