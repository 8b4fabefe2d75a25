"""VICS 2.0, a case: hashes, places and matches of each file, never the files.

Fields are those that public readers and writers of the format agree on; the specification is not public.
Files that could not be read have no MD5, which VICS demands, and are left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import IO, Any

from luwte import __version__
from luwte.exchange.exporters._text import json_bytes, write_list
from luwte.exchange.rows import UNALLOCATED, WorklistRow

CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Cases"


def write(rows: Iterable[WorklistRow], file: IO[bytes], *, case: str = "") -> int:
    """Write the case numbered `case`, with a media item a file, to the binary `file`; return how many items.

    Nothing is categorised: that is for a person to do. A match stands in Series and Tags, there with
    the id of its cluster, by which whoever reviews it finds the file.
    """
    head = {
        "CaseID": str(uuid.uuid4()),
        "CaseNumber": case,
        "SourceApplicationName": "Luwte",
        "SourceApplicationVersion": __version__,
    }
    file.write(
        b'{"@odata.context":' + json_bytes(CONTEXT) + b',"value":[' + json_bytes(head)[:-1] + b',"Media":['
    )
    count = write_list(_media(rows), file)
    file.write(b'\n],"TotalMediaFiles":' + str(count).encode() + b"}]}\n")
    return count


def _media(rows: Iterable[WorklistRow]) -> Iterator[dict[str, Any]]:
    number = 0
    for row in rows:
        if row.md5 is None:
            continue
        number += 1
        yield {
            "MediaID": number,
            "Category": 0,
            "MD5": row.md5.upper(),
            "SHA1": row.sha1.upper() if row.sha1 else None,
            "MediaSize": row.size,
            "Series": row.series,
            "Tags": _tags(row),
            "AlternativeHashes": [
                {"HashName": name, "HashValue": value.upper(), "MD5": row.md5.upper()}
                for name, value in (("SHA256", row.sha256), ("PDQ", row.pdq))
                if value
            ],
            "MediaFiles": [_media_file(row, row.md5)],
        }


def _tags(row: WorklistRow) -> str:
    if row.verdict == "unknown":
        return ""
    found = f"luwte {row.verdict.replace('_', ' ')}"
    return found if row.cluster is None else f"{found}, luwte cluster {row.cluster}"


def _media_file(row: WorklistRow, md5: str) -> dict[str, Any]:
    folder, _, name = row.path.rpartition("/")
    return {
        "MD5": md5.upper(),
        "FileName": name,
        "FilePath": f"{folder}/" if folder or row.path.startswith("/") else "",
        "SourceID": row.carrier,
        "Deleted": row.state == "deleted",
        "Unallocated": row.state == "carved" and folder.rpartition("/")[2] == UNALLOCATED,
    }
