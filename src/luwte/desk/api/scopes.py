"""What a client may be allowed to do: one scope an act (RFC 6749, section 3.3). Plain values."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from luwte.desk.api.errors import ScopeUnknown


class Scope(StrEnum):
    """An act that a client may be allowed."""

    REPORTS = "reports:write"
    CASES = "cases:write"
    EVENTS = "events:read"
    GAPS = "gaps:read"


SAID = {
    Scope.REPORTS: "Deliver reports of labs, and ask what became of those you delivered.",
    Scope.CASES: "Deliver events and steps of cases, and ask how those stand that you delivered.",
    Scope.EVENTS: "Read the notices of what came in, and what they point at.",
    Scope.GAPS: "Read what was found in the cases whose steps you deliver and stands on no charge sheet.",
}


def scopes_from(words: Iterable[str]) -> tuple[Scope, ...]:
    """Return the scopes with these names, each once and in a fixed order. Raises `ScopeUnknown`."""
    given = set(words)
    if not given or not given <= set(Scope):
        raise ScopeUnknown(f"Name one or more scopes of: {', '.join(Scope)}.")
    return tuple(scope for scope in Scope if scope in given)
