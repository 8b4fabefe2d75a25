"""What a list of hashes says of files that are not there to look at."""

from __future__ import annotations

import pytest

from luwte.lab.scan.listed import kind_by_name


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("C:\\a\\b.JPG", "picture"),
        ("a/b.heic", "picture"),
        ("a/b.mp4", "video"),
        ("b.jpg.txt", "other"),
        ("a.jpg/x", "other"),
        ("", "other"),
        (None, "other"),
        ("http://[a/b.jpg", "picture"),
        ("data:image/png,x", "other"),
    ],
)
def test_the_kind_is_that_of_the_suffix(path: str | None, kind: str) -> None:
    assert kind_by_name(path) == kind
