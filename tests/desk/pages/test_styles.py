"""The one style sheet is made of its parts, holds what pages use, and asks nothing of anyone else."""

from __future__ import annotations

import gzip
import re

from luwte.desk.pages.sheets import classes_of, rules_of, usable
from luwte.desk.pages.styles import DESK, HERE, LOOK, PACKED, joined, names, rules

TEMPLATES = {path: path.read_text(encoding="utf-8") for path in DESK.rglob("templates/**/*.html")}
CLASS = re.compile(r'class="((?:\{%.*?%\}|[^"])*)"')


def classes(template: str) -> set[str]:
    """Return the classes that a template gives its elements, whatever its conditions are."""
    whole = " ".join(CLASS.findall(template))
    return set(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", whole).split())


def test_the_style_sheet_is_what_its_parts_make() -> None:
    assert LOOK.read_text(encoding="utf-8") == joined(), "run `python -m luwte.desk.pages.styles`"


def test_the_compressed_one_is_the_same() -> None:
    assert gzip.decompress(PACKED.read_bytes()) == LOOK.read_bytes(), (
        "run `python -m luwte.desk.pages.styles`"
    )


def test_every_class_of_a_template_has_a_rule() -> None:
    found = classes_of(rules())
    missing = {path.name: classes(text) - found for path, text in TEMPLATES.items() if classes(text) - found}
    assert not missing, "a class that nothing gives a look"


def test_every_class_is_written_whole_and_known_by_how_it_begins() -> None:
    for path, text in TEMPLATES.items():
        assert classes(text) <= names(), path.name
        assert not re.search(r"\b(?:lw|nl|utrecht)-(?:[\w-]*-)?\{[{%]", text), (
            f"{path.name}: a class put together"
        )


def test_every_rule_of_our_own_is_used() -> None:
    own = rules_of((HERE / "style" / "own.css").read_text(encoding="utf-8"))
    assert tuple(usable(own, names())) == own, "a rule for a class that no page has"


def test_it_fetches_nothing_and_names_no_source_map() -> None:
    text = joined()
    assert "url(" not in text
    assert "@import" not in text
    assert "sourceMappingURL" not in text


def test_the_licence_of_the_vendored_parts_lies_beside_them() -> None:
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (HERE / "vendor" / "LICENSE.md").read_text(
        encoding="utf-8"
    )
