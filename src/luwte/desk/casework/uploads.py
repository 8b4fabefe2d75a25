"""Reports that were sent in: kept whole in a folder, then taken in one after the other, by whoever is free.

    DIGEST.json       when it came, from which account, for which case, and what came of it
    DIGEST.lwreport   the report, until it is taken in or refused

The digest is the file's own, so the same file twice is one. A kill at any moment leaves the report in the
folder, and the next process goes on with it: taking a report in is one transaction, and a second time it
changes nothing. No name of a file is kept: it may be anybody's.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import DatabaseError

from luwte.base.clock import Clock
from luwte.base.errors import BadInput, Failure
from luwte.base.faults import fault_point
from luwte.base.files import make_folder, remove_leftovers, replacing, write_bytes
from luwte.base.locks import exclusive
from luwte.crypto.identity import PublicIdentity
from luwte.desk.audit.actors import acting
from luwte.desk.cases.errors import CaseUnknown
from luwte.desk.findings import services
from luwte.desk.findings.errors import ReportContradicts
from luwte.exchange.errors import NewerSchema, SignerUnknown, Unusable

KEPT_FOR = timedelta(days=30)
"""How long it is said what came of a report."""
WAITS, DONE, REFUSED, FAILED = "waits", "done", "refused", "failed"
UPLOAD_POINTS = ("upload.kept", "upload.noted", "upload.registered", "upload.told")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WHY: tuple[tuple[type[BadInput], str], ...] = (
    (NewerSchema, "newer"),
    (SignerUnknown, "signer"),
    (Unusable, "none"),
    (CaseUnknown, "case"),
    (ReportContradicts, "contradicts"),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A report that was sent in at a moment, by an account, for a case if one was given, and its `state`.

    `why`: the reason why it was refused (a key of `words.refused`). `did`: what taking it in did, as in
    `findings.services.Intake`.
    """

    digest: str
    at: datetime
    by: str
    case: str
    state: str = WAITS
    why: str = ""
    did: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Uploads:
    """Those in a folder."""

    folder: Path

    def keep(self, content: IO[bytes], digest: str, *, by: str, case: str, now: datetime) -> Upload:
        """Keep a report, whole or not at all; it waits from then on. Raises `Failure` for a full disk."""
        file = self._report(digest)
        found = Upload(digest, now, by, case)
        with exclusive(make_folder(self.folder)):
            remove_leftovers(file)
            with replacing(file) as copy:
                shutil.copyfileobj(content, copy)
            fault_point("upload.kept")
            self._note(found)
        fault_point("upload.noted")
        return found

    def one(self, digest: str) -> Upload | None:
        """Return what is known of a report, by its digest; None when nothing is."""
        return self._read(self.folder / f"{digest}.json") if _DIGEST.fullmatch(digest) else None

    def all(self, now: datetime) -> list[Upload]:
        """Return what is known of every report, the newest first, and forget what is over its time.

        A report without a note was cut off before anybody was told that it is here.
        """
        found = []
        with exclusive(make_folder(self.folder)):
            for file in self.folder.glob("*.lwreport"):
                one = self.one(file.stem)
                if one is None or one.state in (DONE, REFUSED):
                    file.unlink()
            for note in self.folder.glob("*.json"):
                one = self._read(note)
                if one is None or (one.state in (DONE, REFUSED) and now - one.at > KEPT_FOR):
                    note.unlink()
                else:
                    found.append(one)
        return sorted(found, key=lambda one: (one.at, one.digest), reverse=True)

    def waits(self) -> bool:
        """Whether any report waits."""
        found = (self.one(file.stem) for file in self.folder.glob("*.lwreport"))
        return any(one is not None and one.state == WAITS for one in found)

    def again(self, digest: str) -> None:
        """Let a report that failed by a fault of ours wait once more."""
        with exclusive(make_folder(self.folder)):
            found = self.one(digest)
            if found is not None and found.state == FAILED:
                self._note(replace(found, state=WAITS))

    def work_off(self, trusted: Callable[[], Iterable[PublicIdentity]], clock: Clock) -> None:
        """Take in all that waits, the oldest first; return at once when another process does.

        Raises `Failure` or `DatabaseError` when that cannot be done now: what waits goes on waiting.
        """
        with ExitStack() as held:
            try:
                held.enter_context(exclusive(make_folder(self.folder / "busy"), wait=False))
            except Failure:
                return
            for one in self._waiting():
                self._take(one, trusted(), clock.now())

    def _waiting(self) -> Iterator[Upload]:
        """Until there is none: what comes meanwhile is taken in too."""
        seen: set[str] = set()
        while True:
            notes = {file.stem: self.one(file.stem) for file in self.folder.glob("*.lwreport")}
            fresh = [one for one in notes.values() if one and one.state == WAITS and one.digest not in seen]
            if not fresh:
                return
            oldest = min(fresh, key=lambda one: (one.at, one.digest))
            seen.add(oldest.digest)
            yield oldest

    def _take(self, one: Upload, trusted: Iterable[PublicIdentity], now: datetime) -> None:
        try:
            with acting(lambda: one.by):
                done = services.intake(self._report(one.digest), trusted, now, case=one.case or None)
            told = replace(one, state=DONE, did=asdict(done))
        except BadInput as error:
            told = replace(one, state=REFUSED, why=_why(error))
        except (Failure, DatabaseError):
            raise
        except Exception:  # a mistake in the program: the report stays, and a human sees it
            logging.getLogger(__name__).exception("A report could not be taken in")
            told = replace(one, state=FAILED)
        fault_point("upload.registered")
        self._end(one, told)

    def _end(self, one: Upload, told: Upload) -> None:
        """Say what came of it, unless it was sent in once more meanwhile: then it waits again."""
        with exclusive(self.folder):
            if self.one(one.digest) != one:
                return
            self._note(told)
            fault_point("upload.told")
            if told.state != FAILED:
                self._report(one.digest).unlink(missing_ok=True)

    def _note(self, one: Upload) -> None:
        body = {name: value for name, value in asdict(one).items() if name != "digest"}
        body["at"] = one.at.isoformat()
        write_bytes(self.folder / f"{one.digest}.json", json.dumps(body).encode())

    def _read(self, note: Path) -> Upload | None:
        try:
            body = json.loads(note.read_bytes())
        except OSError:
            return None
        return Upload(**(body | {"digest": note.stem, "at": datetime.fromisoformat(body["at"])}))

    def _report(self, digest: str) -> Path:
        return self.folder / f"{digest}.lwreport"


def _why(error: BadInput) -> str:
    return next((why for kind, why in _WHY if isinstance(error, kind)), "other")
