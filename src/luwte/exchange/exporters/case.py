"""CASE/UCO JSON-LD (caseontology.org): each file as an observable with its path, size and hashes.

Modelled on casework/CASE-Examples (illustrations/file). The verdict stands as a tag on the file.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import IO, Any

from luwte.exchange.exporters._text import json_bytes, write_list
from luwte.exchange.rows import WorklistRow

_UCO = "https://unifiedcyberontology.org/ontology/uco/"
CONTEXT = {
    "kb": "urn:uuid:",
    "uco-core": f"{_UCO}core#",
    "uco-observable": f"{_UCO}observable#",
    "uco-types": f"{_UCO}types#",
    "uco-vocabulary": f"{_UCO}vocabulary#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def write(rows: Iterable[WorklistRow], file: IO[bytes]) -> int:
    """Write a JSON-LD graph with one object a file to the binary `file`; return how many."""
    file.write(b'{"@context":' + json_bytes(CONTEXT) + b',"@graph":[')
    count = write_list(_objects(rows), file)
    file.write(b"\n]}\n")
    return count


def _objects(rows: Iterable[WorklistRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {
            "@id": f"kb:{uuid.uuid4()}",
            "@type": "uco-observable:File",
            "uco-core:tag": [f"luwte:{tag}" for tag in _tags(row)],
            "uco-core:hasFacet": [_file_facet(row), _content_facet(row)],
        }


def _tags(row: WorklistRow) -> Iterator[str]:
    yield f"carrier:{row.carrier}"
    yield f"state:{row.state}"
    yield f"verdict:{row.verdict}"
    if row.entry is not None:
        yield f"entry:{row.entry}"
    if row.series is not None:
        yield f"series:{row.series}"
    if row.cluster is not None:
        yield f"cluster:{row.cluster}"


def _file_facet(row: WorklistRow) -> dict[str, Any]:
    return {
        "@id": f"kb:{uuid.uuid4()}",
        "@type": "uco-observable:FileFacet",
        "uco-observable:filePath": row.path,
        "uco-observable:fileName": row.path.rpartition("/")[2],
        "uco-observable:isDirectory": False,
        **_size(row),
    }


def _content_facet(row: WorklistRow) -> dict[str, Any]:
    hashes = (("MD5", row.md5), ("SHA1", row.sha1), ("SHA256", row.sha256))
    return {
        "@id": f"kb:{uuid.uuid4()}",
        "@type": "uco-observable:ContentDataFacet",
        **_size(row),
        "uco-observable:hash": [_hash(name, value) for name, value in hashes if value],
    }


def _size(row: WorklistRow) -> dict[str, int]:
    return {} if row.size is None else {"uco-observable:sizeInBytes": row.size}


def _hash(name: str, value: str) -> dict[str, Any]:
    return {
        "@id": f"kb:{uuid.uuid4()}",
        "@type": "uco-types:Hash",
        "uco-types:hashMethod": {"@type": "uco-vocabulary:HashNameVocab", "@value": name},
        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": value},
    }
