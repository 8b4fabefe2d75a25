"""One step of deleting: which rows went, and the act that says so in the same transaction.

A row leaves a keyed digest behind. Whoever has the key ring and the id of a row can show later that it was
deleted, by which step and by which rule. Without the key the digests say nothing, not even of rows whose ids
are plain numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from django.db import models, router

from luwte.base.chunks import chunks
from luwte.base.faults import fault_point
from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.audit.models import Cleared
from luwte.desk.audit.tables import ClearedRow
from luwte.desk.retention.rules import Row
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.models import Cleared as VaultCleared
from luwte.desk.vault.sealing import key_ring

RETENTION_POINTS = ("retention.deleted", "retention.recorded", "retention.step")


@dataclass(frozen=True, slots=True)
class Book:
    """Where steps in one database are recorded: its log, the act, and the table of digests."""

    log: Log
    act: Act
    cleared: type[ClearedRow]


REGISTER = Book(DESK, Act.CLEARED, Cleared)
PEOPLE = Book(VAULT, Act.PEOPLE_CLEARED, VaultCleared)


def digest_of(model: str, pk: object) -> bytes:
    """Return what a row of `model` (app.Name) leaves behind: 16 bytes, keyed by the ring."""
    return bytes.fromhex(pseudonym(key_ring().link, f"{model}|{pk}", purpose="cleared"))


@dataclass(slots=True)
class Taking:
    """The rows that go in one step; only inside its transaction. `rows`: how many, by model."""

    rows: dict[str, int] = field(default_factory=dict)
    _digests: list[bytes] = field(default_factory=list)

    def delete(self, found: models.QuerySet[Any]) -> int:
        """Delete rows, and nothing that hangs on them: the database refuses when something still does."""
        using = router.db_for_write(found.model)
        pks = list(found.order_by().values_list("pk", flat=True))
        for some in chunks(pks):
            models.QuerySet(found.model, using=using).filter(pk__in=some)._raw_delete(using)
        return self._keep(found.model._meta.label, pks)

    def forget(self, found: models.QuerySet[Any], **empty: object) -> int:
        """Empty columns of rows, which stay."""
        pks = list(found.values_list("pk", flat=True))
        for some in chunks(pks):
            found.model._default_manager.filter(pk__in=some).update(**empty)
        return self._keep(found.model._meta.label, pks)

    def note(self, label: str, keys: Iterable[str]) -> int:
        """Count what is in no table and goes when this step is committed."""
        return self._keep(label, list(keys))

    def record(
        self,
        book: Book,
        row: Row,
        before: datetime,
        now: datetime,
        *,
        about: str = "",
        done: str = "deleted",
        named: Mapping[str, str] = MappingProxyType({}),
    ) -> int:
        """Record the step, with a hash over the digests of all that went; return how many rows that are.

        `named`: what a step that forgets acts says of them (`luwte.desk.audit.forgetting`).
        """
        digests = b"".join(sorted(self._digests))
        count = len(self._digests)
        fault_point("retention.deleted")
        leaf = book.log.record(
            book.act,
            now,
            by="retention",
            about=about,
            kind=row.model,
            done=done,
            rows=count,
            what=", ".join(f"{model} {number}" for model, number in sorted(self.rows.items())),
            term=row.after.text if row.after else "",
            source=row.source,
            table=row.table,
            before=before.astimezone(UTC).isoformat(),
            digests=sha256(digests).hexdigest(),
            **named,
        )
        book.cleared.objects.create(leaf=leaf, digests=digests)
        fault_point("retention.recorded")
        return count

    def _keep(self, label: str, pks: list[Any]) -> int:
        self._digests += [digest_of(label, pk) for pk in pks]
        if pks:
            self.rows[label] = self.rows.get(label, 0) + len(pks)
        return len(pks)
