"""The courts that a step may name, by jurisdiction. They stand in courts.toml. Plain values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

_FOUND = tomllib.loads(Path(__file__).with_name("courts.toml").read_text(encoding="utf-8"))
COURTS: Mapping[str, str] = {code: land for land, found in _FOUND.items() for code in found["codes"]}
"""Code of a court -> its jurisdiction."""
JURISDICTIONS: tuple[str, ...] = tuple(_FOUND)
"""The jurisdictions whose courts are known."""
