"""Fault points: named places where tests kill the process, to prove that nothing is lost or repeated.

A point costs one dictionary look-up in production. `LUWTE_FAULT=name` (or `name:3` for the third
passage) makes the process send itself SIGKILL there: no handler runs, as in a power cut.
"""

from __future__ import annotations

import os
import signal

ENVIRONMENT = "LUWTE_FAULT"

_passages: dict[str, int] = {}


def fault_point(name: str) -> None:
    """Mark a step named `name`; dies here by SIGKILL when the environment asks for it."""
    wanted = os.environ.get(ENVIRONMENT)
    if not wanted:
        return
    target, _, count = wanted.partition(":")
    if target != name:
        return
    _passages[name] = _passages.get(name, 0) + 1
    if _passages[name] >= int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
