"""Plain lists: one hash a line; also what md5sum, sha256sum and their BSD kin write (`HASH  name`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from luwte.exchange.entries import HashRecord
from luwte.exchange.importers.complaints import Complaints
from luwte.exchange.importers.source import Source
from luwte.exchange.importers.values import hash_by_length

_BSD = re.compile(r"(?:MD5|SHA1|SHA256) ?\((.*)\) ?= ?([0-9a-fA-F]+)")
_SUMS = re.compile(r"\\?(\S+)(?:(?:  | \*|\t+)(.+))?")


def detect(head: bytes, _name: str) -> bool:
    """Return whether `head` is of a text file; which rows are hashes shows when they are read."""
    return b"\0" not in head


def read(source: Source, complaints: Complaints, long_kind: str = "sha256") -> Iterator[HashRecord]:
    """Give a record a line; empty lines and lines that start with # say nothing."""
    rows = 0
    for number, line in enumerate(source.lines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        rows += 1
        try:
            yield _record(text, long_kind)
        except ValueError as error:
            complaints.add(f"line {number}", str(error))
    complaints.settle(source.path, rows)


def _record(text: str, long_kind: str) -> HashRecord:
    named = _BSD.fullmatch(text)
    if named is not None:
        return HashRecord(path=named[1] or None, **hash_by_length(named[2]))
    found = _SUMS.fullmatch(text)
    if found is None:
        raise ValueError("it is not a hash, nor a hash and a file name")
    # A name beside the hash comes from sha256sum or its kin, never from a PDQ tool.
    kind = "sha256" if found[2] else long_kind
    return HashRecord(path=found[2], **hash_by_length(found[1], kind))
