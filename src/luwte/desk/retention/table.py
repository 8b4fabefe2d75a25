"""The table of terms: as the project ships it, with what the authority chose within its bounds.

Whatever is deleted is deleted under one table, named by its digest: SHA-256 over the table as `written`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from luwte.desk.retention.errors import TermWrong
from luwte.desk.retention.rules import Row
from luwte.exchange.documents import read_bounded

FILE = "retention.toml"
"""In the folder of the desk: model = "term", one a line."""
MOST_BYTES = 100_000


@cache
def shipped() -> Mapping[str, Row]:
    """Return the table of the project, by model, each line with the digest of the whole.

    A line for all models of an app ends with `.*`.
    """
    text = Path(__file__).with_name("table.toml").read_text(encoding="utf-8")
    return _named({model: Row.of(model, said) for model, said in tomllib.loads(text).items()})


def table(chosen: Path | None = None) -> Mapping[str, Row]:
    """Return the table that holds, each line with the digest of the whole.

    `chosen`: the authority's file, which need not be there.

    Raises `TermWrong` for one that cannot be read, or goes outside the bounds.
    """
    rows = dict(shipped())
    for model, text in _chosen(chosen).items():
        if model not in rows:
            raise TermWrong(f"{chosen} has a term for {model!r}, which the table does not know.")
        rows[model] = rows[model].chosen(text)
    return _named(rows)


def written(rows: Iterable[Row]) -> str:
    """Return a table as one line of JSON for each row, by model: all that decides what goes, and why.

    The same table is the same text, however the files that say it are laid out.
    """
    lines = sorted((row.model, json.dumps(_said(row), ensure_ascii=False, sort_keys=True)) for row in rows)
    return "".join(f"{line}\n" for _, line in lines)


def digest(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of a table as it is `written` in UTF-8, in 64 digits."""
    return sha256(written(rows).encode()).hexdigest()


def row_of(model: str, rows: Collection[str]) -> str | None:
    """Return the line for `model` (app.Name) among the names of `rows`, None when it has none."""
    app = f"{model.partition('.')[0]}.*"
    return model if model in rows else app if app in rows else None


def _named(rows: Mapping[str, Row]) -> Mapping[str, Row]:
    whole = digest(rows.values())
    return {model: replace(row, table=whole) for model, row in rows.items()}


def _said(row: Row) -> dict[str, str]:
    terms = {"after": row.after, "least": row.least, "most": row.most}
    told = {name: term.text for name, term in terms.items() if term is not None}
    return {
        "model": row.model, "what": row.what, "then": row.then, "why": row.why, "source": row.source,
        "mark": row.mark, "from": row.counted, **told,
    }  # fmt: skip


def _chosen(file: Path | None) -> Mapping[str, str]:
    if file is None or not file.exists():
        return {}
    try:
        return tomllib.loads(read_bounded(file, MOST_BYTES).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TermWrong(
            f'{file} is no TOML ({error}). Write lines like "telling.Decision" = "3 years".'
        ) from None
