"""Decisions: the file as it is, and its body signed anew."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from fuzz.scratch import written
from fuzz.signing import KNOWN, document
from luwte.base.clock import ManualClock
from luwte.base.errors import BadInput, Failure
from luwte.exchange.decisions import MOST, SORT, read_decisions, settled

_NOW: Final = ManualClock(datetime(2026, 1, 2, tzinfo=UTC))


def one(data: bytes) -> None:
    """Read `data` as decisions, and as the body of them. Of each cluster one verdict holds, or none."""
    for content in (data, document(SORT.format, SORT.schema, data)):
        with suppress(BadInput, Failure):
            found = read_decisions(written("a.decisions", content), [KNOWN], _NOW)
            told = settled(found)
            clusters = {decision.cluster for decision in found}
            assert len(found) <= MOST
            assert len(told.decisions) + told.contradicting == len(clusters), "a cluster is lost or doubled"
