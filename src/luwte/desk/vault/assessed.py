"""What an individual assessment says of a person, and what makes contact safe. Plain values: no framework.

Directive 2012/29/EU, article 22: which needs of protection a victim has, how far they are at risk from people
near them or of harm by contact itself, and which support there is. A child is presumed to have such needs
(article 22(4)); the person's own wishes count, also not to have measures (article 22(6)).
"""

from __future__ import annotations

from dataclasses import dataclass

from luwte.desk.vault.errors import PersonImpossible
from luwte.desk.vault.reaches import REACHES

SEEN = ("document", "video", "register", "known", "not_yet")
"""How it was seen who the person is."""
BASES = ("register", "decision", "said", "none")
"""What says who has authority: the register of authority, a decision of a court, somebody's word, nothing."""
NEEDS = (
    "child", "dependent", "harm", "disability", "repeat", "intimidation", "language", "no_measures",
)  # fmt: skip
"""Articles 22(2) to (4) and (6); `dependent`: on whoever did it."""
NEAR = ("no", "doubt", "yes", "unknown")
"""Whether somebody near the person is a risk to them."""
LONGEST = 600
"""Characters of one text."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """One individual assessment.

    `safe_ways`: kinds of address at which contact is safe; `safe_times`: when, and who else may answer;
    `code_word`: by which the person knows that it is the desk. `near`: whether somebody near is a risk.
    `support`: who and what is there for the person; `helps`: what helps in talks with them.
    """

    seen: str = "not_yet"
    basis: str = "none"
    needs: tuple[str, ...] = ()
    near: str = "unknown"
    near_why: str = ""
    safe_ways: tuple[str, ...] = ()
    safe_times: str = ""
    code_word: str = ""
    support: str = ""
    helps: str = ""


TEXTS = ("near_why", "safe_times", "code_word", "support", "helps")
OF_OTHERS = ("near", "near_why", "basis")
"""What is said of other people than the person."""


def check_assessed(found: Assessed) -> None:
    """Raise `PersonImpossible` unless `found` can be an assessment; the sentence says what to change."""
    _one_of("way to see who somebody is", found.seen, SEEN)
    _one_of("basis of authority", found.basis, BASES)
    _one_of("answer about people near", found.near, NEAR)
    for need in found.needs:
        _one_of("need", need, NEEDS)
    for way in found.safe_ways:
        _one_of("safe way", way, tuple(REACHES))
    for name in TEXTS:
        text = getattr(found, name)
        if len(text) > LONGEST or not all(line.isprintable() for line in text.splitlines()):
            raise PersonImpossible(
                f"What is said under {name!r} is too long or not printable. "
                f"Give at most {LONGEST} characters."
            )


def _one_of(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise PersonImpossible(f"There is no {what} {given!r}. Choose one of: {', '.join(known)}.")
