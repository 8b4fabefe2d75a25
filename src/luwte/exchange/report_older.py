"""Reports of schemas 1 to 3: what they do not say, put in and taken out, so they read as newer ones.

A report keeps its own schema for good. Whoever took one in knows it again by its content, years later.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from luwte.exchange.report_shape import ALL_VERDICTS, NEWER

_CLOSELY: dict[str, Any] = {"closely": 0, "not_closely": {}}
_REMEMBERED = frozenset({"remembered"})
_MODEL = frozenset({"model", "same_picture", "near"})


def newer(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the body `document` of an older report says in the newest form: of what is new, nothing."""
    if document["schema"] < ALL_VERDICTS:
        document = _with_verdicts(document)
    return document | {"findings": [_each_entry(one, _remembering) for one in document["findings"]]}


def _with_verdicts(document: dict[str, Any]) -> dict[str, Any]:
    coverage, none = document["coverage"], dict.fromkeys(NEWER, 0)
    return document | {
        "pass": "fast",  # the pass of a scan - no password # nosec B105
        "coverage": coverage | none | _CLOSELY | {"classes": coverage["classes"] | none},
        "findings": [_counting(finding) for finding in document["findings"]],
        "clusters": [],
    }


def older(document: dict[str, Any]) -> dict[str, Any]:
    """Return the body `document`, of the newest form, as the older schema that it names has it."""
    findings = [_each_entry(one, lambda entry: _less(entry, _REMEMBERED)) for one in document["findings"]]
    document = document | {"findings": findings}
    return document if document["schema"] >= ALL_VERDICTS else _without_verdicts(document)


def _without_verdicts(document: dict[str, Any]) -> dict[str, Any]:
    without = {key: value for key, value in document.items() if key not in ("pass", "clusters")}
    coverage, left_out = document["coverage"], _MODEL if document["schema"] > 1 else _MODEL | {"film_share"}
    return without | {
        "thresholds": _less(document["thresholds"], left_out),
        "coverage": _less(coverage, NEWER.union(_CLOSELY)) | {"classes": _less(coverage["classes"], NEWER)},
        "findings": [
            _each_entry(finding, lambda entry: _less(entry, NEWER))
            | {"counts": _less(finding["counts"], NEWER)}
            for finding in document["findings"]
        ],
    }


def _counting(finding: dict[str, Any]) -> dict[str, Any]:
    none = {"same_picture": 0}
    counted = _each_entry(finding, lambda entry: entry | none)
    return counted | {"counts": finding["counts"] | none}


def _remembering(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {"remembered": []}


def _each_entry(
    finding: dict[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    return finding | {"entries": [change(entry) for entry in finding["entries"]]}


def _less(part: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in names}
