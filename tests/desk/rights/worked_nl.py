"""Worked cases of the Netherlands, for a jurist to read: steps, and what follows from them."""

from __future__ import annotations

from tests.support.rights import Expect, Worked, born, fact, parent

MOTHER, FATHER = parent(), parent("father")
ADULT = born("1990-05-01")
ASKED = fact("information_requested", "2026-01-05")


NL1 = (
    fact("charged", "2026-06-15", "A", offence="252", maximum_years=6),
    fact("hearing_set", "2026-09-14", "A", known="2026-07-01", hearing="h"),
)
CHILD = born("2014-09-12", MOTHER, FATHER)
NEW, OLD = "nl-2024-07-01", "nl-2013-01-01"
NL3 = (
    ASKED,
    fact("charged", "2026-02-02", "A", offence="285", maximum_years=3),
    fact("hearing_set", "2026-06-15", "A", known="2026-04-01", hearing="h"),
)
MOVED = fact("hearing_moved", "2026-06-29", "A", known="2026-06-01", hearing="h")
HELD = fact("closing_speech", "2026-06-15", "A", hearing="h")
SERVED = fact("prosecution_declined", "2028-02-20", "A", served=True, id="no")

CASES = (
    Worked(
        "NL1 turns 12",
        NEW,
        NL1,
        CHILD,
        (
            Expect("2026-09-11", "nl-speak-for-child", "open", "2026-09-11", whose=("mother", "father")),
            Expect("2026-09-11", "nl-speak", "not yet", opens="2026-09-12", reason="it opens at an age"),
            Expect("2026-09-12", "nl-speak", "open", "2026-09-14", whose=("victim",)),
            Expect(
                "2026-09-12", "nl-speak-for-child", "lapsed", "2026-09-11", reason="ended by age", whose=()
            ),
            Expect("2026-09-12", "nl-speak-parent", "open", "2026-09-14", whose=("mother", "father")),
            Expect("2026-09-12", "nl-join", "open", "2026-09-14", whose=("mother", "father"), foreseen=True),
            Expect("2026-09-12", "nl-ask", "not yet", reason="no step opened it"),
        ),
    ),
    Worked(
        "NL1 a child under 12 that can weigh its interests speaks itself",
        NEW,
        NL1,
        born("2014-09-12", MOTHER, capable=True),
        (
            Expect("2026-09-11", "nl-speak", "open", "2026-09-14", whose=("victim",)),
            Expect("2026-09-11", "nl-speak-for-child", "open", whose=("mother",)),
        ),
    ),
    Worked(
        "NL2 turns 18 in the middle",
        NEW,
        (
            fact("charged", "2026-06-15", "A", offence="252"),
            fact("hearing_set", "2026-12-01", "A", known="2026-10-01", hearing="h"),
        ),
        born("2008-11-30", MOTHER),
        (
            Expect("2026-11-29", "nl-join", "open", "2026-12-01", whose=("mother",)),
            Expect("2026-11-30", "nl-join", "open", "2026-12-01", whose=("victim",)),
            Expect("2026-11-29", "nl-speak-parent", "open", "2026-11-29", whose=("mother",)),
            Expect("2026-12-01", "nl-speak-parent", "lapsed", reason="ended by age", whose=()),
            Expect("2026-12-01", "nl-speak", "open", "2026-12-01", whose=("victim",)),
        ),
    ),
    Worked(
        "NL2 turning 16 changes nothing",
        NEW,
        (fact("charged", "2024-09-01", "A", offence="252"),),
        born("2008-11-30", MOTHER),
        (
            Expect("2024-11-29", "nl-join", "open", whose=("mother",)),
            Expect("2024-11-30", "nl-join", "open", whose=("mother",)),
        ),
    ),
    Worked(
        "NL3 before the hearing was moved",
        "nl",
        NL3,
        ADULT,
        (
            Expect("2026-05-01", "nl-speak", "open", "2026-06-15", foreseen=True),
            Expect("2026-05-01", "nl-join", "open", "2026-06-15", foreseen=True),
        ),
    ),
    Worked(
        "NL3 hearing moved",
        "nl",
        (*NL3, MOVED),
        ADULT,
        (
            Expect("2026-06-02", "nl-speak", "open", "2026-06-29", foreseen=True),
            Expect("2026-06-02", "nl-join", "open", "2026-06-29", foreseen=True),
            Expect("2026-06-16", "nl-join", "open", "2026-06-29", doubts=()),
            Expect("2026-06-30", "nl-join", "open", doubts=("the day passed and nobody told what happened",)),
            Expect("2026-06-01", "nl-notice-moved", "open", "2026-06-01"),
            Expect("2026-06-02", "nl-notice-moved", "lapsed", "2026-06-01", reason="deadline passed"),
        ),
    ),
    Worked(
        "NL3 the closing speech was held, and the hearing goes on another day",
        "nl",
        (*NL3, HELD, fact("hearing_moved", "2026-06-29", "A", known="2026-06-15", hearing="h")),
        ADULT,
        (
            Expect("2026-06-16", "nl-join", "lapsed", "2026-06-15", reason="closed by a step"),
            Expect("2026-06-16", "nl-speak", "lapsed", "2026-06-15", reason="closed by a step"),
        ),
    ),
    Worked(
        "NL4 declined, served, aware on a leap day",
        "nl",
        (ASKED, SERVED, fact("aware", "2028-02-29", "A", of="no")),
        ADULT,
        (
            Expect("2028-05-29", "nl-complaint-served", "open", "2028-05-29"),
            Expect("2028-05-30", "nl-complaint-served", "lapsed", "2028-05-29", reason="deadline passed"),
            Expect("2028-02-21", "nl-notice", "open", "2028-03-05"),
        ),
    ),
    Worked(
        "NL4 served, and nobody came to know of it",
        "nl",
        (SERVED,),
        ADULT,
        (Expect("2029-01-01", "nl-complaint-served", "open", "", endless=False),),
    ),
    Worked(
        "NL4 not served",
        "nl",
        (fact("prosecution_declined", "2028-02-20", "A", served=False),),
        ADULT,
        (Expect("2038-01-01", "nl-complaint", "open", "", endless=True),),
    ),
    Worked(
        "complaint filed in time",
        "nl",
        (SERVED, fact("aware", "2028-02-29", "A"), fact("complaint_filed", "2028-05-29", "A")),
        ADULT,
        (Expect("2028-06-10", "nl-complaint-served", "used", "2028-05-29"),),
    ),
    Worked(
        "penal order",
        "nl",
        (fact("penal_order", "2026-10-01", "A", id="p"), fact("aware", "2026-11-30", "A", of="p")),
        ADULT,
        (
            Expect("2027-02-28", "nl-complaint-order", "open", "2027-02-28"),
            Expect("2027-03-01", "nl-complaint-order", "lapsed", "2027-02-28"),
        ),
    ),
    Worked(
        "NL5 appeal and advance",
        "nl",
        (
            fact("charged", "2025-06-01", "A", offence="285"),
            fact("claim_filed", "2025-09-01", "A"),
            fact("judgment", "2026-01-12", "A"),
            fact("appeal_filed", "2026-01-20", "A"),
            fact("appeal_decided", "2026-12-28", "A"),
            fact("judgment_final", "2027-01-12", "A"),
        ),
        ADULT,
        (
            Expect("2027-01-11", "nl-advance", "not yet", reason="no step opened it"),
            Expect("2027-01-12", "nl-advance", "not yet", opens="2027-09-12", reason="it opens later"),
            Expect("2027-09-12", "nl-advance", "open", opens="2027-09-12", endless=True, whose=("state",)),
            Expect("2026-02-01", "nl-rejoin", "open", ""),
            Expect("2026-12-28", "nl-rejoin", "lapsed", "2026-12-28", reason="closed by a step"),
            Expect("2026-02-01", "nl-join", "used"),
            Expect("2026-02-01", "nl-notice-claim", "open", "", endless=True),
        ),
    ),
    Worked(
        "NL6 two defendants and the fund",
        "nl",
        (
            fact("offence_ended", "2026-04-20", known="2026-05-01"),
            fact("charged", "2026-07-01", "A", offence="285"),
            fact("charged", "2026-07-01", "B", offence="285"),
            fact("hearing_set", "2026-10-05", "A", known="2026-08-01", hearing="a"),
            fact("hearing_set", "2026-11-02", "B", known="2026-08-01", hearing="b"),
            fact("closing_speech", "2026-10-05", "A", hearing="a"),
        ),
        born("2018-08-03", MOTHER),
        (
            Expect("2026-10-06", "nl-join", "lapsed", "2026-10-05", defendant="A", reason="closed by a step"),
            Expect("2026-10-06", "nl-join", "open", "2026-11-02", defendant="B", foreseen=True),
            Expect("2036-04-20", "nl-fund", "open", "2036-04-20"),
            Expect("2036-04-21", "nl-fund", "lapsed", "2036-04-20"),
            Expect("2036-04-21", "nl-fund-child", "open", "2046-08-03"),
        ),
    ),
    Worked(
        "first contact",
        "nl",
        (fact("first_contact", "2026-03-02"),),
        born("2013-01-15", MOTHER),
        (
            Expect("2026-03-01", "nl-inform", "not yet"),
            Expect("2026-03-02", "nl-inform", "open", "", endless=True, whose=("police",)),
            Expect("2026-03-02", "nl-ask", "open", "", endless=True, whose=("victim",)),
            Expect("2026-03-02", "nl-help", "open", "", whose=("mother",)),
            Expect("2026-03-02", "nl-restore", "open", "", whose=("mother",)),
        ),
    ),
    Worked(
        "two hearings: the next one is foreseen, and after it the other",
        "nl",
        (
            fact("charged", "2026-02-02", "A", offence="285"),
            fact("hearing_set", "2026-09-01", "A", known="2026-03-01", hearing="second"),
            fact("hearing_set", "2026-06-15", "A", known="2026-03-01", hearing="first"),
        ),
        ADULT,
        (
            Expect("2026-05-01", "nl-join", "open", "2026-06-15", foreseen=True),
            Expect("2026-06-16", "nl-join", "open", "2026-09-01", foreseen=True, doubts=()),
            Expect("2026-05-01", "nl-speak", "open", "2026-09-01", hearing="second"),
        ),
    ),
    Worked(
        "a hearing that is known on the day on which the victim turns 18",
        NEW,
        (
            fact("charged", "2026-02-02", "A", offence="252"),
            fact("hearing_set", "2026-09-01", "A", known="2026-03-01", hearing="h"),
        ),
        born("2008-03-01", MOTHER),
        (Expect("2026-03-01", "nl-speak-parent", "not applicable", "", reason="ended by age"),),
    ),
    Worked(
        "news is due once it was asked for",
        "nl",
        (
            fact("investigation_dropped", "2026-02-01", known="2026-02-03"),
            fact("information_requested", "2026-03-01"),
        ),
        ADULT,
        (
            Expect("2026-02-20", "nl-notice-police", "not yet", reason="no step opened it"),
            Expect("2026-03-01", "nl-notice-police", "open", "2026-03-15", opens="2026-03-01"),
            Expect("2026-03-16", "nl-notice-police", "lapsed", "2026-03-15"),
            Expect("2026-03-01", "nl-ask", "not yet"),
            Expect("2026-03-16", "nl-complaint", "open", doubts=("a detail of the step not told",)),
        ),
    ),
    Worked(
        "release and escape",
        "nl",
        (
            ASKED,
            fact("released", "2026-05-01", "A", known="2026-04-28"),
            fact("escaped", "2026-06-01", "A"),
        ),
        ADULT,
        (
            Expect("2026-04-28", "nl-notice-free", "open", "2026-04-28"),
            Expect("2026-06-01", "nl-notice-escape", "open", "2026-06-01"),
            Expect("2026-06-02", "nl-notice-escape", "lapsed", "2026-06-01"),
        ),
    ),
    Worked(
        "papers, and a refusal",
        "nl",
        (
            fact("file_sent", "2026-02-01", "A"),
            fact("right_denied", "2026-02-10", "A", right="nl-file", id="r1"),
            fact("right_denied", "2026-02-12", "A", right="nl-translation", id="r2"),
        ),
        ADULT,
        (
            Expect("2026-02-01", "nl-file", "open", "", endless=True),
            Expect("2026-02-24", "nl-file-objection", "open", "2026-02-24"),
            Expect("2026-02-26", "nl-translation-objection", "open", "2026-02-26"),
            Expect("2026-02-27", "nl-translation-objection", "lapsed", "2026-02-26"),
        ),
    ),
    Worked(
        "the form comes with the charge",
        "nl",
        (fact("charged", "2026-02-01", "A"),),
        ADULT,
        (Expect("2026-02-01", "nl-join-form", "open", "", whose=("prosecutor",)),),
    ),
    Worked(
        "who cannot speak, and who died",
        "nl",
        NL3,
        ADULT,
        (
            Expect("2026-05-01", "nl-speak-family", "not applicable", reason="not of this person"),
            Expect("2026-05-01", "nl-speak-kin", "not applicable", reason="not of this person"),
            Expect("2026-05-01", "nl-speak-for-child", "not applicable", reason="ended by age"),
            Expect("2026-05-01", "nl-speak-parent", "not applicable", reason="ended by age"),
        ),
    ),
    Worked(
        "losses found later",
        "nl",
        (fact("loss_discovered", "2024-02-29", known="2024-02-29"),),
        ADULT,
        (
            Expect("2029-02-28", "nl-civil", "open", "2029-02-28"),
            Expect("2029-03-01", "nl-civil", "lapsed", "2029-02-28"),
        ),
    ),
    Worked(
        "a charge that is not on the list, and one that carries eight years",
        "nl",
        (
            fact("charged", "2026-02-02", "A", offence="310", maximum_years=4),
            fact("charged", "2026-02-02", "B", offence="310", maximum_years=8),
            fact("hearing_set", "2026-06-15", known="2026-04-01", hearing="h"),
        ),
        ADULT,
        (
            Expect("2026-05-01", "nl-speak", "not applicable", defendant="A", reason="not for this charge"),
            Expect("2026-05-01", "nl-speak", "open", defendant="B"),
        ),
    ),
    Worked(
        "240b under the list of before 2024-07-01",
        OLD,
        (
            fact("charged", "2023-02-02", "A", offence="240b", maximum_years=4),
            fact("hearing_set", "2023-06-15", "A", known="2023-04-01", hearing="h"),
        ),
        born("2012-01-01", MOTHER),
        (
            Expect("2023-05-01", "nl-speak-for-child", "open", "2023-06-15", whose=("mother",)),
            Expect("2023-05-01", "nl-speak-parent", "open", "2023-06-15"),
        ),
    ),
    Worked(
        "240b is not on the list since",
        NEW,
        (
            fact("charged", "2025-02-02", "A", offence="240b", maximum_years=4),
            fact("hearing_set", "2025-06-15", "A", known="2025-04-01", hearing="h"),
        ),
        ADULT,
        (Expect("2025-05-01", "nl-speak", "not applicable", reason="not for this charge"),),
    ),
)
