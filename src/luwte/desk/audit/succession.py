"""Which key signs a log from when on: a house gets new keys when its own leaked, or were lost.

An act says which key comes after which. The old key signs that where it is still there; where it is not, an
account stands for it. Checkpoints of before stay as they are, and count under the key of their time. None of
this lets anybody rewrite what was: every checkpoint, of whatever key, must fit the acts.
Sources: C2SP signed-note, tlog-checkpoint; RFC 6962, section 2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from luwte.crypto.notes import Note, NoteWrong, Signer, Verifier, parse_note
from luwte.desk.audit.acts import Act
from luwte.desk.audit.log import Log
from luwte.desk.audit.rules import details_of
from luwte.desk.audit.tables import LeafRow

ACTS = {"desk": Act.LOG_KEY, "vault": Act.VAULT_LOG_KEY}


@dataclass(frozen=True, slots=True)
class Era:
    """The checkpoints of more than `since` acts, up to the next era, are of `name`, by its `key`.

    `key` is None when nobody has it any more. `act`: the act that began the era, None for the first one.
    `vouched`: the key before signed that this one comes after it.
    """

    name: str
    key: Verifier | None
    since: int
    act: int | None = None
    vouched: bool = True

    def signed(self, note: Note) -> bool:
        """Return whether `note` is of this era, as far as that can be told."""
        if self.key is not None:
            return note.signed_by(self.key) is not None
        return note.body.startswith(f"{self.name}\n")


@dataclass(frozen=True, slots=True)
class Eras:
    """The eras of a log, the newest first, and what is wrong with how one came after the other."""

    all: Sequence[Era]
    problems: Sequence[str]

    def at(self, size: int) -> Era:
        """Return the era in which a checkpoint of `size` acts was signed."""
        return next((era for era in self.all if era.since < size), self.all[-1])


def change_key(log: Log, old: Signer | str, new: Verifier, now: datetime, *, by: str) -> None:
    """Record that `new` signs `log` after `old`, which signs that itself if it can.

    Where its secret is not there, `old` is the text of the key; its name, where nobody has the key. Does
    nothing when that is on record already.
    """
    if newest(log) == new.text:
        return
    before = old.verifier.text if isinstance(old, Signer) else old
    line = old.line(_body(before, new.text)) if isinstance(old, Signer) else ""
    with transaction.atomic(using=log.using):
        log.record(ACTS[log.name], now, by=by, old=before, new=new.text, signature=line.strip())


def newest(log: Log) -> str | None:
    """Return the key (`Verifier.text`) that the newest act of that kind names, None without one."""
    act = _acts(log).first()
    return None if act is None else _said(act)[1]


def eras(log: Log, key: Verifier) -> Eras:
    """Return the eras of `log`, of which `key` signs the newest."""
    found: list[Era] = []
    problems: list[str] = []
    name, size = key.text, log.size()
    for act in _acts(log):
        old, new, line = _said(act)
        if name not in (new, new.partition("+")[0]):
            problems.append(f"Act {act.id} says that another key than {_name(name)} signs from then on.")
            break
        name = new
        if line and not _vouched(old, new, line):
            problems.append(f"Act {act.id} holds a signature of the key before; it did not sign that.")
        place = log.place.objects.filter(leaf=act.id).values_list("place", flat=True).first()
        found.append(Era(_name(name), _key(name), size if place is None else place, act.id, bool(line)))
        name = old
    return Eras([*found, Era(_name(name), _key(name), -1)], problems)


def _acts(log: Log) -> QuerySet[LeafRow]:
    return log.leaf.objects.filter(act=ACTS[log.name], content__isnull=False).order_by("-id")


def _said(act: LeafRow) -> tuple[str, str, str]:
    said = details_of(bytes(act.content or b""))
    return str(said.get("old", "")), str(said.get("new", "")), str(said.get("signature", ""))


def _body(old: str, new: str) -> str:
    """What the old key signs: it can be no checkpoint, whose second line is a number."""
    return f"luwte: another key signs this log from now on\n{old}\n{new}\n"


def _vouched(old: str, new: str, line: str) -> bool:
    try:
        key = _key(old)
        note = parse_note(f"{_body(old, new)}\n{line}\n".encode())
    except NoteWrong:
        return False
    return key is not None and note.signed_by(key) is not None


def _name(text: str) -> str:
    return text.partition("+")[0]


def _key(text: str) -> Verifier | None:
    """Return the key in `text`, None when it is a name alone."""
    try:
        return Verifier.parse(text)
    except NoteWrong:
        return None
