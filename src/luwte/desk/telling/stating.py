"""Coverage statements: made when a person asks, recorded, and given again as they were."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from django.db import transaction

from luwte.base.faults import fault_point
from luwte.base.ids import new_id
from luwte.crypto.notes import Checkpoint, parse_note
from luwte.desk.audit.acts import Act
from luwte.desk.audit.checkpoints import NoCheckpoint, latest
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.proofs import proof_of
from luwte.desk.telling.coverage_document import Searches, document, lists_of, searches
from luwte.desk.telling.coverage_letter import MOST_CHARACTERS, coverage_letter
from luwte.desk.telling.errors import NotProvenYet, StatementUnknown
from luwte.desk.telling.models import CoverageStatement
from luwte.desk.wishes.rules import Register

PAPER_FORMAT = "luwte-coverage-paper"
STATING_POINTS = ("coverage.stated",)


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement that was made: its `id`, its year, when, and whether paper can prove it yet."""

    id: str
    year: int
    made: datetime
    digest: str
    proven: bool


def years(now: datetime) -> list[int]:
    """Return the calendar years (UTC) from the first search on until now, newest first."""
    first = DESK.leaf.objects.filter(act=Act.TAKEN_IN).order_by("at").values_list("at", flat=True).first()
    return [] if first is None else list(range(now.year, first.astimezone(UTC).year - 1, -1))


@transaction.atomic
def state(subject: str, year: int, now: datetime, *, by: str = "person") -> str:
    """Make the statement for a person on the searches of a `year` (UTC), record it, and return its id.

    It goes as far as the newest checkpoint. Asked again before another one, it is the same statement.
    Raises `NoCheckpoint`, `PeriodTooLong`.
    """
    note = latest(DESK)
    since, until = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found = _searches(since, until, note)
    own = json.dumps(lists_of(subject, found.lists))
    before = CoverageStatement.objects.filter(subject=subject, since=since, note=note, own=own).first()
    if before is not None:
        return before.id
    statement = new_id()
    content = document(statement, since, until, note, json.loads(own), found)
    digest = sha256(content).hexdigest()
    leaf = DESK.record(Act.COVERAGE_STATED, now, by=by, about=statement, digest=digest)
    CoverageStatement.objects.create(
        id=statement, subject=subject, since=since, until=until, made=now, note=note, own=own, digest=digest,
        leaf=leaf,
    )  # fmt: skip
    fault_point("coverage.stated")
    return statement


def stated(subject: str) -> list[Stated]:
    """Return the statements that were made for a person, newest first."""
    size = _size(_newest())
    rows = CoverageStatement.objects.filter(subject=subject).order_by("-made", "id")
    places = dict(DESK.place.objects.filter(leaf__in=[row.leaf for row in rows]).values_list("leaf", "place"))
    return [
        Stated(row.id, row.since.year, row.made, row.digest, places.get(row.leaf, size) < size)
        for row in rows
    ]


def content_of(subject: str, statement: str) -> bytes:
    """Return the bytes of a person's statement, as they were recorded.

    Raises `StatementUnknown`, also when acts that it shows were forgotten since.
    """
    row = _row(subject, statement)
    found = _searches(row.since, row.until, row.note)
    content = document(row.id, row.since, row.until, row.note, json.loads(row.own), found)
    if sha256(content).hexdigest() != row.digest:
        raise StatementUnknown("What this statement shows is no longer kept. Ask for a new one.")
    return content


def paper_of(subject: str, statement: str) -> str:
    """Return what a letter shows of a statement (JSON): its own act, with the proof that this is recorded.

    Raises `StatementUnknown`, and `NotProvenYet` until a checkpoint covers the act.
    """
    row = _row(subject, statement)
    place = DESK.place.objects.filter(leaf=row.leaf).values_list("place", flat=True).first()
    note = _newest()
    size = _size(note)
    content = DESK.leaf.objects.values_list("content", flat=True).get(pk=row.leaf)
    if place is None or place >= size or content is None:
        raise NotProvenYet("This statement is not in a checkpoint yet. Try again tomorrow.")
    said: dict[str, object] = {
        "format": PAPER_FORMAT,
        "act": bytes(content).decode(),
        "place": place,
        "proof": b64encode(b"".join(proof_of(DESK, [place], size))).decode(),
    }
    whole = _plain(said | {"checkpoint": note})
    return whole if len(whole) <= MOST_CHARACTERS else _plain(said | {"checkpoint": _alone(note)})


def letter_of(subject: str, statement: str, words: Register) -> bytes:
    """Return the page (PDF) to print with a statement. Raises as `paper_of` and `coverage_letter`."""
    return coverage_letter(paper_of(subject, statement), _row(subject, statement).digest, words)


def _plain(said: dict[str, object]) -> str:
    """Return JSON in ASCII alone, which every reader of QR codes gives back as it was."""
    return json.dumps(said, separators=(",", ":"))


def _alone(note: str) -> str:
    """Return the checkpoint with the log's own signature only."""
    body, _, lines = note.rpartition("\n\n")
    return f"{body}\n\n{lines.partition(chr(10))[0]}\n"


@lru_cache(maxsize=4)
def _searches(since: datetime, until: datetime, note: str) -> Searches:
    """The searches are the same for everyone, and up to a checkpoint they never change."""
    return searches(since, until, note)


def _row(subject: str, statement: str) -> CoverageStatement:
    row = CoverageStatement.objects.filter(pk=statement, subject=subject).first()
    if row is None:
        raise StatementUnknown("There is no such statement of this person.")
    return row


def _newest() -> str:
    try:
        return latest(DESK)
    except NoCheckpoint:
        return ""


def _size(note: str) -> int:
    return Checkpoint.parse(parse_note(note.encode()).body).size if note else 0
