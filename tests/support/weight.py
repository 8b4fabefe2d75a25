"""What a page weighs: its own bytes, and those of the style sheet and the scripts that it loads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.test import Client

LOADED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
MOST = 100_000
"""Bytes, pictures aside."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes of a page and what it loads: `raw` as a browser reads them, `sent` as they come over the line."""

    raw: int
    sent: int


def weight(page: bytes) -> Weight:
    """Return what a page of the desk weighs; pages themselves are never compressed (T6)."""
    loaded = LOADED.findall(page.decode())
    return Weight(
        len(page) + sum(_bytes(path, "identity") for path in loaded),
        len(page) + sum(_bytes(path, "gzip") for path in loaded),
    )


@cache
def _bytes(path: str, encoding: str) -> int:
    answer = Client(headers={"Accept-Encoding": encoding}).get(path)
    assert answer.status_code == 200, path
    return len(b"".join(answer))
