"""Signing texts: one that leaves the desk needs two different people who read exactly this text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.words.errors import SignatureRefused
from luwte.desk.words.models import SignOff
from luwte.desk.words.registry import REGISTERS, Template, template

NEEDED = 2
LONGEST = 200
"""Characters of a signer's name, and of the role."""


@transaction.atomic
def sign(
    template_id: str,
    version: int | None,
    by: str,
    role: str,
    now: datetime,
    registers: Iterable[str] = REGISTERS,
    *,
    signer: str | None = None,
) -> list[Template]:
    """Sign the text as `by`, in each of the `registers`; return those that `by` had not signed before.

    Without a `version`: the newest. `signer`: the account that signs (`staff:7`), which is one person under
    whatever name; without it the name tells people apart. Raises `TemplateUnknown` and `SignatureRefused`.
    """
    return sign_these(
        [template(template_id, words, version) for words in registers], by, role, now, signer=signer
    )


@transaction.atomic
def sign_these(
    asked: Iterable[Template], by: str, role: str, now: datetime, *, signer: str | None = None
) -> list[Template]:
    """Sign exactly these texts; return those that `by` had not signed before. See `sign`."""
    name, part = _cleaned(by), _cleaned(role)
    key = signer or signer_of(name)
    wanted = list(asked)
    new = [one for one in wanted if _sign(one, key, name, part, now)]
    if not new:
        which = wanted[0].id if wanted else "nothing"
        raise SignatureRefused(f"{name} signed {which} before. Let a second, other person read and sign it.")
    return new


def signed(one: Template) -> bool:
    """Return whether two different people signed exactly this text; a changed text has no signatures."""
    return SignOff.objects.filter(digest=one.digest).count() >= NEEDED


def unsigned(wanted: Iterable[Template], signer: str) -> list[Template]:
    """Return those that fewer than two people signed, and that the account `signer` (`staff:7`) did not."""
    texts = list(wanted)
    found: dict[str, set[str]] = {}
    rows = SignOff.objects.filter(digest__in={one.digest for one in texts})
    for digest, by in rows.values_list("digest", "signer"):
        found.setdefault(digest, set()).add(by)
    signers = [found.get(one.digest, set()) for one in texts]
    return [one for one, by in zip(texts, signers, strict=True) if len(by) < NEEDED and signer not in by]


def signatures(one: Template) -> list[SignOff]:
    """Return the signatures under exactly this text, oldest first."""
    return list(SignOff.objects.filter(digest=one.digest).order_by("at", "id"))


def signer_of(name: str) -> str:
    """Return `name` without what makes no other person of it: case, spaces and the width of letters."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _sign(one: Template, signer: str, by: str, role: str, now: datetime) -> bool:
    row, new = SignOff.objects.get_or_create(
        digest=one.digest,
        signer=signer,
        defaults={
            "template": one.id,
            "version": one.version,
            "words": one.words,
            "by": by,
            "role": role,
            "at": now,
        },
    )
    if new:
        DESK.record(Act.WORDS_SIGNED, now, by=actor(), about=one.digest, signature=row.id)
    return new


def _cleaned(value: str) -> str:
    found = " ".join(value.split())
    if not found or len(found) > LONGEST or not value.isprintable():
        raise SignatureRefused(
            f"A signature needs a name and a role. Give both in at most {LONGEST} printable characters."
        )
    return found
