"""A log line holds fields of known shapes, and of a library's message nothing."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from luwte.base import logs


def line(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = json.loads(logs.JsonLines().format(record))
    return found


def test_a_librarys_message_is_left_out_with_its_values() -> None:
    try:
        raise KeyError("Kanarie")
    except KeyError:
        record = logging.LogRecord(
            "django.x", logging.ERROR, __file__, 7, "no %s", ("Kanarie",), sys.exc_info()
        )
    found = line(record)
    assert "Kanarie" not in json.dumps(found)
    assert (found["logger"], found["error"], found["at_code"]) == (
        "django.x",
        "builtins.KeyError",
        "test_logs:7",
    )


def test_an_event_has_its_fields_and_no_other(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logs.LOGGER):
        logs.say("request.done", route="staff:worklist", status=200, ms=3)
        logs.say("request.done", route="/in/{token}?x=1", status="two")
    first, second = map(line, caplog.records)
    assert (first["event"], first["route"], first["status"]) == ("request.done", "staff:worklist", 200)
    assert (second["route"], second["status"]) == ("?", "?")
    for event, fields in (("request.done", {"path": "/in/x"}), ("person.seen", {})):
        with pytest.raises(LookupError):
            logs.say(event, **fields)


def test_the_place_is_the_innermost_of_our_own_code() -> None:
    assert logs.place_of(None) == "?"
    with pytest.raises(LookupError) as raised:
        logs.say("person.seen")
    assert logs.place_of(raised.value.__traceback__).startswith("luwte.base.logs:")
    with pytest.raises(ZeroDivisionError) as other:
        _ = 1 / 0
    assert logs.place_of(other.value.__traceback__).startswith(f"{__name__}:")
