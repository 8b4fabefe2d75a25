from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from luwte.exchange.report_shape import CLASSES
from luwte.lab.carriers import embedded, samples
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.recognition.verdicts import Verdict
from luwte.lab.scan.classes import FileClass, class_of
from luwte.lab.scan.seen import Seen

PICTURE = Seen("a.jpg", "live", 3, "picture")


@pytest.mark.parametrize(
    ("changes", "verdict", "expected"),
    [
        ({}, "unknown", "unknown_imagery"),
        ({"kind": "video"}, "unknown", "unknown_imagery"),
        ({"kind": "other"}, "unknown", "other"),
        ({}, "near", "near"),
        ({"known_good": True}, "unknown", "known_good"),
        ({"known_good": True, "kind": "other"}, "unknown", "known_good"),
        ({"known_good": True}, "identical", "identical"),
        ({"error": str(Reason.DAMAGED)}, "identical", "identical"),
        ({"error": str(Reason.DAMAGED)}, "unknown", "unreadable"),
        ({"error": "cannot be read", "kind": "other"}, "unknown", "unreadable"),
        ({"error": "is encrypted by Windows (EFS)", "kind": "other"}, "unknown", "encrypted"),
        ({"error": str(Reason.LARGE)}, "unknown", "too_large"),
        ({"error": str(Reason.PIXELS)}, "unknown", "too_large"),
        ({"error": str(Reason.MEMORY)}, "unknown", "too_large"),
        ({"error": str(Reason.VIDEO_PART), "kind": "video"}, "unknown", "too_large"),
        ({"error": str(Reason.VIDEO_PART), "kind": "video"}, "near", "near"),
        ({"error": embedded.EXPANDS, "kind": "other"}, "unknown", "too_large"),
        ({"error": embedded.TOO_LARGE, "kind": "other"}, "unknown", "too_large"),
        ({"error": embedded.TOO_LARGE, "kind": "other"}, "identical", "identical"),
        ({"error": samples.TOO_MUCH, "kind": "other"}, "unknown", "too_large"),
        ({"error": f"{embedded.NOT_WHOLE} (it is encrypted)", "kind": "other"}, "unknown", "encrypted"),
        ({"error": f"{embedded.NOT_WHOLE} (it is damaged)", "kind": "other"}, "unknown", "unreadable"),
        ({"error": embedded.TOO_DEEP, "kind": "other"}, "unknown", "unreadable"),
        ({"error": str(Reason.VIDEO_FORMAT), "kind": "video"}, "unknown", "unreadable"),
    ],
)
def test_a_file_is_in_the_class_that_says_most(
    changes: dict[str, Any], verdict: Verdict, expected: FileClass
) -> None:
    assert class_of(replace(PICTURE, **changes), verdict) == expected


def test_a_report_names_every_class() -> None:
    assert get_args(FileClass) == CLASSES
