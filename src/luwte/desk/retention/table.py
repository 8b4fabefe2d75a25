"""The table of terms: as the project ships it, with what the authority chose within its bounds."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from luwte.desk.retention.errors import TermWrong
from luwte.desk.retention.rules import Row
from luwte.exchange.documents import read_bounded

FILE = "retention.toml"
"""In the folder of the desk: model = "term", one a line."""
MOST_BYTES = 100_000


@cache
def shipped() -> Mapping[str, Row]:
    """Return the table of the project, by model; one of all models of an app ends with `.*`."""
    text = Path(__file__).with_name("table.toml").read_text(encoding="utf-8")
    return {model: Row.of(model, said) for model, said in tomllib.loads(text).items()}


def table(chosen: Path | None = None) -> Mapping[str, Row]:
    """Return the table that holds; `chosen`: the authority's file, which need not be there.

    Raises `TermWrong` for one that cannot be read, or goes outside the bounds.
    """
    rows = dict(shipped())
    for model, text in _chosen(chosen).items():
        if model not in rows:
            raise TermWrong(f"{chosen} has a term for {model!r}, which the table does not know.")
        rows[model] = rows[model].chosen(text)
    return rows


def row_of(model: str, rows: Collection[str]) -> str | None:
    """Return the line for `model` (app.Name) among the names of `rows`, None when it has none."""
    app = f"{model.partition('.')[0]}.*"
    return model if model in rows else app if app in rows else None


def _chosen(file: Path | None) -> Mapping[str, str]:
    if file is None or not file.exists():
        return {}
    try:
        return tomllib.loads(read_bounded(file, MOST_BYTES).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TermWrong(
            f'{file} is no TOML ({error}). Write lines like "telling.Decision" = "3 years".'
        ) from None
