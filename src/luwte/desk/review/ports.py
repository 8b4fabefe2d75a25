"""What review must know of people without knowing people: a port that telling serves.

Only telling joins a person with a finding. It answers for series and cases, and says of nobody who.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from luwte.desk.review.values import Stake

Place = tuple[str, str]
"""The name of a series, and the id of a case that it stands in."""


class Stakes(Protocol):
    """Says what hangs on places."""

    def __call__(self, places: Collection[Place], now: datetime) -> Mapping[Place, Stake]:
        """Return what hangs on each of `places` at `now`; one of which nobody may hear may be left out."""
        ...
