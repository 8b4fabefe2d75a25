"""docs/jurisdictions.md shows what a jurist must confirm as it is, and its example can be read."""

from __future__ import annotations

from dataclasses import replace

from luwte.desk.rights.engine import Matter, rights
from luwte.desk.rights.jurist import lines, open_questions
from luwte.desk.rights.law import Mark
from luwte.desk.rights.reading import read_law
from luwte.desk.rights.shelf import FOLDER, shipped
from tests.desk.rights.worked_nl import ADULT
from tests.support.jurist_table import DOCS, written
from tests.support.rights import day, fact


def test_the_docs_list_what_a_jurist_must_confirm() -> None:
    """`python -m tests.support.jurist_table` writes it anew."""
    assert written(DOCS.read_text()) == DOCS.read_text()


def test_everything_unverified_and_every_question_is_listed() -> None:
    for law in shipped().values():
        listed = {name for name, _ in open_questions(law)}
        assert {
            rule.id for rule in law.rules if rule.source.mark != Mark.READ or rule.source.jurist
        } <= listed
        assert "practice" in listed
    silent = replace(shipped()["us-2018-12-07"].rules[0].source, mark=Mark.READ, jurist="")
    law = shipped()["us-2018-12-07"]
    first = replace(law, rules=(replace(law.rules[0], source=silent),))
    assert law.rules[0].id not in {name for name, _ in open_questions(first)}
    assert any("`practice`" in line for line in lines())


def test_every_file_is_in_the_table() -> None:
    assert {f"`{file.name}`" in DOCS.read_text() for file in FOLDER.glob("*.toml")} == {True}


def test_the_example_of_a_new_country_is_a_law() -> None:
    example = DOCS.read_text().split("```toml\n")[1].split("```")[0]
    law = read_law(example.encode(), "xx-2026-01-01.toml")
    charge = fact("charged", "2026-01-31", "A")
    (right,) = rights(law, Matter((charge,), ADULT), day("2026-02-01"))
    assert (right.until, right.version, right.whose) == (day("2026-07-31"), "xx-2026-01-01", ("victim",))
