"""A carrier that is a list of hashes: what another tool computed, taken as it stands, nothing read again."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from luwte.base.errors import BadInput
from luwte.exchange.entries import HashRecord
from luwte.exchange.importers import Complaints, csv_list, open_list, vics
from luwte.exchange.importers.source import head_of
from luwte.lab.fingerprints.kinds import Kind

_SUFFIXES = (".txt", ".md5", ".sha1", ".sha256")


def is_list(path: Path) -> bool:
    """Return whether `path` is a list of hashes: VICS JSON, CSV with hashes, or plain text by its name."""
    try:
        if not path.is_file():
            return False
        head = head_of(path)
    except (BadInput, OSError):
        return False
    if not head.strip() or b"\0" in head:
        return False
    named = path.name.lower().endswith(_SUFFIXES)
    return named or vics.detect(head, path.name) or csv_list.detect(head, path.name)


class Rows:
    """The rows of one list; `bad` counts those that could not be used, once all were given."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._complaints = Complaints(skip=True)

    @property
    def bad(self) -> int:
        """How many rows could not be used so far."""
        return self._complaints.count

    def documents(self) -> Iterator[dict[str, str | int | None]]:
        """Give each row as JSON values: path, state, size, kind, quality; digests and pdq in hexadecimal."""
        for record in open_list(self._path, complaints=self._complaints):
            if record.frames:
                raise BadInput(
                    f"{self._path} holds the frames of a video. Give it to `luwte reference build` to search "
                    "for that video."
                )
            yield _document(record)


def rows(path: Path) -> Rows:
    """Return the rows of the list in `path`."""
    return Rows(path)


def kind_by_name(path: str | None) -> Kind:
    """Return the kind that the name of a listed file suggests: there are no bytes to look at."""
    # Only the suffix: a whole path would be taken apart as an address, and some of those cannot be.
    sort = (mimetypes.guess_type("name" + PurePosixPath(path or "").suffix)[0] or "").partition("/")[0]
    return "picture" if sort == "image" else "video" if sort == "video" else "other"


def _document(record: HashRecord) -> dict[str, str | int | None]:
    digests = {name: getattr(record, name) for name in ("md5", "sha1", "sha256", "pdq")}
    return {
        "path": record.path or "",
        "state": "deleted" if record.deleted else "live",
        "size": record.size,
        "kind": kind_by_name(record.path),
        "quality": record.pdq_quality,
        **{name: value.hex() if value else None for name, value in digests.items()},
    }
