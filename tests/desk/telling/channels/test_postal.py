"""Postal addresses as PostNL and Notify take them."""

from __future__ import annotations

import pytest

from luwte.desk.telling.channels.postal import block


@pytest.mark.parametrize(
    ("name", "lines", "printed"),
    [
        ("N. Jansen", ("Straat 1", "1234ab Dorp"), ("N. Jansen", "Straat 1", "1234 AB  DORP")),
        ("N. Jansen", ("Straat 1", "1234 AB  's-Dorp"), ("N. Jansen", "Straat 1", "1234 AB  'S-DORP")),
        (" N.  Jansen, ", ("Straat 1,", "1234 AB Dorp"), ("N. Jansen", "Straat 1", "1234 AB  DORP")),
        ("N", ("Weg 1", "1234 AB Dorp", "Nederland"), ("N", "Weg 1", "1234 AB  DORP")),
        ("N", ("Weg 1", "9000 Gent", "België"), ("N", "Weg 1", "9000 Gent", "BELGIË")),
        ("N", ("a", "b", "c", "d", "1234 AB X"), ("N", "a", "b", "c", "d", "1234 AB  X")),
        ("N", ("a", "b", "c", "d", "e", "1234 AB X"), None),
        ("N", ("1234 AB Dorp",), None),
        ("", ("Straat 1", "1234 AB Dorp"), None),
        ("N", ("", "1234 AB Dorp"), None),
        ("N", ("Straat 1", "1234 AB"), None),
        ("N", ("Straat 1", "0234 AB Dorp"), None),
        ("N", ("Straat 1", "12345"), None),
        ("N", ("~Straat 1", "1234 AB Dorp"), None),
        ("...", ("Straat 1", "1234 AB Dorp"), None),
        ("N\u200b", ("Straat 1", "1234 AB Dorp"), None),
    ],
)
def test_an_address_is_printed_as_the_post_reads_it(
    name: str, lines: tuple[str, ...], printed: tuple[str, ...] | None
) -> None:
    assert block(name, lines) == printed
