"""Whether a charge is one of those that a rule asks for, however its article was written. Pure.

"art. 252 lid 1 Sr" and "252(1)" are one article; so are "18 U.S.C. § 2252A(a)(2)" and "2252A(a)(2)".
What is written less closely than the rule asks, or cannot be read, may be it: then nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_ARTICLE = re.compile(
    r"(?:art(?:ikel|icle)?\.? ?)?(?:18 ?u\.?s\.?c\.? ?)?§? ?"
    r"(?P<number>\d{1,5}[a-z]{0,2})(?P<parts>(?: ?\([0-9a-z]{1,4}\)){0,6})"
    r"(?:,? lid (?P<member>\d{1,2}))?(?: (?P<book>[a-z]{1,12}))?",
    re.IGNORECASE,
)
_USUAL = frozenset({"", "sr", "usc"})
"""The books of crimes, which need no mention; of another book (WVW) the name is part of the article."""


@lru_cache(maxsize=4096)
def article(text: str) -> str | None:
    """Return an article in one form: 252(1), 2252a(a)(2), 6 wvw; None when none can be read."""
    found = _ARTICLE.fullmatch(text.strip()[:100])
    if found is None:
        return None
    member = f"({found['member']})" if found["member"] else ""
    book = (found["book"] or "").lower()
    code = f"{found['number']}{found['parts'].replace(' ', '')}{member}".lower()
    return code if book in _USUAL else f"{code} {book}"


def fits(asked: Iterable[str], charged: str) -> bool | None:
    """Return whether `charged` is one of the articles `asked` (in one form), None when that is not known."""
    code = article(charged)
    if code is None:
        return None
    wanted = list(asked)
    if any(code == one or code.startswith(f"{one}(") for one in wanted):
        return True
    return None if any(one.startswith(f"{code}(") for one in wanted) else False
