"""Checks a whole log: whether something was taken out, changed, put in between, or begun anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from luwte.crypto.merkle import Edge, root_of
from luwte.crypto.notes import Checkpoint, Note, NoteWrong, Verifier, parse_note
from luwte.desk.audit.forgetting import Forgotten
from luwte.desk.audit.log import CHUNK, WIDTH, Log
from luwte.desk.audit.rules import fits, says
from luwte.desk.audit.still import still
from luwte.desk.audit.succession import Era, Eras, eras
from luwte.desk.audit.tables import LeafRow

MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """How many leaves are `placed` and `waiting`, how many contents `forgotten`; and the `problems`.

    `eras`: which key signs from when on, the newest first. `tables`: how many steps of deletion went by which
    table of terms, by its digest ("": one that names none).
    """

    placed: int
    waiting: int
    forgotten: int
    checkpoints: int
    problems: tuple[str, ...]
    eras: tuple[Era, ...]
    tables: Mapping[str, int]


def verify(
    log: Log,
    key: Verifier,
    known: Sequence[bytes] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Checked:
    """Check the whole `log`; `key` signs its checkpoints now, `known` ones come from outside.

    A checkpoint from outside (a signed note) shows whether the log that it is of was cut off or rewritten
    since. One of before the keys were changed counts under the key of its time. What is recorded meanwhile is
    not looked at. Raises `NoteWrong` for one that is not a note.
    """
    outside = [_outside(note) for note in known]
    with still(log.using):
        forgotten, keys = Forgotten(log), eras(log, key)
        walk = _Walk(log, progress, forgotten)
        roots = walk.roots(sorted({*_sizes(log), *(one.size for one, _ in outside)}))
        problems = [*keys.problems, *forgotten.problems, *walk.problems, *_own(log, keys, roots)]
        for found, note in outside:
            problems += _foreign(found, note, walk.size, roots, keys)
        checkpoints = log.checkpoint.objects.count()
    shown = tuple(problems[:MOST_PROBLEMS])
    return Checked(
        walk.size, walk.waiting, walk.forgotten, checkpoints, shown, tuple(keys.all), forgotten.tables
    )


class _Walk:
    """One way through the log, in the order of places."""

    def __init__(self, log: Log, progress: Callable[[int], None], forgotten: Forgotten) -> None:
        self._log = log
        self._forgotten = forgotten
        self._latest: datetime | None = None
        self._progress = progress
        self.problems: list[str] = []
        self.size = self.forgotten = 0
        self.waiting = log.waiting.objects.count()

    def roots(self, sizes: Sequence[int]) -> dict[int, bytes]:
        """Return the root over the first leaves for each of `sizes` that the log has."""
        edge, found, block = Edge(), {}, []
        wanted = set(sizes)
        if 0 in wanted:
            found[0] = edge.root()
        for leaf in self._leaves():
            edge.push(leaf)
            block.append(leaf)
            if len(block) == WIDTH:
                self._tile(edge.size // WIDTH - 1, root_of(block))
                block.clear()
            if edge.size in wanted:
                found[edge.size] = edge.root()
        self.size = edge.size
        self._tiles_above()
        self._unplaced()
        return found

    def _leaves(self) -> Iterator[bytes]:
        place = 0
        while rows := list(self._log.place.objects.filter(place__gte=place).order_by("place")[:CHUNK]):
            kept = self._log.leaf.objects.in_bulk([row.leaf for row in rows])
            for row in rows:
                if row.place != place:
                    self.problems.append(f"Places {place} to {row.place - 1} are missing.")
                    place = row.place
                leaf = kept.get(row.leaf)
                yield b"" if leaf is None else self._content(leaf)
                if leaf is None:
                    self.problems.append(f"Act {row.leaf} (place {place}) is missing.")
                place += 1
            self._progress(place)

    def _content(self, leaf: LeafRow) -> bytes:
        found, hash_ = None if leaf.content is None else bytes(leaf.content), bytes(leaf.hash)
        if found is None:
            self.forgotten += 1
            self.problems += self._forgotten.wrong(leaf, self._latest)
        elif not fits(hash_, found):
            self.problems.append(f"Act {leaf.id} was changed: its content does not fit its hash.")
        elif not says(found, leaf.act, leaf.about, leaf.at):
            self.problems.append(f"Act {leaf.id} was changed: its columns do not fit its content.")
        else:
            self._latest = leaf.at
        return hash_

    def _tile(self, number: int, expected: bytes) -> None:
        kept = self._log.tile.objects.filter(level=1, number=number).values_list("hash", flat=True).first()
        if kept is None or bytes(kept) != expected:
            self.problems.append(
                f"The subtree of places {number * WIDTH} to {(number + 1) * WIDTH - 1} is wrong."
            )

    def _tiles_above(self) -> None:
        """Check the subtrees over 256 others, and that there are as many as there should be."""
        level, count = 1, self.size // WIDTH
        while count or self._log.tile.objects.filter(level=level).exists():
            if self._log.tile.objects.filter(level=level).count() != count:
                self.problems.append(f"There should be {count} subtrees of level {level}.")
                return
            level, below, count = level + 1, level, count // WIDTH
            for number in range(count):
                above = self._log.tile.objects.filter(level=level, number=number).first()
                if above is None or bytes(above.hash) != self._over(below, number):
                    self.problems.append(f"Subtree {number} of level {level} is wrong.")

    def _over(self, below: int, number: int) -> bytes | None:
        try:
            return root_of(self._log.hashes(below, number * WIDTH, (number + 1) * WIDTH))
        except LookupError:
            return None

    def _unplaced(self) -> None:
        """Check that every act that has no place waits for one."""
        known = self._log.leaf.objects.count()
        lost = known - self.size - self.waiting
        if lost:
            self.problems.append(f"{abs(lost)} acts have no place and do not wait for one, or are gone.")


def _sizes(log: Log) -> list[int]:
    return list(log.checkpoint.objects.values_list("size", flat=True))


def _own(log: Log, keys: Eras, roots: dict[int, bytes]) -> Iterator[str]:
    """Yield what is wrong with the checkpoints that the log itself keeps."""
    for row in log.checkpoint.objects.order_by("size").iterator():
        try:
            note = parse_note(row.note.encode())
            found = Checkpoint.parse(note.body)
        except NoteWrong:
            yield f"The checkpoint of size {row.size} was changed: it is no signed note any more."
            continue
        if not (era := keys.at(row.size)).signed(note):
            yield f"The checkpoint of size {row.size} is not signed by {era.name}."
        if found.size != row.size or found.root != bytes(row.root) or roots.get(row.size) != found.root:
            yield f"The acts up to place {row.size} are not those that its checkpoint was made of."


def _outside(content: bytes) -> tuple[Checkpoint, Note]:
    note = parse_note(content)
    return Checkpoint.parse(note.body), note


def _foreign(found: Checkpoint, note: Note, size: int, roots: dict[int, bytes], keys: Eras) -> Iterator[str]:
    """Yield what a checkpoint that was kept elsewhere shows."""
    era = keys.at(found.size)
    if not era.signed(note) or found.origin != era.name:
        yield f"The checkpoint of size {found.size} that was given is not one of {era.name}."
    elif found.size > size:
        yield f"The log ends at {size}; a checkpoint of {found.size} was given out. What came after is gone."
    elif roots.get(found.size) != found.root:
        yield f"The log is not the one of which a checkpoint of size {found.size} was given out."
