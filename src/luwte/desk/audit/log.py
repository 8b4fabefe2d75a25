"""A log in a database: acts go in within the transaction of what they record, and get their place after it.

Places are given in one step to all that wait, by whoever comes next. So two acts at once never wait for each
other, and no order of locks can go wrong. Until then no checkpoint covers an act; `verify` says how many
wait.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, router, transaction

from luwte.base.faults import fault_point
from luwte.crypto.merkle import leaf_hash, root, root_of
from luwte.desk.audit import tables
from luwte.desk.audit.acts import Act
from luwte.desk.audit.alone import Lock, alone
from luwte.desk.audit.rules import SALT_BYTES, Detail, Done, content_of

AUDIT_POINTS = ("audit.recorded", "audit.placed", "audit.checkpoint")
WIDTH = 256
"""Leaves, or subtrees, that one tile stands for (C2SP tlog-tiles)."""
HEIGHT = 8
CHUNK = 5_000


class OutsideTransaction(Exception):
    """An act was to be recorded apart from what it records: a mistake in the program."""


@dataclass(frozen=True, slots=True)
class Log:
    """The tables of one log, and the `name` of the house's world that it is about."""

    name: str
    leaf: type[tables.LeafRow]
    waiting: type[tables.WaitingRow]
    place: type[tables.PlaceRow]
    tile: type[tables.TileRow]
    checkpoint: type[tables.CheckpointRow]
    cosignature: type[tables.CosignatureRow]
    cleared: type[tables.ClearedRow]

    @property
    def using(self) -> str:
        """The database that it is in."""
        return router.db_for_write(self.leaf)

    def record(self, act: Act, now: datetime, *, by: str, about: str = "", **details: Detail) -> int:
        """Record an act by `by` about `about` (an id or a pseudonym, never a name); return its leaf's number.

        Raises `OutsideTransaction` when nothing else could be committed with it.
        """
        (number,) = self.record_all([Done(act, by, about, details)], now)
        return number

    def record_all(self, acts: Iterable[Done], now: datetime) -> list[int]:
        """Record acts that were done together; return the numbers of their leaves. See `record`."""
        if not connections[self.using].in_atomic_block:
            raise OutsideTransaction
        rows = self.leaf.objects.bulk_create([self._row(done, now) for done in acts], CHUNK)
        self.waiting.objects.bulk_create([self.waiting(leaf=row.id) for row in rows], CHUNK)
        fault_point("audit.recorded")
        return [row.id for row in rows]

    def size(self) -> int:
        """Return how many leaves have a place."""
        last = self.place.objects.order_by("-place").values_list("place", flat=True).first()
        return 0 if last is None else last + 1

    def place_waiting(self) -> int:
        """Give a place to every leaf that waits; return how many got one."""
        placed = 0
        while some := self._place_some():
            placed += some
        return placed

    def root(self, size: int) -> bytes:
        """Return the root (32 bytes) over the first `size` leaves."""
        return root(size, self.subtree)

    def subtree(self, level: int, number: int) -> bytes:
        """Return the root of the complete subtree `number` of 2**`level` leaves (`crypto.merkle.Subtree`)."""
        tiles, rest = divmod(level, HEIGHT)
        first, count = number << rest, 1 << rest
        return root_of(self.hashes(tiles, first, first + count))

    def hashes(self, level: int, first: int, end: int) -> list[bytes]:
        """Return the hashes `first` to `end` of a level of tiles: of leaves, or of subtrees of 256**level.

        Raises `LookupError` when the log does not have them all.
        """
        if level == 0:
            places = self.place.objects.filter(place__gte=first, place__lt=end).order_by("place")
            leaves = list(places.values_list("leaf", flat=True))
            by_leaf = dict(self.leaf.objects.filter(id__in=leaves).values_list("id", "hash"))
            found = [bytes(by_leaf[leaf]) for leaf in leaves if leaf in by_leaf]
        else:
            rows = self.tile.objects.filter(level=level, number__gte=first, number__lt=end)
            found = [bytes(one) for one in rows.order_by("number").values_list("hash", flat=True)]
        if len(found) != end - first:
            raise LookupError(f"hashes {first} to {end} of level {level} are not all there")
        return found

    def _row(self, done: Done, now: datetime) -> tables.LeafRow:
        content = content_of(done, now, secrets.token_bytes(SALT_BYTES))
        return self.leaf(at=now, act=done.act, about=done.about, hash=leaf_hash(content), content=content)

    def _place_some(self) -> int:
        with transaction.atomic(using=self.using):
            alone(self.using, Lock.PLACES)
            leaves = list(self.waiting.objects.order_by("leaf").values_list("leaf", flat=True)[:CHUNK])
            first = self.size()
            self.place.objects.bulk_create(
                self.place(place=place, leaf=leaf) for place, leaf in enumerate(leaves, first)
            )
            self.waiting.objects.filter(leaf__in=leaves).delete()
            self._tile(first, first + len(leaves))
            fault_point("audit.placed")
        return len(leaves)

    def _tile(self, before: int, after: int) -> None:
        """Add the roots of subtrees that became complete between two sizes."""
        level = 1
        while (after := after // WIDTH) and after > (before := before // WIDTH):
            rows = [
                self.tile(level=level, number=number, hash=root_of(self._below(level, number)))
                for number in range(before, after)
            ]
            self.tile.objects.bulk_create(rows)
            level += 1

    def _below(self, level: int, number: int) -> Iterable[bytes]:
        return self.hashes(level - 1, number * WIDTH, (number + 1) * WIDTH)
