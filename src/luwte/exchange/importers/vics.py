"""VICS (Project VIC) JSON 1.2, 1.3 and 2.0, as a hash set or a case, streamed.

The specification is not public; fields and quirks are those that public readers and writers agree on
(docs/formats.md): a byte order mark, upper-case hashes, booleans as text, counts that are wrong, one MD5 on
many media. Only hashes, series, category and opaque hashes are taken; names, tags and comments are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luwte.exchange.entries import HashRecord, constant
from luwte.exchange.importers.complaints import Complaints
from luwte.exchange.importers.media import media
from luwte.exchange.importers.source import Source
from luwte.exchange.importers.values import Fingerprints, hash_value, series_or_none, truth, whole_number

ATTRIBUTE_LIMIT = 4096
_ALTERNATIVE = {"SHA256": "sha256", "SHA2256": "sha256", "SHA1": "sha1", "PDQ": "pdq", "PHOTODNA": "photodna"}


def detect(head: bytes, _name: str) -> bool:
    """Return whether `head` begins a JSON object."""
    return head.lstrip()[:1] == b"{"


def read(source: Source, complaints: Complaints) -> Iterator[HashRecord]:
    """Give a record for each file of each media item, or one for an item without files."""
    number = 0
    for number, item in enumerate(media(source), start=1):
        try:
            yield from _records(item)
        except ValueError as error:
            complaints.add(f"item {number}", str(error))
    complaints.settle(source.path, number)


def _records(item: dict[str, Any] | None) -> Iterator[HashRecord]:
    if item is None:
        raise ValueError("it is not a media item")
    found, attributes = _fingerprints(item)
    if not found:
        raise ValueError("it has no hash")
    files = [file for file in _list(item.get("MediaFiles")) if isinstance(file, dict)]
    size = whole_number(item.get("MediaSize"))
    series = series_or_none(item.get("Series"))
    for file in files or [{"FilePath": item.get("RelativeFilePath")}]:
        yield HashRecord(
            path=_path(file),
            size=size,
            series=series,
            attributes=attributes,
            deleted=truth(file.get("Deleted")) or truth(file.get("Unallocated")),
            **found,
        )


def _fingerprints(item: dict[str, Any]) -> tuple[Fingerprints, dict[str, str]]:
    """Return the hashes of `item`, and its category and opaque hashes as text."""
    stated = {"md5": item.get("MD5"), "sha1": item.get("SHA1"), "photodna": item.get("PhotoDNA")}
    for other in _list(item.get("AlternativeHashes")):
        if isinstance(other, dict):
            name = str(other.get("HashName")).upper().replace("-", "").replace("_", "")
            kind = _ALTERNATIVE.get(name)
            if kind is not None and not stated.get(kind):
                stated[kind] = other.get("HashValue")
    found: Fingerprints = {}
    for kind in ("md5", "sha1", "sha256", "pdq"):
        value = stated.get(kind)
        if value is not None and value != "":
            found[kind] = hash_value(kind, value.strip() if isinstance(value, str) else "")  # type: ignore[literal-required]
    category = whole_number(item.get("Category"), 10_000)
    attributes = {} if category is None else {"category": str(category)}
    opaque = stated.get("photodna")
    if isinstance(opaque, str) and len(opaque) <= ATTRIBUTE_LIMIT and not constant(opaque.encode()):
        attributes["photodna"] = opaque
    return found, attributes


def _path(file: dict[str, Any]) -> str | None:
    folder, name = (
        value if isinstance(value, str) else "" for value in (file.get("FilePath"), file.get("FileName"))
    )
    if name and not folder.replace("\\", "/").endswith("/" + name) and folder != name:
        separator = "" if not folder or folder.endswith(("/", "\\")) else "\\" if "\\" in folder else "/"
        return folder + separator + name
    return folder or None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
