"""What a test of the register of cases does in a process of its own."""

from __future__ import annotations

from typing import Any

STORY: tuple[dict[str, Any], ...] = (
    {"step": "hearing_moved", "occurred": "2026-06-29", "hearing": "h1", "reference": "m1"},
    {"step": "hearing_set", "occurred": "2026-06-16", "hearing": "h1", "reference": "h1b", "corrects": "h1"},
    {
        "step": "hearing_set",
        "occurred": "2026-06-15",
        "known": "2026-01-05",
        "hearing": "h1",
        "reference": "h1",
    },
    {"step": "charged", "occurred": "2026-01-10", "defendant": "D1", "reference": "c1"},
    {"step": "judgment", "occurred": "2026-02-05", "defendant": "D1", "reference": "j1"},
    {"step": "released", "occurred": "2026-02-08", "defendant": "D1", "reference": "r1"},
)


def found() -> int:
    """Take a report in on case C-1: of three known people and of nobody known."""
    from luwte.desk.findings.services import register
    from tests.support.desk import NOON, report

    names = ["portal", "email", "refused", "nobody"]
    given = {f"s-{name}": {"a": (3, 1)} for name in names}
    return register(report(given, case="C-1", report_id="12" * 16), NOON).findings


def steps(backwards: bool = False, rounds: int = 1) -> int:
    """Tell every step of the story, so many times over; return how many were new."""
    from tests.support.cases import tell

    story = STORY[::-1] if backwards else STORY
    return sum(tell(**one).new for _ in range(rounds) for one in story)


def correct(reference: str, corrects: str) -> bool:
    """Tell a judgment that corrects another one; return whether it was let in."""
    from luwte.desk.cases.errors import StepImpossible
    from tests.support.cases import tell

    try:
        tell("judgment", "2026-02-05", reference=reference, corrects=corrects)
    except StepImpossible:
        return False
    return True


def spread() -> int:
    """Make events of what stands; return how many."""
    from luwte.desk.telling.steps import spread_steps
    from tests.support.desk import NOON

    return spread_steps(NOON)


def held() -> dict[str, Any]:
    """Return what there is of case C-1."""
    from luwte.desk.audit.models import Leaf
    from luwte.desk.cases.book import open_book
    from luwte.desk.cases.models import Case, CaseStep, Event
    from luwte.desk.telling.models import SafetyAlert

    case = Case.objects.filter(number="C-1").first()
    return {
        "steps": CaseStep.objects.count(),
        "standing": [row.reference for row in open_book(case).standing] if case else [],
        "acts": Leaf.objects.filter(act="cases.step-told").count(),
        "events": Event.objects.count(),
        "alerts": SafetyAlert.objects.count(),
    }


ACTS = {"found": found, "steps": steps, "correct": correct, "spread-steps": spread, "case-held": held}
