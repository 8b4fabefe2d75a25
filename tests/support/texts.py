"""Every text of the portal in docs/texts, made from its pages: `python -m tests.support.texts` writes them.

Dutch and English stand beside one another, with how hard they are to read, for who signs them off.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from django.urls import resolve
from django.urls.exceptions import Resolver404

from luwte.desk.words.readability import measure
from luwte.desk.words.registry import REGISTERS, Template, templates

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "texts"
WRITE = "LUWTE_WRITE_TEXTS"
MADE = "Made by `python -m tests.support.texts`; change the pages, not this file.\n"
_SECRETS = (
    (re.compile(r"\b[A-Z2-7]{32}\b"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    (re.compile(r"\b\d{4} \d{4} \d{4}\b"), "1234 5678 9012"),
    (re.compile(r"\b[a-z2-9]{5}-[a-z2-9]{5}\b"), "abcde-fghjk"),
)
INTRODUCTION = """\
For who reads them before they are used: a care worker, a language adviser, people who know this from life.
Names, dates and numbers are invented. A signature is for one version: another text has another. What leaves
the desk (e-mail, SMS, letter, calls) is in [messages](messages.md); `luwte desk words sign` keeps who signed
that."""
Pair = tuple[str, str]


@dataclass(slots=True)
class Sheet:
    """The texts of one page: what each state of it adds to the ones before."""

    states: list[tuple[str, list[Pair]]] = field(default_factory=list)
    seen: set[Pair] = field(default_factory=set)

    def add(self, state: str, dutch: str, english: str) -> None:
        """Add the lines of a state that were not there yet."""
        pairs = [
            (one, other) for one, other in zip_longest(dutch.splitlines(), english.splitlines(), fillvalue="")
        ]
        fresh = [pair for pair in dict.fromkeys(pairs) if pair not in self.seen]
        self.seen.update(fresh)
        if fresh:
            self.states.append((state, fresh))

    @property
    def pairs(self) -> list[Pair]:
        """Every line once, in order."""
        return [pair for _, pairs in self.states for pair in pairs]


def written() -> dict[str, str]:
    """Return the content of each file of docs/texts, by name."""
    sheets = dict(sorted(_sheets().items()))
    pages = {f"{name}.md": _page(name, sheet) for name, sheet in sheets.items()}
    return pages | {"messages.md": _messages(), "README.md": _index(sheets)}


def _sheets() -> dict[str, Sheet]:
    """Return the texts of each page by the name of its address; the frame around all is one of its own."""
    from tests.support.pages import text_of  # both need a desk, which only the tests have
    from tests.support.tour import portal_pages

    found: dict[str, Sheet] = {}
    tours = (list(portal_pages(language)) for language in ("nl", "en"))  # each alters the settings meanwhile
    for (name, dutch), (_, english) in zip(*tours, strict=True):
        texts = [_without_secrets(answer.content.decode()) for answer in (dutch, english)]
        page = _name(dutch.wsgi_request.path)
        if page == "neutral":
            continue  # the day of today, and nothing else
        found.setdefault(page, Sheet()).add(name, *(text_of(text, "main") for text in texts))
        for part in ("nav", "header", "footer"):
            found.setdefault("frame", Sheet()).add(part, *(text_of(text, part) for text in texts))
    return found


def _without_secrets(page: str) -> str:
    """Return the page with the same key, number and codes each time."""
    for secret, instead in _SECRETS:
        page = secret.sub(instead, page)
    return page


def _name(path: str) -> str:
    try:
        return str(resolve(path).url_name).replace("_", "-")
    except Resolver404:
        return "not-found"


def _page(name: str, sheet: Sheet) -> str:
    parts = [f"# {name}", "", MADE, _measured(sheet), "", f"Version of this text: `{_digest(sheet)}`.", ""]
    for state, pairs in sheet.states:
        parts += [f"## {state}", "", *_table(("Nederlands", "English"), pairs), ""]
    return "\n".join(parts).rstrip() + "\n"


def _measured(sheet: Sheet) -> str:
    texts = ["\n".join(pair[place] for pair in sheet.pairs) for place in (0, 1)]
    if not all(text.strip() for text in texts):
        return "No words."
    dutch, english = measure(texts[0], "nl"), measure(texts[1], "en")
    return (
        f"Dutch: {dutch.words} words, {dutch.words_per_sentence:.1f} a sentence, at most {dutch.longest}; "
        f"Flesch-Douma {dutch.douma:.0f} (75 or more), Brouwer {dutch.brouwer:.0f} (70 or more). "
        f"English: {english.words} words, Flesch-Kincaid grade {english.grade:.1f} (6 or less)."
    )


def _messages() -> str:
    """What leaves the desk, and the fixed sentences inside, in each register."""
    parts = ["# messages", "", MADE]
    by_id: dict[str, list[Template]] = {}
    for one in templates():
        by_id.setdefault(one.id, []).append(one)
    for name, found in by_id.items():
        first = found[0]
        parts += [f"## {name}, version {first.version}", "", f"Read {first.place}.", ""]
        lines = [
            [line for part in one.text.parts() for line in part.splitlines() if line.strip()] for one in found
        ]
        parts += [*_table(REGISTERS, zip_longest(*lines, fillvalue="")), ""]
    return "\n".join(parts).rstrip() + "\n"


def _index(sheets: dict[str, Sheet]) -> str:
    rows = [
        (f"[{name}]({name}.md)", f"`{_digest(sheet)}`", _measured(sheet)) for name, sheet in sheets.items()
    ]
    return (
        "\n".join(
            [
                "# The texts of the portal",
                "",
                MADE,
                INTRODUCTION,
                "",
                *_table(("page", "version", "how hard it is to read"), rows),
            ]
        )
        + "\n"
    )


def _digest(sheet: Sheet) -> str:
    text = "\n".join(f"{dutch}\t{english}" for dutch, english in sheet.pairs)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    heads = tuple(heads)
    yield _row(heads)
    yield "|" + "---|" * len(heads)
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", "-q", "tests/desk/portal/test_texts.py"]
    sys.exit(subprocess.run(command, env=os.environ | {WRITE: "1"}, check=False).returncode)
