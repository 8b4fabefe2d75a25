"""SVG that is written by hand: escaped, with a title and a description, and without script or style."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from luwte.base.svg import picture, tag, words

SVG = "{http://www.w3.org/2000/svg}"
TEXT = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40)


@given(TEXT, TEXT)
def test_what_is_said_is_read_back_and_nothing_is_added(title: str, inside: str) -> None:
    drawn = picture(
        title, inside, [tag("text", words(inside), x=1, class_=title)], width=10, height=20, name="a"
    )
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "a-title a-desc"
    assert [one.tag for one in root] == [f"{SVG}title", f"{SVG}desc", f"{SVG}text"]
    assert [one.text for one in root] == [title, inside, inside]
    assert (root[2].get("x"), root[2].get("class")) == ("1", title)


def test_an_element_is_closed_its_attributes_are_named_as_svg_does_and_numbers_are_short() -> None:
    assert (
        tag("rect", x=1 / 3, stroke_width=2, patternUnits="a")
        == '<rect x="0.3" stroke-width="2" patternUnits="a"/>'
    )
    assert tag("text", words("a < b"), id="q") == '<text id="q">a &lt; b</text>'


def test_a_template_puts_it_in_as_it_is() -> None:
    from django.utils.html import conditional_escape

    assert conditional_escape(tag("g")) == "<g/>"
