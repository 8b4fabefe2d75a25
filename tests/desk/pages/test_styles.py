"""The one style sheet is made of its parts, and asks nothing of anyone else."""

from __future__ import annotations

import gzip

from luwte.desk.pages.styles import HERE, LOOK, PACKED, joined


def test_the_style_sheet_is_what_its_parts_make() -> None:
    assert LOOK.read_text(encoding="utf-8") == joined(), "run `python -m luwte.desk.pages.styles`"


def test_the_compressed_one_is_the_same() -> None:
    assert gzip.decompress(PACKED.read_bytes()) == LOOK.read_bytes(), (
        "run `python -m luwte.desk.pages.styles`"
    )


def test_it_fetches_nothing_and_names_no_source_map() -> None:
    text = joined()
    assert "url(" not in text
    assert "@import" not in text
    assert "sourceMappingURL" not in text


def test_the_licence_of_the_vendored_parts_lies_beside_them() -> None:
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (HERE / "vendor" / "LICENSE.md").read_text(
        encoding="utf-8"
    )
