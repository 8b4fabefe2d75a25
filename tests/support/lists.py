"""Foreign hash lists for tests, in the shapes that real tools write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from luwte.exchange.entries import HashRecord
from luwte.exchange.importers import Complaints, open_list

MD5, SHA1, SHA256, PDQ = "0123456789abcdef" * 2, "01234567" * 5, "89abcdef" * 8, "5a3c" * 16
SET_13 = "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media"
SET_20 = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/UK/$metadata#Media"
CASE_20 = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Cases"


def item(**changes: Any) -> dict[str, Any]:
    """Return a media item as a hash set has it."""
    return {
        "MediaID": 7,
        "Category": 1,
        "MD5": MD5.upper(),
        "SHA1": SHA1.upper(),
        "Series": "Blue",
        "VictimIdentified": "true",
        "IsPrecategorized": "true",
        "Tags": "",
        "Comments": None,
    } | changes


def hash_set(*items: Any, context: str = SET_20) -> bytes:
    """Return a VICS hash set."""
    key = "odata.metadata" if "ICMEC" in context else "@odata.context"
    return json.dumps({key: context, "value": list(items)}).encode()


def vics_case(*items: Any) -> bytes:
    """Return a VICS case, with a count of media that is wrong."""
    case = {"CaseID": "1", "CaseNumber": "x", "TotalMediaFiles": "34731", "Media": list(items)}
    return json.dumps({"@odata.context": CASE_20, "value": [case]}).encode()


def read(folder: Path, content: bytes | str, name: str = "list", **how: Any) -> list[HashRecord]:
    """Return the records of a list with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(open_list(path, **how))


def read_skipping(folder: Path, content: bytes | str, name: str = "list") -> tuple[list[HashRecord], int]:
    """Return the good records of a list and the number of bad rows."""
    complaints = Complaints(skip=True)
    return read(folder, content, name, complaints=complaints), complaints.count
