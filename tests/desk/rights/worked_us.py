"""Worked cases of the United States, for a jurist to read: steps, and what follows from them."""

from __future__ import annotations

from tests.support.rights import Expect, Worked, born, fact, parent

GUARDIAN = parent("guardian", kind="guardian")
ADULT = born("1990-05-01")
CHILD = born("2008-02-29", GUARDIAN)
CHARGE = fact("charged", "2025-06-01", "A", offence="2252A(a)(2)")
SENTENCING = fact("sentencing_set", "2026-03-10", "A", known="2025-12-01", hearing="s")
SENTENCE = fact("judgment", "2026-03-10", "A", offence="2252A(a)(2)", convicted=True, losses_open=True)
DENIED = fact("right_denied", "2026-10-05", "A", asserted=True, highest_offence=False, id="denied")

CASES = (
    Worked(
        "US1 sentencing",
        "us",
        (CHARGE, SENTENCING, SENTENCE),
        ADULT,
        (
            Expect("2025-12-02", "us-loss-list", "open", "2026-01-09", whose=("prosecutor",)),
            Expect("2025-12-02", "us-loss-unknown", "open", "2026-02-28"),
            Expect("2026-06-08", "us-loss-final", "open", "2026-06-08", whose=("court",)),
            Expect("2026-06-09", "us-loss-final", "lapsed", "2026-06-08"),
            Expect("2026-03-10", "us-heard", "open", "2026-03-10"),
            Expect("2026-03-11", "us-heard", "lapsed", "2026-03-10", reason="deadline passed"),
            Expect("2026-03-10", "us-restitution", "open", "", endless=True),
        ),
    ),
    Worked(
        "US1 sentencing moved: the list stays due before the day first set",
        "us",
        (CHARGE, SENTENCING, fact("hearing_moved", "2026-05-10", "A", known="2026-01-05", hearing="s")),
        ADULT,
        (
            Expect("2026-01-06", "us-loss-list", "open", "2026-01-09"),
            Expect("2026-01-06", "us-loss-unknown", "open", "2026-04-30"),
            Expect("2026-01-06", "us-heard", "open", "2026-05-10"),
            Expect("2026-01-06", "us-attend", "open", "2026-05-10"),
            Expect("2026-01-06", "us-notice-hearing", "open", "2026-05-10"),
        ),
    ),
    Worked(
        "US2 new losses",
        "us",
        (fact("loss_discovered", "2026-09-01"),),
        ADULT,
        (
            Expect("2026-10-31", "us-loss-new", "open", "2026-10-31"),
            Expect("2026-11-01", "us-loss-new", "lapsed", "2026-10-31"),
        ),
    ),
    Worked(
        "US3 plea, and denied to speak",
        "us",
        (DENIED, fact("complaint_filed", "2026-10-12", "A", right="us-mandamus")),
        ADULT,
        (
            Expect("2026-10-11", "us-mandamus", "open", "2026-10-19"),
            Expect("2026-10-20", "us-mandamus", "lapsed", "2026-10-19"),
            Expect("2026-10-12", "us-mandamus-decided", "open", "2026-10-15", whose=("court",)),
            Expect("2026-10-11", "us-motion", "open", "", endless=True),
        ),
    ),
    Worked(
        "US6 a guardian asks for assistance, and the victim turns 18",
        "us",
        (CHARGE, SENTENCE),
        CHILD,
        (
            Expect("2026-03-10", "us-restitution", "open", whose=("victim",)),
            Expect("2026-03-10", "us-assistance", "open", "", whose=("victim",), endless=True),
        ),
    ),
    Worked(
        "US6 before 18, born on 29 February",
        "us",
        (CHARGE, fact("judgment", "2025-12-01", "A", offence="2252A(a)(2)")),
        CHILD,
        (
            Expect("2026-02-28", "us-restitution", "open", whose=("guardian",)),
            Expect("2026-03-01", "us-restitution", "open", whose=("victim",)),
            Expect("2026-02-28", "us-assistance", "open", whose=("guardian",)),
        ),
    ),
    Worked(
        "US6 assistance is ordered once",
        "us",
        (
            CHARGE,
            fact("judgment", "2025-12-01", "A", offence="2252A(a)(2)"),
            fact("judgment", "2026-06-01", "B", offence="2252(a)(4)"),
            fact("assistance_ordered", "2026-01-20", "A"),
        ),
        CHILD,
        (Expect("2026-06-02", "us-assistance", "used"),),
    ),
    Worked(
        "US6 a guardian who is the defendant does not act",
        "us",
        (CHARGE,),
        born("2010-02-28", parent("guardian", kind="guardian", barred=True)),
        (Expect("2025-06-02", "us-protected", "open", whose=(), doubts=("nobody may act",)),),
    ),
    Worked(
        "acquitted: no restitution",
        "us",
        (CHARGE, fact("judgment", "2026-03-10", "A", convicted=False)),
        ADULT,
        (
            Expect("2026-03-11", "us-restitution", "not applicable", reason="not for this charge"),
            Expect("2026-03-11", "us-assistance", "not applicable", reason="not for this charge"),
        ),
    ),
    Worked(
        "first contact and charge",
        "us",
        (fact("first_contact", "2025-05-01"), CHARGE),
        ADULT,
        (
            Expect("2025-05-01", "us-told-rights", "open", "", whose=("prosecutor",)),
            Expect("2025-05-01", "us-respect", "open", "", whose=("victim",)),
            Expect("2025-06-01", "us-protected", "open", "", endless=True),
            Expect("2025-06-01", "us-confer", "open", ""),
            Expect("2025-06-01", "us-no-delay", "open", ""),
            Expect("2025-06-01", "us-civil", "not yet"),
        ),
    ),
    Worked(
        "plea offer and plea hearing",
        "us",
        (
            CHARGE,
            fact("plea_offered", "2025-07-01", "A"),
            fact("plea_hearing", "2025-08-01", "A", known="2025-07-10", hearing="p"),
            fact("victim_spoke", "2025-08-01", "A", hearing="p"),
        ),
        ADULT,
        (
            Expect("2025-07-05", "us-plea-told", "open", ""),
            Expect("2025-07-10", "us-plea-told", "open", "2025-08-01"),
            Expect("2025-08-02", "us-plea-told", "lapsed", "2025-08-01"),
            Expect("2025-08-02", "us-heard", "used"),
            Expect("2025-08-02", "us-attend", "lapsed", "2025-08-01"),
        ),
    ),
    Worked(
        "release",
        "us",
        (fact("released", "2025-07-01", "A", known="2025-06-30"),),
        ADULT,
        (
            Expect("2025-06-30", "us-notice-custody", "open", "2025-06-30"),
            Expect("2025-07-02", "us-notice-custody", "lapsed", "2025-06-30"),
        ),
    ),
    Worked(
        "identified",
        "us",
        (fact("victim_identified", "2025-04-01"),),
        ADULT,
        (Expect("2025-04-01", "us-civil", "open", "", endless=True),),
    ),
)
