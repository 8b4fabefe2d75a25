"""Every act stands in docs/audit.md, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

from luwte.desk.audit.acts import Act

DOCS = Path(__file__).resolve().parents[3] / "docs" / "audit.md"


def test_every_act_is_explained() -> None:
    told = re.findall(
        r"^\| `([a-z-]+\.[a-z-]+)` \| (desk|vault) \| [a-z ]+ \| .+ \|$", DOCS.read_text(), re.M
    )
    assert [act for act, _ in told] == [str(act) for act in Act]


def test_an_act_is_short_enough_for_its_column() -> None:
    assert all(len(act) <= 32 for act in Act)
