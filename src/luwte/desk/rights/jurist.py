"""What a jurist must confirm, from the files of law: `python -m luwte.desk.rights.jurist` prints it. Pure."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from luwte.desk.rights.law import Jurisdiction, Mark, Source
from luwte.desk.rights.shelf import shipped


def open_questions(law: Jurisdiction) -> Iterator[tuple[str, Source]]:
    """Yield what is not verified, or has a question for a jurist: the id of it, its source."""
    yield from ((one, source) for one, source in _sources(law) if source.jurist or source.mark != Mark.READ)


def lines() -> Iterator[str]:
    """Yield the list as Markdown, one file of law after the other."""
    for law in shipped().values():
        reviewed = law.reviewed_by or "nobody yet"
        yield from (f"### {law.version}", "", f"Reviewed by: {reviewed}.", "")
        yield from ("| what | source | text of | mark | to confirm |", "|---|---|---|---|---|")
        for name, source in open_questions(law):
            question = source.jurist or "what it says"
            yield f"| `{name}` | {source.article} | {source.dated} | {source.mark} | {question} |"
        yield ""


def _sources(law: Jurisdiction) -> Iterator[tuple[str, Source]]:
    yield "practice", law.practice.source
    yield from ((rule.id, rule.source) for rule in law.rules)
    yield from ((amount.id, amount.source) for amount in law.amounts.values())


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
