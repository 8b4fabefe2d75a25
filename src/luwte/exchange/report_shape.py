"""What a report may say, and nothing else: the white list of its keys and the form of each value.

Free text is the danger here: a reason that quotes a path would carry it over the wall. So reasons are plain
words without the signs that paths and file names are made of; what does not fit is counted as another reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from luwte.base.errors import BadInput
from luwte.exchange.entries import MOST_CONFIRMED, series_name
from luwte.exchange.shapes import (
    COUNT,
    FLAG,
    HEX16,
    HEX32,
    HEX128,
    LARGEST_COUNT,
    MOMENT_TEXT,
    Shape,
    ShapeWrong,
    counts,
    exactly,
    items,
    one_of,
    optional,
    record,
    text,
    up_to,
)

FORMAT = "luwte-report"
SCHEMA = 4
"""The schema that is written. Older ones are read: 1, 2 for a scan for a list with videos in it, and 3, which
does not say what was found only by what reviewers confirmed."""
ALL_VERDICTS = 3
"""The schema from which reports know every verdict, clusters, and how deep a scan went."""
PASSES = ("fast", "deep")
PER_MILLE = 1000
OTHER_REASON = "another reason"
OTHER_SYSTEM = "another file system"
REASONS = 100
MOST_HELD = 15
"""How many other ids a cluster may have had."""
CLASSES = (
    "identical", "same_picture", "near", "same_scene", "unknown_imagery", "known_good", "other", "unreadable",
    "encrypted", "too_large",
)  # fmt: skip
NEWER = frozenset({"same_picture", "same_scene"})
"""The verdicts that reports of schemas 1 and 2 do not know: of each they counted no file."""

_REASON = r"(?!.*[0-9a-fA-F]{16})[A-Za-z0-9][A-Za-z0-9 ,;:()'%+-]{0,158}"
_SYSTEM = r"[A-Za-z0-9][A-Za-z0-9 +-]{0,31}"
_CASE = r"[A-Za-z0-9][A-Za-z0-9 ._/:-]{0,63}"


def _series(value: object, where: str) -> None:
    try:
        held = series_name(value) == value  # type: ignore[arg-type]
    except (AttributeError, TypeError, ValueError):
        held = False
    if not held:
        raise ShapeWrong(f"{where} has the wrong form")


_LIST = record(
    version=text(r"[0-9a-f]{32}-[0-9a-f]{16}", 49),
    made=MOMENT_TEXT,
    signer=HEX16,
    entries=COUNT,
    statement=text(r"\{[ -~]+\}", 1_000_000),
    signature=HEX128,
)
_CARRIER = record(
    kind=one_of("folder", "zip", "archive", "raw", "ewf", "vmdk", "qcow2", "vhd", "list"),
    size=optional(COUNT),
    files=COUNT,
    bytes=COUNT,
    complete=FLAG,
    image_hash=one_of("matches", "differs", "absent", "not checked"),
    file_systems=items(text(_SYSTEM, 32), 1000),
    problems=items(record(reason=text(_REASON, 160), count=COUNT), REASONS + 1),
)


_COUNTED_REASONS = counts(text(_REASON, 160), REASONS + 1)


def _coverage(verdicts: tuple[str, ...], classes: tuple[str, ...], **further: Shape) -> Shape:
    return record(
        files=COUNT,
        bytes=COUNT,
        pictures=COUNT,
        videos=COUNT,
        other=COUNT,
        unreadable=COUNT,
        reasons=_COUNTED_REASONS,
        **dict.fromkeys(verdicts, COUNT),
        unknown=COUNT,
        classes=record(**dict.fromkeys(classes, COUNT)),
        complete=FLAG,
        started=MOMENT_TEXT,
        ended=MOMENT_TEXT,
        carriers=items(_CARRIER, 10_000),
        **further,
    )


def _finding(*verdicts: str, **further: Shape) -> Shape:
    tally = dict.fromkeys(verdicts, COUNT)
    entries = items(record(entry=HEX32, **tally, **further), 10_000_000)
    return record(series=_series, counts=record(**tally), entries=entries)


_REMEMBERED = items(record(clusters=items(HEX32, MOST_CONFIRMED), files=COUNT), 10_000_000)


_CLUSTER = record(
    cluster=HEX32,
    entry=HEX32,
    series=_series,
    verdict=one_of("same_picture", "near"),
    files=COUNT,
    likelihood=up_to(PER_MILLE),
    holds=items(HEX32, MOST_HELD),
)
_PDQ: dict[str, Shape] = {"pdq_radius": COUNT, "pdq_quality": COUNT}
_JUDGED = record(
    **_PDQ,
    film_share=optional(COUNT),
    model=optional(HEX16),
    same_picture=optional(up_to(PER_MILLE)),
    near=optional(up_to(PER_MILLE)),
)
_THRESHOLDS = {
    1: record(**_PDQ),
    2: record(**_PDQ, film_share=COUNT),
    ALL_VERDICTS: _JUDGED,
    SCHEMA: _JUDGED,
}
_OLDER: dict[str, Shape] = {
    "coverage": _coverage(("identical", "near"), tuple(name for name in CLASSES if name not in NEWER)),
    "findings": items(_finding("identical", "near"), 1_000_000),
}
_WHOLE: dict[str, Shape] = {
    "pass": one_of(*PASSES),
    "coverage": _coverage(
        ("identical", "same_picture", "near", "same_scene"),
        CLASSES,
        closely=COUNT,
        not_closely=_COUNTED_REASONS,
    ),
    "findings": items(_finding("identical", "same_picture", "near"), 1_000_000),
    "clusters": items(_CLUSTER, 10_000_000),
}
_PARTS: dict[int, dict[str, Shape]] = {
    1: _OLDER,
    2: _OLDER,
    ALL_VERDICTS: _WHOLE,
    SCHEMA: _WHOLE
    | {"findings": items(_finding("identical", "same_picture", "near", remembered=_REMEMBERED), 1_000_000)},
}
_BODIES = {
    schema: record(
        format=exactly(FORMAT),
        schema=exactly(schema),
        id=HEX32,
        made=MOMENT_TEXT,
        case=optional(text(_CASE, 64)),
        tool=text(r"luwte [0-9A-Za-z.+-]{1,32}", 40),
        list=_LIST,
        thresholds=_THRESHOLDS[schema],
        **parts,
    )
    for schema, parts in _PARTS.items()
}


def body(value: object, where: str) -> None:
    """Raise `ShapeWrong` unless `value` is the body of a report, of any schema that is read."""
    schema = value.get("schema") if isinstance(value, dict) else None
    if type(schema) is not int or schema not in _BODIES:
        raise ShapeWrong(f"{where} has the wrong form")
    _BODIES[schema](value, where)


def case_number(value: str) -> str:
    """Return `value` as a case number that may stand in a report; raises `BadInput` for anything else."""
    if re.fullmatch(_CASE, value) is None:
        raise BadInput(
            f"{value!r} cannot stand in a report as a case number. "
            "Use 1 to 64 letters, digits, spaces and . _ / : -"
        )
    return value


def plain_reasons(reasons: Mapping[str, int]) -> dict[str, int]:
    """Return `reasons` (text -> count) as a report may carry them, the most frequent first.

    A text with a slash, a dot, an underscore or a long hexadecimal run may hold a path, a name or a
    fingerprint; it is counted as another reason. So is what comes after the hundred most frequent. No count
    is larger than a report can hold.
    """
    found: Counter[str] = Counter()
    for reason, count in reasons.items():
        found[_plain(reason, _REASON, OTHER_REASON)] += count
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    kept = dict(ordered[:REASONS])
    rest = sum(count for _, count in ordered[REASONS:])
    if rest:
        kept[OTHER_REASON] = kept.get(OTHER_REASON, 0) + rest
    return {reason: min(LARGEST_COUNT, count) for reason, count in kept.items()}


def plain_system(name: str) -> str:
    """Return the name of a file system as a report may carry it."""
    return _plain(name, _SYSTEM, OTHER_SYSTEM)


def _plain(value: str, pattern: str, other: str) -> str:
    trimmed = value.strip().removesuffix(".")
    return trimmed if re.fullmatch(pattern, trimmed) else other
