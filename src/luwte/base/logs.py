"""Log lines that hold no words of people: JSON, one object a line, each field known and of a known shape.

What a library logs becomes a line that says where in the code it was logged, and of what type an exception
was. Never its message, never a value: those may hold a name, an address or the token of a link.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

ENVIRONMENT = "LUWTE_LOG"
LOGGER = "luwte"
OURS = "luwte."
COUNT = re.compile(r"[0-9]{1,12}")
"""A number of things, of milliseconds, or a code."""
NAME = re.compile(r"[A-Za-z0-9_.:<> -]{1,160}")
"""A word that stands in the source: the name of a type, a route, a command, a module and its line."""
HEX = re.compile(r"[0-9a-f]{16}")
EVENTS: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "serve.started": {"port": COUNT, "workers": COUNT},
    "request.done": {"route": NAME, "method": NAME, "status": COUNT, "ms": COUNT},
    "request.failed": {"route": NAME, "error": NAME, "place": NAME},
    "command.done": {"command": NAME, "code": COUNT, "ms": COUNT},
    "command.failed": {"code": COUNT, "error": NAME, "place": NAME},
    "telling.round": {"people": COUNT, "handed": COUNT, "alerts": COUNT, "late": COUNT},
    "check.finding": {"finding": NAME},
    "log.other": {"logger": NAME, "at_code": NAME, "error": NAME, "place": NAME},
}
"""Every event and its fields. Whatever else is to be logged needs a line here first."""
_FAILED = ("request.failed", "command.failed")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id (16 hex) of the request that this thread answers; "" outside one."""


def wanted() -> bool:
    """Return whether LUWTE_LOG asks for JSON lines about everything, not only about what failed."""
    return os.environ.get(ENVIRONMENT) == "json"


def start_log() -> None:
    """Let standard error hold every line, where nothing else says how to log."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.getLogger().handlers = [handler]
    logging.getLogger(LOGGER).setLevel(logging.INFO)


def say(event: str, **fields: object) -> None:
    """Log `event` with `fields`. Raises `LookupError` for one that is not in `EVENTS`: a mistake.

    A value that has not the shape of its field is logged as "?".
    """
    shapes = EVENTS[event]
    shaped = {name: _shaped(shapes[name], value) for name, value in fields.items()}
    level = logging.ERROR if event in _FAILED else logging.INFO
    logging.getLogger(LOGGER).log(level, event, extra={"fields": shaped})


def place_of(trace: TracebackType | None) -> str:
    """Return module and line of the innermost frame of our own code, else of the innermost at all."""
    place = own = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", "?"))
        place = f"{module}:{trace.tb_lineno}"
        own = place if module.startswith(OURS) else own
        trace = trace.tb_next
    return own or place or "?"


def type_of(error: BaseException) -> str:
    """Return the full name of the type of `error`."""
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}"


class JsonLines(logging.Formatter):
    """Formats every record as one line of JSON. The message of a record that is not ours is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        ours = record.name == LOGGER and record.msg in EVENTS
        event = str(record.msg) if ours else "log.other"
        fields = getattr(record, "fields", {}) if ours else _foreign(record)
        request = {"request": found} if (found := request_id.get()) else {}
        return json.dumps({"at": at, "level": record.levelname, "event": event, **request, **fields})


def _foreign(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = {"logger": record.name, "at_code": f"{record.module}:{record.lineno}"}
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        found |= {"error": type_of(error), "place": place_of(error.__traceback__)}
    shapes = EVENTS["log.other"]
    return {name: _shaped(shapes[name], value) for name, value in found.items()}


def _shaped(shape: re.Pattern[str], value: object) -> object:
    return value if isinstance(value, int | str) and shape.fullmatch(str(value)) else "?"
