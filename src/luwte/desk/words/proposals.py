"""New versions of a text: proposed on a page, held against the rules for words, and signed by two.

A proposal is never sent. It becomes a text when its file is part of the house's next version; its
signatures, which are about the digest of the text, count from then on. So no account changes alone what
leaves the desk, and neither does a programmer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.alone import Lock, alone
from luwte.desk.audit.desk import DESK
from luwte.desk.words.errors import ProposalRefused
from luwte.desk.words.linter import faults
from luwte.desk.words.models import Proposal
from luwte.desk.words.registry import REGISTERS, Template, Text, drafted, versions

LONGEST_SUBJECT = 150
LONGEST_BODY = 4_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal: its text in each register, by which account (`staff:7`), when."""

    id: str
    texts: tuple[Template, ...]
    by: str
    at: datetime

    @property
    def version(self) -> int:
        """The version that the text then has."""
        return self.texts[0].version


def wrong(template_id: str, texts: Mapping[str, Text]) -> dict[str, list[str]]:
    """Return what is wrong with a new version, register -> faults as "rule: what"; {} when nothing is.

    Raises `TemplateUnknown`.
    """
    version = versions(template_id)[0] + 1
    found = {words: _wrong(template_id, version, words, texts.get(words, Text())) for words in REGISTERS}
    return {words: faulty for words, faulty in found.items() if faulty}


@transaction.atomic
def propose(template_id: str, texts: Mapping[str, Text], *, by: str, now: datetime) -> Proposed:
    """Propose a new version in every register, in place of an earlier proposal, and return it.

    Raises `TemplateUnknown`, and `ProposalRefused` with what is wrong where.
    """
    if found := wrong(template_id, texts):
        raise ProposalRefused(template_id, found)
    alone(DESK.using, Lock.WORDS)
    Proposal.objects.filter(template=template_id, ended=None).update(ended=now)
    version = versions(template_id)[0] + 1
    kept = {words: asdict(texts[words]) for words in REGISTERS}
    row = Proposal.objects.create(template=template_id, version=version, texts=kept, by=by, at=now)
    DESK.record(Act.WORDS_PROPOSED, now, by=actor(), about=row.id, version=version)
    return _proposed(row)


def proposal(template_id: str) -> Proposed | None:
    """Return the proposal for a text that waits; None without one, or when the text has that version."""
    row = Proposal.objects.filter(template=template_id, ended=None).first()
    if row is None or row.version <= versions(template_id)[0]:
        return None
    return _proposed(row)


def waiting() -> set[str]:
    """Return the ids of the texts for which a proposal waits."""
    rows = Proposal.objects.filter(ended=None).values_list("template", "version")
    return {template_id for template_id, version in rows if version > versions(template_id)[0]}


def as_file(found: Proposed) -> str:
    """Return the lines (TOML) that make a proposal a version of the text: they go at the end of its file."""
    lines = ["[[versions]]", f"version = {found.version}", ""]
    for one in found.texts:
        lines.append(f"[versions.{one.words}]")
        lines += [f"{name} = {_quoted(value)}" for name, value in asdict(one.text).items() if value]
        lines.append("")
    return "\n".join(lines)


def _wrong(template_id: str, version: int, words: str, text: Text) -> list[str]:
    too_long = [
        f"length: {name} has {len(value)} characters, at most {most}"
        for name, value, most in (
            ("subject", text.subject, LONGEST_SUBJECT),
            ("body", text.body, LONGEST_BODY),
        )
        if len(value) > most
    ]
    if too_long:
        return too_long
    if not all(one.isprintable() or one == "\n" for one in text.subject + text.body) or "\n" in text.subject:
        return ["characters: there are some that cannot be printed"]
    try:
        return faults(drafted(template_id, version, words, text))
    except ValueError as error:
        return [f"gaps: {error}"]


def _proposed(row: Proposal) -> Proposed:
    texts = (drafted(row.template, row.version, words, Text(**row.texts[words])) for words in REGISTERS)
    return Proposed(row.id, tuple(texts), row.by, row.at)


def _quoted(value: str) -> str:
    """A TOML string; what has lines keeps them."""
    safe = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{safe}"""' if "\n" in value else f'"{safe}"'
