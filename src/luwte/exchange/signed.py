"""A signed document: JSON that a person can read, with a signature before it over its exact bytes.

`{"format", "schema", "signer", "signature", "body"}`. Reports, decisions and receipts cross the wall so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from luwte.base.errors import Failure
from luwte.base.files import write_bytes
from luwte.crypto.identity import PublicIdentity, SignatureWrong
from luwte.exchange.documents import parse_object, read_bounded
from luwte.exchange.errors import Unusable, damaged, newer, unknown_signer
from luwte.exchange.home import Home

_HEAD = re.compile(
    rb'\{"format":"([a-z-]{1,32})","schema":([1-9][0-9]{0,8}),'
    rb'"signer":"([0-9a-f]{16})","signature":"([0-9a-f]{128})","body":\n'
)
_TAIL = b"\n}\n"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of signed document: its `format`, the newest `schema` that is read, at most `limit` bytes.

    `name` is what people call it, and `wanted` the sentence that says what to give instead of another file.
    """

    format: str
    schema: int
    limit: int
    name: str
    wanted: str


def write_signed(path: Path, sort: Sort, document: dict[str, Any], home: Home, smaller: str) -> None:
    """Write the body `document`, signed by `home`, to `path`.

    Raises `Failure` when it is too large; `smaller` then says what to do.
    """
    content = json.dumps(document, indent=1, ensure_ascii=False).encode()
    if len(content) > sort.limit // 2:
        raise Failure(f"The {sort.name} for {path} is larger than {sort.limit // 2} bytes. {smaller}")
    head = {
        "format": sort.format,
        "schema": document["schema"],
        "signer": home.identity.public.id,
        "signature": home.identity.sign(content).hex(),
    }
    opening = json.dumps(head, separators=(",", ":")).removesuffix("}").encode()
    write_bytes(path, opening + b',"body":\n' + content + _TAIL)


def read_signed(path: Path, sort: Sort, trusted: Iterable[PublicIdentity]) -> tuple[dict[str, Any], str]:
    """Return the body of the document in `path` and the key id of its signer, who is one of `trusted`.

    Raises `BadInput` in one sentence when it is no such document, of a newer schema, by an unknown signer,
    changed or cut off.
    """
    content = read_bounded(path, sort.limit)
    head = _HEAD.match(content)
    if head is None or head[1].decode() != sort.format:
        raise Unusable(f"{path} is not {sort.wanted}")
    if int(head[2]) > sort.schema:
        raise newer(path, int(head[2]))
    signed, signer = content[head.end() : -len(_TAIL)], head[3].decode()
    identity = next((identity for identity in trusted if identity.id == signer), None)
    if identity is None:
        raise unknown_signer(path, signer)
    try:
        identity.verify(bytes.fromhex(head[4].decode()), signed)
    except SignatureWrong:
        raise damaged(path, "the signature does not fit") from None
    if not content.endswith(_TAIL):
        raise damaged(path, "its end differs")
    document = parse_object(signed, path)
    if document.get("schema") != int(head[2]):
        raise damaged(path, "its schema differs")
    return document, signer
