"""The bench of films: what it draws is looked up by real means, and its page and rows say what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import filming, films_page
from bench.film_edits import FILM_EDITS, FilmEdit
from bench.filming import CARDS, OTHERS, Found

FOUND = [
    Found("one", 10, vpdq=4, fast=9, deep=10, same=1),
    Found("two", 10, vpdq=0, fast=8, deep=9, same=1, false_deep=1),
    Found(OTHERS, 10),
    Found(f"{OTHERS}, all behind the same 5 cards", 10, false_fast=90),
]


def test_a_crop_and_a_part_are_found_and_strangers_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("av")
    edits = {name: FILM_EDITS[name] for name in ("speed x2", "cropped to 80 % a side")}
    monkeypatch.setattr(filming, "FILM_EDITS", edits | {"as it is": FilmEdit(list)})
    found = {one.edit: one for one in filming.measure(1)}
    assert list(found) == [
        *edits,
        "as it is",
        OTHERS,
        *(f"{OTHERS}, all behind the same {n} cards" for n in CARDS),
    ]
    assert (found["as it is"].vpdq, found["as it is"].fast, found["speed x2"].fast) == (1, 1, 1)
    crop = found["cropped to 80 % a side"]
    assert (crop.vpdq, crop.fast, crop.deep) == (0, 0, 1)
    assert found[OTHERS].false_fast == 0
    behind = [found[f"{OTHERS}, all behind the same {cards} cards"].false_fast for cards in CARDS]
    assert behind == [0, 1, 1], "three cards in order are taken for a part of the film"


def test_rows_compare_with_vpdq_and_a_false_pair_misses_the_target() -> None:
    fast, deep = films_page.rows(FOUND)
    assert (fast.id, fast.ours, fast.peer_value, fast.met) == ("P12-films-fast", 0.85, 0.2, True)
    assert (deep.id, deep.ours, deep.ratio, deep.met) == ("P12-films", 0.95, 0.95, False)


def test_the_page_has_a_row_an_edit_and_their_sum(tmp_path: Path) -> None:
    films_page.write(tmp_path, FOUND, ["a machine"])
    page = (tmp_path / "films-measured.md").read_text()
    assert "| two | 10 | 0 | 8 | 9 | 1 | 0 | 1 |" in page
    assert "| **all edits** | 20 | **0.200** | **0.850** | **0.950** | **0.100** | 0 | 1 |" in page
    assert "the same 5 cards | 10 |  |  |  |  | 90 | 0 |" in page
    assert "- a machine" in page
