"""What the two targets of hash lists share: a list is read as for a bundle, and as a carrier."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from fuzz.signing import MAKER
from luwte.base.errors import BadInput, Failure
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.columns import from_bytes, to_bytes
from luwte.exchange.home import Home
from luwte.exchange.lists import ListOptions, Sifted, sift
from luwte.lab.scan.listed import is_list, rows

_HOME: Final = Home(Path("fuzz"), MAKER, bytes(32))


def read_list(path: Path, options: ListOptions) -> None:
    """Read the list at `path`; what it gives must make a payload that the reader of bundles takes."""
    builder = ColumnBuilder()
    try:
        for entry in sift([path], _HOME, options, Sifted()):
            builder.add(entry)
    except (BadInput, Failure):
        return
    with suppress(BadInput):
        _read_as_carrier(path)
    builder.drop_repeated("photodna")
    columns = builder.finish()
    if len(columns):
        read = from_bytes(to_bytes(columns), "what was just made")
        assert len(list(read.entries())) == len(columns), "entries are lost"


def _read_as_carrier(path: Path) -> None:
    if is_list(path):
        listed = rows(path)
        json.dumps([listed.bad, *listed.documents()]).encode()
