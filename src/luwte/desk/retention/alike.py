"""The rules themselves say whether something may go: with and without it they must decide the same.

What goes was told, or is barred for good. Everything else must be decided alike, now and at later moments,
and nobody may be told or called for what they were not before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from luwte.desk.telling.facts import Facts, Known
from luwte.desk.telling.values import Decision, Outcome

LATER = tuple(timedelta(days=days) for days in (0, 8, 32, 367))
"""When the rules are asked: a rhythm or a ceiling that looks back further than that there is none."""


def unlike(
    subjects: Collection[str], items: Collection[str], contacts: Collection[str], now: datetime
) -> set[str]:
    """Return those of `subjects` for whom the rules would decide otherwise once `items` and `contacts` go.

    `items` are ids of findings and events. Whoever the vault does not know is among them.
    """
    known = Known.of(subjects)
    before = Facts.about(known, known.found)
    after = _without(before, frozenset(items), frozenset(contacts))
    found = set(subjects) - known.found.keys()
    for step in LATER:
        found |= _differ(before.decide(now + step), after.decide(now + step), frozenset(items))
    return found


def _without(facts: Facts, items: frozenset[str], contacts: frozenset[str]) -> Facts:
    history = [replace(told, items=told.items - items) for told in facts.history if told.id not in contacts]
    return replace(
        facts,
        findings=[one for one in facts.findings if one.id not in items],
        events=[one for one in facts.events if one.id not in items],
        history=history,
    )


def _differ(before: Iterable[Decision], after: Iterable[Decision], gone: frozenset[str]) -> set[str]:
    were, are = Counter(_said(before, gone)), Counter(_said(after, gone))
    return {subject for subject, *_ in (were - are) + (are - were)}


def _said(decisions: Iterable[Decision], gone: frozenset[str]) -> Iterable[tuple[str, ...]]:
    """Yield what is decided for each item that stays, and each cover or call without one.

    That nothing is new for somebody is said of nobody.
    """
    for one in decisions:
        who = (one.subject, one.recipient, one.outcome.value, one.reason.value, str(one.next_at))
        if not one.items and one.outcome in (Outcome.TELL, Outcome.CALL):
            yield who
        for item in set(one.items) - gone:
            yield (*who, item)
