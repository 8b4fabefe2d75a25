"""What was told before and is no longer kept: nobody is told of it again (T4).

When the term of a case is over its rows go, with the contacts that told of it. A keyed digest of whom and
what stays for each recipient: should the same case come back, in a report that arrives years later, it counts
as told. Without the key ring nobody can read of what a digest is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.cases.models import Event
from luwte.desk.findings.models import Finding
from luwte.desk.telling.models import Remembered
from luwte.desk.telling.values import State, Told
from luwte.desk.vault.sealing import key_ring


def mark_of_finding(subject: str, case: str) -> str:
    """Return what is kept of a finding of `subject` in the case with the number `case` (32 hex)."""
    return _mark(f"finding|{subject}|{case}")


def mark_of_event(event: Event) -> str:
    """Return what is kept of an event: whose, in which case, which and when (32 hex)."""
    return _mark(f"event|{event.subject}|{event.kind}|{event.at.isoformat()}|{event.case.number}")


def told_before(subjects: Iterable[str]) -> Iterator[Told]:
    """Yield, as history, what stands in the register again and was told before its rows went.

    It counts for T4 alone: not for a rhythm, the ceiling or unopened contacts.
    """
    kept: defaultdict[str, list[Remembered]] = defaultdict(list)
    for row in Remembered.objects.filter(subject__in=list(subjects)).exclude(mark="").order_by("id"):
        kept[row.subject].append(row)
    items = _items(list(kept)) if kept else {}
    for subject, rows in kept.items():
        for row in rows:
            if (found := items.get((subject, row.mark))) is not None:
                yield Told(
                    f"remembered-{row.pk}", subject, row.recipient, row.at, State.DONE, frozenset({found}),
                    frozenset(), asked=True,
                )  # fmt: skip


def numbers_before(subjects: Iterable[str]) -> Mapping[str, int]:
    """Return the highest number of a contact that is gone, for each of `subjects` that has one."""
    found: dict[str, int] = {}
    rows = Remembered.objects.filter(subject__in=list(subjects)).values_list("subject", "number")
    for subject, number in rows:
        found[subject] = max(number, found.get(subject, 0))
    return found


def _items(subjects: list[str]) -> dict[tuple[str, str], str]:
    """Return (subject, mark) -> id of the findings and events that stand in the register now."""
    findings = Finding.objects.filter(subject__in=subjects).values_list("id", "subject", "case__number")
    events = Event.objects.filter(subject__in=subjects).select_related("case")
    return {(subject, mark_of_finding(subject, number)): found for found, subject, number in findings} | {
        (event.subject, mark_of_event(event)): event.id for event in events
    }


def _mark(text: str) -> str:
    return pseudonym(key_ring().link, text, purpose="told")
