"""Whether a row with a given id was deleted: by which step, by which rule, and what the record says of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.apps import apps

from luwte.desk.audit.forgetting import DIGEST_BYTES
from luwte.desk.audit.rules import fits
from luwte.desk.retention import letters
from luwte.desk.retention.errors import NothingProven
from luwte.desk.retention.rules import LETTERS
from luwte.desk.retention.taking import PEOPLE, REGISTER, Book, digest_of


@dataclass(frozen=True, slots=True)
class Proof:
    """That a row of `model` went: the act `leaf` of the `log`, its `place` (None: none yet), what it `said`.

    `whole`: the act fits its hash, and the digests are those that it names. `gone`: no row has the id.
    """

    model: str
    log: str
    leaf: int
    place: int | None
    said: dict[str, Any]
    whole: bool
    gone: bool


def prove(identifier: str, models: Collection[str]) -> list[Proof]:
    """Return how rows of `models` (app.Name) with the id `identifier` went, oldest first.

    Raises `NothingProven` when no step says so.
    """
    wanted = {digest_of(model, identifier): model for model in models if not model.endswith("*")}
    found = [one for book in (REGISTER, PEOPLE) for one in _steps(book, identifier, wanted)]
    if not found:
        raise NothingProven(
            f"No step of retention is known to have deleted a row with the id {identifier!r}."
        )
    return found


def _steps(book: Book, identifier: str, wanted: dict[bytes, str]) -> Iterator[Proof]:
    for step in book.cleared.objects.order_by("leaf").iterator(100):
        digests = bytes(step.digests)
        for start in range(0, len(digests), DIGEST_BYTES):
            model = wanted.get(digests[start : start + DIGEST_BYTES])
            if model is not None:
                yield _proof(book, step.leaf, digests, model, identifier)


def _there(model: str, identifier: str) -> bool:
    if model == LETTERS:
        return letters.there(identifier)
    return bool(apps.get_model(model)._default_manager.filter(pk=identifier).exists())


def _proof(book: Book, number: int, digests: bytes, model: str, identifier: str) -> Proof:
    leaf = book.log.leaf.objects.filter(pk=number).first()
    content = bytes(leaf.content) if leaf is not None and leaf.content is not None else b"{}"
    said = json.loads(content).get("details", {})
    hash_ = bytes(leaf.hash) if leaf is not None else b""
    whole = fits(hash_, content) and said.get("digests") == sha256(digests).hexdigest()
    place = book.log.place.objects.filter(leaf=number).values_list("place", flat=True).first()
    gone = said.get("done") == "forgotten" or not _there(model, identifier)
    return Proof(model, book.log.name, number, place, said, whole, gone)
